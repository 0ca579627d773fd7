"""Arithmetic of plain numbers within a formula, done while it is read and therefore bounded."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from math import log2
from typing import Any

Number = bool | int | float
LARGEST_INTEGER = 2**63 - 1

ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b, ast.Sub: lambda a, b: a - b, ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b, ast.FloorDiv: lambda a, b: a // b, ast.Mod: lambda a, b: a % b,
    ast.Pow: lambda a, b: a**b, ast.BitAnd: lambda a, b: a & b, ast.BitOr: lambda a, b: a | b,
}  # fmt: skip
COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip


class Unfoldable(ValueError):
    """Numbers that cannot be computed with, and why."""


def fold(sign: type[ast.operator], left: Number, right: Number) -> Number:
    """``left sign right``; :class:`Unfoldable` where that is no number of at most 64 bits."""
    if sign is ast.Pow and too_large(left, right):
        raise Unfoldable("this power is too large: whole numbers have at most 64 bits")
    try:
        return bounded(ARITHMETIC[sign](left, right))
    except ZeroDivisionError:
        raise Unfoldable("this divides by zero") from None
    except OverflowError:
        raise Unfoldable("this number is too large") from None
    except TypeError:
        raise Unfoldable("'&' and '|' take whole numbers and truths") from None


def too_large(base: Number, exponent: Number) -> bool:
    """Whether a power of whole numbers has more than 64 bits, told without computing it."""
    if isinstance(base, float) or isinstance(exponent, float) or abs(base) <= 1:
        return False
    return exponent > 64 or exponent * log2(abs(base)) > 64


def bounded(value: Any) -> Number:
    """``value`` if it is a real number that a tensor can hold."""
    if isinstance(value, complex):
        raise Unfoldable("this is no real number")
    if isinstance(value, int) and not -LARGEST_INTEGER - 1 <= value <= LARGEST_INTEGER:
        raise Unfoldable("this whole number is too large: at most 64 bits")
    return value


def negated(sign: ast.unaryop, value: Number) -> Number:
    """A number after a sign: ``-2``, ``+2``, ``~2``, ``not True``."""
    if isinstance(sign, ast.USub):
        return bounded(-value)
    if isinstance(sign, ast.UAdd):
        return +value
    if isinstance(sign, ast.Invert) and not isinstance(value, float):
        return not value if isinstance(value, bool) else ~value
    raise Unfoldable(
        "'not' takes a single truth: write ~a"
        if isinstance(sign, ast.Not)
        else "'~' takes whole numbers"
    )
