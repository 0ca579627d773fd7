"""Operations that make one tensor of several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gradviz.ops.counts import total_count
from gradviz.ops.dims import wrap_dim
from gradviz.ops.dtypes import result_type_of
from gradviz.ops.spec import Array, Attr, Op, Port, Shape, example

FAMILY = "Joining"
_MATRIX = [[1.5, -0.5, 2.0], [0.25, 3.0, -1.0]]
_OTHER = [[0.5, 1.0, -2.0], [4.0, -0.25, 1.0]]
_ROW = [1.0, -2.0, 3.0, 0.5]
PIECES = {"tensors": "each element only gets a place in {out}, so its gradient comes from there"}


def _dim(default: Any = 0) -> Attr:
    return Attr(name="dim", kind="dim", default=default, doc="Along which dimension.")


def _tensors(grad: str) -> tuple[Port]:
    return (Port(name="tensors", doc="The tensors.", grad=grad, variadic=True),)


def one_type(tensors: Sequence[Any]) -> list[Array]:
    """The tensors as arrays of the type that holds them all."""
    arrays = [np.asarray(a) for a in tensors]
    kinds = {a.dtype for a in arrays}
    if len(kinds) == 1:
        return arrays
    kind = result_type_of(arrays).numpy
    return [a.astype(kind) for a in arrays]


def check_tensors(tensors: Sequence[Any]) -> None:
    """Refuse members that are no tensors."""
    for position, member in enumerate(tensors):
        if not isinstance(member, (np.ndarray, np.generic)):
            raise TypeError(
                f"expected Tensor as element {position} in argument 0, "
                f"but got {type(member).__name__}"
            )


def is_blank(shape: Shape) -> bool:
    """Whether a shape is that of the empty vector, which joins with anything."""
    return shape == (0,)


def _cat(tensors: Sequence[Any], dim: int) -> Array:
    check_tensors(tensors)
    if not tensors:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    arrays = one_type(tensors)
    for position, array in enumerate(arrays):
        if not array.ndim:
            raise RuntimeError(
                f"zero-dimensional tensor (at position {position}) cannot be concatenated"
            )
    joined = [(i, a) for i, a in enumerate(arrays) if not is_blank(a.shape)]
    if not joined:
        wrap_dim(dim, 1)
        return arrays[0].copy()
    first = joined[0][1]
    axis = wrap_dim(dim, first.ndim)
    for position, array in joined:
        check_joins(first.shape, array.shape, axis, position)
    return np.concatenate([a for _, a in joined], axis)


def check_joins(first: Shape, shape: Shape, axis: int, position: int) -> None:
    """Refuse a shape that differs from the first one's elsewhere than along ``axis``."""
    if len(shape) != len(first):
        raise RuntimeError(
            f"Tensors must have same number of dimensions: got {len(first)} and {len(shape)}"
        )
    for d, (expected, got) in enumerate(zip(first, shape, strict=True)):
        if d != axis and expected != got:
            raise RuntimeError(
                f"Sizes of tensors must match except in dimension {axis}. Expected size {expected} "
                f"but got size {got} for tensor number {position} in the list."
            )


cat = Op(
    name="cat", family=FAMILY, category="shape", symbol="cat",
    count=total_count,
    doc="Joins tensors, one after the other, along a dimension they have.",
    ports=_tensors(
        "split(g, [0 if shape == (0,) else shape[dim] for shape in tensors_shape], dim)"
    ),
    attrs=(_dim(),), forward=_cat, promotion="none", meaning=PIECES,
    examples=(
        example(([[1.0], [2.0]], _MATRIX), dim=1),
        example((_MATRIX, _OTHER)),
        example((_ROW, _ROW), dim=-1),
    ),
    aliases=("concat", "concatenate"), search=("join tensors", "append tensors"),
)  # fmt: skip


def _stack(tensors: Sequence[Any], dim: int) -> Array:
    check_tensors(tensors)
    if not tensors:
        raise RuntimeError("stack expects a non-empty TensorList")
    axis = wrap_dim(dim, np.ndim(tensors[0]) + 1)
    for position, array in enumerate(tensors):
        if array.shape != tensors[0].shape:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(tensors[0].shape)} at "
                f"entry 0 and {list(array.shape)} at entry {position}"
            )
    return np.stack(one_type(tensors), axis)


stack = Op(
    name="stack", family=FAMILY, category="shape", symbol="stack",
    count=total_count,
    doc="Joins tensors of one shape along a dimension that is new.",
    ports=_tensors("unbind(g, dim)"), attrs=(_dim(),), forward=_stack, promotion="none",
    meaning=PIECES,
    examples=(
        example((_ROW, _ROW)),
        example((_MATRIX, _OTHER), dim=-1),
        example((np.array(1.0), np.array(2.0))),
    ),
    search=("pile up", "make vector"),
)  # fmt: skip


def _at_least(name: str, tensors: Sequence[Any], rank: int) -> list[Array]:
    if not tensors:
        raise RuntimeError(f"{name} expects a non-empty TensorList")
    check_tensors(tensors)
    return [a.reshape((1,) * (rank - a.ndim) + a.shape) for a in tensors]


def _hstack(tensors: Sequence[Any]) -> Array:
    arrays = _at_least("hstack", tensors, 1)
    return _cat(arrays, 0 if arrays[0].ndim == 1 else 1)


def _vstack(tensors: Sequence[Any]) -> Array:
    return _cat(_at_least("vstack", tensors, 2), 0)


hstack = Op(
    name="hstack", family=FAMILY, category="shape", symbol="hstack",
    count=total_count,
    doc="Joins tensors side by side: along the second dimension, or the only one.",
    ports=_tensors(
        "split(g, [1 if shape == () else shape[0 if len(shape) == 1 else 1] "
        "for shape in tensors_shape], 0 if len(out_shape) == 1 else 1)"
    ),
    forward=_hstack, promotion="none", meaning=PIECES,
    examples=(example((_MATRIX, _OTHER)), example((_ROW, _ROW))), backward_name="CatBackward0",
    method=False,
)  # fmt: skip

vstack = Op(
    name="vstack", family=FAMILY, category="shape", symbol="vstack",
    count=total_count,
    doc="Joins tensors on top of each other: along the first dimension, vectors as rows.",
    ports=_tensors("split(g, [shape[0] if len(shape) > 1 else 1 for shape in tensors_shape], 0)"),
    forward=_vstack, promotion="none", meaning=PIECES,
    examples=(example((_MATRIX, _OTHER)), example((_ROW, _ROW))), backward_name="CatBackward0",
    aliases=("row_stack",), method=False,
)  # fmt: skip
