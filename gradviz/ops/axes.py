"""What a reduction over dimensions asks of shapes: which axes, how many elements, what is left."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradviz.ops.dims import wrap_dim, wrap_dims
from gradviz.ops.spec import Array, Shape


def axes_of(dim: Any, ndim: int) -> Shape:
    """The axes that a ``dim`` setting names, in order; none named (None, ``()``) means all."""
    if dim is None or dim == ():
        return tuple(range(ndim))
    axes = wrap_dims(dim, ndim)
    return tuple(sorted(axes)) if ndim else ()


def kept_shape(shape: Shape, dim: Any) -> Shape:
    """``shape`` with the dimensions that were reduced kept as one."""
    axes = axes_of(dim, len(shape))
    return tuple(1 if i in axes else n for i, n in enumerate(shape))


def result_shape(shape: Shape, dim: Any, keepdim: bool) -> Shape:
    """The shape of a reduction's result."""
    if keepdim:
        return kept_shape(shape, dim)
    axes = axes_of(dim, len(shape))
    return tuple(n for i, n in enumerate(shape) if i not in axes)


def count(shape: Shape, dim: Any = None) -> int:
    """How many elements each result of a reduction over ``dim`` is made of."""
    if dim is None:
        return math.prod(shape)
    return math.prod(shape[i] for i in axes_of(dim, len(shape)))


def numel(value: Any) -> int:
    """How many elements an array or tensor has."""
    return math.prod(np.shape(value) if isinstance(value, (int, float)) else value.shape)


def along(array: Array, dim: int) -> tuple[Array, int]:
    """``array`` with at least one dimension, and the axis that ``dim`` names in it."""
    return np.atleast_1d(array), wrap_dim(dim, np.ndim(array))


def check_not_empty(name: str, shape: Shape, dim: Any) -> None:
    """Raise PyTorch's error where ``name`` has no result because it would be of no elements."""
    if math.prod(shape):
        return
    if dim is None or dim == ():
        raise RuntimeError(
            f"{name}(): Expected reduction dim to be specified for input.numel() == 0. "
            "Specify the reduction dim with the 'dim' argument."
        )
    for axis in axes_of(dim, len(shape)):
        if shape[axis] == 0:
            raise IndexError(f"{name}(): Expected reduction dim {axis} to have non-zero size.")


def terms(reduction: str, *values: Any) -> int:
    """By how many single losses a mean divides; 1 where the loss is no mean."""
    if reduction != "mean":
        return 1
    first = tuple(values[0].shape)
    if all(tuple(v.shape) == first for v in values[1:]):
        return math.prod(first)
    return math.prod(np.broadcast_shapes(*(tuple(v.shape) for v in values)))
