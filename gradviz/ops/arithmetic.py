"""Arithmetic of two operands, element by element with broadcasting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gradviz.ops.comparison import where
from gradviz.ops.dtypes import get_default_dtype
from gradviz.ops.dual import dual, is_plain
from gradviz.ops.naming import by_last
from gradviz.ops.scaled_sums import add_scaled
from gradviz.ops.spec import REQUIRED, Array, Attr, Op, Port, Shape, example

_COLUMN = [[1.5], [-0.5]]
_ROW = [0.25, 2.0, -1.25]
ALPHA = Attr(
    name="alpha", kind="number", default=1, doc="Factor on the second operand.", keyword_only=True
)


def _add(input: Array, other: Array, alpha: float) -> Array:
    return np.add(input, other if alpha == 1 else other * alpha)


def _refuse_bool(input: Any, other: Any) -> None:
    flags = [getattr(v, "dtype", None) == np.bool_ or v is True or v is False
             for v in (input, other)]  # fmt: skip
    if not any(flags):
        return
    both = all(flags)
    kind = "with two bool tensors" if both else "with a bool tensor"
    hint = "`^` or `logical_xor()` operator" if both else "`~` or `logical_not()` operator"
    start = "Use the" if both else "If you are trying to invert a mask, use the"
    raise RuntimeError(
        f"Subtraction, the `-` operator, {kind} is not supported. {start} {hint} instead."
    )


def _sub(input: Array, other: Array, alpha: float) -> Array:
    return np.subtract(input, other if alpha == 1 else other * alpha)


def _sub_into(input: Array, other: Array, alpha: float) -> None:
    if alpha == 1:
        np.subtract(input, other, out=input)
    else:
        add_scaled(input, other, -alpha)


def _other_term(g: Any, alpha: float) -> Any:
    return g if alpha == 1 else g * alpha


add = Op(
    name="add", family="Arithmetic", category="elem", symbol="+",
    doc="Adds two tensors, element by element.",
    ports=(
        Port(name="input", number=True, doc="The first term.", grad="g"),
        Port(name="other", number=True, doc="The second term.", grad="g * alpha",
             rule=_other_term),
    ),
    attrs=(ALPHA,), forward=_add, source="{input} + {other}",
    meaning={
        "input": "{out} is a sum, so each unit of {input} moves it by one unit",
        "other": "{out} is a sum, so it moves one for one with {other}",
    },
    examples=(example(_COLUMN, _ROW), example(_ROW, _ROW, alpha=2.5), example(_ROW, 3.0)),
    search=("plus", "sum of two"), in_place=True, into=add_scaled, of_numbers=True,
    elementwise=True,
)  # fmt: skip

sub = Op(
    name="sub", family="Arithmetic", category="elem", symbol="−",
    doc="Subtracts the second tensor from the first, element by element.",
    ports=(
        Port(name="input", number=True, doc="What is subtracted from.", grad="g"),
        Port(name="other", number=True, doc="What is subtracted.", grad="-g * alpha"),
    ),
    attrs=(ALPHA,), forward=_sub, check=_refuse_bool, source="{input} - {other}",
    meaning={
        "input": "{out} is a difference, so each unit of {input} moves it by one unit",
        "other": "{other} is subtracted, so each unit of it moves {out} one unit down",
    },
    examples=(example(_COLUMN, _ROW), example(_ROW, _ROW, alpha=2.5), example(1.0, _ROW)),
    aliases=("subtract",), search=("minus",), in_place=True, into=_sub_into, of_numbers=True,
    elementwise=True,
)  # fmt: skip

mul = Op(
    name="mul", family="Arithmetic", category="elem", symbol="×",
    doc="Multiplies two tensors, element by element.",
    ports=(
        Port(name="input", number=True, doc="The first factor.", grad="g * other"),
        Port(name="other", number=True, doc="The second factor.", grad="g * input"),
    ),
    forward=np.multiply, source="{input} * {other}",
    meaning={
        "input": "each unit of {input} moves {out} by the other factor, {other}",
        "other": "each unit of {other} moves {out} by the other factor, {input}",
    },
    examples=(example(_COLUMN, _ROW), example(_ROW, _ROW), example(_ROW, 3.0)),
    aliases=("multiply",), search=("times", "product of two"), in_place=True, of_numbers=True,
    elementwise=True,
)  # fmt: skip


def _div_rounded(input: Array, other: Array, rounding_mode: str | None) -> Array:
    whole = np.result_type(input, other).kind != "f"
    if rounding_mode is None:
        quotient: Array = np.true_divide(input, other)
        return quotient.astype(get_default_dtype().numpy) if whole else quotient
    if rounding_mode not in ("trunc", "floor"):
        raise RuntimeError(
            "div expected rounding_mode to be one of None, 'trunc', or 'floor' "
            f"but found '{rounding_mode}'"
        )
    if not whole:
        down = rounding_mode == "floor"
        return _floored(input, other) if down else np.trunc(np.true_divide(input, other))
    _check_integer_divisor(input, other)
    quotient = np.floor_divide(input, other)
    if rounding_mode == "floor":
        return quotient
    return quotient + ((quotient < 0) & (quotient * other != input))


def _floored(input: Array, other: Array) -> Array:
    down = np.floor_divide(input, other)
    return np.where(np.asarray(other) == 0, np.true_divide(input, other), down)


div = Op(
    name="div", family="Arithmetic", category="elem", symbol="÷",
    doc="Divides the first tensor by the second, element by element.",
    ports=(
        Port(
            name="input", number=True, doc="What is divided.", grad="g / other",
        ),
        Port(
            name="other", number=True, doc="What it is divided by.",
            grad="-g * ((input / other) / other)",
        ),
    ),
    forward=np.true_divide, promotion="float", source="{input} / {other}",
    meaning={
        "input": "{out} changes by one part in {other} for each unit of {input}",
        "other": "dividing by more makes {out} smaller: by {input}/{other}² a unit of {other}",
    },
    examples=(example(_COLUMN, _ROW), example(_ROW, 4.0), example(1.0, _ROW)),
    aliases=("divide", "true_divide"), search=("over",), in_place=True, of_numbers=True,
    elementwise=True,
)  # fmt: skip


div_mode = Op(
    name="div.mode", family="Arithmetic", category="elem", symbol="÷",
    doc="Divides two tensors, element by element, and rounds the quotient.",
    ports=(
        Port(
            name="input", number=True, doc="What is divided.",
            grad="g / other if rounding_mode is None else zeros_like(g)",
        ),
        Port(
            name="other", number=True, doc="What it is divided by.",
            grad="-g * ((input / other) / other) if rounding_mode is None else zeros_like(g)",
        ),
    ),
    attrs=(
        Attr(
            name="rounding_mode", kind="choice", default=REQUIRED, optional=True,
            keyword_only=True, choices=("trunc", "floor"),
            doc="Round the quotient towards zero or down.",
        ),
    ),
    forward=_div_rounded,
    meaning={
        "input": "between the jumps {out} is flat: a small change of {input} changes nothing",
        "other": "between the jumps {out} is flat: a small change of {other} changes nothing",
    },
    examples=(
        example(_ROW, 4.0, rounding_mode="floor"),
        example([[1.6], [-0.6]], _ROW, rounding_mode="trunc"),
        example(_COLUMN, _ROW, rounding_mode=None),
    ),
    search=("whole quotient",), backward_name="DivBackward2", in_place=True, of_numbers=True,
    elementwise=True,
)  # fmt: skip


def _check_integer_divisor(input: Array, other: Array) -> None:
    if np.result_type(input, other).kind in "iub" and np.any(np.asarray(other) == 0):
        raise RuntimeError("ZeroDivisionError")


def _floor_divide(input: Array, other: Array) -> Array:
    _check_integer_divisor(input, other)
    if np.result_type(input, other).kind == "f":
        return _floored(input, other)
    return np.floor_divide(input, other)


def _no_floor_divide_gradient() -> Any:
    raise RuntimeError("derivative for aten::floor_divide is not implemented")


floor_divide = Op(
    name="floor_divide", family="Arithmetic", category="elem", symbol="⌊÷⌋",
    doc="Divides and rounds down to a whole number.",
    ports=(
        Port(name="input", number=True, doc="What is divided.", grad="not_implemented()",
             rule=_no_floor_divide_gradient),
        Port(name="other", number=True, doc="What it is divided by.", grad="not_implemented()",
             rule=_no_floor_divide_gradient),
    ),
    forward=_floor_divide, source="{input} // {other}",
    examples=(example([-7.0, 7.0], 2.0),), in_place=True, of_numbers=True,
    elementwise=True,
)  # fmt: skip


def _remainder(input: Array, other: Array) -> Array:
    _check_integer_divisor(input, other)
    return np.remainder(input, other)


remainder = Op(
    name="remainder", family="Arithmetic", category="elem", symbol="%",
    backward_name=by_last("Remainder"),
    doc="The remainder of a division, with the sign of the divisor (Python's %).",
    ports=(
        Port(name="input", number=True, doc="What is divided.", grad="g"),
        Port(name="other", number=True, doc="What it is divided by.",
             grad="-g * div_mode(input, other, rounding_mode='floor')"),
    ),
    forward=_remainder, source="{input} % {other}",
    meaning={
        "input": "between the jumps {out} rises one for one with {input}",
        "other": "{out} loses one {other} for each whole time it fits into {input}",
    },
    examples=(example([-7.0, 7.0, 3.2], [3.0, -2.0, 1.5]), example([5.5, -2.5], 2.0)),
    search=("modulo", "mod"), in_place=True, elementwise=True,
)  # fmt: skip


def _check_power(input: Any, exponent: Any) -> None:
    """Refuse whole numbers to a negative power given as a number; a tensor of them may be one."""
    if type(exponent) is int and exponent < 0 and np.asarray(input).dtype.kind in "iub":
        raise RuntimeError("Integers to negative integer powers are not allowed.")


def _pow(input: Any, exponent: Any) -> Array:
    square = type(exponent) in (int, float) and exponent == 2
    if square and type(input) is np.ndarray and input.ndim and input.dtype.kind == "f":
        return np.multiply(input, input)
    base, power = np.asarray(input), np.asarray(exponent)
    if base.dtype.kind in "iub" and power.dtype.kind in "iu" and np.any(power < 0):
        odd = np.where(power % 2, base, base * base)
        return np.where(power < 0, np.where(abs(base) == 1, odd, 0), base ** abs(power))
    if base.dtype.kind == "b":
        return np.power(base.astype(np.int64), power)
    if power.ndim == 0 and power == 2 and base.ndim:
        return np.multiply(input, input)
    if type(exponent) in (int, float) and exponent in WHOLE_POWERS and base.dtype.kind == "f":
        # Half precision would lose digits at each product.
        wide = base.astype(np.float32) if base.dtype == np.float16 else input
        return np.asarray(whole_power(wide, int(exponent)), base.dtype)
    return np.power(input, exponent)


WHOLE_POWERS = range(2, 9)
"""Powers made of products: NumPy's own power takes a hundred times as long."""


def whole_power(base: Any, exponent: int) -> Any:
    """A power as products of halves, of whatever can be multiplied."""
    half = base if exponent < 4 else whole_power(base, exponent // 2)
    square = half * half
    return square * base if exponent % 2 else square


def _base_gradient(g: Any, input: Any, exponent: Any) -> Any:
    if type(exponent) in (int, float):
        if exponent == 0:
            return dual(where)(True, 0.0, g if is_plain(g) else g.detach())
        if exponent == 2:
            return g * (exponent * input)
        if exponent - 1 in WHOLE_POWERS:
            return g * (exponent * dual(pow)(input, exponent - 1))
        return g * (exponent * input ** (exponent - 1))
    slope = exponent * input ** (exponent - 1)
    return dual(where)(exponent == 0, 0.0, g * slope)


def _pow_name(shapes: tuple[Shape | None, ...], _: Mapping[str, Any]) -> str:
    if shapes[1] is None:
        return "PowBackward0"
    return "PowBackward2" if shapes[0] is None else "PowBackward1"


pow = Op(
    name="pow", family="Arithmetic", category="elem", symbol="xⁿ",
    doc="Raises the input to a power, element by element.",
    ports=(
        Port(name="input", number=True, doc="The base.",
             grad="where(exponent == 0, 0.0, g * (exponent * input ** (exponent - 1)))",
             rule=_base_gradient),
        Port(name="exponent", number=True, doc="The power.", default=2,
             grad="g * where((input == 0) & (exponent >= 0), 0.0, out * log(input))"),
    ),
    forward=_pow, check=_check_power, source="{input} ** {exponent}", backward_name=_pow_name,
    meaning={
        "input": "the slope of a power is {exponent} × {input} to the power of {exponent} − 1",
        "exponent": "raising the power grows {out} by {out} times the logarithm of {input}",
    },
    examples=(
        example([0.5, 1.5, -2.0], 3), example([0.5, 1.5], [2.0, -1.0]), example(2.0, [0.5, -1.0]),
        example([1.5, 0.7], 0.5),
    ),
    search=("power", "**", "^"), in_place=True, elementwise=True,
)  # fmt: skip

maximum = Op(
    name="maximum", family="Comparison", category="elem", symbol="max",
    doc="The larger of two tensors, element by element.",
    ports=(
        Port(name="input", grad="g * where(input == other, 0.5, where(input > other, 1.0, 0.0))"),
        Port(name="other", grad="g * where(input == other, 0.5, where(other > input, 1.0, 0.0))"),
    ),
    forward=np.maximum,
    meaning={
        "input": "{out} follows {input} where it is the larger; at a tie each gets half",
        "other": "{out} follows {other} where it is the larger; at a tie each gets half",
    },
    examples=(example([1.0, 2.5, 3.0], [1.5, 2.0, -3.0]), example(_COLUMN, _ROW)),
    aliases=("max.other",), elementwise=True,
)  # fmt: skip

minimum = Op(
    name="minimum", family="Comparison", category="elem", symbol="min",
    doc="The smaller of two tensors, element by element.",
    ports=(
        Port(name="input", grad="g * where(input == other, 0.5, where(input < other, 1.0, 0.0))"),
        Port(name="other", grad="g * where(input == other, 0.5, where(other < input, 1.0, 0.0))"),
    ),
    forward=np.minimum,
    meaning={
        "input": "{out} follows {input} where it is the smaller; at a tie each gets half",
        "other": "{out} follows {other} where it is the smaller; at a tie each gets half",
    },
    examples=(example([1.0, 2.5, 3.0], [1.5, 2.0, -3.0]), example(_COLUMN, _ROW)),
    aliases=("min.other",), elementwise=True,
)  # fmt: skip
