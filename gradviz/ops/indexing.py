"""Taking elements by index: ints, slices, None, ``...``, index tensors and masks."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from gradviz.ops.dims import WHOLE_KINDS
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.shape import sole
from gradviz.ops.spec import Array, Attr, Op, Port, Shape, example

FAMILY = "Indexing"
_MATRIX = [[1.5, -0.5, 2.0], [0.25, 3.0, -1.0]]
_ROW = [1.0, -2.0, 3.0, 0.5]
TAKEN = {
    "input": "only the elements taken reach {out}: each gets the sum of its gradients, the rest 0"
}


def index_text(index: Any) -> str:
    """An index as it is written between brackets: ``0, 1:3, ...``."""
    if isinstance(index, tuple):
        return ", ".join(index_text(i) for i in index)  # pyright: ignore[reportUnknownVariableType]
    if index is Ellipsis:
        return "..."
    if isinstance(index, slice):
        start, stop, step = cast(tuple[Any, ...], (index.start, index.stop, index.step))  # pyright: ignore[reportUnknownMemberType]
        ends = ["" if v is None else str(v) for v in (start, stop)]
        return ":".join(ends if step in (None, 1) else [*ends, str(step)])
    return str(index)


def _getitem(input: Array, index: Any) -> Array:
    whole = cast(tuple[Any, ...], index) if isinstance(index, tuple) else (index,)
    return np.asarray(input)[whole if Ellipsis in whole else (*whole, ...)]


getitem = Op(
    name="getitem", family=FAMILY, category="index", symbol="[ ]",
    doc="Part of a tensor by whole numbers, slices, None and dots, on the same memory.",
    ports=sole("setitem(new_zeros(g, input_shape), g, index)"),
    attrs=(Attr(name="index", kind="index", doc="What stands between the brackets."),),
    forward=_getitem, promotion="none", source="{input}[{index}]", torch="torch.Tensor.__getitem__",
    meaning={
        "input": "only the part taken reaches {out}: its gradient goes back there, the rest gets 0",
    },
    examples=(
        example(_MATRIX, index=(0,)), example(_MATRIX, index=(slice(None), slice(1, 3))),
        example(_ROW, index=(slice(0, 4, 2), None)),
    ),
    search=("slice by brackets", "subscript", "element by index"), backward_name="SliceBackward0",
    view=True, function=False, method=False,
)  # fmt: skip


def _setitem(input: Array, value: Array, index: Any) -> Array:
    whole = np.array(input)
    _getitem(whole, index)[...] = value
    return whole


setitem = Op(
    name="setitem", family=FAMILY, category="index", symbol="[ ]←",
    doc="A copy of a tensor in which the part at an index is another.",
    ports=(
        Port(name="input", doc="The tensor.", grad="setitem(g, 0.0, index)"),
        Port(name="value", doc="The new part.", grad="getitem(g, index)"),
    ),
    attrs=(Attr(name="index", kind="index", doc="What stands between the brackets."),),
    forward=_setitem, promotion="none", torch="torch.Tensor.__setitem__",
    meaning={
        "input": "what was overwritten has no effect any more, the rest of {input} stays",
        "value": "{value} takes its place in {out}, so its gradient comes from there",
    },
    examples=(example(_MATRIX, [9.0, 8.0, 7.0], index=(1,)),),
    backward_name="SliceScatterBackward0",
    function=False, method=False, addable=False,
)  # fmt: skip


def index_arrays(shape: Shape, indices: Sequence[Any]) -> tuple[Any, ...]:
    """Index tensors checked against a shape, as NumPy takes them; None for whole dimensions."""
    used: list[Any] = []
    axis = 0
    for index in indices:
        if index is None:
            used.append(slice(None))
            axis += 1
            continue
        array = index_kind(np.asarray(index))
        if array.dtype == np.bool_:
            check_mask(shape, array, axis)
            used.extend(array.nonzero())
            axis += array.ndim
        else:
            check_bounds(shape, array, axis, sum(isinstance(u, np.ndarray) for u in used))
            used.append(array)
            axis += 1
    if axis > len(shape):
        raise IndexError(f"too many indices for tensor of dimension {len(shape)}")
    check_together(used)
    return tuple(used)


def index_kind(index: Array) -> Array:
    """An index as whole numbers or booleans; other types are refused."""
    if index.dtype == np.uint8:
        warnings.warn(
            "indexing with dtype torch.uint8 is now deprecated, please use a dtype torch.bool "
            "instead.", UserWarning, stacklevel=2,
        )  # fmt: skip
        return index.astype(np.bool_)
    if index.dtype not in (*WHOLE_KINDS, np.dtype(np.bool_)):
        raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
    return index


def check_mask(shape: Shape, mask: Array, axis: int) -> None:
    """Refuse a mask whose sizes are not those of the dimensions it selects from."""
    if axis + mask.ndim > len(shape):
        raise IndexError(f"too many indices for tensor of dimension {len(shape)}")
    for d, size in enumerate(mask.shape):
        if size != shape[axis + d]:
            raise IndexError(
                f"The shape of the mask {list(mask.shape)} at index {d} does not match the shape "
                f"of the indexed tensor {list(shape)} at index {axis + d}"
            )


def check_bounds(shape: Shape, index: Array, axis: int, number: int) -> None:
    """Refuse places beyond the end; ``number`` counts the index tensors for the error."""
    if axis >= len(shape):
        raise IndexError(f"too many indices for tensor of dimension {len(shape)}")
    if index.size and (index.max() >= shape[axis] or index.min() < -shape[axis]):
        outside = index[(index >= shape[axis]) | (index < -shape[axis])].flat[0]
        raise IndexError(
            f"index {outside} is out of bounds for dimension {number} with size {shape[axis]}"
        )


def check_together(indices: Sequence[Any]) -> None:
    """Refuse index tensors whose shapes do not broadcast."""
    shapes: list[Shape] = [i.shape for i in indices if not isinstance(i, slice)]
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        raise IndexError(
            "shape mismatch: indexing tensors could not be broadcast together with shapes "
            + ", ".join(str(list(s)) for s in shapes)
        ) from None


def _index(input: Array, indices: Sequence[Any]) -> Array:
    array = np.asarray(input)
    return np.asarray(array[index_arrays(array.shape, indices)])


INDICES = Port(
    name="indices", doc="One index tensor or mask for each dimension; None takes all of it.",
    variadic=True, optional=True, promote=False,
)  # fmt: skip

index = Op(
    name="index", family=FAMILY, category="index", symbol="[i]",
    doc="The elements at places given by index tensors, or where a mask is true.",
    ports=(
        Port(
            name="input", doc="The tensor.",
            grad="index_put(new_zeros(g, input_shape), indices, g, True)",
        ),
        INDICES,
    ),
    forward=_index, promotion="none", source="{input}[{indices}]", torch="torch.Tensor.__getitem__",
    meaning=TAKEN,
    examples=(
        example(_ROW, ([0, 0, 2],)),
        example(_MATRIX, ([[True, False, True], [False, True, True]],)),
        example(_MATRIX, (None, [2, 1])), example(_MATRIX, ([0, 1], [2, 0])),
    ),
    search=("fancy indexing", "advanced indexing", "lookup by index", "boolean mask"),
    function=False, method=False,
)  # fmt: skip


def without_leading(array: Array, rank: int) -> Array:
    """The array without leading dimensions of size one beyond ``rank``."""
    extra = array.ndim - rank
    if extra > 0 and set(array.shape[:extra]) == {1}:
        return array.reshape(array.shape[extra:])
    return array


def _index_put(input: Array, values: Any, indices: Sequence[Any], accumulate: bool) -> Array:
    result = np.array(input)
    source = np.asarray(values, None if hasattr(values, "dtype") else result.dtype)
    if source.dtype != result.dtype:
        names = [of_numpy(a.dtype).legacy_name for a in (result, source)]
        raise RuntimeError(
            "Index put requires the source and destination dtypes match, got "
            f"{names[0]} for the destination and {names[1]} for the source."
        )
    where = index_arrays(result.shape, indices)
    target = result[where].shape
    try:
        fitting = np.broadcast_to(without_leading(source, len(target)), target)
    except ValueError:
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {list(source.shape)} cannot be broadcast to "
            f"indexing result of shape {list(target)}"
        ) from None
    if accumulate:
        np.add.at(result, where, fitting)
    else:
        result[where] = fitting
    return result


index_put = Op(
    name="index_put", family=FAMILY, category="index", symbol="[i]←",
    doc="A copy of a tensor with values written, or added, at places given by index tensors.",
    ports=(
        Port(
            name="input", doc="The tensor.",
            grad="g if accumulate else index_put(g, indices, 0.0)",
        ),
        Port(name="values", doc="What is written there.", grad="index(g, indices)"),
        INDICES,
    ),
    attrs=(
        Attr(name="accumulate", kind="bool", default=False, doc="Add instead of overwriting."),
    ),
    forward=_index_put, promotion="none", arguments=("input", "indices", "values", "accumulate"),
    meaning={
        "input": "what was overwritten has no effect any more, the rest of {input} stays",
        "values": "{values} takes its place in {out}, so its gradient comes from there",
    },
    examples=(
        example(_ROW, [5.0, 6.0], ([0, 2],)),
        example(_ROW, [5.0, 6.0, 7.0], ([1, 1, 3],), accumulate=True),
    ),
    search=("write by index", "assign by index"), in_place=True,
)  # fmt: skip
