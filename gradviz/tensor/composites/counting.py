"""Values counted, sorted into bins, and found in order or among others; none has a gradient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from gradviz.ops.spec import Array
from gradviz.tensor.tensor import Tensor


def _array(value: Any) -> Array:
    return np.asarray(getattr(value, "array", value))


def _side(right: bool, side: str | None) -> Any:
    if side not in (None, "left", "right"):
        raise RuntimeError(
            "torch.searchsorted(): side can only be 'left' or 'right' but got " + side
        )
    if side == "left" and right:
        raise RuntimeError(
            "torch.searchsorted(): side and right can't be set to opposites, got side of left "
            "while right was True"
        )
    return "right" if right or side == "right" else "left"


def searchsorted(
    sorted_sequence: Tensor, input: Any, *, out_int32: bool = False, right: bool = False,
    side: str | None = None, sorter: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """Where each value would go into sorted sequences so that these stay sorted."""
    way, rows, values = _side(right, side), sorted_sequence.array, _array(input)
    if sorter is not None:
        rows = np.take_along_axis(rows, sorter.array, -1)
    if rows.ndim == 1:
        found = np.searchsorted(rows, values, way)
    else:
        if rows.shape[:-1] != values.shape[:-1]:
            raise RuntimeError(
                "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 "
                "dimensions of boundaries tensor and input value tensor must match, but we got "
                f"boundaries tensor {list(rows.shape)} and input value tensor "
                f"{list(values.shape)}"
            )
        found = np.zeros(values.shape, np.int64)
        for place in np.ndindex(rows.shape[:-1]):
            found[place] = np.searchsorted(rows[place], values[place], way)
    return Tensor.wrap(np.asarray(found, np.int32 if out_int32 else np.int64))


def bucketize(
    input: Any, boundaries: Tensor, *, out_int32: bool = False, right: bool = False
) -> Tensor:
    """Between which boundaries each value lies."""
    if boundaries.array.ndim != 1:
        raise RuntimeError(
            f"boundaries tensor must be 1 dimension, but got dim({boundaries.array.ndim})"
        )
    return searchsorted(boundaries, input, out_int32=out_int32, right=right)


def isin(
    elements: Any, test_elements: Any, *, assume_unique: bool = False, invert: bool = False
) -> Tensor:
    """Whether each element is one of others."""
    found = np.isin(_array(elements), _array(test_elements), invert=invert)
    return Tensor.wrap(np.asarray(found))


def bincount(input: Tensor, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
    """How often each whole number comes, or the sum of weights where it does."""
    array = input.array
    if array.ndim != 1 or (array.size and array.min() < 0):
        raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
    found = np.bincount(array, None if weights is None else weights.array, minlength)
    if weights is not None and weights.array.dtype == np.float32:
        found = found.astype(np.float32)
    return Tensor.wrap(found)


def _range(array: Array, low: float, high: float) -> tuple[float, float]:
    if low == high and array.size:
        low, high = float(array.min()), float(array.max())
    if low == high:
        low, high = low - 1, high + 1
    if not np.isfinite([low, high]).all():
        raise RuntimeError(f"histogram: range of [{low}, {high}] is not finite")
    if low > high:
        raise RuntimeError("torch.histc: max must be larger than min")
    return low, high


def histc(input: Tensor, bins: int = 100, min: float = 0, max: float = 0) -> Tensor:
    """How many elements lie in each of equal bins; all between the extremes where these are 0."""
    array = input.array
    if bins <= 0:
        raise RuntimeError("torch.histc(): bins must be > 0")
    low, high = _range(array, float(min), float(max))
    kept = array[(array >= low) & (array <= high)]
    found, _ = np.histogram(kept, bins, (low, high))
    return Tensor.wrap(np.asarray(found, array.dtype))


class Histogram(NamedTuple):
    """Counts, and the edges of the bins they are of."""

    hist: Tensor
    bin_edges: Any


def histogram(
    input: Tensor, bins: Any, *, range: Sequence[float] | None = None,
    weight: Tensor | None = None, density: bool = False,
) -> Histogram:  # fmt: skip
    """How many elements (or how much weight) lie in each bin, and the bins' edges."""
    flat = input.array.reshape(-1)
    found = histogramdd(
        Tensor.wrap(flat[:, None]), [bins], range=range,
        weight=None if weight is None else Tensor.wrap(weight.array.reshape(-1)), density=density,
    )  # fmt: skip
    return Histogram(found.hist, found.bin_edges[0])


def histogramdd(
    input: Tensor, bins: Any, *, range: Sequence[float] | None = None,
    weight: Tensor | None = None, density: bool = False,
) -> Histogram:  # fmt: skip
    """How many points lie in each cell of a grid, and the grid's edges along each dimension."""
    kind = input.array.dtype
    count = input.array.shape[-1]
    points = input.array.reshape(-1, count)
    if not isinstance(bins, int) and len(bins) != count:
        raise RuntimeError(
            "histogramdd: The size of bins must be equal to the innermost dimension of the input."
        )
    given = [bins] * count if isinstance(bins, int) else list(bins)
    edges = [
        _edges(points[:, i], b, None if range is None else range[2 * i : 2 * i + 2])
        for i, b in enumerate(given)
    ]
    weights = None if weight is None else weight.array.reshape(-1)
    found = _cells(points, edges, weights)
    if density:
        found = _density(found, edges)
    shown = tuple(Tensor.wrap(np.asarray(e, kind)) for e in edges)
    return Histogram(Tensor.wrap(np.asarray(found, kind)), shown)


def _cells(points: Array, edges: list[Array], weights: Array | None) -> Array:
    """What lies in each cell of a grid; the last edge belongs to the last cell."""
    inside = np.ones(len(points), np.bool_)
    places: list[Array] = []
    for column, edge in zip(points.T, edges, strict=True):
        inside &= (column >= edge[0]) & (column <= edge[-1])
        places.append(_place(edge, column))
    found = np.zeros([len(edge) - 1 for edge in edges])
    kept = tuple(p[inside] for p in places)
    np.add.at(found, kept, 1 if weights is None else weights[inside])
    return found


def _place(edge: Array, column: Array) -> Array:
    """Between which edges each value lies."""
    found = np.searchsorted(edge, column, "right") - 1
    return np.where(column == edge[-1], len(edge) - 2, found)


def _density(found: Array, edges: list[Array]) -> Array:
    """Counts as shares of the whole over the sizes of their cells."""
    shares = found / found.sum()
    for axis, edge in enumerate(edges):
        shape = [-1 if i == axis else 1 for i in range(found.ndim)]
        shares = shares / np.diff(edge).reshape(shape)
    return shares


def _edges(values: Array, bins: Any, bounds: Sequence[float] | None) -> Array:
    if not isinstance(bins, int):
        return _array(bins).astype(np.float64)
    if bounds is not None:
        low, high = bounds
    elif values.size:
        low, high = float(values.min()), float(values.max())
    else:
        low, high = 0.0, 1.0
    if low == high:
        low, high = low - 0.5, high + 0.5
    return np.linspace(low, high, bins + 1)


def unique(
    input: Tensor, sorted: bool = True, return_inverse: bool = False, return_counts: bool = False,
    dim: int | None = None,
) -> Any:  # fmt: skip
    """The different elements (or slices along ``dim``) in order; where each went, how many."""
    values, inverse, counts = np.unique(
        input.array, return_inverse=True, return_counts=True, axis=dim
    )
    return _several(values, inverse, counts, return_inverse, return_counts)


def _several(
    values: Array, inverse: Array, counts: Array, return_inverse: bool, return_counts: bool
) -> Any:
    found = [Tensor.wrap(values)]
    found += [Tensor.wrap(np.asarray(inverse, np.int64))] if return_inverse else []
    found += [Tensor.wrap(np.asarray(counts, np.int64))] if return_counts else []
    return tuple(found) if len(found) > 1 else found[0]


def unique_consecutive(
    input: Tensor, return_inverse: bool = False, return_counts: bool = False,
    dim: int | None = None,
) -> Any:  # fmt: skip
    """The elements (or slices) without those equal to the one before them."""
    array = input.array.reshape(-1) if dim is None else np.moveaxis(input.array, dim, 0)
    rows = array.reshape(len(array), -1)
    starts = np.ones(len(rows), np.bool_)
    starts[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    inverse = np.cumsum(starts) - 1
    counts = np.bincount(inverse, minlength=0) if len(rows) else np.zeros(0, np.int64)
    values = array[starts] if dim is None else np.moveaxis(array[starts], 0, dim)
    shaped = inverse.reshape(input.array.shape) if dim is None else inverse
    return _several(values, shaped, counts, return_inverse, return_counts)


METHODS = (bincount, histc, histogram, unique, unique_consecutive)
FUNCTIONS = (searchsorted, bucketize, isin, histogramdd)
