"""Running extremes, the most frequent element, and the median that passes over nan."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.axes import along, check_not_empty, result_shape
from gradviz.ops.order import LAST_DIM, PICKED
from gradviz.ops.reductions import KEEPDIM, MATRIX, ONE_DIM, one_input
from gradviz.ops.selection import LONGEST, SHORT, arranged, sort_places
from gradviz.ops.spec import Array, Op, Saving, example

_FOLLOWED = "{out} is an element itself, wherever it came from; the others move nothing"


def _running(name: str, reduce: np.ufunc) -> Any:
    def forward(input: Array, dim: int) -> tuple[Array, Array]:
        array, axis = along(np.asarray(input), dim)
        values = reduce.accumulate(array, axis)
        places = np.indices(array.shape, sparse=True)[axis]
        reached = (array == values) | np.isnan(array)
        indices = np.maximum.accumulate(np.where(reached, places, 0), axis)
        return values.reshape(np.shape(input)), indices.reshape(np.shape(input))

    forward.__name__ = name
    return forward


def _running_op(name: str, word: str, reduce: np.ufunc) -> Op:
    return Op(
        name=name, family="Order", category="reduce", symbol=f"{name[3:]}…",
        doc=f"The {word} element up to each place along a dimension, and where it stood.",
        ports=one_input("scatter_add(zeros_like(g), dim, indices, g)"), attrs=(ONE_DIM,),
        outputs=("values", "indices"), forward=_running(name, reduce), promotion="none",
        meaning={"input": _FOLLOWED}, examples=(example(MATRIX, dim=1), example(MATRIX, dim=0)),
        search=(f"running {name[3:]}",),
        saving=Saving(keeps={"input": ("input",)}),
    )  # fmt: skip


cummax = _running_op("cummax", "largest", np.maximum)
cummin = _running_op("cummin", "smallest", np.minimum)


def _mode(input: Array, dim: int, keepdim: bool) -> tuple[Array, Array]:
    array, axis = along(np.asarray(input), dim)
    check_not_empty("mode", array.shape, dim)
    rows = np.moveaxis(array, axis, -1)
    found = np.zeros(rows.shape[:-1], np.int64)
    for place in np.ndindex(found.shape):
        values, counts = np.unique(rows[place], return_counts=True)
        most = values[np.argmax(counts)]
        same = np.isnan(rows[place]) if np.isnan(most) else rows[place] == most
        found[place] = np.nonzero(same)[0][-1]
        if rows.shape[-1] > SHORT and rows.size <= LONGEST and not np.isnan(most):
            # The last of them as sorting leaves them, which does not keep their order.
            order = arranged(rows[place], False, sort_places)
            found[place] = order[np.nonzero(same[order])[0][-1]]
    shape = result_shape(np.shape(input), dim, keepdim)
    values = np.take_along_axis(rows, found[..., None], -1)
    return values.reshape(shape), found.reshape(shape)


mode = Op(
    name="mode", family="Order", category="reduce", symbol="mode",
    doc="The most frequent elements along a dimension, the smallest of equals, and where the "
    "last stood.",
    ports=one_input(PICKED), attrs=(LAST_DIM, KEEPDIM), outputs=("values", "indices"),
    forward=_mode, promotion="none", meaning={"input": _FOLLOWED},
    examples=(example(MATRIX), example(MATRIX, dim=0, keepdim=True)),
    search=("most frequent",),
)  # fmt: skip


def _middle(array: Array, axis: int) -> tuple[Array, Array]:
    """The lower median of the elements that are not nan, and where each stood."""
    order = np.argsort(array, axis=axis, kind="stable")
    known = np.sum(~np.isnan(array), axis=axis, keepdims=True)
    found = np.take_along_axis(order, np.maximum(known - 1, 0) // 2, axis)
    return np.take_along_axis(array, found, axis), found


def _nanmedian(input: Array) -> Array:
    flat = np.ravel(input)
    return np.asarray(_middle(flat, 0)[0][0]) if flat.size else np.full((), np.nan, flat.dtype)


nanmedian = Op(
    name="nanmedian", family="Order", category="reduce", symbol="med",
    doc="The middle element of those that are not nan.", ports=one_input("g * ties(input, out)"),
    forward=_nanmedian, promotion="none",
    meaning={"input": "{out} is the middle element itself; those that tie share, the others "
             "move nothing"},
    examples=(example(MATRIX),),
)  # fmt: skip


def _nanmedian_along(input: Array, dim: int, keepdim: bool) -> tuple[Array, Array]:
    array, axis = along(np.asarray(input), dim)
    check_not_empty("nanmedian", array.shape, dim)
    values, indices = _middle(array, axis)
    shape = result_shape(np.shape(input), dim, keepdim)
    return values.reshape(shape), indices.reshape(shape)


nanmedian_dim = Op(
    name="nanmedian.dim", family="Order", category="reduce", symbol="medᵢ",
    doc="The middle elements along a dimension of those that are not nan, and where they stood.",
    ports=one_input(PICKED), attrs=(LAST_DIM, KEEPDIM), outputs=("values", "indices"),
    forward=_nanmedian_along, promotion="none", meaning={"input": _FOLLOWED},
    examples=(example(MATRIX, dim=1), example(MATRIX, dim=0, keepdim=True)),
)  # fmt: skip
