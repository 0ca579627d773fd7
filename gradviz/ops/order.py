"""Order: sorting, the largest few, the k-th, the median; with where each stood."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from gradviz.ops.axes import along, check_not_empty, kept_shape, result_shape
from gradviz.ops.reductions import KEEPDIM, MATRIX, ONE_DIM, SHAPE, one_input
from gradviz.ops.selection import (
    SHORT,
    Before,
    arranged,
    quickselect_place,
    rows_with_ties,
    select_place,
    sort_places,
    sort_smallest,
)
from gradviz.ops.spec import REQUIRED, Array, Attr, Op, Port, Shape, example

LAST_DIM = Attr(name="dim", kind="dim", default=-1, doc="The dimension to go along.")
PLACE = "put_along(g, indices, input_shape, dim, True)"
KEPT = Attr(name="keepdim", kind="bool", default=True, doc="Whether the dimension is still there.")


def _put_along(input: Any, indices: Array, shape: Shape, dim: int, keepdim: bool) -> Array:
    values = np.asarray(input)
    result, axis = along(np.zeros(shape, values.dtype), dim)
    kept = np.shape(indices) if keepdim and shape else kept_shape(shape, dim)
    where = np.reshape(indices, kept or (1,))
    values = np.broadcast_to(values, np.shape(indices)).reshape(where.shape)
    np.put_along_axis(result, where, values, axis)
    return result.reshape(shape)


def _take_along(input: Any, indices: Array, dim: int, keepdim: bool) -> Array:
    array, axis = along(np.asarray(input), dim)
    kept = np.shape(indices) if keepdim and np.ndim(input) else kept_shape(np.shape(input), dim)
    found = np.take_along_axis(array, np.reshape(indices, kept or (1,)), axis)
    return found.reshape(np.shape(indices))


put_along = Op(
    name="put_along", family="Gradients", category="index", symbol="↧",
    doc="Puts values where they were taken from along a dimension, among zeros.",
    ports=(
        Port(name="input", grad="take_along(g, indices, dim, keepdim)"),
        Port(name="indices", promote=False),
    ),
    attrs=(SHAPE, ONE_DIM, KEPT), forward=_put_along,
    examples=(example([[1.5], [2.5]], [[2], [0]], shape=(2, 3), dim=1),),
    promotion="none", method=False, function=False, addable=False,
)  # fmt: skip

take_along = Op(
    name="take_along", family="Gradients", category="index", symbol="↥",
    doc="Takes values along a dimension, by their place in it.",
    ports=(
        Port(name="input", grad="put_along(g, indices, input_shape, dim, keepdim)"),
        Port(name="indices", promote=False),
    ),
    attrs=(ONE_DIM, KEPT), forward=_take_along,
    examples=(example(MATRIX, [[2], [0]], dim=1), example(MATRIX, [2, 0], dim=1, keepdim=False)),
    promotion="none", method=False, function=False, addable=False,
)  # fmt: skip


def _ascending(array: Array, axis: int, descending: bool) -> Array:
    """Where the elements of the sorted array stood, equal ones in their order; nan is largest."""
    if not descending:
        return np.argsort(array, axis=axis, kind="stable")
    last = array.shape[axis] - 1
    order = np.argsort(np.flip(array, axis), axis=axis, kind="stable")
    return last - np.flip(order, axis)


def _sort(
    input: Array, dim: int, descending: bool, stable: bool | None = None
) -> tuple[Array, Array]:
    array, axis = along(np.asarray(input), dim)
    indices = _ascending(array, axis, descending)
    if not stable and array.shape[axis] > SHORT:
        rows, places = np.moveaxis(array, axis, -1), np.moveaxis(indices, axis, -1)
        for row in rows_with_ties(array, axis):
            places[row] = arranged(rows[row], descending, sort_places)
    shape = np.shape(input)
    return np.take_along_axis(array, indices, axis).reshape(shape), indices.reshape(shape)


def _argsort(input: Array, dim: int, descending: bool, stable: bool | None) -> Array:
    return _sort(input, dim, descending, stable)[1]


DESCENDING = Attr(name="descending", kind="bool", default=False, doc="From the largest down.")
STABLE = Attr(
    name="stable", kind="bool", default=False, optional=True, keyword_only=True,
    doc="Promise that equal elements keep their order.",
)  # fmt: skip

sort = Op(
    name="sort", family="Order", category="index", symbol="↗",
    doc="The elements in order along a dimension, and where each stood.",
    ports=one_input(PLACE), attrs=(LAST_DIM, DESCENDING, STABLE), outputs=("values", "indices"),
    forward=_sort,
    meaning={"input": "sorting only moves elements about, so each unit of one moves it by one "
             "in its new place"},
    examples=(example(MATRIX), example(MATRIX, dim=0, descending=True)),
    search=("order of elements", "rank"),
)  # fmt: skip

argsort = Op(
    name="argsort", family="Order", category="index", symbol="↗ᵢ",
    doc="Where each element of the sorted tensor stood.", ports=one_input(None),
    attrs=(LAST_DIM, DESCENDING, STABLE), forward=_argsort,
    examples=(example(MATRIX),), promotion="none",
)  # fmt: skip


def _first_few(k: int, sorted: bool, order: list[int], before: Before) -> None:
    """Bring the first ``k`` to the front: by a heap where they are few, else by selection."""
    if k * 64 <= len(order):
        sort_smallest(order, before, k)
        return
    select_place(order, before, k - 1)
    if sorted:
        sort_places(order, before, 0, k - 1)


def _topk(input: Array, k: int, dim: int, largest: bool, sorted: bool) -> tuple[Array, Array]:
    array, axis = along(np.asarray(input), dim)
    if not 0 <= k <= array.shape[axis]:
        raise RuntimeError("selected index k out of range")
    order = np.take(_ascending(array, axis, largest), range(k), axis)
    if k:
        rows, places = np.moveaxis(array, axis, -1), np.moveaxis(order, axis, -1)
        for row in rows_with_ties(array, axis):
            places[row] = arranged(rows[row], largest, partial(_first_few, k, sorted))[:k]
    shape = order.shape if np.ndim(input) else ()
    return np.take_along_axis(array, order, axis).reshape(shape), order.reshape(shape)


topk = Op(
    name="topk", family="Order", category="index", symbol="top k",
    doc="The k largest (or smallest) elements along a dimension, and where they stood; of equal "
    "ones those that PyTorch takes.",
    ports=one_input(PLACE),
    attrs=(
        Attr(name="k", kind="int", default=REQUIRED, low=0, doc="How many."),
        LAST_DIM,
        Attr(name="largest", kind="bool", default=True, doc="The largest rather than smallest."),
        Attr(name="sorted", kind="bool", default=True, doc="In order; they always are here."),
    ),
    outputs=("values", "indices"), forward=_topk,
    meaning={"input": "an element among the k is passed on one for one; the others move nothing"},
    examples=(example(MATRIX, k=2), example(MATRIX, k=1, dim=0, largest=False)),
    search=("largest few", "best k"),
)  # fmt: skip


Select = Callable[[list[int], Before, int], None]


def _pick(
    input: Array, place: int, dim: int, keepdim: bool, select: Select | None = None
) -> tuple[Array, Array]:
    """The element at one place of the sorted order, and where it stood.

    Of equal ones it is that which ``select`` brings there, else that which stood there first.
    """
    array, axis = along(np.asarray(input), dim)
    order = np.argsort(array, axis=axis, kind="stable")
    found = np.take(order, [place], axis)
    if select is not None:
        rows, places = np.moveaxis(array, axis, -1), np.moveaxis(found, axis, -1)
        for row in rows_with_ties(array, axis):
            brought = arranged(rows[row], False, lambda order, before: select(order, before, place))
            places[row] = brought[place]
    shape = result_shape(np.shape(input), dim, keepdim)
    return np.take_along_axis(array, found, axis).reshape(shape), found.reshape(shape)


def _kthvalue(input: Array, k: int, dim: int, keepdim: bool) -> tuple[Array, Array]:
    array, axis = along(np.asarray(input), dim)
    check_not_empty("kthvalue", array.shape, dim)
    if not 1 <= k <= array.shape[axis]:
        raise RuntimeError("kthvalue(): selected number k out of range for dimension " + str(axis))
    return _pick(input, k - 1, dim, keepdim, quickselect_place)


PICKED = "put_along(g, indices, input_shape, dim, keepdim)"

kthvalue = Op(
    name="kthvalue", family="Order", category="index", symbol="k-th",
    doc="The k-th smallest element along a dimension, and where it stood; of equal ones that "
    "which PyTorch takes.",
    ports=one_input(PICKED),
    attrs=(
        Attr(name="k", kind="int", default=REQUIRED, low=1, doc="Which, the smallest being 1."),
        LAST_DIM, KEEPDIM,
    ),
    outputs=("values", "indices"), forward=_kthvalue,
    meaning={"input": "{out} is the k-th element itself; the others move nothing"},
    examples=(example(MATRIX, k=2), example(MATRIX, k=1, dim=0, keepdim=True)),
    search=("order statistic", "quantile of rank k"),
)  # fmt: skip


def _median(input: Array) -> Array:
    flat = np.ravel(input)
    if not flat.size:
        return np.full((), np.nan, flat.dtype)
    if np.isnan(flat).any():
        return np.full((), np.nan, flat.dtype)
    return np.asarray(np.partition(flat, (flat.size - 1) // 2)[(flat.size - 1) // 2])


median = Op(
    name="median", family="Order", category="reduce", symbol="med",
    doc="The middle element of all; of an even number, the lower of the middle two.",
    ports=one_input("g * ties(input, out)"), forward=_median,
    meaning={"input": "{out} is the middle element itself; those that tie share, the others "
             "move nothing"},
    examples=(example(MATRIX),), search=("middle element",),
)  # fmt: skip


def _median_along(input: Array, dim: int, keepdim: bool) -> tuple[Array, Array]:
    array, axis = along(np.asarray(input), dim)
    check_not_empty("median", array.shape, dim)
    values, indices = _pick(input, (array.shape[axis] - 1) // 2, dim, keepdim)
    missing = np.expand_dims(np.argmax(np.isnan(array), axis=axis), axis).reshape(values.shape)
    spoiled = np.isnan(array).any(axis=axis).reshape(values.shape)
    if not spoiled.any():
        return values, indices
    values = np.where(spoiled, np.nan, values).astype(values.dtype)
    return values, np.where(spoiled, missing, indices)


median_dim = Op(
    name="median.dim", family="Order", category="reduce", symbol="medᵢ",
    backward_name="MedianBackward1",
    doc="The middle elements along a dimension, and where they stood.",
    ports=one_input(PICKED), attrs=(LAST_DIM, KEEPDIM), outputs=("values", "indices"),
    forward=_median_along,
    meaning={"input": "{out} is the middle element itself; the others move nothing"},
    examples=(example(MATRIX, dim=1), example(MATRIX, dim=1, keepdim=True)),
)  # fmt: skip
