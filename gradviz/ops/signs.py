"""Signs, choices of the larger or smaller that pass over nan, remainders and float neighbours."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from gradviz.ops.dtypes import get_default_dtype, of_numpy
from gradviz.ops.naming import by_last
from gradviz.ops.pointwise import VALUES, binary, unary
from gradviz.ops.spec import Array, Attr, Op, Port, Saving, example

FAMILY = "Arithmetic"
FLAT = "a flat function: a small change of {input} changes nothing"


def _itself(input: Array) -> Array:
    return np.asarray(input)[...]


def _positive(input: Array) -> Array:
    if np.asarray(input).dtype == np.bool_:
        raise RuntimeError("The `+` operator, on a bool tensor is not supported.")
    return _itself(input)


def _same(name: str, symbol: str, doc: str, forward: Any) -> Op:
    return unary(
        name, FAMILY, symbol, doc, forward, "g", "{out} is {input} itself", promotion="none",
        in_place=False, view=True,
    )  # fmt: skip


positive = _same("positive", "+x", "The tensor itself, as a leading + means.", _positive)
real = _same("real", "Re", "The real part: the tensor itself, for there are no complex ones.",
             _itself)  # fmt: skip
conj = _same("conj", "x̄", "The complex conjugate: the tensor itself, for it is real.", _itself)


def _sgn(input: Array) -> Array:
    array = np.asarray(input)
    return np.array(array) if array.dtype == np.bool_ else np.nan_to_num(np.sign(array))


sgn = unary(
    "sgn", "Rounding", "sgn", "−1, 0 or 1: the sign of each element.", _sgn, "zeros_like(g)",
    FLAT, promotion="arithmetic",
    saving=Saving(keeps={"input": ("input", "out")}),
)  # fmt: skip


def _angle(input: Array) -> Array:
    array = np.asarray(input)
    kind = array.dtype if array.dtype.kind == "f" else get_default_dtype().numpy
    below = np.where(array < 0, math.pi, 0.0)
    return np.where(np.isnan(array), np.nan, below).astype(kind)


angle = unary(
    "angle", "Trigonometric", "∠x", "The angle of a number: 0 where it is positive, π below zero.",
    _angle, "zeros_like(g)", FLAT, promotion="none", in_place=False,
    saving=Saving(keeps={"input": ("input",)}),
)  # fmt: skip


def _test(name: str, symbol: str, doc: str, forward: Any) -> Op:
    return unary(
        name, "Logic", symbol, doc, forward, None, values=[1.0, float("nan"), -float("inf")],
        promotion="none", in_place=False,
    )  # fmt: skip


def _signbit(input: Array) -> Array:
    array = np.asarray(input)
    return np.signbit(array) if array.dtype.kind == "f" else np.asarray(array < 0)


signbit = _test("signbit", "−?", "True where the sign is minus, that of −0 too.", _signbit)
isposinf = _test(
    "isposinf", "+∞?", "True where an element is plus infinity.", partial(np.equal, np.inf)
)
isneginf = _test(
    "isneginf", "−∞?", "True where an element is minus infinity.", partial(np.equal, -np.inf)
)


def _isreal(input: Array) -> Array:
    return np.ones(np.shape(input), np.bool_)


isreal = _test("isreal", "∈ℝ", "True where an element is a real number: everywhere.", _isreal)


def _copysign(input: Any, other: Any) -> Array:
    return np.asarray(np.copysign(input, other))


copysign = binary(
    "copysign", FAMILY, "±", "The size of the first with the sign of the second.", _copysign,
    ("g * where(input == 0, 0.0, out / input)", "zeros_like(g)"),
    ("{out} follows {input}, or goes against it where the signs differ",
     "only the sign of {other} counts, so a small change of it changes nothing"),
    promotion="float", numbers=("other",),
    saving=Saving(keeps={"other": ("out",)}),
)  # fmt: skip


def _heaviside(input: Any, values: Any) -> Array:
    first, second = np.asarray(input), np.asarray(values)
    if first.dtype != second.dtype:
        raise RuntimeError("heaviside is not yet implemented for tensors with different dtypes.")
    if first.dtype.kind == "f":
        return np.where(np.isnan(first), np.zeros_like(first), np.heaviside(first, second))
    return np.where(first == 0, second, (first > 0).astype(first.dtype))


def _no_heaviside_gradient() -> Any:
    raise RuntimeError("derivative for aten::heaviside is not implemented")


def _refusing(op: Op) -> Op:
    """``op``, whose gradient PyTorch refuses to give."""
    rule = {"grad": "not_implemented()", "rule": _no_heaviside_gradient}
    return replace(op, ports=tuple(replace(port, **rule) for port in op.ports))


heaviside = _refusing(binary(
    "heaviside", FAMILY, "H", "0 below zero, 1 above, and the second tensor's value at zero.",
    _heaviside, (None, None), names=("input", "values"), promotion="none",
    examples=(example([-1.5, 0.0, 2.0], [0.5]),), search=("step function",),
    numbers=(),
))  # fmt: skip
nextafter = binary(
    "nextafter", FAMILY, "→ulp", "The next number towards the second that the type can hold.",
    np.nextafter, ("where(input == other, 0.0, g)", "zeros_like(g)"),
    ("{out} is next to {input}, and moves with it", "only on which side {other} lies counts"),
    values=([0.5, 1.5], [1.0, -1.0]),
    numbers=(),
)  # fmt: skip


def _fmod(input: Any, other: Any) -> Array:
    whole = np.result_type(input, other).kind != "f"
    if whole and np.any(np.equal(other, 0)):
        raise RuntimeError("ZeroDivisionError")
    return np.asarray(np.fmod(input, other))


fmod = binary(
    "fmod", FAMILY, "fmod", "What is left of the first after division, with its own sign.", _fmod,
    ("g", "-g * div_mode(input, other, 'trunc')"),
    ("between the jumps {out} rises one for one with {input}",
     "{out} falls by the whole number of times that {other} fits"),
    values=([[5.3], [-4.6]], [1.7, 2.1, -1.25]), search=("modulo", "remainder"),
    backward_name=by_last("Fmod"),
    numbers=("other",),
)  # fmt: skip


def _known(name: str, doc: str, forward: Any, sign: str) -> Op:
    first = f"((input {sign}= other) | isnan(other))"
    return binary(
        name, "Comparison", name, doc, forward,
        (f"where({first}, g, 0.0)", f"where({first}, 0.0, g)"),
        ("{out} follows {input} where it is the one chosen",
         "{out} follows {other} where it is the one chosen"),
        in_place=False, numbers=(),
    )  # fmt: skip


fmax = _known("fmax", "The larger of two; where one is nan, the other.", np.fmax, ">")
fmin = _known("fmin", "The smaller of two; where one is nan, the other.", np.fmin, "<")


def _nan_to_num(input: Array, nan: Any, posinf: Any, neginf: Any) -> Array:
    array = np.asarray(input)
    if array.dtype.kind != "f":
        return np.array(array)
    return np.nan_to_num(array, nan=0.0 if nan is None else nan, posinf=posinf, neginf=neginf)


def _stand_in(name: str, doc: str) -> Attr:
    return Attr(name=name, kind="float", default=None, optional=True, doc=doc)


nan_to_num = unary(
    "nan_to_num", "Rounding", "nan→0", "Elements with nan and infinities replaced by numbers.",
    _nan_to_num, "g * isfinite(input)", "{out} is {input} where that is a number",
    attrs=(
        _stand_in("nan", "Instead of nan; 0 by default."),
        _stand_in("posinf", "Instead of ∞; the largest number of the type by default."),
        _stand_in("neginf", "Instead of −∞; the lowest number of the type by default."),
    ),
    promotion="none", examples=(example(VALUES), example(VALUES, nan=1.0)),
)  # fmt: skip


def _float_power(input: Any, exponent: Any) -> Array:
    return np.power(np.asarray(input, np.float64), np.asarray(exponent, np.float64))


def _is_cast(record: Any, position: int, _: Any) -> bool:
    """Whether an input is not of double precision itself, so that only its cast is kept."""
    kind = record.dtypes[position]
    return kind is not None and kind != np.float64


float_power = Op(
    name="float_power", family=FAMILY, category="elem", symbol="xʸ",
    doc="Powers, worked out and given in double precision whatever the types.",
    ports=(
        Port(name="input", doc="The base.", number=True,
             grad="where(exponent == 0.0, 0.0, g * (exponent * pow(input, exponent - 1)))"),
        Port(name="exponent", doc="The exponent.", number=True,
             grad="g * where((input == 0) & (exponent >= 0), 0.0, out * log(input))"),
    ),
    forward=_float_power, promotion="none", elementwise=True,
    meaning={
        "input": "{out} grows by {exponent} × {input} to the power of one less",
        "exponent": "{out} grows by its own value times the logarithm of {input}",
    },
    examples=(example([0.5, 2.0, 1.5], [2.0, -1.0, 0.5]), example([0.5, 2.0], 3.0)),
    saving=Saving(
        copies={"input": ("input", "exponent"), "exponent": ("input", "exponent")},
        when=_is_cast,
    ),
)  # fmt: skip


def _whole_pair(kernel: str, function: Any) -> Any:
    def forward(input: Any, other: Any) -> Array:
        kind = np.asarray(input if hasattr(input, "dtype") else other).dtype
        if kind.kind not in "iu":
            missing = of_numpy(kind).legacy_name
            raise NotImplementedError(f"\"{kernel}\" not implemented for '{missing}'")
        return np.asarray(function(input, other))

    return forward


KERNELS = {"bitwise_left_shift": "lshift_cpu", "bitwise_right_shift": "rshift_cpu"}


def _whole(name: str, symbol: str, doc: str, function: Any) -> Op:
    forward = _whole_pair(KERNELS.get(name, f"{name}_cpu"), function)
    return binary(
        name, FAMILY, symbol, doc, forward, (None, None),
        values=([[12], [18]], [8, 27, 5]),
        numbers=("input", "other") if name.startswith("bitwise") else (),
    )  # fmt: skip


gcd = _whole("gcd", "gcd", "The greatest whole number that divides both.", np.gcd)
lcm = _whole("lcm", "lcm", "The least whole number that both divide.", np.lcm)
bitwise_left_shift = _whole(
    "bitwise_left_shift", "<<", "Bits moved up: the first times two to the second.", np.left_shift
)
bitwise_right_shift = _whole(
    "bitwise_right_shift", ">>", "Bits moved down: the first over two to the second, rounded down.",
    np.right_shift,
)  # fmt: skip
