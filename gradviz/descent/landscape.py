"""The loss over a plane of two coordinates, for contours and surfaces.

Where every operation between the two coordinates and the loss works element by element on
single numbers, the whole grid is one run of the graph on arrays; otherwise the points are
computed one after the other, on a grid coarse enough to stay quick.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from gradviz.descent.objective import Objective, resolve
from gradviz.descent.settings import Axis
from gradviz.graph.evaluate import gather
from gradviz.ops.spec import Array
from gradviz.tensor.dispatch import prepare, run_forward

Range = tuple[float, float]
FINE = 129
COARSEST = 17
PATIENCE_SECONDS = 0.4


@dataclass(frozen=True, slots=True)
class Landscape:
    """Losses on a grid: ``values[row, column]`` is the loss at ``xs[column], ys[row]``."""

    xs: Array
    ys: Array
    values: Array

    @property
    def finite(self) -> Array:
        """The losses that are numbers."""
        return self.values[np.isfinite(self.values)]


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
    whole = vectorisable(objective, axes)
    size = resolution or (FINE if whole else affordable(objective, base))
    xs, ys = (np.linspace(low, high, size) for low, high in ranges)
    if whole:
        return Landscape(xs, ys, on_grid(objective, axes, base, xs, ys))
    values = np.empty((size, size))
    for row, y in enumerate(ys):
        if cancelled is not None and cancelled():
            return None
        for column, x in enumerate(xs):
            values[row, column] = objective.value(objective.moved(base, axes, (x, y)))
    return Landscape(xs, ys, values)


def affordable(objective: Objective, base: Mapping[str, Array]) -> int:
    """How many points a side can be computed one by one without trying anyone's patience."""
    start = perf_counter()
    objective.value(base)
    objective.value(base)
    each = max((perf_counter() - start) / 2, 1e-7)
    return int(min(FINE, max(COARSEST, (PATIENCE_SECONDS / each) ** 0.5)))


def vectorisable(objective: Objective, axes: Sequence[Axis]) -> bool:
    """Whether the whole grid can be one run: only single numbers, only element by element."""
    if any(axis.index for axis in axes):
        return False
    moving = objective.graph.downstream(tuple(a.node for a in axes))
    for call in objective.calls:
        if call.node not in moving:
            continue
        if not call.op.elementwise or len(call.op.outputs) > 1:
            return False
        result = objective.evaluation.results[call.node]
        if not result.ok or result.value.array.ndim:
            return False
    return True


def curve(objective: Objective, axis: Axis, base: Mapping[str, Array], xs: Array) -> Array:
    """The loss along one axis, at each of ``xs``, all else as in ``base``."""
    points = (objective.moved(base, (axis,), (float(x),)) for x in xs)
    with np.errstate(all="ignore"):
        return np.array([objective.value(point) for point in points])


def curve_range(objective: Objective, axis: Axis, margin: float = 1.5) -> Range:
    """An extent for :func:`curve`: the slider's, or around the start."""
    start = objective.coordinates(objective.start(), (axis,))[0]
    return slider_range(objective, axis) or around(start, margin)


def on_grid(
    objective: Objective, axes: Sequence[Axis], base: Mapping[str, Array], xs: Array, ys: Array
) -> Array:
    """The loss on the whole grid in one run of the graph."""
    found: dict[str, Any] = {i: (np.asarray(a),) for i, a in base.items()}
    found |= {i: tuple(t.array for t in ts) for i, ts in objective.constants.items()}
    for axis, grid in zip(axes, np.meshgrid(xs, ys), strict=True):
        found[axis.node] = (grid.astype(found[axis.node][0].dtype),)
    for call in objective.calls:
        inputs, _ = gather(call.op, resolve(call, found))
        result = run_forward(call.op, prepare(call.op, inputs), call.attrs)
        found[call.node] = result if isinstance(result, tuple) else (np.asarray(result),)
    values = found[objective.output][0].astype(np.float64)
    return np.array(np.broadcast_to(values, (len(ys), len(xs))))


def levels(values: Array, count: int = 20) -> Array:
    """Heights of contour lines: even steps, or ever wider ones where the values span decades.

    Rising, without repeats; empty where there is nothing to draw.
    """
    finite = values[np.isfinite(values)]
    if not finite.size or finite.min() == finite.max():
        return np.empty(0)
    low, high = float(finite.min()), float(np.percentile(finite, 98))
    middle = float(np.median(finite))
    if middle - low <= 0 or (high - low) / (middle - low) < 6:
        found = np.linspace(low, high, count + 2)[1:-1]
    else:
        found = low + np.geomspace((middle - low) / 50, high - low, count)
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
