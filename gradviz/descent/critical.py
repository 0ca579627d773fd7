"""Critical points: where on the plane the slope is zero, and of which kind each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gradviz.descent.landscape import Range
from gradviz.descent.newton import solved
from gradviz.descent.objective import Objective, Point
from gradviz.descent.point import derivatives
from gradviz.descent.settings import Axis
from gradviz.descent.swarm import Progress, onward
from gradviz.ops.spec import Array

KINDS = ("minimum", "saddle", "maximum", "degenerate")
"""What a critical point can be; degenerate: some curvature is zero and does not tell."""
NONE = 1e-6
"""A curvature below this share of the largest at the corners of the picture counts as none."""


@dataclass(frozen=True, slots=True)
class Critical:
    """A place where the slope along the axes is zero: its kind, the loss and the curvatures."""

    place: tuple[float, float]
    loss: float
    kind: str
    eigenvalues: tuple[float, float]


def critical_points(
    objective: Objective, axes: Sequence[Axis], ranges: tuple[Range, Range],
    starts: int = 9, progress: Progress = onward,
) -> tuple[Critical, ...] | None:  # fmt: skip
    """Where the slope along two axes is zero within ``ranges``, all else as in the document.

    By Newton's method for the slope from a grid of starts, ``starts`` a side; None where
    ``progress`` says stop. Minima first, then saddles and maxima, the lowest of each first.
    There may be others that no start led to.
    """
    wide = {i: np.asarray(a, np.float64) for i, a in objective.start().items()}
    (left, right), (low, high) = ranges
    scale = np.array([right - left, high - low])
    grid = [
        (x, y) for y in np.linspace(low, high, starts) for x in np.linspace(left, right, starts)
    ]
    found: list[Array] = []
    for count, start in enumerate(grid, 1):
        place = levelled(objective, axes, wide, np.array(start), ranges)
        inside = place is not None and bool(
            np.all((place >= [left, low]) & (place <= [right, high]))
        )
        if (
            place is not None
            and inside
            and all(np.abs((place - other) / scale).max() > 1e-4 for other in found)
        ):
            found.append(place)
        if not progress(count / len(grid)):
            return None
    none = NONE * max(
        curvature(objective, axes, wide, (x, y)) for x in (left, right) for y in (low, high)
    )
    points = [told(objective, axes, wide, place, none) for place in found]
    return tuple(sorted(points, key=lambda c: (KINDS.index(c.kind), c.loss)))


def curvature(
    objective: Objective, axes: Sequence[Axis], base: Point, place: tuple[float, float]
) -> float:
    """The largest second derivative at a place, in size; 0 where there is none."""
    _, _, matrix = derivatives(objective, axes, objective.moved(base, axes, place))
    size = float(np.abs(matrix).max())
    return size if np.isfinite(size) else 0.0


def told(
    objective: Objective, axes: Sequence[Axis], base: Point, place: Array, none: float
) -> Critical:
    """What a level place is; a curvature of at most ``none`` counts as zero."""
    where = (float(place[0]), float(place[1]))
    loss, _, matrix = derivatives(objective, axes, objective.moved(base, axes, where))
    low, high = (float(v) for v in np.linalg.eigvalsh(matrix))
    none = max(none, 1e-9 * max(abs(low), abs(high)))
    if min(abs(low), abs(high)) <= none:
        kind = "degenerate"
    elif low > 0:
        kind = "minimum"
    else:
        kind = "maximum" if high < 0 else "saddle"
    return Critical(where, loss, kind, (low, high))


def levelled(
    objective: Objective, axes: Sequence[Axis], base: Point, place: Array,
    ranges: tuple[Range, Range],
) -> Array | None:  # fmt: skip
    """The level place that Newton's method for the slope leads to from ``place``, if any.

    It is given up where it has left the picture by half of its size.
    """
    lows, highs = np.array(ranges).T
    scale = highs - lows
    for _ in range(40):
        _, slope, matrix = derivatives(objective, axes, objective.moved(base, axes, tuple(place)))
        step = solved(matrix, slope)
        if not np.all(np.isfinite(step)):
            return None
        longest = float(np.abs(step / scale).max())
        place = place - step * min(1.0, 0.1 / max(longest, 1e-300))
        if longest < 1e-9:
            return place
        if np.any(place < lows - scale / 2) or np.any(place > highs + scale / 2):
            return None
    return None
