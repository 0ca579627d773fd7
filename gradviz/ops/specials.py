"""Gamma functions, the error function's kin, and Bessel functions, through SciPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradviz.ops.pointwise import (
    INSIDE,
    MISSING,
    POSITIVE,
    VALUES,
    binary,
    float_kind,
    from_scipy,
    scipy_function,
    unary,
)
from gradviz.ops.spec import Array, Attr, Op, Port, Saving, example

FAMILY = "Special functions"


def _special(
    name: str, symbol: str, doc: str, grad: str | None, meaning: str = "", values: Any = VALUES,
    forward: Callable[..., Any] | str = "", **more: Any,
) -> Op:  # fmt: skip
    """A function that PyTorch has under ``torch.special`` only."""
    return unary(
        f"special_{name}", FAMILY, symbol, doc,
        from_scipy(forward or name) if isinstance(forward, str) else forward, grad, meaning,
        values, torch=f"torch.special.{name}", function=False, method=False, in_place=False, **more,
    )  # fmt: skip


erfc = unary(
    "erfc", FAMILY, "erfc", "One less the error function of each element, precise far out.",
    from_scipy("erfc"), "g * (-1.1283791670955126 * exp(-input * input))",
    "it falls along a bell curve: fastest at zero, hardly far out", aliases=("special.erfc",),
)  # fmt: skip
erfinv = unary(
    "erfinv", FAMILY, "erf⁻¹", "What the error function of is each element.",
    from_scipy("erfinv"), "g * (0.886226925452758 * exp(erfinv(input) * erfinv(input)))",
    "it is steepest towards −1 and 1", INSIDE, aliases=("special.erfinv",),
)  # fmt: skip
erfcx = _special(
    "erfcx", "erfcx", "eˣ² times one less the error function.",
    "g * (2.0 * input * out - 1.1283791670955126)", "it falls ever more slowly",
)  # fmt: skip
ndtr = _special(
    "ndtr", "Φ", "The share of a normal distribution that lies below each element.",
    "g * (0.3989422804014327 * exp(-0.5 * input * input))", "its slope is the bell curve itself",
    search=("normal distribution",), saving=Saving(copies={"input": ("input",)}),
)  # fmt: skip
log_ndtr = _special(
    "log_ndtr", "ln Φ", "The logarithm of the share of a normal distribution below each element.",
    "g / special_erfcx(-input / 1.4142135623730951) * 0.7978845608028654",
    "it rises steeply far below zero and is flat far above",
    saving=Saving(keeps={"input": ("out",)}),
)  # fmt: skip
ndtri = _special(
    "ndtri", "Φ⁻¹", "The point below which a share of a normal distribution lies.",
    "g * 2.5066282746310002 * exp(out * out / 2)", "it is steepest towards 0 and 1",
    [0.1, 0.5, 0.75],
)  # fmt: skip
entr = _special(
    "entr", "−x ln x", "Minus each element times its logarithm: its share of an entropy.",
    "g * (-(1 + log(input)))", "it rises up to 1/e and falls beyond", POSITIVE,
)  # fmt: skip


def _digamma(input: Array) -> Array:
    values = np.asarray(scipy_function("psi")(input))
    edge = np.asarray(input) == 0
    return np.where(edge, np.copysign(np.inf, np.negative(input)), values).astype(input.dtype)


lgamma = unary(
    "lgamma", FAMILY, "ln Γ", "The logarithm of the size of the gamma function.",
    from_scipy("gammaln"), "g * digamma(input)", "its slope is the digamma function of {input}",
    POSITIVE, aliases=("special.gammaln",), search=("log factorial",),
)  # fmt: skip
digamma = unary(
    "digamma", FAMILY, "ψ", "The slope of the logarithm of the gamma function.", _digamma,
    "g * polygamma(1, input)", "its slope is the trigamma function of {input}", POSITIVE,
    aliases=("special.digamma", "special.psi"),
)  # fmt: skip


def _polygamma(input: Array, n: int) -> Array:
    if n < 0:
        raise RuntimeError("polygamma(n, x) does not support negative n.")
    if n == 0:
        return _digamma(input)
    series = scipy_function("zeta")(n + 1, np.asarray(input, np.float64))
    scaled = (-1.0) ** (n + 1) * scipy_function("gamma")(n + 1.0) * series
    return np.asarray(scaled).astype(input.dtype)


polygamma = Op(
    name="polygamma", family=FAMILY, category="elem", symbol="ψ⁽ⁿ⁾",
    doc="The n-th derivative of the digamma function.",
    ports=(Port(name="input", doc="The tensor.", grad="g * polygamma(n + 1, input)"),),
    attrs=(Attr(name="n", kind="int", low=0, doc="Which derivative."),),
    arguments=("n", "input"), forward=_polygamma, promotion="float", elementwise=True,
    meaning={"input": "its slope is the next polygamma function of {input}"}, method=False,
    examples=(example(POSITIVE, n=0), example(POSITIVE, n=2)), aliases=("special.polygamma",),
)  # fmt: skip


def _zeta(input: Any, other: Any) -> Array:
    return np.asarray(scipy_function("zeta")(input, other)).astype(float_kind(input, other))


zeta = binary(
    "special_zeta", FAMILY, "ζ", "The Hurwitz zeta function: a sum of powers of 1/(k + other).",
    _zeta, (MISSING, "g * -input * special_zeta(input + 1.0, other)"),
    ("", "more {other} makes every term of the sum smaller"), values=([2.5, 3.0], [1.5, 0.5]),
    promotion="float", torch="torch.special.zeta", function=False, method=False, in_place=False,
)  # fmt: skip


def _incomplete(name: str, alias: str, symbol: str, doc: str, sign: str, way: str) -> Op:
    return binary(
        name, FAMILY, symbol, doc, from_scipy(alias),
        (MISSING, f"g * {sign}exp((input - 1) * log(other) - other - lgamma(input))"),
        ("", f"{{out}} {way} with {{other}} by the height of a gamma distribution"),
        values=([2.5, 3.0], [1.5, 0.5]), aliases=(f"special.{alias}",), numbers=(),
    )  # fmt: skip


igamma = _incomplete(
    "igamma", "gammainc", "P(a,x)",
    "The lower incomplete gamma function, as a share of the whole.", "", "grows",
)  # fmt: skip
igammac = _incomplete(
    "igammac", "gammaincc", "Q(a,x)",
    "The upper incomplete gamma function, as a share of the whole.", "-", "falls",
)  # fmt: skip

_CLEAR = "abs(input) > 1e-15"
i0 = unary(
    "i0", FAMILY, "I₀", "The modified Bessel function of the first kind, order 0.",
    from_scipy("i0"), "g * special_i1(input)", "its slope is the function of order 1",
    aliases=("special.i0",),
)  # fmt: skip
i0e = _special(
    "i0e", "I₀e", "The modified Bessel function of order 0, over e to the size of the element.",
    "g * (special_i1e(input) - sgn(input) * out)", "it falls with distance from zero",
)  # fmt: skip
i1 = _special(
    "i1", "I₁", "The modified Bessel function of the first kind, order 1.",
    f"g * where({_CLEAR}, i0(input) - out / where({_CLEAR}, input, 1.0), 0.5)",
    "its slope is that of a hyperbolic sine, smoothed",
)  # fmt: skip
i1e = _special(
    "i1e", "I₁e", "The modified Bessel function of order 1, over e to the size of the element.",
    f"g * where({_CLEAR}, special_i0e(input) - out"
    f" * (sgn(input) + 1 / where({_CLEAR}, input, 1.0)), 0.5)",
    "it rises about zero and falls far out",
)  # fmt: skip


def _airy(input: Array) -> Array:
    return np.asarray(scipy_function("airy")(input)[0]).astype(input.dtype)


def _spherical(input: Array) -> Array:
    array = np.asarray(input)
    wave = np.where(array == 0, 1.0, np.sin(array) / np.where(array == 0, 1.0, array))
    return np.where(np.isinf(array), 0.0, wave).astype(array.dtype)


def _bessel(name: str, forward: Any, symbol: str, doc: str) -> Op:
    return _special(name, symbol, doc, None, values=POSITIVE, forward=forward)


airy_ai = _bessel("airy_ai", _airy, "Ai", "The Airy function.")
bessel_j1 = _bessel("bessel_j1", "j1", "J₁", "The Bessel function of the first kind, order 1.")
bessel_y0 = _bessel("bessel_y0", "y0", "Y₀", "The Bessel function of the second kind, order 0.")
modified_bessel_i0 = _bessel(
    "modified_bessel_i0", "i0", "I₀", "The modified Bessel function of the first kind, order 0."
)
modified_bessel_i1 = _bessel(
    "modified_bessel_i1", "i1", "I₁", "The modified Bessel function of the first kind, order 1."
)
modified_bessel_k0 = _bessel(
    "modified_bessel_k0", "k0", "K₀", "The modified Bessel function of the second kind, order 0."
)
modified_bessel_k1 = _bessel(
    "modified_bessel_k1", "k1", "K₁", "The modified Bessel function of the second kind, order 1."
)
scaled_modified_bessel_k0 = _bessel(
    "scaled_modified_bessel_k0", "k0e", "eˣK₀",
    "The modified Bessel function of the second kind, order 0, times the exponential.",
)  # fmt: skip
scaled_modified_bessel_k1 = _bessel(
    "scaled_modified_bessel_k1", "k1e", "eˣK₁",
    "The modified Bessel function of the second kind, order 1, times the exponential.",
)  # fmt: skip
spherical_bessel_j0 = _bessel(
    "spherical_bessel_j0", _spherical, "j₀", "The spherical Bessel function of order 0."
)
