"""The shape of a wire in plain numbers, so that what is drawn and what is laid out agree on it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import hypot
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradviz.layout.model import Point

Cubic = tuple[Point, Point, Point, Point]
"""A curve: where it begins, the two points that it leans on, and where it ends."""


STEEPEST = 0.8
"""How far a part of a way through dots leans ahead at most, as a part of how far ahead it goes."""


def reach(gap: float, aside: float) -> float:
    """How far ahead of its ends a curve leans, which ends ``gap`` ahead and ``aside`` of there."""
    return max(gap * 0.5, min(40.0, 12 + aside)) if gap > 0 else 40 - gap * 0.4


def reaches(gap: NDArray[Any], aside: NDArray[Any]) -> NDArray[Any]:
    """:func:`reach` of many curves at once."""
    ahead = np.maximum(gap * 0.5, np.minimum(40.0, 12 + aside))
    return np.where(gap > 0, ahead, 40 - gap * 0.4)


def through(points: Sequence[Point], *, down: bool = False) -> list[Cubic]:
    """The way from the first point by the dots between, of which there are some, to the last.

    It goes smoothly through every dot, with the wires' own direction at its ends, and at dots
    where it would else go farther aside than they are.
    """
    out = (0.0, 1.0) if down else (1.0, 0.0)
    around = zip(points, points[1:], points[2:], strict=False)
    ways = [out, *(_way(*three, out) for three in around), out]
    found: list[Cubic] = []
    for (start, end), leaving, arriving in zip(pairwise(points), ways[:-1], ways[1:], strict=True):
        ahead = (end[0] - start[0]) * out[0] + (end[1] - start[1]) * out[1]
        far = 0.4 * hypot(end[0] - start[0], end[1] - start[1])
        if leaving == arriving == out and ahead > 0:
            aside = abs((end[0] - start[0]) * out[1] + (end[1] - start[1]) * out[0])
            far = min(reach(ahead, aside), STEEPEST * ahead)
        first = start[0] + leaving[0] * far, start[1] + leaving[1] * far
        last = end[0] - arriving[0] * far, end[1] - arriving[1] * far
        found.append((start, first, last, end))
    return found


def _way(before: Point, dot: Point, after: Point, out: Point) -> Point:
    """The direction in which a way goes through a dot; ``out``: that of the wires."""
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in ((before, dot), (dot, after))]
    one, other = (x * out[0] + y * out[1] for x, y in steps)
    aside, further = (x * out[1] + y * out[0] for x, y in steps)
    if one >= 0 and other >= 0 and aside * further <= 0:
        return out
    x, y = after[0] - before[0], after[1] - before[1]
    length = hypot(x, y)
    return (x / length, y / length) if length else out
