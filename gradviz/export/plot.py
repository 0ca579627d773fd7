"""A descent as an SVG figure: contour lines, the paths down them, and the loss by step."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import contourpy
import numpy as np

from gradviz.bundled import bundled
from gradviz.descent import Descent, Landscape, Runner, Slice, levels, pictured
from gradviz.descent.landscape import Range
from gradviz.numbers import short
from gradviz.ops.spec import Array

WIDTH, HEIGHT = 960, 460
LEFT = (64.0, 28.0, 440.0, 372.0)
RIGHT = (568.0, 28.0, 364.0, 240.0)


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle of the figure and the ranges of values it shows."""

    x: float
    y: float
    width: float
    height: float
    across: tuple[float, float]
    up: tuple[float, float]

    def place(self, points: Array) -> Array:
        """Points of values as points of the figure."""
        low = np.array([self.across[0], self.up[0]])
        span = np.array([self.across[1] - self.across[0], self.up[1] - self.up[0]])
        unit = (points - low) / np.where(span == 0, 1, span)
        return np.array([self.x, self.y + self.height]) + unit * np.array(
            [self.width, -self.height]
        )


def theme(name: str) -> dict[str, Any]:
    """The colours of a theme."""
    return json.loads((bundled("resources") / "themes" / f"{name}.json").read_text("utf-8"))


def descent_svg(descent: Descent, runners: Sequence[Runner], theme_name: str = "light") -> str:
    """The figure of a race on two axes, or in a plane; DescentError where there is no such."""
    colours = theme(theme_name)
    piece, ranges = pictured(descent, [r.trajectory for r in runners])
    assert ranges is not None, "asked only where there are two axes"
    land = piece.landscape(shown_ranges(piece, ranges, runners))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" font-family="Inter, Helvetica, Arial, sans-serif">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{colours["panel"]}"/>',
    ]
    if land is not None:
        parts += contour_part(piece, runners, land, colours)
    parts += curve_part(runners, colours)
    parts += legend(runners, colours)
    return "\n".join([*parts, "</svg>"]) + "\n"


def shown_ranges(
    piece: Slice, ranges: tuple[Range, Range], runners: Sequence[Runner]
) -> tuple[Range, Range]:
    """An extent, widened to hold the starts."""
    starts = piece.coordinates([r.trajectory.points[0] for r in runners])
    found = [
        (min(low, *starts[:, i].tolist(), high), max(high, *starts[:, i].tolist(), low))
        for i, (low, high) in enumerate(ranges)
    ]
    return found[0], found[1]


def contour_part(
    piece: Slice, runners: Sequence[Runner], land: Landscape, colours: dict[str, Any]
) -> Iterator[str]:
    """Contour lines, paths, axes' names."""
    frame = Frame(*LEFT, (land.xs[0], land.xs[-1]), (land.ys[0], land.ys[-1]))
    yield f'<clipPath id="land"><rect {rect(LEFT)}/></clipPath>'
    yield f'<g clip-path="url(#land)" fill="none"><rect {rect(LEFT)} fill="{colours["bg"]}"/>'
    for line in contour_lines(land):
        drawn = path(frame.place(line))
        yield f'<path d="{drawn}" stroke="{colours["contour"]}" stroke-opacity="0.55"/>'
    for index, runner in enumerate(runners):
        yield from path_part(piece, runner, frame, colours["plot"][index % len(colours["plot"])])
    yield "</g>"
    yield f'<rect {rect(LEFT)} fill="none" stroke="{colours["line"]}"/>'
    names = [escape(name) for name in piece.names]
    yield text(LEFT[0] + LEFT[2] / 2, LEFT[1] + LEFT[3] + 34, names[0], colours["mute"], "middle")
    yield text(LEFT[0] + 4, LEFT[1] - 9, names[1], colours["mute"])
    yield from ticks(frame, colours["mute"])


def path_part(piece: Slice, runner: Runner, frame: Frame, colour: str) -> Iterator[str]:
    """One runner's path with a dot a step."""
    points = piece.coordinates(runner.trajectory.points)
    placed = frame.place(points[np.all(np.isfinite(points), axis=1)])
    placed = np.clip(placed, -2000, 4000)
    yield f'<path d="{path(placed)}" stroke="{colour}" stroke-width="1.6" stroke-linejoin="round"/>'
    for x, y in placed[:200]:
        yield f'<circle cx="{x:.2f}" cy="{y:.2f}" r="2.1" fill="{colour}"/>'


def contour_lines(land: Landscape) -> Iterator[Array]:
    """Every contour line as a run of points."""
    heights = levels(land.values)
    values = np.ma.masked_invalid(land.values)
    maker = contourpy.contour_generator(land.xs, land.ys, values)
    for height in heights:
        lines: Any = maker.lines(float(height))
        yield from lines


def curve_part(runners: Sequence[Runner], colours: dict[str, Any]) -> Iterator[str]:
    """The loss by step, on a log scale where all losses are positive."""
    losses = [np.array(r.trajectory.losses) for r in runners]
    finite = np.concatenate([v[np.isfinite(v)] for v in losses])
    first = max(float(v[0]) for v in losses if np.isfinite(v[0])) if finite.size else 1.0
    logarithmic = bool(finite.size) and float(finite.min()) > 0
    top = max(first * 1.2, float(np.median(finite))) if finite.size else 1.0
    bottom = (
        max(float(finite.min()), top * 1e-9)
        if logarithmic
        else float(min(finite.min(initial=0.0), 0))
    )
    scale = np.log10 if logarithmic else np.asarray
    steps = max(len(v) for v in losses) - 1
    frame = Frame(*RIGHT, (0.0, max(steps, 1)), (float(scale(bottom)), float(scale(top))))
    yield text(
        RIGHT[0], RIGHT[1] - 9, "loss" + (", log scale" if logarithmic else ""), colours["mute"]
    )
    yield f'<clipPath id="loss"><rect {rect(RIGHT)}/></clipPath>'
    yield f'<rect {rect(RIGHT)} fill="{colours["bg"]}"/>'
    for index, values in enumerate(losses):
        colour = colours["plot"][index % len(colours["plot"])]
        kept = np.where(np.isfinite(values), np.maximum(values, bottom), top * 1e3)
        points = np.column_stack([np.arange(len(values)), scale(kept)])
        line = path(np.clip(frame.place(points), -2000, 4000))
        yield (
            f'<path clip-path="url(#loss)" d="{line}" fill="none" stroke="{colour}" '
            'stroke-width="1.6"/>'
        )
    yield f'<rect {rect(RIGHT)} fill="none" stroke="{colours["line"]}"/>'
    yield text(
        RIGHT[0] + RIGHT[2], RIGHT[1] + RIGHT[3] + 16, f"step {steps}", colours["mute"], "end"
    )


def legend(runners: Sequence[Runner], colours: dict[str, Any]) -> Iterator[str]:
    """Each runner's colour, name, and how it ended."""
    for index, runner in enumerate(runners):
        y = RIGHT[1] + RIGHT[3] + 46 + 22 * index
        colour = colours["plot"][index % len(colours["plot"])]
        end = runner.trajectory
        outcome = (
            f"diverged at step {end.diverged}" if end.diverged is not None
            else f"loss {short(end.losses[-1])}"
        )  # fmt: skip
        yield f'<circle cx="{RIGHT[0] + 6}" cy="{y - 4}" r="5" fill="{colour}"/>'
        yield text(RIGHT[0] + 20, y, escape(runner.spec.title), colours["ink"])
        yield text(RIGHT[0] + RIGHT[2], y, outcome, colours["mute"], "end")


def ticks(frame: Frame, colour: str) -> Iterator[str]:
    """The ends of both ranges in numbers."""
    bottom = frame.y + frame.height
    yield text(frame.x, bottom + 16, short(float(frame.across[0])), colour)
    yield text(frame.x + frame.width, bottom + 16, short(float(frame.across[1])), colour, "end")
    yield text(frame.x - 6, bottom, short(float(frame.up[0])), colour, "end")
    yield text(frame.x - 6, frame.y + 10, short(float(frame.up[1])), colour, "end")


def rect(box: tuple[float, float, float, float]) -> str:
    """A rectangle's attributes."""
    return f'x="{box[0]}" y="{box[1]}" width="{box[2]}" height="{box[3]}"'


def path(points: Array) -> str:
    """A run of points as a path's data."""
    return "M" + " L".join(f"{x:.2f} {y:.2f}" for x, y in points)


def text(x: float, y: float, words: str, colour: str, anchor: str = "start") -> str:
    """A line of text."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" fill="{colour}" '
        f'text-anchor="{anchor}">{words}</text>'
    )
