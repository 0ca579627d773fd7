"""Exponentials and logarithms to other bases, precise near zero, of sums and of products."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from gradviz.ops.axes import along
from gradviz.ops.counts import product
from gradviz.ops.pointwise import POSITIVE, VALUES, binary, float_kind, scipy_function, unary
from gradviz.ops.reductions import MATRIX, ONE_DIM, one_input
from gradviz.ops.spec import Array, Attr, Op, Shape, example

FAMILY = "Exponential"
_GIVEN = ([[1.5], [0.75]], [0.25, 2.0, 1.25])

exp2 = unary(
    "exp2", FAMILY, "2ˣ", "Two to the power of each element.", np.exp2,
    "g * out * 0.6931471805599453", "it grows by ln 2 times its own value",
    aliases=("special.exp2",),
)  # fmt: skip
expm1 = unary(
    "expm1", FAMILY, "eˣ−1", "One less than e to the power of each element, precise near zero.",
    np.expm1, "g * (out + 1)", "it grows by its own value plus one", aliases=("special.expm1",),
)  # fmt: skip
log2 = unary(
    "log2", FAMILY, "log₂", "The logarithm to base 2 of each element.", np.log2,
    "g / (input * 0.6931471805599453)", "it changes by 1/({input} ln 2) for each unit of {input}",
    POSITIVE,
)  # fmt: skip
log10 = unary(
    "log10", FAMILY, "log₁₀", "The logarithm to base 10 of each element.", np.log10,
    "g / (input * 2.302585092994046)", "it changes by 1/({input} ln 10) for each unit of {input}",
    POSITIVE,
)  # fmt: skip


def _logit(input: Array, eps: float | None = None) -> Array:
    kept = input if eps is None else np.clip(input, eps, 1 - eps)
    return np.asarray(np.log(np.divide(kept, np.subtract(1, kept))))


_LOGIT = (
    "where((input < 0) | (input > 1), nan, g / (input * (1 - input))) if eps is None else "
    "where((input < eps) | (input > 1 - eps), 0.0, g / (input * (1 - input)))"
)
logit = unary(
    "logit", FAMILY, "σ⁻¹", "The logarithm of the odds: what the sigmoid of is each element.",
    _logit, _LOGIT, "it is steepest towards 0 and 1, by 1/({input}(1 − {input}))",
    attrs=(Attr(name="eps", kind="float", default=None, optional=True,
                doc="How near to 0 and 1 elements may come; nearer ones are moved there."),),
    examples=(example([0.1, 0.5, 0.75]), example([0.1, 0.5, 0.97], eps=0.05)),
    aliases=("special.logit",), search=("log odds", "inverse sigmoid"),
)  # fmt: skip


def _logaddexp2(input: Any, other: Any) -> Array:
    return np.asarray(np.logaddexp2(input, other))


logaddexp = binary(
    "logaddexp", FAMILY, "ln Σeˣ", "The logarithm of the sum of two exponentials.", np.logaddexp,
    ("g / (1 + exp(other - input))", "g / (1 + exp(input - other))"),
    ("{out} follows the larger of the two, here by the share of {input}",
     "{out} follows the larger of the two, here by the share of {other}"),
    in_place=False,
    numbers=(),
)  # fmt: skip
logaddexp2 = binary(
    "logaddexp2", FAMILY, "log₂ Σ2ˣ", "The logarithm to base 2 of the sum of two powers of 2.",
    _logaddexp2,
    ("g / (1 + exp2(other - input))", "g / (1 + exp2(input - other))"),
    ("{out} follows the larger of the two, here by the share of {input}",
     "{out} follows the larger of the two, here by the share of {other}"),
    in_place=False,
    numbers=(),
)  # fmt: skip


def _product_log(name: str) -> Any:
    def forward(input: Any, other: Any) -> Array:
        kind = float_kind(input, other)
        return np.asarray(scipy_function(name)(input, other)).astype(kind, copy=False)

    return forward


_WEIGHED = (
    "each unit of {input} moves {out} by the logarithm",
    "{out} moves by {input} parts of itself",
)
xlogy = binary(
    "xlogy", FAMILY, "x ln y", "The first times the logarithm of the second; 0 where the first is.",
    _product_log("xlogy"),
    ("g * masked_fill(log(other), (input == 0) & (other <= 0), 0.0)", "g * input / other"),
    _WEIGHED, values=_GIVEN, promotion="float", aliases=("special.xlogy",),
)  # fmt: skip
xlog1py = binary(
    "special_xlog1py", FAMILY, "x ln(1+y)",
    "The first times the logarithm of one more than the second; 0 where the first is.",
    _product_log("xlog1py"),
    ("g * masked_fill(log1p(other), (input == 0) & (other <= -1), 0.0)",
     "g * input / (other + 1)"),
    _WEIGHED, values=_GIVEN, promotion="float", torch="torch.special.xlog1py", function=False,
    method=False, in_place=False,
)  # fmt: skip


def _logcumsumexp(input: Array, dim: int) -> Array:
    array, axis = along(np.asarray(input), dim)
    sums: Array = np.logaddexp.accumulate(array.astype(np.float64), axis)
    return sums.astype(array.dtype).reshape(np.shape(input))


_LOWEST = "-3.4028234663852886e38"
_REVERSED = (
    "exp(flip(logcumsumexp(flip(where(g {sign} 0, log(abs(g)), {lowest}) - out, dim), dim), dim)"
    " + input)"
)
_RUNNING = " - ".join(_REVERSED.format(sign=sign, lowest=_LOWEST) for sign in "><")
logcumsumexp = Op(
    name="logcumsumexp", family=FAMILY, category="reduce", symbol="ln Σeˣ…",
    doc="Running logarithms of sums of exponentials along a dimension.",
    ports=one_input(_RUNNING), attrs=(ONE_DIM,), forward=_logcumsumexp,
    meaning={"input": "each later result follows {input} by its share in that result's sum"},
    examples=(example(MATRIX, dim=1), example(VALUES, dim=0)), in_place=True,
)  # fmt: skip


def _frexp(input: Array) -> tuple[Array, Array]:
    array = np.asarray(input)
    if array.dtype.kind != "f":
        raise RuntimeError("torch.frexp() only supports floating-point dtypes")
    mantissa, exponent = np.frexp(array)
    return mantissa, np.asarray(exponent, np.int32)


frexp = Op(
    name="frexp", family=FAMILY, category="elem", symbol="m·2ᵉ",
    doc="Each element as a fraction between ½ and 1 and a power of two.",
    ports=one_input("g / exp2(exponent * 1.0)"), forward=_frexp,
    outputs=("mantissa", "exponent"), promotion="none",
    meaning={"input": "the fraction is {input} over a power of two that is constant around it"},
    examples=(example([1.25, -3.5, 0.3]),),
)  # fmt: skip


def _mvlgamma(input: Array, p: int) -> Array:
    array = np.asarray(input)
    terms = np.add.outer(array, -np.arange(p) / 2)
    total = np.add.reduce(scipy_function("gammaln")(terms), axis=-1)
    return np.asarray(total + p * (p - 1) / 4 * math.log(math.pi)).astype(array.dtype, copy=False)


def _terms_count(shapes: list[Shape], attrs: Mapping[str, Any]) -> float:
    """The table of terms that is summed: one for each element and dimension."""
    return product((*shapes[0], attrs.get("p", 1)))


mvlgamma = unary(
    "mvlgamma", FAMILY, "ln Γₚ", "The logarithm of the multivariate gamma function.", _mvlgamma,
    "g * sum(stack([digamma(input - i / 2) for i in range(p)], 0), (0,))",
    "it grows by a sum of digammas of {input}",
    attrs=(Attr(name="p", kind="int", low=1, doc="How many dimensions."),), count=_terms_count,
    examples=(example([1.5, 2.5, 4.0], p=3),), aliases=("special.multigammaln", "multigammaln"),
)  # fmt: skip
