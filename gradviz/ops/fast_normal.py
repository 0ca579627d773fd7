"""Logarithm, sine and cosine in single precision as PyTorch's vectorised normal numbers use them.

They are the polynomials of Cephes (Moshier), as processors with a fused multiply-add evaluate
them: the last bits of ``randn`` depend on it.
"""

from __future__ import annotations

import numpy as np

from gradviz.ops.fused import fused
from gradviz.ops.spec import Array

F = np.float32
LOG = (
    7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
    -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
)  # fmt: skip
LOG_2 = (-2.12194440e-4, 0.693359375)
COSINE = (2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2)
SINE = (-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1)
QUARTERS = (-0.78515625, -2.4187564849853515625e-4, -3.77489497744594108e-8)
"""−π/4 in three parts, so that subtracting them one by one loses nothing."""


def polynomial(x: Array, coefficients: tuple[float, ...]) -> Array:
    """A polynomial at ``x``, highest power first, by Horner's rule."""
    value = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        value = fused(value, x, F(coefficient))
    return value


def logarithm(x: Array) -> Array:
    """The natural logarithm of positive numbers."""
    mantissa, exponent = np.frexp(x)
    small = mantissa < F(np.sqrt(0.5))
    x = (mantissa - F(1)) + np.where(small, mantissa, F(0))
    power = (exponent - small).astype(F)
    square = x * x
    tail = fused(polynomial(x, LOG) * x, square, power * F(LOG_2[0]))
    return fused(power, F(LOG_2[1]), x + fused(-square, F(0.5), tail))


def sine_cosine(x: Array) -> tuple[Array, Array]:
    """Sine and cosine of angles from zero to a full turn."""
    octant = ((x * F(4 / np.pi)).astype(np.int32) + 1) & ~1
    for part in QUARTERS:
        x = fused(octant.astype(F), F(part), x)
    square = x * x
    cosine = fused(polynomial(square, COSINE) * square, square, -(square * F(0.5))) + F(1)
    sine = fused(polynomial(square, SINE) * square, x, x)
    swapped = (octant & 2) != 0
    first, second = np.where(swapped, cosine, sine), np.where(swapped, sine, cosine)
    return (
        np.where(octant & 4, -first, first),
        np.where((octant + 2) & 4, -second, second),
    )
