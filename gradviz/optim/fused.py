"""Sums of products rounded as PyTorch's kernels round them.

They add ``alpha * b`` with a fused multiply-add, and multiply before they add in a dot product,
where NumPy fuses. An optimizer that searches along a line takes another path for the last bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.fused import fused_double
from gradviz.ops.spec import Array


def fused_add(a: Array, alpha: Any, b: Array) -> Array:
    """``a + alpha * b``, rounded once, in the type of ``a``."""
    if a.dtype == np.float64:
        return fused_double(alpha, b, a)
    return (a.astype(np.float64) + np.float64(alpha) * b.astype(np.float64)).astype(a.dtype)


def dot(a: Array, b: Array) -> Any:
    """The sum of the products, each rounded, as a number of their type."""
    return (a * b).sum()
