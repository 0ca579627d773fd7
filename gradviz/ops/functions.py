"""Functions of one tensor, element by element: exponentials, waves, roots, rounding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradviz.ops.activations import step
from gradviz.ops.dual import dual
from gradviz.ops.spec import Array, Op, Port, example

_POSITIVE = [0.25, 1.0, 2.25, 4.0]
_ANY = [-2.7, -0.5, 0.5, 1.4, 3.14]


def _input(grad: str | None, rule: Callable[..., Any] | None = None) -> tuple[Port, ...]:
    return (Port(name="input", doc="The tensor.", grad=grad, rule=rule),)


def _neg(input: Array) -> Array:
    if np.asarray(input).dtype == np.bool_:
        raise RuntimeError(
            "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to "
            "invert a mask, use the `~` or `logical_not()` operator instead."
        )
    return np.negative(input)


neg = Op(
    name="neg", family="Arithmetic", category="elem", symbol="−x",
    doc="Changes the sign of each element.",
    ports=_input("-g"), forward=_neg, source="-{input}",
    meaning={"input": "{out} moves against {input}, one for one"},
    examples=(example(_ANY),), aliases=("negative",), search=("minus",),
    in_place=True, elementwise=True,
)  # fmt: skip

abs = Op(
    name="abs", family="Arithmetic", category="elem", symbol="|x|",
    doc="The absolute value of each element.",
    ports=_input("g * sign(input)"), forward=np.abs,
    meaning={"input": "{out} rises with {input} where it is positive, else it falls"},
    examples=(example(_ANY),), aliases=("absolute",), in_place=True, elementwise=True,
)  # fmt: skip


def _square(input: Array) -> Array:
    return np.multiply(input, input, dtype=np.int64 if input.dtype == np.bool_ else None)


square = Op(
    name="square", family="Arithmetic", category="elem", symbol="x²",
    doc="The square of each element.",
    ports=_input("g * (2 * input)"), forward=_square,
    meaning={"input": "a square changes by twice its root: 2 × {input} for each unit of {input}"},
    examples=(example(_ANY),), in_place=True, elementwise=True,
)  # fmt: skip

sqrt = Op(
    name="sqrt", family="Arithmetic", category="elem", symbol="√",
    doc="The square root of each element; nan below zero.",
    ports=_input("g / (2 * out)"), forward=np.sqrt, promotion="float",
    meaning={"input": "a root grows ever slower: by 1/(2√{input}) for each unit of {input}"},
    examples=(example(_POSITIVE),), search=("root",), in_place=True, elementwise=True,
)  # fmt: skip


def _rsqrt(input: Array) -> Array:
    return np.reciprocal(np.sqrt(input))


rsqrt = Op(
    name="rsqrt", family="Arithmetic", category="elem", symbol="1/√",
    doc="One over the square root of each element.",
    ports=_input("-0.5 * g * out ** 3"), forward=_rsqrt, promotion="float",
    meaning={"input": "more {input} makes {out} smaller, by half its cube for each unit"},
    examples=(example(_POSITIVE),), in_place=True, elementwise=True,
)  # fmt: skip

reciprocal = Op(
    name="reciprocal", family="Arithmetic", category="elem", symbol="1/x",
    doc="One over each element.",
    ports=_input("-g * (out * out)"), forward=np.reciprocal, promotion="float",
    meaning={"input": "more {input} makes {out} smaller, by 1/{input}² for each unit"},
    examples=(example(_POSITIVE),), in_place=True, elementwise=True,
)  # fmt: skip

exp = Op(
    name="exp", family="Exponential", category="elem", symbol="eˣ",
    doc="e to the power of each element.",
    ports=_input("g * out"), forward=np.exp, promotion="float",
    meaning={"input": "the exponential grows by its own value: {out} for each unit of {input}"},
    examples=(example(_ANY),), in_place=True, elementwise=True,
)  # fmt: skip

log = Op(
    name="log", family="Exponential", category="elem", symbol="ln",
    doc="The natural logarithm of each element; −inf at zero, nan below.",
    ports=_input("g / input"), forward=np.log, promotion="float",
    meaning={"input": "a logarithm changes by 1/{input} for each unit of {input}"},
    examples=(example(_POSITIVE),), search=("ln",), in_place=True, elementwise=True,
)  # fmt: skip

sin = Op(
    name="sin", family="Trigonometric", category="elem", symbol="sin",
    doc="The sine of each element, in radians.",
    ports=_input("g * cos(input)"), forward=np.sin, promotion="float",
    meaning={"input": "the slope of the sine is the cosine of {input}"},
    examples=(example(_ANY),), in_place=True, elementwise=True,
)  # fmt: skip

cos = Op(
    name="cos", family="Trigonometric", category="elem", symbol="cos",
    doc="The cosine of each element, in radians.",
    ports=_input("-g * sin(input)"), forward=np.cos, promotion="float",
    meaning={"input": "the slope of the cosine is minus the sine of {input}"},
    examples=(example(_ANY),), in_place=True, elementwise=True,
)  # fmt: skip

tan = Op(
    name="tan", family="Trigonometric", category="elem", symbol="tan",
    doc="The tangent of each element, in radians.",
    ports=_input("g * (1 + out ** 2)"), forward=np.tan, promotion="float",
    meaning={"input": "the slope of the tangent is one plus its own square"},
    examples=(example([-1.2, -0.5, 0.5, 1.4]),), in_place=True, elementwise=True,
)  # fmt: skip


def _tanh_gradient(g: Any, out: Any) -> Any:
    if type(g) is not np.ndarray or not g.ndim or type(out) is not np.ndarray:
        return g * (1 - out**2)
    # The same in the one array that is made: large ones are passed through from cache.
    slope: Array = np.multiply(out, out)
    np.subtract(1, slope, out=slope)
    return np.multiply(g, slope, out=slope if g.dtype is slope.dtype else None)


tanh = Op(
    name="tanh", family="Activation", category="elem", symbol="tanh",
    doc="The hyperbolic tangent of each element, between −1 and 1.",
    ports=_input("g * (1 - out ** 2)", rule=_tanh_gradient), forward=np.tanh, promotion="float",
    meaning={"input": "tanh is steepest at zero and flat far out: its slope is 1 − {out}²"},
    examples=(example(_ANY),), in_place=True, elementwise=True,
)  # fmt: skip


def _sigmoid(input: Any) -> Array:
    small: Array = np.exp(-np.abs(input))
    return np.where(np.asarray(input) >= 0, 1 / (1 + small), small / (1 + small))


sigmoid = Op(
    name="sigmoid", family="Activation", category="elem", symbol="σ",
    doc="1 / (1 + e⁻ˣ) of each element, between 0 and 1.",
    ports=_input("g * (out * (1 - out))"), forward=_sigmoid, promotion="float",
    meaning={"input": "the slope is {out} × (1 − {out}): at most ¼, and nearly flat far out"},
    examples=(example(_ANY),), search=("logistic",), in_place=True, elementwise=True,
)  # fmt: skip


def _relu(input: Array) -> Array:
    if np.asarray(input).dtype.kind == "b":
        raise RuntimeError("Boolean inputs not supported for relu")
    return np.maximum(input, 0)


def _stopped(g: Array, out: Array) -> Array:
    return np.where(out <= 0, np.zeros_like(g), g)


def _where_positive(g: Any, out: Any) -> Any:
    if not (type(g) in PLAIN and type(out) in PLAIN and g.shape == out.shape):
        return g * _step(out)
    bits = WHOLE.get(g.dtype) if g.ndim else None
    if bits is None or out.dtype is not g.dtype:
        return _stopped(g, out)
    # All bits where it passes and none elsewhere, so that inf and nan are stopped there too.
    passing = np.asarray(np.less_equal(out, 0)).view(np.int8)
    mask = np.subtract(passing, ONE, out=passing).astype(bits)
    return np.bitwise_and(mask, g.view(bits), out=mask).view(g.dtype)


_step = dual(step)
PLAIN = frozenset([np.ndarray, np.float16, np.float32, np.float64])
ONE = np.int8(1)
WHOLE = {np.dtype(np.float32): np.dtype(np.int32), np.dtype(np.float64): np.dtype(np.int64)}
"""Whole numbers of as many bits."""

relu = Op(
    name="relu", family="Activation", category="elem", symbol="relu",
    doc="Each element where it is positive, else 0.",
    ports=(Port(name="input", doc="The tensor.", grad="g * step(out)", rule=_where_positive),),
    forward=_relu,
    meaning={"input": "where {input} is positive {out} follows it; elsewhere nothing passes"},
    examples=(example(_ANY),), search=("rectifier", "ramp"), in_place=True, elementwise=True,
)  # fmt: skip

floor = Op(
    name="floor", family="Rounding", category="elem", symbol="⌊x⌋",
    doc="Each element rounded down.",
    ports=_input("zeros_like(g)"), forward=np.floor,
    meaning={"input": "steps are flat: a small change of {input} changes nothing"},
    examples=(example(_ANY),), in_place=True, elementwise=True,
)  # fmt: skip

ceil = Op(
    name="ceil", family="Rounding", category="elem", symbol="⌈x⌉",
    doc="Each element rounded up.",
    ports=_input("zeros_like(g)"), forward=np.ceil,
    meaning={"input": "steps are flat: a small change of {input} changes nothing"},
    examples=(example(_ANY),), in_place=True, elementwise=True,
)  # fmt: skip

trunc = Op(
    name="trunc", family="Rounding", category="elem", symbol="trunc",
    doc="Each element rounded towards zero.",
    ports=_input("zeros_like(g)"), forward=np.trunc,
    meaning={"input": "steps are flat: a small change of {input} changes nothing"},
    examples=(example(_ANY),), aliases=("fix",), in_place=True, elementwise=True,
)  # fmt: skip


def _frac(input: Array) -> Array:
    return np.subtract(input, np.trunc(input))


frac = Op(
    name="frac", family="Rounding", category="elem", symbol="frac",
    doc="What lies behind the decimal point, with the sign of the element.",
    ports=_input("g"), forward=_frac,
    meaning={"input": "between the jumps {out} rises one for one with {input}"},
    examples=(example(_ANY),), in_place=True, elementwise=True,
)  # fmt: skip


def _sign(input: Array) -> Array:
    if np.asarray(input).dtype == np.bool_:
        return np.array(input)
    return np.nan_to_num(np.sign(input))


sign = Op(
    name="sign", family="Rounding", category="elem", symbol="sgn",
    doc="−1, 0 or 1: the sign of each element.",
    ports=_input("zeros_like(g)"), forward=_sign,
    meaning={"input": "a sign is flat: a small change of {input} changes nothing"},
    examples=(example(_ANY),), in_place=True, elementwise=True,
)  # fmt: skip
