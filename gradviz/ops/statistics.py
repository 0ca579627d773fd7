"""Spread and size: variance, standard deviation, norms, and the logarithm of summed powers."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from gradviz.ops.axes import axes_of, count
from gradviz.ops.creation import DTYPE, as_dtype
from gradviz.ops.dtypes import get_default_dtype, of_numpy
from gradviz.ops.reductions import DIMS, KEEPDIM, MATRIX, one_input
from gradviz.ops.spec import REQUIRED, Array, Attr, Op, example


def _spread_of(name: str, root: bool) -> Callable[..., Array]:
    """The forward of ``var`` or ``std``; ``correction`` and ``unbiased`` say the same thing."""

    def forward(
        input: Array, dim: Any = None, unbiased: bool = True, keepdim: bool = False,
        correction: float | None = None,
    ) -> Array:  # fmt: skip
        array = np.asarray(input)
        if array.dtype.kind != "f":
            raise RuntimeError("std and var only support floating point and complex dtypes")
        axes = axes_of(dim, array.ndim)
        taken = int(unbiased) if correction is None else correction
        freedom = count(array.shape, axes) - taken
        if freedom <= 0:
            warnings.warn(
                f"{name}(): degrees of freedom is <= 0. Correction should be strictly less than "
                "the reduction factor (input numel divided by output numel).",
                UserWarning, stacklevel=2,
            )  # fmt: skip
        wide = array.astype(np.float32) if array.dtype == np.float16 else array
        center = np.mean(wide, axis=axes, keepdims=True)
        total = np.add.reduce(np.square(wide - center), axis=axes, keepdims=keepdim)
        variance = np.divide(total, np.asarray(np.maximum(freedom, 0), wide.dtype))
        return np.asarray(np.sqrt(variance) if root else variance).astype(array.dtype, copy=False)

    return forward


_VAR = (
    "spread(g, input_shape, {dim}, {keepdim})"
    " * (2 / (count(input_shape, {dim}) - {taken}) if count(input_shape, {dim}) > {taken} else inf)"
    " * (input - mean(input, {dim}, True))"
)
_STD = (
    "spread(where(out == 0, 0.0, g / out), input_shape, {dim}, {keepdim})"
    " / (count(input_shape, {dim}) - {taken}) * (input - mean(input, {dim}, True))"
)
_CORRECTION = Attr(
    name="correction", kind="number", default=1, optional=True, keyword_only=True, low=0,
    doc="How much less than the number of elements to divide by: 1 for a sample, 0 for all.",
)  # fmt: skip
_UNBIASED = Attr(
    name="unbiased", kind="bool", default=REQUIRED, doc="Divide by one less than the number."
)
_KEEPDIM_LAST = Attr(name="keepdim", kind="bool", default=False, keyword_only=True, doc=KEEPDIM.doc)
_DIMS_FIRST = Attr(name="dim", kind="dims", default=REQUIRED, optional=True, doc=DIMS.doc)
_UNBIASED_TRUE = Attr(name="unbiased", kind="bool", default=True, doc=_UNBIASED.doc)


def _spread_op(name: str, rule: str, attrs: tuple[Attr, ...], examples: Any, **names: str) -> Op:
    base = name.partition(".")[0]
    rooted = base == "std"
    named = {"dim": "dim", "keepdim": "keepdim", **names}
    return Op(
        name=name, family="Statistics", category="reduce", symbol="σ" if rooted else "σ²",
        doc="The standard deviation: how far elements lie from their mean."
        if rooted else "The variance: the mean square of how far elements lie from their mean.",
        ports=one_input(rule.format(**named)), attrs=attrs, forward=_spread_of(base, rooted),
        meaning={"input": "an element above the mean widens the spread as it grows, one below "
                 "narrows it"},
        examples=examples, addable="." not in name,
        search=("standard deviation" if rooted else "variance",) if "." not in name else (),
    )  # fmt: skip


def _overloads(base: str, rule: str) -> tuple[Op, Op, Op]:
    taken = "(1 if correction is None else correction)"
    return (
        _spread_op(
            base, rule, (DIMS, _CORRECTION, _KEEPDIM_LAST),
            (example(MATRIX), example(MATRIX, dim=(1,), correction=0, keepdim=True)), taken=taken,
        ),
        _spread_op(
            f"{base}.unbiased", rule, (_UNBIASED,), (example(MATRIX, unbiased=False),),
            dim="None", keepdim="False", taken="unbiased",
        ),
        _spread_op(
            f"{base}.dim", rule, (_DIMS_FIRST, _UNBIASED_TRUE, KEEPDIM),
            (example(MATRIX, dim=(1,), unbiased=False),), taken="unbiased",
        ),
    )  # fmt: skip


var, var_unbiased, var_dim = _overloads("var", _VAR)
std, std_unbiased, std_dim = _overloads("std", _STD)


def _norm(input: Array, p: Any, dim: Any, keepdim: bool, dtype: Any) -> Array:
    array = np.asarray(input)
    if of_numpy(array.dtype).category < 2:
        raise RuntimeError(
            "linalg.vector_norm: Expected a floating point or complex tensor as input. Got "
            f"{of_numpy(array.dtype).legacy_name}"
        )
    kind = as_dtype(dtype, of_numpy(array.dtype))
    wide = np.dtype(np.float32) if kind == np.float16 else kind
    size = np.abs(array.astype(wide))
    axes = axes_of(dim, array.ndim)
    return np.asarray(_norm_of(size, _order(p), axes, keepdim)).astype(kind, copy=False)


def _order(p: Any) -> float:
    """A norm's ``p`` as a number; the Frobenius norm of a vector is the 2-norm."""
    if p is None:
        return 2.0
    if isinstance(p, str):
        if p == "fro":
            return 2.0
        raise RuntimeError(f"norm(): the order '{p}' is not offered; 'fro' and numbers are")
    return float(p)


def _norm_of(size: Array, p: float, axes: tuple[int, ...], keepdim: bool) -> Array:
    if p == 0:
        return np.add.reduce(size != 0, axis=axes, keepdims=keepdim)
    if p == np.inf:
        return np.maximum.reduce(size, axis=axes, keepdims=keepdim, initial=0)
    if p == -np.inf:
        return np.minimum.reduce(size, axis=axes, keepdims=keepdim)
    if p == 1:
        return np.add.reduce(size, axis=axes, keepdims=keepdim)
    if p == 2:
        return np.sqrt(np.add.reduce(np.square(size), axis=axes, keepdims=keepdim))
    return np.add.reduce(size**p, axis=axes, keepdims=keepdim) ** (1 / p)


_LENGTHS = "spread(out, input_shape, dim, keepdim)"
_DIRECTION = (
    f"spread(g, input_shape, dim, keepdim) * where({_LENGTHS} == 0, 0.0, input / {_LENGTHS})"
)
_NORM = (
    "None if p == 0 else "
    "spread(g, input_shape, dim, keepdim) * sign(input) if p == 1 else "
    "spread(g, input_shape, dim, keepdim) * sign(input) * ties(abs(input), out, dim, keepdim)"
    f" if p == inf or p == -inf else {_DIRECTION} if p == 2 else "
    "spread(where(out == 0, 0.0, g / out ** (p - 1)), input_shape, dim, keepdim)"
    " * where(input == 0, 0.0, input * abs(input) ** (p - 2))"
)
_LENGTH = {"input": "{out} is a length, and grows by an element's share in its direction"}

norm = Op(
    name="norm", family="Statistics", category="reduce", symbol="‖x‖",
    doc="The p-norm: the p-th root of the sum of p-th powers; for p = 2 the length.",
    ports=one_input(_NORM),
    attrs=(
        Attr(name="p", kind="number", default=2, doc="The order: 2 for the length, or inf."),
        DIMS, KEEPDIM, DTYPE,
    ),
    forward=_norm, meaning=_LENGTH,
    examples=(
        example(MATRIX), example(MATRIX, p=1), example(MATRIX, p=3, dim=(1,), keepdim=True),
        example(MATRIX, p=float("inf"), dim=(0,)),
    ),
    search=("length of a vector", "magnitude", "Euclidean norm", "L2 norm"),
)  # fmt: skip

norm_fro = Op(
    name="norm.fro", family="Statistics", category="reduce", symbol="‖x‖",
    doc="The Frobenius norm: the root of the sum of squares.", ports=one_input(_DIRECTION),
    attrs=(
        Attr(name="p", kind="choice", default="fro", choices=("fro",), optional=True,
             doc="The name of the norm."),
        DIMS, KEEPDIM, DTYPE,
    ),
    forward=_norm, meaning=_LENGTH, examples=(example(MATRIX, p="fro"),), addable=False,
)  # fmt: skip


def _logsumexp(input: Array, dim: Any, keepdim: bool) -> Array:
    array = np.asarray(input)
    if array.dtype.kind != "f":
        array = array.astype(get_default_dtype().numpy)
    axes = axes_of(dim, array.ndim)
    if not array.size:
        return np.log(np.add.reduce(np.exp(array), axis=axes, keepdims=keepdim))
    top = np.maximum.reduce(array, axis=axes, keepdims=True)
    top = np.where(np.isinf(top), np.zeros_like(top), top)
    total = np.log(np.add.reduce(np.exp(array - top), axis=axes, keepdims=True)) + top
    return np.asarray(total if keepdim else np.squeeze(total, axes)).astype(array.dtype, copy=False)


logsumexp = Op(
    name="logsumexp", family="Exponential", category="reduce", symbol="lse",
    doc="The logarithm of the sum of exponentials along dimensions: a smooth maximum.",
    ports=one_input(
        "spread(g, input_shape, dim, keepdim)"
        " * exp(input - spread(out, input_shape, dim, keepdim))"
    ),
    attrs=(Attr(name="dim", kind="dims", default=REQUIRED, doc=DIMS.doc), KEEPDIM),
    forward=_logsumexp, promotion="float",
    meaning={"input": "the shares are a softmax: the larger an element, the more it moves {out}"},
    examples=(example(MATRIX, dim=(1,)), example(MATRIX, dim=(0, 1), keepdim=True)),
    search=("smooth maximum", "log-sum-exp"),
)  # fmt: skip
