"""Running sums and products, and the recurrences their gradients are made of.

The gradient of a product is the product of the others. Written as the running product before
an element times that after it, it divides by nothing and so holds at zeros, as do the
gradients of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.axes import along
from gradviz.ops.creation import DTYPE, as_dtype
from gradviz.ops.dtypes import int64, of_numpy
from gradviz.ops.reductions import DIM, MATRIX, ONE_DIM, one_input
from gradviz.ops.spec import Array, Attr, Op, Port, Saving, example

REVERSE = Attr(name="reverse", kind="bool", default=False, doc="Go from the end to the front.")


def _lifted(input: Array, dtype: Any) -> Array:
    array = np.asarray(input)
    own = of_numpy(array.dtype)
    kind = as_dtype(dtype, own if own.is_floating_point else int64)
    return array.astype(kind, copy=False)


def _cumsum(input: Array, dim: int, dtype: Any, reverse: bool = False) -> Array:
    array, axis = along(_lifted(input, dtype), dim)
    if reverse:
        array = np.flip(array, axis)
    wide = np.dtype(np.float32) if array.dtype == np.float16 else array.dtype
    sums = np.cumsum(array, axis, dtype=wide).astype(array.dtype, copy=False)
    return (np.flip(sums, axis) if reverse else sums).reshape(np.shape(input))


cumsum = Op(
    name="cumsum", family="Reductions", category="reduce", symbol="Σ…",
    doc="Running sums along a dimension: each element with all before it.",
    ports=one_input("cumsum_reversed(g, dim)"), attrs=(ONE_DIM, DTYPE), forward=_cumsum,
    meaning={"input": "each unit of an element moves its own sum and every later one by one"},
    examples=(example(MATRIX, dim=0), example(MATRIX, dim=1)),
    search=("running sum", "cumulative sum", "prefix sum"), in_place=True,
)  # fmt: skip


def _cumsum_reversed(input: Array, dim: int) -> Array:
    return _cumsum(input, dim, None, reverse=True)


cumsum_reversed = Op(
    name="cumsum_reversed", family="Gradients", category="reduce", symbol="…Σ",
    doc="Running sums from the end: each element with all after it.",
    ports=one_input("cumsum(g, dim)"), attrs=(ONE_DIM,), forward=_cumsum_reversed,
    examples=(example(MATRIX, dim=1),), promotion="none", method=False, function=False,
    addable=False,
)  # fmt: skip


def _cumprod(input: Array, dim: int, dtype: Any) -> Array:
    array, axis = along(_lifted(input, dtype), dim)
    return np.cumprod(array, axis).reshape(np.shape(input))


cumprod = Op(
    name="cumprod", family="Reductions", category="reduce", symbol="Π…",
    doc="Running products along a dimension: each element times all before it.",
    ports=one_input(
        "exclusive_cumprod(input, dim) * (g + chain_sum(g * input, input, dim))"
    ),
    attrs=(ONE_DIM, DTYPE), forward=_cumprod,
    meaning={"input": "an element is a factor of its own product and of every later one, and "
             "moves each by the product of that one's other factors"},
    examples=(example(MATRIX, dim=1), example([2.0, 0.0, 3.0, -1.5], dim=0)),
    search=("running product", "cumulative product"), in_place=True,
    saving=Saving(keeps={"input": ("out",)}),
)  # fmt: skip


def _shifted(array: Array, axis: int, fill: float) -> Array:
    """``array`` moved one place on along ``axis``, ``fill`` coming in at the front."""
    moved = np.roll(array, 1, axis)
    moved[(slice(None),) * axis + (slice(0, 1),)] = fill
    return moved


def _exclusive_cumprod(input: Array, dim: int | None, reverse: bool) -> Array:
    array, axis = along(np.ravel(input) if dim is None else np.asarray(input), dim or 0)
    if reverse:
        array = np.flip(array, axis)
    products = np.cumprod(_shifted(array, axis, 1), axis, dtype=array.dtype)
    return (np.flip(products, axis) if reverse else products).reshape(np.shape(input))


exclusive_cumprod = Op(
    name="exclusive_cumprod", family="Gradients", category="reduce", symbol="Π<",
    doc="Products of the elements before each one, or (reversed) of those after it.",
    ports=one_input("out * chain_sum(g, input, dim, reverse)"), attrs=(DIM, REVERSE),
    forward=_exclusive_cumprod,
    examples=(example(MATRIX), example([2.0, 0.0, 3.0], dim=0, reverse=True)),
    promotion="none", method=False, function=False, addable=False,
)  # fmt: skip


def _chain_sum(input: Array, factor: Array, dim: int | None, reverse: bool) -> Array:
    shape = np.broadcast_shapes(np.shape(input), np.shape(factor))
    terms, factors = np.broadcast_to(input, shape), np.broadcast_to(factor, shape)
    axis = 0
    if dim is None:
        terms, factors = terms.reshape(-1), factors.reshape(-1)
    else:
        terms, axis = along(terms, dim)
        factors = along(factors, dim)[0]
    terms, factors = np.moveaxis(terms, axis, 0), np.moveaxis(factors, axis, 0)
    sums = np.zeros_like(terms)
    ahead = range(1, len(terms)) if reverse else range(len(terms) - 2, -1, -1)
    back = -1 if reverse else 1
    for i in ahead:
        sums[i] = terms[i + back] + factors[i + back] * sums[i + back]
    return np.moveaxis(sums, 0, axis).reshape(shape)


chain_sum = Op(
    name="chain_sum", family="Gradients", category="reduce", symbol="Σ→",
    doc="Sums of all later elements, each times the factors that lie between.",
    ports=(
        Port(name="input", grad="chain_sum(g, factor, dim, not reverse)"),
        Port(name="factor", grad="out * chain_sum(g, factor, dim, not reverse)"),
    ),
    attrs=(DIM, REVERSE), forward=_chain_sum,
    examples=(
        example(MATRIX, [[1.0, 2.0, 0.5], [-1.0, 0.0, 2.0]], dim=1),
        example([1.0, 2.0, 3.0], [0.5, -1.0, 2.0], dim=0, reverse=True),
    ),
    method=False, function=False, addable=False,
)  # fmt: skip
