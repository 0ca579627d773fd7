"""Inverse and hyperbolic functions, angles, and lengths of right triangles."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np

from gradviz.ops.pointwise import COLUMN, INSIDE, ROW, binary, unary
from gradviz.ops.spec import Array, example

FAMILY = "Trigonometric"
_ANGLED = [[0.75, -1.5], [2.0, 0.25]]

asin = unary(
    "asin", FAMILY, "asin", "The angle whose sine each element is, in radians.", np.arcsin,
    "g * rsqrt(1 - input * input)", "the arcsine is steepest towards −1 and 1", INSIDE,
    aliases=("arcsin",), search=("inverse sine",),
)  # fmt: skip
acos = unary(
    "acos", FAMILY, "acos", "The angle whose cosine each element is, in radians.", np.arccos,
    "-g * rsqrt(1 - input * input)", "the arccosine falls, steepest towards −1 and 1", INSIDE,
    aliases=("arccos",), search=("inverse cosine",),
)  # fmt: skip
atan = unary(
    "atan", FAMILY, "atan", "The angle whose tangent each element is, in radians.", np.arctan,
    "g / (input * input + 1)", "the arctangent is steepest at zero and flat far out",
    aliases=("arctan",), search=("inverse tangent",),
)  # fmt: skip
sinh = unary(
    "sinh", FAMILY, "sinh", "The hyperbolic sine of each element.", np.sinh, "g * cosh(input)",
    "the slope of the hyperbolic sine is the hyperbolic cosine of {input}",
)  # fmt: skip
cosh = unary(
    "cosh", FAMILY, "cosh", "The hyperbolic cosine of each element.", np.cosh, "g * sinh(input)",
    "the slope of the hyperbolic cosine is the hyperbolic sine of {input}",
)  # fmt: skip
asinh = unary(
    "asinh", FAMILY, "asinh", "What the hyperbolic sine of is each element.", np.arcsinh,
    "g * rsqrt(input * input + 1)", "its slope is one at zero and falls with distance from it",
    aliases=("arcsinh",),
)  # fmt: skip
acosh = unary(
    "acosh", FAMILY, "acosh", "What the hyperbolic cosine of is each element; nan below 1.",
    np.arccosh, "g * rsqrt(input * input - 1)", "it is steepest at one and flattens beyond",
    [1.25, 2.0, 4.0], aliases=("arccosh",),
)  # fmt: skip
atanh = unary(
    "atanh", FAMILY, "atanh", "What the hyperbolic tangent of is each element.", np.arctanh,
    "g / (1 - input * input)", "it is steepest towards −1 and 1", INSIDE, aliases=("arctanh",),
)  # fmt: skip


def _sinc(input: Array) -> Array:
    angle = np.multiply(input, math.pi)
    return np.where(angle == 0, np.ones_like(angle), np.sin(angle) / angle)


sinc = unary(
    "sinc", FAMILY, "sinc", "sin(πx) / (πx) of each element, and 1 at zero.", _sinc,
    "g * where(input == 0, 0.0, (cos(input * 3.141592653589793) - sinc(input)) / input)",
    "a wave that dies away: it moves as the wave does, less for larger {input}",
    aliases=("special.sinc",),
)  # fmt: skip
deg2rad = unary(
    "deg2rad", FAMILY, "°→rad", "Angles in degrees turned into radians.",
    partial(np.multiply, math.pi / 180), "g * 0.017453292519943295",
    "a degree is π/180 of a radian",
)  # fmt: skip
rad2deg = unary(
    "rad2deg", FAMILY, "rad→°", "Angles in radians turned into degrees.",
    partial(np.multiply, 180 / math.pi), "g * 57.29577951308232",
    "a radian is 180/π degrees",
)  # fmt: skip


def _atan2(input: Any, other: Any) -> Array:
    return np.asarray(np.arctan2(input, other))


_INVERSE = (
    "masked_fill(reciprocal(input * input + other * other), "
    "input * input + other * other == 0, 0.0)"
)
atan2 = binary(
    "atan2", FAMILY, "∠", "The angle of the point (other, input) from the first axis, in radians.",
    _atan2,
    (
        f"g * other * {_INVERSE}",
        f"g * -input * {_INVERSE}",
    ),
    ("the angle turns with {input} as far as {other} reaches",
     "the angle turns back with {other} as far as {input} reaches"),
    promotion="float", aliases=("arctan2",), search=("angle of a point",),
    examples=(example(COLUMN, ROW), example(_ANGLED, [[1.0, 2.0], [-0.5, -0.75]])),
    numbers=(),
)  # fmt: skip
hypot = binary(
    "hypot", FAMILY, "√(a²+b²)", "The long side of a right triangle with these two others.",
    np.hypot, ("g * (input / out)", "g * (other / out)"),
    ("{out} grows by the share of {input} in it", "{out} grows by the share of {other} in it"),
    search=("hypotenuse", "Pythagoras"),
    numbers=(),
)  # fmt: skip
