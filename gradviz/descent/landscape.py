"""The loss over a plane of two coordinates, for contours and surfaces.

The whole grid is one run of the graph's plan. Where an operation between the two coordinates and
the loss cannot take many points at once (:mod:`gradviz.descent.batching`) it is called for each,
and the grid is coarse enough to stay quick.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from time import perf_counter

import numpy as np

from gradviz.descent.batching import FEW, batchable, largest, losses_at
from gradviz.descent.objective import Objective
from gradviz.descent.settings import Axis
from gradviz.ops.spec import Array

Range = tuple[float, float]
FINEST = 256
FINE = 129
COARSEST = 17
PATIENCE_SECONDS = 0.4
PATIENT_NUMBERS = 30_000_000
QUICK_NUMBERS = 150_000
SAMPLED = 15_000
"""Of how many losses, about, the heights of lines are made: more would say the same."""


@dataclass(frozen=True, eq=False)
class Landscape:
    """Losses on a grid: ``values[row, column]`` is the loss at ``xs[column], ys[row]``.

    Two are equal only where they are one and the same, so that asking costs nothing.
    """

    xs: Array
    ys: Array
    values: Array

    @cached_property
    def finite(self) -> Array:
        """The losses that are numbers."""
        return finite_of(self.values)

    @cached_property
    def levels(self) -> Array:
        """The heights of its contour lines; see :func:`levels`."""
        return levels(self.finite)


def finite_of(values: Array) -> Array:
    """The values that are numbers, in a row; no copy where all are."""
    known = np.isfinite(values)
    return values.reshape(-1) if known.all() else values[known]


def landscape(
    objective: Objective,
    axes: Sequence[Axis],
    base: Mapping[str, Array],
    ranges: tuple[Range, Range],
    resolution: int | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Landscape | None:
    """The loss on a grid over ``ranges``, all other parameters as in ``base``.

    ``resolution``: points along each side; by default fine where that is quick. None where
    ``cancelled`` said so.
    """
    whole = batchable(objective, axes)
    size = resolution or (finest(objective, axes) if whole else affordable(objective, axes, base))
    xs, ys = (np.linspace(low, high, size) for low, high in ranges)
    points = np.empty((2, size, size))
    points[0], points[1] = xs, ys[:, None]
    points = points.reshape(2, -1).T
    losses = losses_at(objective, axes, base, points, cancelled)
    return None if losses is None else Landscape(xs, ys, losses.reshape(size, size))


def finest(objective: Objective, axes: Sequence[Axis]) -> int:
    """How many points a side can be computed in one run without trying anyone's patience."""
    numbers = largest(objective, axes)
    if numbers * FINEST**2 <= QUICK_NUMBERS:
        return FINEST
    return int(min(FINE, max(COARSEST, (PATIENT_NUMBERS / numbers) ** 0.5)))


def quick(objective: Objective, axes: Sequence[Axis]) -> bool:
    """Whether a landscape takes no longer than a frame: a few numbers a point, in one run."""
    points = finest(objective, axes) ** 2
    return batchable(objective, axes) and largest(objective, axes) * points <= QUICK_NUMBERS


def affordable(objective: Objective, axes: Sequence[Axis], base: Mapping[str, Array]) -> int:
    """How many points a side can be computed one by one without trying anyone's patience."""
    points = np.tile(objective.coordinates(base, axes), (FEW, 1))
    losses_at(objective, axes, base, points)
    start = perf_counter()
    losses_at(objective, axes, base, points)
    each = max((perf_counter() - start) / FEW, 1e-7)
    return int(min(FINE, max(COARSEST, (PATIENCE_SECONDS / each) ** 0.5)))


def curve(objective: Objective, axis: Axis, base: Mapping[str, Array], xs: Array) -> Array:
    """The loss along one axis, at each of ``xs``, all else as in ``base``."""
    found = losses_at(objective, (axis,), base, xs[:, None])
    assert found is not None  # nothing cancels it
    return found


def curve_range(objective: Objective, axis: Axis, margin: float = 1.5) -> Range:
    """An extent for :func:`curve`: the slider's, or around the start."""
    start = objective.coordinates(objective.start(), (axis,))[0]
    return slider_range(objective, axis) or around(start, margin)


def levels(values: Array, count: int = 20) -> Array:
    """Heights of contour lines: even steps, ever wider ones, or ones by decades.

    Even steps suit a land that rises evenly. Where most of it lies low, steps that widen with
    the square of their number keep lines apart as in a bowl; where values span decades, they
    widen geometrically. Rising, without repeats; empty where there is nothing to draw.
    """
    finite = finite_of(values)
    if not finite.size or finite.min() == finite.max():
        return np.empty(0)
    # Of an odd number each one, or a grid's even columns alone might be taken.
    sample = finite[:: finite.size // SAMPLED | 1]
    low = float(finite.min())
    middle, high = (float(v) for v in np.percentile(sample, (50, 97)))
    steep = (high - low) / (middle - low) if middle > low else np.inf
    shares = np.arange(1, count + 1) / count
    if steep < 2.2:
        found = np.linspace(low, float(finite.max()), count + 2)[1:-1]
    elif steep < 12:
        found = low + (high - low) * shares**2
    else:
        bottom = max((middle - low) / 200, (high - low) * 1e-6)
        found = low + np.geomspace(bottom, high - low, count)
    return np.unique(found)


def fitting_ranges(
    objective: Objective, axes: Sequence[Axis], margin: float = 1.5
) -> tuple[Range, Range]:
    """An extent that shows the start off centre: from the sliders, or around the start."""
    start = objective.coordinates(objective.start(), axes)
    found = [
        slider_range(objective, a) or around(c, margin) for a, c in zip(axes, start, strict=True)
    ]
    return found[0], found[1]


def slider_range(objective: Objective, axis: Axis) -> Range | None:
    """The range of a scalar leaf's slider, where it has one."""
    node = objective.graph.node(axis.node)
    low, high = node.attrs.get("low"), node.attrs.get("high")
    if axis.index or low is None or high is None or not low < high:
        return None
    return float(low), float(high)


def around(value: float, margin: float) -> Range:
    """A range that holds both ``value`` and zero with room to spare."""
    reach = max(abs(value) * margin, 1.0)
    return (-reach, reach) if abs(value) <= reach / margin else (value - reach, value + reach)
