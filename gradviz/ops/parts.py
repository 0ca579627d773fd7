"""Parts of a tensor on the same memory, and the operations that put a part back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from gradviz.ops.counts import parts_work
from gradviz.ops.dims import as_sizes, wrap_dim
from gradviz.ops.shape import dim_attr, sole
from gradviz.ops.spec import Array, Attr, Op, Port, example

FAMILY = "Parts"
_MATRIX = [[1.5, -0.5, 2.0], [0.25, 3.0, -1.0]]
_ROW = [1.0, -2.0, 3.0, 0.5]
_CUBE = np.arange(12.0).reshape(2, 3, 2) / 4 - 1
PARTS = {"input": "each element of {input} goes into one part, so its gradient comes from there"}
CHOSEN = {
    "input": "only the part taken reaches {out}: its gradient goes back there, the rest gets 0"
}
JOINED = "cat([zeros(shape) if part is None else part for part, shape in zip(gs, out_shapes)], dim)"
_DIM = dim_attr(default=0, doc="Along which dimension.")


def _cut(array: Array, sizes: Sequence[int], axis: int) -> tuple[Array, ...]:
    """Parts of these sizes along ``axis``, one after the other, on the same memory."""
    starts = np.cumsum([0, *sizes])
    before = (slice(None),) * axis
    return tuple(array[(*before, slice(a, b))] for a, b in pairwise(starts))


def split_sizes(count: int, size: int) -> list[int]:
    """The sizes of the parts of ``size`` that ``count`` is cut into; the last may be less."""
    if size < 0:
        raise RuntimeError(f"split expects split_size be non-negative, but got split_size={size}")
    if size == 0:
        if count:
            raise RuntimeError(
                "split_size can only be 0 if dimension size is 0, but got dimension size of "
                f"{count}"
            )
        return [0]
    return [min(size, count - start) for start in range(0, count, size)] or [0]


def _split(input: Array, split_size_or_sections: Any, dim: int) -> tuple[Array, ...]:
    array = np.asarray(input)
    if not array.ndim:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    axis = wrap_dim(dim, array.ndim)
    count = array.shape[axis]
    if isinstance(split_size_or_sections, (int, np.integer)):
        return _cut(array, split_sizes(count, as_sizes(split_size_or_sections)[0]), axis)
    sizes = as_sizes(split_size_or_sections)
    if sum(sizes) != count:
        raise RuntimeError(
            f"split_with_sizes expects split_sizes to sum exactly to {count} (input tensor's size "
            f"at dimension {dim}), but got split_sizes={list(sizes)}"
        )
    return _cut(array, sizes, axis)


split = Op(
    name="split", family=FAMILY, category="shape", work=parts_work, symbol="split",
    doc="Cuts a tensor along a dimension into parts of one size, or of given sizes.",
    ports=(Port(name="input", doc="The tensor.", grad=JOINED),),
    attrs=(
        Attr(
            name="split_size_or_sections", kind="dims",
            doc="The size of each part (the last may be smaller), or the sizes of all.",
        ),
        _DIM,
    ),
    forward=_split, promotion="none", meaning=PARTS,
    examples=(
        example(_ROW, split_size_or_sections=2),
        example(_MATRIX, split_size_or_sections=(1, 2), dim=1),
    ),
    aliases=("split_with_sizes",), search=("cut up",), view=True,
)  # fmt: skip


def chunk_sizes(count: int, chunks: int) -> list[int]:
    """The sizes of the parts that ``chunk`` makes: equal ones, the last may be less."""
    if chunks <= 0:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    return split_sizes(count, -(-count // chunks)) if count else [0] * chunks


def _chunk(input: Array, chunks: int, dim: int) -> tuple[Array, ...]:
    array = np.asarray(input)
    if not array.ndim:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor")
    axis = wrap_dim(dim, array.ndim)
    return _cut(array, chunk_sizes(array.shape[axis], chunks), axis)


chunk = Op(
    name="chunk", family=FAMILY, category="shape", work=parts_work, symbol="chunk",
    doc="Cuts a tensor along a dimension into a number of equal parts.", ports=sole(JOINED),
    attrs=(Attr(name="chunks", kind="int", low=1, doc="How many parts."), _DIM), forward=_chunk,
    promotion="none", meaning=PARTS,
    examples=(example(_ROW, chunks=2), example(_MATRIX, chunks=2, dim=1)),
    search=("equal parts",), backward_name="SplitBackward0", view=True,
)  # fmt: skip


def _tensor_split(input: Array, indices_or_sections: Any, dim: int) -> tuple[Array, ...]:
    array = np.asarray(input)
    if not array.ndim:
        raise RuntimeError(
            "tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims"
        )
    axis = wrap_dim(dim, array.ndim)
    where = np.asarray(getattr(indices_or_sections, "array", indices_or_sections)).tolist()
    if isinstance(where, int):
        if where <= 0:
            raise RuntimeError(f"number of sections must be larger than 0, got {where}")
        return tuple(np.array_split(array, where, axis))
    bounds = [0, *where, None]
    before = (slice(None),) * axis
    return tuple(array[(*before, slice(a, b))] for a, b in pairwise(bounds))


tensor_split = Op(
    name="tensor_split", family=FAMILY, category="shape", work=parts_work, symbol="split",
    doc="Cuts a tensor into a number of nearly equal parts, or at given places.",
    ports=sole(JOINED),
    attrs=(
        Attr(name="indices_or_sections", kind="array", doc="How many parts, or where to cut."),
        _DIM,
    ),
    forward=_tensor_split, promotion="none", meaning=PARTS,
    examples=(example(_ROW, indices_or_sections=3), example(_ROW, indices_or_sections=(1, 2))),
    backward_name="SliceBackward0", view=True,
)  # fmt: skip


def _unbind(input: Array, dim: int) -> tuple[Array, ...]:
    array = np.asarray(input)
    if not array.ndim:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    moved = np.moveaxis(array, wrap_dim(dim, array.ndim), 0)
    return tuple(moved[i, ...] for i in range(moved.shape[0]))


unbind = Op(
    name="unbind", family=FAMILY, category="shape", work=parts_work, symbol="unbind",
    doc="The slices of a tensor along a dimension, each without it.",
    ports=sole("stack([zeros(out_shape) if part is None else part for part in gs], dim)"),
    attrs=(_DIM,), forward=_unbind, promotion="none", meaning=PARTS,
    examples=(example(_ROW), example(_MATRIX, dim=1)), search=("unpack slices",), view=True,
)  # fmt: skip


def _narrow(input: Array, dim: int, start: int, length: int) -> Array:
    array = np.asarray(input)
    if not array.ndim:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    if length < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    axis = wrap_dim(dim, array.ndim)
    count = array.shape[axis]
    if not -count <= start <= count:
        raise IndexError(
            f"start out of range (expected to be in range of [-{count}, {count}], but got {start})"
        )
    first = start + count if start < 0 else start
    if first + length > count:
        raise RuntimeError(f"start ({first}) + length ({length}) exceeds dimension size ({count}).")
    return array[(slice(None),) * axis + (slice(first, first + length), ...)]


narrow = Op(
    name="narrow", family=FAMILY, category="index", symbol="a:b",
    doc="The part of a tensor from one place along a dimension, of some length.",
    ports=sole("place(g, input_shape, dim, start)"),
    attrs=(
        dim_attr(doc="Along which dimension."),
        Attr(name="start", kind="int", doc="The first place taken."),
        Attr(name="length", kind="int", low=0, doc="How many places are taken."),
    ),
    forward=_narrow, promotion="none", meaning=CHOSEN,
    examples=(example(_MATRIX, dim=1, start=1, length=2), example(_ROW, dim=0, start=-3, length=1)),
    search=("slice of a tensor",), backward_name="SliceBackward0", view=True,
)  # fmt: skip


def _place(input: Array, size: Any, dim: int, start: int) -> Array:
    array = np.asarray(input)
    whole = np.zeros(size, array.dtype)
    axis = wrap_dim(dim, array.ndim)
    first = start % whole.shape[axis] if start < 0 else start
    whole[(slice(None),) * axis + (slice(first, first + array.shape[axis]),)] = array
    return whole


place = Op(
    name="place", family=FAMILY, category="index", symbol="0…x…0",
    doc="A tensor of zeros with a part put at one place along a dimension.",
    ports=sole("narrow(g, dim, start, input_shape[dim])"),
    attrs=(
        Attr(name="size", kind="shape", doc="The size of the whole."),
        dim_attr(doc="Along which dimension."),
        Attr(name="start", kind="int", doc="Where the part begins."),
    ),
    forward=_place, promotion="none",
    meaning={"input": "{out} is {input} among zeros, so its gradient comes from where it was put"},
    examples=(example(_MATRIX, size=(2, 5), dim=1, start=2),),
    backward_name="SliceBackwardBackward0",
    function=False, method=False, addable=False,
)  # fmt: skip


def _select(input: Array, dim: int, index: int) -> Array:
    array = np.asarray(input)
    if not array.ndim:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    axis = wrap_dim(dim, array.ndim)
    if not -array.shape[axis] <= index < array.shape[axis]:
        raise IndexError(
            f"select(): index {index} out of range for tensor of size {list(array.shape)} "
            f"at dimension {dim}"
        )
    return array[(slice(None),) * axis + (index, ...)]


select = Op(
    name="select", family=FAMILY, category="index", symbol="[i]",
    doc="One slice of a tensor along a dimension, without that dimension.",
    ports=sole("place(unsqueeze(g, dim), input_shape, dim, index)"),
    attrs=(
        dim_attr(doc="Along which dimension."),
        Attr(name="index", kind="int", doc="Which slice; −1 is the last."),
    ),
    forward=_select, promotion="none", meaning=CHOSEN,
    examples=(example(_MATRIX, dim=1, index=-1), example(_ROW, dim=0, index=2)),
    search=("one element", "one row", "one slice"), view=True,
)  # fmt: skip


def _diagonal(input: Array, offset: int, dim1: int, dim2: int) -> Array:
    array = np.asarray(input)
    first, second = wrap_dim(dim1, array.ndim), wrap_dim(dim2, array.ndim)
    if first == second:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    rows, columns = array.shape[first], array.shape[second]
    if not -rows <= offset <= columns:
        return _diagonal(array, columns if offset > 0 else -rows, first, second)
    return writable_diagonal(array, offset, first, second)


def writable_diagonal(array: Array, offset: int, first: int, second: int) -> Array:
    """The diagonal as a view that can be written to, as NumPy's own cannot."""
    diagonal = array.diagonal(offset, first, second)
    diagonal.flags.writeable = array.flags.writeable
    return diagonal


DIAGONAL = (
    Attr(name="offset", kind="int", default=0, doc="How far to the right of the main diagonal."),
    dim_attr("dim1", "The dimension of the rows.", default=0),
    dim_attr("dim2", "The dimension of the columns.", default=1),
)

diagonal = Op(
    name="diagonal", family=FAMILY, category="index", symbol="⋱",
    doc="The elements on a diagonal of a matrix, or of each matrix of a stack.",
    ports=sole("place_diagonal(g, input_shape, offset, dim1, dim2)"), attrs=DIAGONAL,
    forward=_diagonal, promotion="none", meaning=CHOSEN,
    examples=(example(_MATRIX), example(_MATRIX, offset=1), example(_CUBE, dim1=0, dim2=2)),
    search=("diagonal of a matrix",), view=True,
)  # fmt: skip


def _place_diagonal(input: Array, size: Any, offset: int, dim1: int, dim2: int) -> Array:
    whole = np.zeros(size, np.asarray(input).dtype)
    _diagonal(whole, offset, dim1, dim2)[...] = input
    return whole


place_diagonal = Op(
    name="place_diagonal", family=FAMILY, category="index", symbol="⋱",
    doc="A tensor of zeros with elements put on a diagonal.",
    ports=sole("diagonal(g, offset, dim1, dim2)"),
    attrs=(Attr(name="size", kind="shape", doc="The size of the whole."), *DIAGONAL),
    forward=_place_diagonal, promotion="none",
    meaning={"input": "{out} is {input} among zeros, so its gradient comes from where it was put"},
    examples=(example([1.0, -2.0], size=(2, 3)),), backward_name="DiagonalBackwardBackward0",
    function=False, method=False, addable=False,
)  # fmt: skip
