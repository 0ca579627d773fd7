"""What a model makes of the plane that its points lie in, as a part of a figure."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import pairwise
from typing import Any

import contourpy
import numpy as np

from gradviz.export.plot import Box, Frame, Shown, path, rect, text, ticks
from gradviz.ops.spec import Array

FIRST_CLASS = 2
MARK = 3.4


def boundary_part(given: Shown, box: Box) -> Iterator[str]:
    """Regions, the line between them, the points, and how many of them are told right."""
    field, colours = given.field, given.colours
    assert field is not None, "asked only where there is a model"
    runner = given.runners[min(given.chosen, len(given.runners) - 1)]
    step = given.end(runner)
    point = runner.trajectory.points[step]
    regions, answers = field.regions(point), field.answers(point)
    frame = Frame(*box, (regions.xs[0], regions.xs[-1]), (regions.ys[0], regions.ys[-1]))
    yield f'<rect {rect(box)} fill="{colours["bg"]}"/>'
    for index, margin in enumerate(regions.margins):
        filled = path_of(regions.xs, regions.ys, margin, frame)
        if filled:
            yield (
                f'<path d="{filled}" fill="{given.series(FIRST_CLASS + index)}" '
                f'fill-opacity="0.28" fill-rule="evenodd" stroke="{colours["ink"]}" '
                'stroke-width="1.2"/>'
            )
    classes = field.model.classes.tolist()
    places = frame.place(np.asarray(field.model.places, float)).tolist()
    for kind, answer, (x, y) in zip(classes, answers.tolist(), places, strict=True):
        yield mark(x, y, kind, given.series(FIRST_CLASS + kind), colours["bg"])
        if kind != answer:
            arms = f"M{x - 5:.2f} {y - 5:.2f} l10 10 M{x - 5:.2f} {y + 5:.2f} l10 -10"
            yield f'<path d="{arms}" stroke="{colours["ink"]}" stroke-width="1.2"/>'
    yield f'<rect {rect(box)} fill="none" stroke="{colours["line"]}"/>'
    name = escape(given.descent.objective.graph.node(field.model.scores).name)
    right = int((answers == field.model.classes).sum())
    words = f"{name} by {escape(runner.spec.title)}, step {step}: {right} of {len(classes)} right"
    yield text(box[0] + 4, box[1] - 9, words, colours["mute"])
    yield from ticks(frame, colours["mute"])


def path_of(xs: Array, ys: Array, margin: Array, frame: Frame) -> str:
    """The region where a class leads, as a path's data; empty where it leads nowhere."""
    maker = contourpy.contour_generator(
        xs, ys, np.ma.masked_invalid(margin), fill_type=contourpy.FillType.OuterOffset
    )
    found: Any = maker.filled(0.0, np.inf)
    polygons, offsets = found
    rings: list[str] = []
    for points, begins in zip(polygons, offsets, strict=True):
        placed = frame.place(points)
        for begin, end in pairwise(begins):
            rings.append(path(placed[begin:end]) + "Z")
    return "".join(rings)


def mark(x: float, y: float, kind: int, colour: str, edge: str) -> str:
    """A point of a class: a form and a colour for each."""
    look = f'fill="{colour}" stroke="{edge}" stroke-width="0.7"'
    if kind % 2 == 0:
        return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{MARK}" {look}/>'
    side = 2 * MARK * 0.9
    return (
        f'<rect x="{x - side / 2:.2f}" y="{y - side / 2:.2f}" width="{side:.2f}" '
        f'height="{side:.2f}" {look}/>'
    )
