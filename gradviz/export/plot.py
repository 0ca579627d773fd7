"""The parts that figures of a descent are made of, as SVG: land, paths, curves, legend."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import contourpy
import numpy as np

from gradviz.bundled import bundled
from gradviz.descent import Descent, Landscape, Runner, Slice, full_losses, pictured
from gradviz.descent.boundary import Field, find_model
from gradviz.descent.landscape import Range
from gradviz.numbers import short
from gradviz.ops.spec import Array
from gradviz.plan import PlanError

Box = tuple[float, float, float, float]
FONT = 'font-family="Inter, Helvetica, Arial, sans-serif"'


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


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What figures of a race are drawn from, worked out once.

    ``land``: None with a single number to move. ``field``: what the model makes of the plane its
    points lie in, where there is such a model. ``step``: the ways up to it; None: all of them.
    ``chosen``: the runner whose model is shown.
    """

    descent: Descent
    runners: Sequence[Runner]
    colours: Mapping[str, Any]
    piece: Slice | None
    land: Landscape | None
    field: Field | None
    step: int | None = None
    chosen: int = 0

    @property
    def steps(self) -> int:
        """How many steps the longest way has."""
        return max((len(r.trajectory) - 1 for r in self.runners), default=0)

    def colour(self, index: int) -> str:
        """The colour of a runner."""
        kept = self.runners[index].spec.colour
        return self.series(index if kept is None else kept)

    def series(self, index: int) -> str:
        """The colour of a curve or class with that number."""
        plot = self.colours["plot"]
        return plot[index % len(plot)]

    def end(self, runner: Runner) -> int:
        """The last step that is shown of a way."""
        last = len(runner.trajectory) - 1
        return last if self.step is None else min(self.step, last)


def shown(
    descent: Descent, runners: Sequence[Runner], theme_name: str = "light", chosen: int = 0
) -> Shown:
    """Work out what figures are drawn from; DescentError where its plane cannot be laid."""
    piece = land = None
    if len(descent.objective.axis_choices()) > 1:
        piece, ranges = pictured(descent, [r.trajectory for r in runners])
        assert ranges is not None, "there are two axes"
        land = piece.landscape(shown_ranges(piece, ranges, runners))
    return Shown(descent, runners, theme(theme_name), piece, land, field_of(descent), None, chosen)


def field_of(descent: Descent) -> Field | None:
    """What the model of a descent makes of the plane; None where it has none of points there."""
    model = find_model(descent.objective)
    try:
        return None if model is None else Field(descent.objective, model)
    except PlanError:
        return None


def theme(name: str) -> dict[str, Any]:
    """The colours of a theme."""
    return json.loads((bundled("resources") / "themes" / f"{name}.json").read_text("utf-8"))


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


def contour_part(given: Shown, box: Box) -> Iterator[str]:
    """Contour lines, paths, axes' names."""
    land, piece, colours = given.land, given.piece, given.colours
    assert land is not None and piece is not None, "asked only where there are two axes"
    frame = Frame(*box, (land.xs[0], land.xs[-1]), (land.ys[0], land.ys[-1]))
    yield f'<g fill="none"><rect {rect(box)} fill="{colours["bg"]}"/>'
    for line in contour_lines(land):
        drawn = path(frame.place(line))
        yield f'<path d="{drawn}" stroke="{colours["contour"]}" stroke-opacity="0.55"/>'
    for index in range(len(given.runners)):
        yield from path_part(given, index, frame)
    yield "</g>"
    yield f'<rect {rect(box)} fill="none" stroke="{colours["line"]}"/>'
    names = [escape(name) for name in piece.names]
    yield text(box[0] + box[2] / 2, box[1] + box[3] + 34, names[0], colours["mute"], "middle")
    yield text(box[0] + 4, box[1] - 9, names[1], colours["mute"])
    yield from ticks(frame, colours["mute"])


def path_part(given: Shown, index: int, frame: Frame) -> Iterator[str]:
    """One runner's path with a dot a step, and a larger one where it is now."""
    runner, colour = given.runners[index], given.colour(index)
    assert given.piece is not None, "asked only where there are two axes"
    points = given.piece.coordinates(runner.trajectory.points[: given.end(runner) + 1])
    placed = frame.place(points[np.all(np.isfinite(points), axis=1)])
    line = clipped(placed, frame)
    if line:
        yield f'<path d="{line}" stroke="{colour}" stroke-width="1.6" stroke-linejoin="round"/>'
    seen = within(placed, frame)
    for x, y in placed[:200][seen[:200]]:
        yield f'<circle cx="{x:.2f}" cy="{y:.2f}" r="2.1" fill="{colour}"/>'
    if given.step is not None and len(placed) and seen[-1]:
        x, y = placed[-1]
        edge = given.colours["bg"]
        yield f'<circle cx="{x:.2f}" cy="{y:.2f}" r="5" fill="{colour}" stroke="{edge}"/>'


def contour_lines(land: Landscape) -> Iterator[Array]:
    """Every contour line as a run of points."""
    values = np.ma.masked_invalid(land.values)
    maker = contourpy.contour_generator(land.xs, land.ys, values)
    for height in land.levels:
        lines: Any = maker.lines(float(height))
        yield from lines


def curve_part(
    given: Shown, box: Box, title: str, curves: Sequence[Array], faint: Sequence[Array] = ()
) -> Iterator[str]:
    """One curve a runner by step, on a log scale where all values are positive.

    ``faint``: curves of the same runners that lie behind.
    """
    colours = given.colours
    finite = np.concatenate([v[np.isfinite(v)] for v in [*curves, *faint]])
    low, top, scale = scaled(finite, curves)
    steps = max(given.steps, 1)
    frame = Frame(*box, (0.0, steps), (float(scale(low)), float(scale(top))))
    words = title + (", log scale" if scale is np.log10 else "")
    yield text(box[0], box[1] - 9, words, colours["mute"])
    yield f'<rect {rect(box)} fill="{colours["bg"]}"/>'
    for values, alpha in [(f, 0.35) for f in faint] + [(c, 1.0) for c in curves]:
        index = next(i for i, v in enumerate([*faint, *curves]) if v is values) % len(curves)
        end = given.end(given.runners[index]) + 1
        kept = np.where(np.isfinite(values), np.maximum(values, low), top * 1e3)[:end]
        points = np.column_stack([np.arange(len(kept)), scale(kept)])
        line, look = clipped(frame.place(points), frame), given.colour(index)
        if line:
            yield (
                f'<path d="{line}" fill="none" stroke="{look}" stroke-width="1.6" '
                f'stroke-opacity="{alpha}"/>'
            )
    yield f'<rect {rect(box)} fill="none" stroke="{colours["line"]}"/>'
    yield from ends(frame, short(float(low)), short(float(top)), colours["mute"])
    yield text(box[0] + box[2], box[1] + box[3] + 16, step_words(given), colours["mute"], "end")


def step_words(given: Shown) -> str:
    """Which step is shown, of how many."""
    steps = max(given.steps, 1)
    return f"step {steps}" if given.step is None else f"step {given.step} of {steps}"


def scaled(finite: Array, curves: Sequence[Array]) -> tuple[float, float, Callable[[Any], Any]]:
    """The lowest and highest value to show, and how they are scaled."""
    if not finite.size:
        return 0.0, 1.0, np.asarray
    first = max((float(v[0]) for v in curves if np.isfinite(v[0])), default=1.0)
    top = max(first * 1.2, float(np.median(finite)))
    if float(finite.min()) > 0:
        return max(float(finite.min()), top * 1e-9), top, np.log10
    low = float(min(finite.min(initial=0.0), 0))
    return low, top if top > low else low + 1.0, np.asarray


def losses_of(given: Shown) -> tuple[list[Array], list[Array]]:
    """Every runner's losses on all data; and those of the batches, where each step sees one."""
    objective = given.descent.objective
    paths = [r.trajectory for r in given.runners]
    whole = [np.array(full_losses(objective, p), float) for p in paths]
    batches = [] if objective.batches is None else [np.array(p.losses, float) for p in paths]
    return whole, batches


def legend(given: Shown, x: float, y: float, width: float) -> Iterator[str]:
    """Each runner's colour, name, and how it ended, or where it is."""
    colours = given.colours
    for index, runner in enumerate(given.runners):
        way, end = runner.trajectory, given.end(runner)
        loss = full_losses(given.descent.objective, way)[end]
        gone = way.diverged is not None and end >= way.diverged
        outcome = f"diverged at step {way.diverged}" if gone else f"loss {short(loss)}"
        low = y + 22 * index
        yield f'<circle cx="{x + 6}" cy="{low - 4}" r="5" fill="{given.colour(index)}"/>'
        yield text(x + 20, low, escape(cut(runner.spec.title, width - 130)), colours["ink"])
        yield text(x + width, low, outcome, colours["mute"], "end")


def cut(words: str, room: float) -> str:
    """Words as far as they fit into so many units, about 7 a letter."""
    most = max(4, int(room / 6.6))
    return words if len(words) <= most else words[: most - 1] + "…"


def within(points: Array, frame: Frame) -> Array:
    """Which points of the figure lie inside a frame."""
    low, size = np.array([frame.x, frame.y]), np.array([frame.width, frame.height])
    return np.all((points >= low) & (points <= low + size), axis=1)


def clipped(points: Array, frame: Frame) -> str:
    """A run of points as a path's data, without what lies outside a frame.

    Cut here and not by a clip path, which Qt does not follow when it draws an SVG. After Liang
    and Barsky.
    """
    if len(points) < 2:
        return ""
    begin, way = points[:-1], np.diff(points, axis=0)
    low, high = (
        np.array([frame.x, frame.y]),
        np.array([frame.x + frame.width, frame.y + frame.height]),
    )
    with np.errstate(all="ignore"):
        first, second = (low - begin) / way, (high - begin) / way
    still = way == 0
    apart = np.where((begin < low) | (begin > high), np.inf, -np.inf)
    enter = np.where(still, apart, np.minimum(first, second)).max(axis=1).clip(0.0, None)
    leave = np.where(still, np.inf, np.maximum(first, second)).min(axis=1).clip(None, 1.0)
    parts: list[str] = []
    joined, last = False, -1
    for k in np.flatnonzero(enter <= leave).tolist():
        here, there = begin[k] + way[k] * enter[k], begin[k] + way[k] * leave[k]
        joined = joined and enter[k] == 0.0 and last == k - 1
        if not joined:
            parts.append(f"M{here[0]:.2f} {here[1]:.2f}")
        parts.append(f"L{there[0]:.2f} {there[1]:.2f}")
        joined, last = bool(leave[k] == 1.0), k
    return " ".join(parts)


def ticks(frame: Frame, colour: str) -> Iterator[str]:
    """The ends of both ranges in numbers."""
    bottom = frame.y + frame.height
    yield text(frame.x, bottom + 16, short(float(frame.across[0])), colour)
    yield text(frame.x + frame.width, bottom + 16, short(float(frame.across[1])), colour, "end")
    yield from ends(frame, short(float(frame.up[0])), short(float(frame.up[1])), colour)


def ends(frame: Frame, low: str, high: str, colour: str) -> Iterator[str]:
    """Words beside the lower and the upper end."""
    yield text(frame.x - 6, frame.y + frame.height, low, colour, "end")
    yield text(frame.x - 6, frame.y + 10, high, colour, "end")


def rect(box: Box) -> str:
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
