"""Parts of a tensor, and copies of it with a part replaced."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.dims import wrap_dim
from gradviz.ops.table import OPS
from gradviz.tensor.composed import call
from gradviz.tensor.tensor import Tensor, apply


def _replaced(input: Tensor, src: Tensor, places: Any, name: str) -> Tensor:
    """``input`` with ``src`` at the places that an index picks from an array of its shape."""
    numbers = np.arange(input.array.size).reshape(input.array.shape)[places]
    if numbers.shape != src.array.shape:
        raise RuntimeError(
            f"expected src to have a size equal to the {name} of self. src size = "
            f"{list(src.array.shape)}, {name} size = {list(numbers.shape)}"
        )
    return call("put", input, Tensor.wrap(np.ascontiguousarray(numbers)), src)


def select_scatter(input: Tensor, src: Tensor, dim: int, index: int) -> Tensor:
    """``input`` with ``src`` in place of one slice along ``dim``."""
    axis = wrap_dim(dim, input.array.ndim)
    return _replaced(input, src, (slice(None),) * axis + (index,), "slice")


def slice_scatter(
    input: Tensor, src: Tensor, dim: int = 0, start: int | None = None, end: int | None = None,
    step: int = 1,
) -> Tensor:  # fmt: skip
    """``input`` with ``src`` in place of the slices from ``start`` to ``end`` along ``dim``."""
    axis = wrap_dim(dim, input.array.ndim)
    return _replaced(input, src, (slice(None),) * axis + (slice(start, end, step),), "slice")


def diagonal_scatter(
    input: Tensor, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1
) -> Tensor:
    """``input`` with ``src`` in place of a diagonal."""
    shape = input.array.shape
    numbers = np.arange(input.array.size).reshape(shape)
    places = np.unravel_index(np.diagonal(numbers, offset, dim1, dim2), shape)
    return _replaced(input, src, places, "diagonal")


def narrow(input: Tensor, dim: int, start: Tensor | int, length: int) -> Tensor:
    """The part of a tensor from one place along a dimension, of some length."""
    if isinstance(start, Tensor):
        if start.array.ndim or start.array.dtype.kind not in "iu":
            raise RuntimeError("start must be an 0-dim integral Tensor.")
        start = int(start.array)
    return apply(OPS["narrow"], (input,), {"dim": dim, "start": start, "length": length})


def narrow_copy(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """What :func:`narrow` gives, on memory of its own."""
    rank = input.array.ndim
    if 0 < rank <= dim:
        # PyTorch has no better words for it than those of its own check.
        raise RuntimeError(
            "Expected dim < static_cast<int64_t>(self_sizes.size()) to be true, but got false.  "
            "(Could this error message be improved?  If so, please report an enhancement request "
            "to PyTorch.)"
        )
    count = input.array.shape[dim] if -rank <= dim < rank else 0
    if length < 0 and -count <= start <= count:
        first = start + count if start < 0 else start
        raise RuntimeError(f"start ({first}) + length ({length}) exceeds dimension size ({count}).")
    return call("clone", narrow(input, dim, start, length))


METHODS = (narrow, narrow_copy, select_scatter, slice_scatter, diagonal_scatter)
FUNCTIONS = ()
