"""Differences, slopes and areas of values on a grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gradviz.ops.dims import wrap_dim, wrap_dims
from gradviz.ops.kinds import is_sequence
from gradviz.ops.spec import Array
from gradviz.tensor.composed import call
from gradviz.tensor.tensor import Tensor


def part(input: Tensor, dim: int, start: int, stop: int) -> Tensor:
    """The places from ``start`` to before ``stop`` along a dimension, counted as Python does."""
    first, end, _ = slice(start, stop).indices(input.array.shape[dim])
    return call("narrow", input, dim, first, max(end - first, 0))


def pairs(input: Tensor, dim: int) -> tuple[Tensor, Tensor]:
    """All places but the last, and all but the first."""
    size = input.array.shape[dim]
    return part(input, dim, 0, max(size - 1, 0)), part(input, dim, min(1, size), size)


def diff(
    input: Tensor, n: int = 1, dim: int = -1, prepend: Tensor | None = None,
    append: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """The differences of neighbours along ``dim``, ``n`` times over."""
    if not input.array.ndim:
        raise RuntimeError("diff expects input to be at least one-dimensional")
    if n < 0:
        raise RuntimeError(f"order must be non-negative but got {n}")
    if n == 0:
        return call("clone", input)
    members = [t for t in (prepend, input, append) if t is not None]
    found = call("cat", members, dim) if len(members) > 1 else input
    for _ in range(min(n, found.array.shape[dim])):
        before, after = pairs(found, dim)
        found = call("logical_xor" if found.array.dtype == bool else "sub", after, before)
    return found


def _widths(y: Tensor, x: Tensor | None, dx: Any, dim: int) -> Any:
    """The distances between neighbours, ready to be multiplied with values along ``dim``."""
    if x is None:
        return dx
    if x.array.ndim == 1:
        if x.array.size != y.array.shape[dim]:
            raise RuntimeError("trapezoid: There must be one `x` value for each sample point")
        shape = [1] * y.array.ndim
        shape[dim] = max(x.array.size - 1, 0)
        return call("reshape", diff(x), shape)
    rank = max(x.array.ndim, y.array.ndim)
    shaped = call("reshape", x, (1,) * (rank - x.array.ndim) + x.array.shape)
    return diff(shaped, dim=dim)


def _areas(y: Tensor, x: Tensor | None, dx: Any, dim: int) -> Tensor:
    if x is not None and x.array.ndim > y.array.ndim:
        y = call("reshape", y, (1,) * (x.array.ndim - y.array.ndim) + y.array.shape)
    before, after = pairs(y, dim)
    widths = _widths(y, x, dx, dim)
    return call("div", call("mul", call("add", before, after), widths), 2.0)


def _from_end(y: Tensor, dim: int) -> int:
    return wrap_dim(dim, y.array.ndim) - y.array.ndim


def trapezoid(y: Tensor, x: Tensor | None = None, *, dx: Any = 1.0, dim: int = -1) -> Tensor:
    """The area under values on a grid, by trapezoids between neighbours."""
    return call("sum", _areas(y, x, dx, _from_end(y, dim)), _from_end(y, dim))


def trapz(y: Tensor, x: Tensor | None = None, *, dx: Any = 1.0, dim: int = -1) -> Tensor:
    """Another name of :func:`trapezoid`."""
    return trapezoid(y, x, dx=dx, dim=dim)


def cumulative_trapezoid(
    y: Tensor, x: Tensor | None = None, *, dx: Any = 1.0, dim: int = -1
) -> Tensor:
    """The areas from the first value to each later one."""
    return call("cumsum", _areas(y, x, dx, _from_end(y, dim)), _from_end(y, dim))


def gradient(
    input: Tensor, *, spacing: Any = 1, dim: Any = None, edge_order: int = 1
) -> tuple[Tensor, ...]:
    """The slopes along dimensions, from values on both sides; from one side at the ends."""
    rank = input.array.ndim
    spacing = 1 if spacing is None else spacing
    if dim is None:
        count = len(spacing) if is_sequence(spacing) else rank
        dims = list(range(min(count, rank)))
    else:
        dims = [dim] if isinstance(dim, int) else list(dim)
    if edge_order not in (1, 2):
        raise RuntimeError("torch.gradient only supports edge_order=1 and edge_order=2.")
    axes = wrap_dims(dims, rank)
    given: Sequence[Any] = spacing if is_sequence(spacing) else [spacing] * len(axes)
    if len(given) != len(axes):
        raise RuntimeError(
            "torch.gradient expected spacing to be unspecified, a scalar or it's spacing and dim "
            "arguments to have the same length, but got a spacing argument of length "
            f"{len(given)} and a dim argument of length {len(axes)}."
        )
    for axis in axes:
        if input.array.shape[axis] < edge_order + 1:
            raise RuntimeError(
                "torch.gradient expected each dimension size to be at least edge_order+1"
            )
    return tuple(
        _slope(input, axis, _points(space, input.array.shape[axis]), edge_order)
        for axis, space in zip(axes, given, strict=True)
    )


def _points(space: Any, count: int) -> Array:
    """The coordinates along a dimension, from them or from their distance."""
    if isinstance(space, Tensor) and space.array.ndim:
        return space.array.astype(np.float64)
    step = space.array.item() if isinstance(space, Tensor) else space
    return np.arange(count) * float(step)


def _slope(input: Tensor, axis: int, points: Array, edge_order: int) -> Tensor:
    gaps: Array = points[1:] - points[:-1]
    before, after = gaps[:-1], gaps[1:]
    shape = [1] * input.array.ndim
    shape[axis] = -1

    def weighed(weights: Any, start: int, stop: int) -> Tensor:
        kind = input.array.dtype if input.array.dtype.kind == "f" else np.dtype(np.float32)
        factor = Tensor.wrap(np.asarray(weights, kind).reshape(shape))
        return call("mul", part(input, axis, start, stop), factor)

    count = input.array.shape[axis]
    inner = (
        weighed(-after / (before * (before + after)), 0, count - 2)
        + weighed((after - before) / (before * after), 1, count - 1)
        + weighed(before / (after * (before + after)), 2, count)
    )
    ends = [_end(weighed, gaps, edge_order, count, last) for last in (False, True)]
    return call("cat", [ends[0], inner, ends[1]], axis)


def _end(weighed: Any, gaps: Any, edge_order: int, count: int, last: bool) -> Tensor:
    """The slope at one end, from one neighbour or from two."""
    if edge_order == 1:
        start = count - 2 if last else 0
        weight = np.array([1 / gaps[-1 if last else 0]])
        return weighed(weight, start + 1, start + 2) - weighed(weight, start, start + 1)
    near, far = (gaps[-1], gaps[-2]) if last else (gaps[0], gaps[1])
    sign = -1.0 if last else 1.0
    weights = (
        -(2 * near + far) / (near * (near + far)), (near + far) / (near * far),
        -near / (far * (near + far)),
    )  # fmt: skip
    places = (count - 1, count - 2, count - 3) if last else (0, 1, 2)
    terms = [weighed([sign * w], p, p + 1) for w, p in zip(weights, places, strict=True)]
    return terms[0] + terms[1] + terms[2]


METHODS = (diff,)
FUNCTIONS = (trapezoid, trapz, cumulative_trapezoid, gradient)
