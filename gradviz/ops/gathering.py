"""Taking elements along a dimension, or from all in order, by tensors of places."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from gradviz.ops.creation import DTYPE, REQUIRES_GRAD, SIZE, as_dtype
from gradviz.ops.dims import WHOLE_KINDS, as_sizes, wrap_dim
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.shape import dim_attr
from gradviz.ops.spec import Array, Attr, Op, Port, Saving, example

FAMILY = "Indexing"
_MATRIX = [[1.5, -0.5, 2.0], [0.25, 3.0, -1.0]]
_ROW = [1.0, -2.0, 3.0, 0.5]
TAKEN = {
    "input": "only the elements taken reach {out}: each gets the sum of its gradients, the rest 0"
}


def _new_full(input: Array, size: Any, fill_value: Any, dtype: Any, **_: Any) -> Array:
    kind = as_dtype(dtype, of_numpy(np.asarray(input).dtype))
    return np.full(as_sizes(size), fill_value, kind)


def _new(name: str, symbol: str, doc: str, forward: Any, *attrs: Attr, **settings: Any) -> Op:
    return Op(
        name=name, family="Leaves", category="const", symbol=symbol, doc=doc,
        ports=(Port(name="input", doc="Whose type to take."),),
        attrs=(SIZE, *attrs, DTYPE, REQUIRES_GRAD), forward=forward, promotion="none",
        torch=f"torch.Tensor.{name}", examples=(example(_ROW, size=(2, 3), **settings),),
        function=False,
    )  # fmt: skip


new_zeros = _new(
    "new_zeros", "0", "Zeros in a shape, of the type of another tensor.",
    partial(_new_full, fill_value=0),
)  # fmt: skip
new_ones = _new(
    "new_ones", "1", "Ones in a shape, of the type of another tensor.",
    partial(_new_full, fill_value=1),
)  # fmt: skip
new_full = _new(
    "new_full", "c", "One value in a shape, of the type of another tensor.", _new_full,
    Attr(name="fill_value", kind="number", doc="The value."), fill_value=1.5,
)  # fmt: skip


def check_index(name: str, index: Array) -> None:
    """Refuse an index that is not of whole numbers."""
    if np.asarray(index).dtype not in WHOLE_KINDS:
        raise RuntimeError(f"{name}(): Expected dtype int32 or int64 for index")


def _index_select(input: Array, index: Array, dim: int) -> Array:
    array, places = np.asarray(input), np.asarray(index)
    axis = wrap_dim(dim, array.ndim)
    check_index("index_select", places)
    if places.ndim > 1:
        raise IndexError("index_select(): Index is supposed to be a vector")
    count = array.shape[axis] if array.ndim else 1
    if places.size and (places.max() >= count or places.min() < 0):
        raise IndexError("index out of range in self")
    if not array.ndim:
        return array.copy()
    return np.take(array, places.reshape(-1), axis)


index_select = Op(
    name="index_select", family=FAMILY, category="index", symbol="[i]",
    doc="The slices of a tensor at given places along a dimension.",
    ports=(
        Port(
            name="input", doc="The tensor.",
            grad="index_add(new_zeros(g, input_shape), dim, index, g)",
        ),
        Port(name="index", doc="Which slices."),
    ),
    attrs=(dim_attr(doc="Along which dimension."),), arguments=("input", "dim", "index"),
    forward=_index_select, promotion="none", meaning=TAKEN,
    examples=(example(_MATRIX, [2, 0, 2], dim=1), example(_MATRIX, [1], dim=0)),
    search=("choose rows", "choose columns"),
)  # fmt: skip


def _take(input: Array, index: Array) -> Array:
    places = np.asarray(index)
    if places.dtype != np.int64:
        raise RuntimeError(
            "take(): Expected a long tensor for index, but got "
            f"{of_numpy(places.dtype).legacy_name}"
        )
    check_flat(np.size(input), places)
    return np.asarray(np.take(input, places))


def check_flat(count: int, places: Array) -> None:
    """Refuse places beyond the last of all elements."""
    outside = places[(places >= count) | (places < -count)]
    if outside.size:
        raise IndexError(
            f"out of range: tried to access index {outside.flat[0]} on a tensor of {count} "
            "elements."
        )


take = Op(
    name="take", family=FAMILY, category="index", symbol="[i]",
    doc="The elements at given places, counted through all of the tensor in order.",
    ports=(
        Port(
            name="input", doc="The tensor.",
            grad="put(new_zeros(g, input_shape), index, g, True)",
        ),
        Port(name="index", doc="Which elements."),
    ),
    forward=_take, promotion="none", meaning=TAKEN,
    examples=(example(_MATRIX, [0, 5, 5]), example(_MATRIX, [[1, 2], [3, -1]])),
    search=("elements by place",),
    saving=Saving(keeps={"input": ("input",)}),
)  # fmt: skip


def along(index: Array, axis: int) -> tuple[Any, ...]:
    """The full index that goes along ``axis`` by ``index``, and by position elsewhere."""
    grid: list[Any] = list(np.indices(index.shape, sparse=True))
    grid[axis] = index
    return tuple(grid)


def check_gather(input: Array, index: Array, dim: int) -> int:
    """The axis that ``gather`` goes along; PyTorch's errors where the index does not fit."""
    axis = wrap_dim(dim, input.ndim)
    if index.dtype not in WHOLE_KINDS:
        raise RuntimeError("gather(): Expected dtype int32/int64 for index")
    if max(index.ndim, 1) != max(input.ndim, 1):
        raise RuntimeError("Index tensor must have the same number of dimensions as input tensor")
    for d, (mine, wanted) in enumerate(zip(input.shape, index.shape, strict=False)):
        if d != axis and wanted > mine:
            raise RuntimeError(
                f"Size does not match at dimension {d} expected index {list(index.shape)} to be no "
                f"larger than self {list(input.shape)} apart from dimension {axis}"
            )
    check_along(input, index, axis)
    return axis


def check_along(input: Array, index: Array, axis: int) -> None:
    """Refuse places beyond the end along ``axis``; counting from the back is not known here."""
    count = input.shape[axis] if input.ndim else 1
    outside = index[(index >= count) | (index < 0)]
    if outside.size:
        raise RuntimeError(
            f"index {outside.flat[0]} is out of bounds for dimension {axis} with size {count}"
        )


def _gather(input: Array, index: Array, dim: int, sparse_grad: bool) -> Array:
    array, places = np.asarray(input), np.asarray(index)
    if not places.size:
        return np.zeros(places.shape, array.dtype)
    axis = check_gather(array, places, dim)
    taken = np.atleast_1d(array)[along(np.atleast_1d(places), axis)]
    return taken.reshape(places.shape)


gather = Op(
    name="gather", family=FAMILY, category="index", symbol="gather",
    doc="For each place of an index, the element that the index names along a dimension.",
    ports=(
        Port(
            name="input", doc="The tensor.",
            grad="scatter_add(new_zeros(g, input_shape), dim, index, g)",
        ),
        Port(name="index", doc="Which element, for each place of the result."),
    ),
    attrs=(
        dim_attr(doc="Along which dimension."),
        Attr(name="sparse_grad", kind="bool", default=False, keyword_only=True,
             doc="Accepted for PyTorch's sake; gradients are dense."),
    ),
    arguments=("input", "dim", "index"), forward=_gather, promotion="none", meaning=TAKEN,
    examples=(example(_MATRIX, [[0, 0], [2, 1]], dim=1), example(_MATRIX, [[1, 0, 1]], dim=0)),
    search=("pick along", "lookup along a dimension"),
    saving=Saving(keeps={"input": ("input",)}),
)  # fmt: skip
