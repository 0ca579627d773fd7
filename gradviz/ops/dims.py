"""Dimensions and sizes as PyTorch counts and checks them, shared by the families of operations."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any, cast

import numpy as np

from gradviz.ops.spec import Array, Shape

WHOLE_KINDS = (np.dtype(np.int64), np.dtype(np.int32))
TRUTH_KINDS = (np.dtype(np.bool_), np.dtype(np.uint8))


def wrap_dim(dim: int, rank: int) -> int:
    """``dim`` counted from the front; a 0-d tensor counts as having one dimension."""
    count = max(rank, 1)
    if not -count <= dim < count:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-count}, {count - 1}], "
            f"but got {dim})"
        )
    return int(dim) % count


def wrap_dims(dims: int | Sequence[int], rank: int) -> tuple[int, ...]:
    """Each of ``dims`` counted from the front; none may come twice."""
    wrapped = tuple(wrap_dim(int(d), rank) for d in as_sizes(dims))
    for dim in wrapped:
        if wrapped.count(dim) > 1:
            raise RuntimeError(f"dim {dim} appears multiple times in the list of dims")
    return wrapped


def as_sizes(size: Any) -> Shape:
    """A size, or several, as a tuple of whole numbers."""
    if isinstance(size, (int, np.integer)):
        return (int(cast(Any, size)),)
    return tuple(map(int, size))


def infer_sizes(size: Any, count: int) -> Shape:
    """The shape of ``count`` elements that ``size``, with at most one −1, stands for."""
    sizes = as_sizes(size)
    if sizes and min(sizes) > 0 and prod(sizes) == count:
        return sizes
    for position, n in enumerate(sizes):
        if n < -1:
            raise RuntimeError(
                f"invalid shape dimension {n} at index {position} of shape {list(sizes)}"
            )
    if sizes.count(-1) > 1:
        raise RuntimeError("only one dimension can be inferred")
    known = prod(n for n in sizes if n != -1)
    if -1 not in sizes:
        if known != count:
            raise RuntimeError(f"shape '{list(sizes)}' is invalid for input of size {count}")
        return sizes
    if known == 0 and count == 0:
        raise RuntimeError(
            f"cannot reshape tensor of 0 elements into shape {list(sizes)} because the unspecified "
            "dimension size -1 can be any value and is ambiguous"
        )
    if known == 0 or count % known:
        raise RuntimeError(f"shape '{list(sizes)}' is invalid for input of size {count}")
    return tuple(count // known if n == -1 else n for n in sizes)


def whole_numbers(first: int, end: int | None = None) -> Array:
    """The whole numbers below one, or from one up to another."""
    return np.arange(first) if end is None else np.arange(first, end)


def refuse_negative(shape: Sequence[int]) -> None:
    """Raise PyTorch's error where a shape has a dimension below zero."""
    for number in shape:
        if number < 0:
            raise RuntimeError(
                f"Trying to create tensor with negative dimension {number}: {list(shape)}"
            )
