"""Softmax and its logarithm: from scores to probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.activations import check_floating
from gradviz.ops.creation import as_dtype
from gradviz.ops.dims import wrap_dim
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.reductions import EXACT, MATRIX, one_input
from gradviz.ops.spec import REQUIRED, Array, Attr, Op, example

_DIM = Attr(name="dim", kind="dim", default=REQUIRED, doc="The dimension that sums to one.")
_DTYPE = Attr(
    name="dtype", kind="dtype", default=None, optional=True,
    doc="Type to compute in; by default the input's.",
)  # fmt: skip


def _prepared(name: str, input: Array, dim: int, dtype: Any) -> tuple[Array, int]:
    """The input less its largest element along ``dim``, so that no exponential overflows."""
    array = np.asarray(input)
    axis = wrap_dim(dim, array.ndim)
    if dtype is None and array.ndim and array.size and array.dtype in EXACT:
        return array - np.maximum.reduce(array, axis=axis, keepdims=True), axis
    array = array.astype(as_dtype(dtype, of_numpy(array.dtype)), copy=False)
    last = axis == max(array.ndim, 1) - 1
    check_floating(f"{name}_{'lastdim_' if last else ''}kernel_impl", array)
    array = np.atleast_1d(array)
    if array.dtype == np.float16:
        array = array.astype(np.float32)
    return (array - np.max(array, axis, keepdims=True) if array.size else array), axis


def _softmax(input: Array, dim: int, dtype: Any = None) -> Array:
    array, axis = _prepared("softmax", input, dim, dtype)
    powers = np.exp(array)
    shares = powers / np.add.reduce(powers, axis=axis, keepdims=True)
    return _finished(shares, input, dtype)


def _log_softmax(input: Array, dim: int, dtype: Any = None) -> Array:
    array, axis = _prepared("log_softmax", input, dim, dtype)
    total = np.log(np.add.reduce(np.exp(array), axis=axis, keepdims=True))
    return _finished(array - total, input, dtype)


def _finished(result: Array, input: Array, dtype: Any) -> Array:
    if dtype is None and result.dtype is input.dtype and result.shape == input.shape:
        return result
    kind = as_dtype(dtype, of_numpy(np.asarray(input).dtype))
    return result.reshape(np.shape(input)).astype(kind, copy=False)


softmax = Op(
    name="softmax", family="Softmax", category="reduce", symbol="soft",
    doc="Turns scores into positive shares that sum to one along a dimension.",
    ports=one_input("out * (g - sum(g * out, dim, True))"), attrs=(_DIM, _DTYPE),
    forward=_softmax,
    meaning={"input": "a share grows with its own score, by {out} × (1 − {out}), and shrinks as "
             "any other score grows"},
    examples=(example(MATRIX, dim=1), example(MATRIX, dim=0)),
    search=("probabilities of scores", "normalized exponential"),
)  # fmt: skip

log_softmax = Op(
    name="log_softmax", family="Softmax", category="reduce", symbol="ln soft",
    doc="The logarithm of softmax, without the loss of precision of taking one after the other.",
    ports=one_input("g - exp(out) * sum(g, dim, True)"), attrs=(_DIM, _DTYPE),
    forward=_log_softmax,
    meaning={"input": "a log-probability rises with its own score, less the share it has already"},
    examples=(example(MATRIX, dim=1), example(MATRIX, dim=0)), search=("log-probabilities",),
)  # fmt: skip
