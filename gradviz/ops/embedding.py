"""Embedding: rows of a table of weights, looked up by number."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.activations import FUNCTIONAL
from gradviz.ops.dims import WHOLE_KINDS
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.spec import Array, Attr, Op, Port, Shape, example

_TABLE = [[0.5, -1.0], [2.0, 0.25], [-0.75, 1.5]]
PADDING_INDEX = Attr(
    name="padding_idx", kind="int", default=None, optional=True,
    doc="A row that never gets a gradient.",
)  # fmt: skip
BY_FREQUENCY = Attr(
    name="scale_grad_by_freq", kind="bool", default=False,
    doc="Divide a row's gradient by how often it was looked up.",
)  # fmt: skip


def _check_rows(numbers: Array, weight: Array) -> None:
    if numbers.dtype not in WHOLE_KINDS:
        raise RuntimeError(
            "Expected tensor for argument #1 'indices' to have one of the following scalar types: "
            f"Long, Int; but got torch.{of_numpy(numbers.dtype).legacy_name}Tensor instead (while "
            "checking arguments for embedding)"
        )
    if numbers.size and (numbers.min() < 0 or numbers.max() >= len(weight)):
        raise IndexError("index out of range in self")


def _embedding(input: Array, weight: Array, **_: Any) -> Array:
    numbers, table = np.asarray(input), np.asarray(weight)
    if table.ndim != 2:
        raise RuntimeError("'weight' must be 2-D")
    _check_rows(numbers, table)
    return np.take(table, numbers, 0)


embedding = Op(
    name="embedding", family="Indexing", category="index", symbol="W[i]",
    doc="The rows of a table of weights that numbers name: a vector for each.",
    ports=(
        Port(name="input", doc="The numbers of rows.", promote=False),
        Port(
            name="weight", doc="The table, a row for each number.",
            grad="embedding_backward(g, input, weight_shape, padding_idx, scale_grad_by_freq)",
        ),
    ),
    attrs=(PADDING_INDEX, BY_FREQUENCY), forward=_embedding, promotion="none",
    torch=f"{FUNCTIONAL}embedding",
    meaning={"weight": "a row gets the sum of the gradients of all places it was looked up for; "
             "rows not looked up get 0"},
    examples=(example([[2, 0], [2, 1]], _TABLE), example([1, 2], _TABLE)),
    search=("lookup table", "word vectors"), function=False, method=False,
)  # fmt: skip


def _kept(numbers: Array, rows: int, padding_idx: int | None, scale: bool) -> Array:
    """How much of its gradient each looked-up place passes on."""
    share = np.ones(numbers.shape)
    if scale:
        share = share / np.bincount(numbers.reshape(-1), minlength=rows)[numbers]
    if padding_idx is not None:
        share = np.where(numbers == padding_idx, 0, share)
    return share[..., None]


def _embedding_backward(
    input: Array, places: Array, size: Shape, padding_idx: int | None, scale_grad_by_freq: bool
) -> Array:
    array, numbers = np.asarray(input), np.asarray(places)
    table = np.zeros(tuple(size), array.dtype)
    share = _kept(numbers, len(table), padding_idx, scale_grad_by_freq).astype(array.dtype)
    np.add.at(table, numbers, array * share)
    return table


def _embedding_share(
    input: Array, places: Array, padding_idx: int | None, scale_grad_by_freq: bool
) -> Array:
    array, numbers = np.asarray(input), np.asarray(places)
    share = _kept(numbers, len(array), padding_idx, scale_grad_by_freq)
    return np.take(array, numbers, 0) * share.astype(array.dtype)


_PLACES = Port(name="places", doc="The numbers of rows.", promote=False)
_SETTINGS = "padding_idx, scale_grad_by_freq"

embedding_backward = Op(
    name="embedding_backward", family="Gradients", category="index", symbol="W[i]+",
    doc="A table of zeros with vectors added to the rows they were looked up from.",
    ports=(Port(name="input", grad=f"embedding_share(g, places, {_SETTINGS})"), _PLACES),
    attrs=(Attr(name="size", kind="shape", doc="The shape of the table."), PADDING_INDEX,
           BY_FREQUENCY),
    forward=_embedding_backward, promotion="none",
    examples=(example(_TABLE, [1, 1, 0], size=(2, 2)),),
    method=False, function=False, addable=False,
)  # fmt: skip

embedding_share = Op(
    name="embedding_share", family="Gradients", category="index", symbol="W[i]",
    doc="The rows of a table, each as much as its gradient counts.",
    ports=(Port(name="input", grad=f"embedding_backward(g, places, input_shape, {_SETTINGS})"),
           _PLACES),
    attrs=(PADDING_INDEX, BY_FREQUENCY), forward=_embedding_share, promotion="none",
    examples=(example(_TABLE, [1, 1, 0], padding_idx=0),),
    method=False, function=False, addable=False,
)  # fmt: skip
