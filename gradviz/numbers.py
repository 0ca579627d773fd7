"""Numbers as text: one way everywhere, so the same value never looks like two."""

import math
from collections.abc import Sequence

import numpy as np

MINUS = "\N{MINUS SIGN}"
DIGITS = 4


def _with_minus(text: str) -> str:
    return text.replace("-", MINUS)


def _scientific(value: float) -> str:
    mantissa, _, exponent = f"{value:.{DIGITS - 1}e}".partition("e")
    return f"{mantissa}e{int(exponent)}"


def short(value: complex | np.generic) -> str:
    """A number to read: 4 significant digits, U+2212 as minus sign, never a minus zero.

    ``2.0`` is ``2.000``, ``-1.5`` is ``−1.500``, ``1234.5`` is ``1234``, ``123400.0`` is
    ``1.234e5``, ``3e-9`` is ``3.000e−9``; infinities are ``∞`` and ``−∞``. Whole numbers (`int`)
    and booleans are written out. NumPy scalars are welcome: they count as what `item` gives.
    """
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, (bool, int)):
        return _with_minus(str(plain))
    if isinstance(plain, complex):
        sign = MINUS if math.copysign(1.0, plain.imag) < 0 and plain.imag != 0 else "+"
        return f"{_real(plain.real)} {sign} {_real(abs(plain.imag))}i"
    return _real(float(plain))


def _real(value: float) -> str:
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if value == 0:
        return f"{0:.{DIGITS - 1}f}"
    exponent = int(f"{value:.{DIGITS - 1}e}".partition("e")[2])
    if -DIGITS <= exponent < DIGITS:
        return _with_minus(f"{value:.{DIGITS - 1 - exponent}f}")
    return _with_minus(_scientific(value))


def full(value: complex | np.generic) -> str:
    """A number to copy: every digit that tells it from its neighbours, ASCII, as Python reads it.

    A NumPy scalar is written in its own precision: float32 0.1 is ``0.1``.
    """
    return str(value)


def shape_text(shape: Sequence[int]) -> str:
    """A tensor's shape to read: ``(3, 4)``, ``(3)``, and ``( )`` for a scalar."""
    return f"({', '.join(str(size) for size in shape)})" if len(shape) else "( )"
