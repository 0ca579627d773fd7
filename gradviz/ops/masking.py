"""Masks: elements chosen, filled or replaced where booleans are true; places of non-zeros."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.counts import one_hot_count
from gradviz.ops.dtypes import held, of_numpy
from gradviz.ops.naming import by_last
from gradviz.ops.spec import Array, Attr, Op, Port, Saving, example

FAMILY = "Masking"
_MATRIX = [[1.5, -0.5, 2.0], [0.25, 3.0, -1.0]]
_MASK = [[True, False, True], [False, False, True]]
_ROW_MASK = [True, False, True]
_PORT = Port(name="mask", doc="Booleans: which elements.", promote=False)
_KEPT = "where the mask is true {input} has no effect any more, elsewhere it stays"


def broadcast(array: Array, mask: Array) -> tuple[Array, Array]:
    """A tensor and its mask stretched to one shape."""
    if array.shape == mask.shape:
        return array, mask
    shape = np.broadcast_shapes(array.shape, mask.shape)
    return np.broadcast_to(array, shape), np.broadcast_to(mask, shape)


def _masked_fill(input: Array, mask: Any, value: Any) -> Array:
    choice = np.asarray(mask)
    check_in_place_mask("masked_fill_", choice)
    if np.ndim(value):
        raise RuntimeError(
            "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with "
            f"{np.ndim(value)} dimension(s)."
        )
    array = np.asarray(input)
    return np.where(choice, held(value, array.dtype), array)


masked_fill = Op(
    name="masked_fill", family=FAMILY, category="index", symbol="mask←",
    backward_name=by_last("MaskedFill"),
    doc="A copy of a tensor with one number wherever a mask is true.",
    ports=(
        Port(name="input", doc="The tensor.", grad="masked_fill(g, mask, 0.0)"),
        _PORT,
        Port(name="value", doc="The number.", number=True, grad="where(mask, g, 0.0)"),
    ),
    forward=_masked_fill, promotion="none",
    meaning={"input": _KEPT, "value": "{value} is written wherever the mask is true"},
    examples=(example(_MATRIX, _MASK, np.array(7.0)), example(_MATRIX, _ROW_MASK, 0.0)),
    search=("fill by mask",), in_place=True, elementwise=True,
)  # fmt: skip


def check_in_place_mask(name: str, mask: Array) -> None:
    """Refuse a mask that is not of booleans, as what writes into a tensor does."""
    if mask.dtype != np.bool_:
        kind = of_numpy(mask.dtype).legacy_name
        raise RuntimeError(f"{name} only supports boolean masks, but got mask with dtype {kind}")


def check_mask_type(name: str, mask: Array) -> None:
    """Refuse a mask that is not of booleans."""
    if mask.dtype != np.bool_:
        raise RuntimeError(f"{name}: expected BoolTensor for mask")


def _masked_select(input: Array, mask: Array) -> Array:
    check_mask_type("masked_select", np.asarray(mask))
    array, choice = broadcast(np.asarray(input), np.asarray(mask))
    return np.asarray(array[choice])


masked_select = Op(
    name="masked_select", family=FAMILY, category="index", symbol="mask",
    doc="The elements where a mask is true, as a vector.",
    ports=(
        Port(
            name="input", doc="The tensor.",
            grad="masked_scatter(new_zeros(g, broadcast_shapes(input_shape, mask_shape)), mask, g)",
        ),
        _PORT,
    ),
    forward=_masked_select, promotion="none",
    meaning={"input": "where the mask is true {input} reaches {out}, elsewhere it does not"},
    examples=(example(_MATRIX, _MASK), example(_MATRIX, _ROW_MASK)), search=("filter by mask",),
    elementwise=True,
    saving=Saving(keeps={"input": ("input",)}),
)  # fmt: skip


def _masked_scatter(input: Array, mask: Array, source: Array) -> Array:
    check_in_place_mask("masked_scatter_", np.asarray(mask))
    array, choice = broadcast(np.asarray(input), np.asarray(mask))
    values = np.asarray(source)
    if values.dtype != array.dtype:
        kinds = [of_numpy(a.dtype).legacy_name for a in (array, values)]
        raise RuntimeError(
            "masked_scatter: expected self and source to have same dtypes but got"
            f"{kinds[0]} and {kinds[1]}"
        )
    count = int(np.count_nonzero(choice))
    if values.size < count:
        raise RuntimeError("Number of elements of source < number of ones in mask")
    result = np.array(array)
    result[choice] = values.reshape(-1)[:count]
    return result


masked_scatter = Op(
    name="masked_scatter", family=FAMILY, category="index", symbol="mask←",
    doc="A copy of a tensor with elements of another, in order, wherever a mask is true.",
    ports=(
        Port(name="input", doc="The tensor.", grad="masked_fill(g, mask, 0.0)"),
        _PORT,
        Port(
            name="source", doc="What is written, in order.",
            grad=(
                "reshape(place(masked_select(g, mask), (count(source_shape),), 0, 0), source_shape)"
            ),
        ),
    ),
    forward=_masked_scatter, promotion="none",
    meaning={"input": _KEPT, "source": "{source} takes its places in {out}, in order"},
    examples=(example(_MATRIX, _MASK, [9.0, 8.0, 7.0, 6.0]),), search=("write by mask",),
    in_place=True, elementwise=True,
)  # fmt: skip


def _nonzero(input: Array, as_tuple: bool) -> Any:
    array = np.asarray(input)
    if as_tuple:
        return tuple(i.astype(np.int64) for i in np.atleast_1d(array).nonzero())
    if not array.ndim:
        return np.zeros((int(array != 0), 0), np.int64)
    return np.argwhere(array).astype(np.int64)


nonzero = Op(
    name="nonzero", family=FAMILY, category="index", symbol="≠0",
    doc="The places of the elements that are not zero, a row for each.",
    ports=(Port(name="input", doc="The tensor."),),
    attrs=(
        Attr(name="as_tuple", kind="bool", default=False, keyword_only=True,
             doc="A vector for each dimension instead of a row for each place."),
    ),
    forward=_nonzero, promotion="none", examples=(example(_MATRIX), example([0.0, 2.0])),
    aliases=("argwhere",), search=("places of a mask",),
)  # fmt: skip


def _where_nonzero(condition: Array) -> Any:
    return _nonzero(condition, True)


where_nonzero = Op(
    name="where.nonzero", family=FAMILY, category="index", symbol="≠0",
    doc="The places where a condition holds, a vector for each dimension.",
    ports=(Port(name="condition", doc="The condition."),),
    forward=_where_nonzero, promotion="none",
    examples=(example(_MASK),), method=False,
)  # fmt: skip


def _one_hot(input: Array, num_classes: int) -> Array:
    classes = np.asarray(input)
    if classes.dtype != np.int64:
        raise RuntimeError("one_hot is only applicable to index tensor of type LongTensor.")
    if not classes.size and num_classes <= 0:
        raise RuntimeError("Can not infer total number of classes from empty tensor.")
    if classes.size and classes.min() < 0:
        raise RuntimeError("Class values must be non-negative.")
    count = int(classes.max()) + 1 if num_classes == -1 else num_classes
    if classes.size and classes.max() >= count:
        raise RuntimeError("Class values must be smaller than num_classes.")
    rows = np.zeros((*classes.shape, count), np.int64)
    np.put_along_axis(rows, classes[..., None], 1, axis=-1)
    return rows


one_hot = Op(
    name="one_hot", family=FAMILY, category="index", symbol="1-hot",
    count=one_hot_count,
    doc="For each class number a row of zeros with a one at its place.",
    ports=(Port(name="input", doc="Class numbers, from 0."),),
    attrs=(
        Attr(name="num_classes", kind="int", default=-1, low=-1,
             doc="How many classes there are; −1: one more than the largest."),
    ),
    forward=_one_hot, promotion="none", torch="torch.nn.functional.one_hot",
    examples=(example([2, 0, 1]), example([1], num_classes=3)),
    search=("indicator vector", "class encoding"), function=False, method=False,
)  # fmt: skip
