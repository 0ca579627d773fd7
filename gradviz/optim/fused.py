"""Sums of products rounded as PyTorch's kernels round them.

They add ``alpha * b`` with a fused multiply-add, which NumPy has not, and multiply before they
add in a dot product, where NumPy fuses. The difference is in the last bit, and an optimizer that
searches along a line takes another path for it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.spec import Array

SPLITTER = 134217729.0
"""2²⁷ + 1, which cuts the 53 bits of a double into halves (Dekker 1971)."""


def fused_add(a: Array, alpha: Any, b: Array) -> Array:
    """``a + alpha * b``, rounded once, in the type of ``a``."""
    if a.dtype != np.float64:
        return (a.astype(np.float64) + np.float64(alpha) * b.astype(np.float64)).astype(a.dtype)
    factor = np.full_like(b, alpha)
    product = factor * b
    lost = product_error(factor, b, product)
    total = a + product
    back = total - a
    rounded = (a - (total - back)) + (product - back)
    exact = total + (rounded + lost)
    return np.where(np.isfinite(exact), exact, total)


def dot(a: Array, b: Array) -> Any:
    """The sum of the products, each rounded, as a number of their type."""
    return (a * b).sum()


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
