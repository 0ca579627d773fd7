"""``a * b + c`` rounded once, as processors with a fused multiply-add give it.

PyTorch's kernels use that instruction and NumPy has none. The difference is in the last bit, on
which random numbers, and the path of an optimizer that searches along a line, depend.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.spec import Array

SPLITTER = 134217729.0
"""2²⁷ + 1, which cuts the 53 bits of a double into halves (Dekker 1971)."""


def fused(a: Any, b: Any, c: Any) -> Array:
    """``a * b + c`` of single-precision numbers."""
    product = np.asarray(a, np.float64) * np.asarray(b, np.float64)
    return (product + np.asarray(c, np.float64)).astype(np.float32)


def fused_double(a: Any, b: Any, c: Any) -> Array:
    """``a * b + c`` of double-precision numbers."""
    x, y, z = (np.asarray(value, np.float64) for value in (a, b, c))
    product: Array = np.multiply(x, y)
    lost = product_error(x, y, product)
    total: Array = np.add(z, product)
    back = total - z
    rounded = (z - (total - back)) + (product - back)
    exact: Array = np.add(total, rounded + lost)
    return np.where(np.isfinite(exact), exact, total)


def product_error(a: Array, b: Array, product: Array) -> Array:
    """What rounding took from ``a * b``."""
    high_a, low_a = halves(a)
    high_b, low_b = halves(b)
    return low_a * low_b - ((product - high_a * high_b) - low_a * high_b - high_a * low_b)


def halves(value: Array) -> tuple[Array, Array]:
    """Two numbers of half the bits that add up to ``value``."""
    cut = SPLITTER * value
    high = cut - (cut - value)
    return high, value - high
