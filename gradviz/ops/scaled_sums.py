"""Sums with a factor written over their first term: one pass through memory where that is long."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from gradviz.ops.spec import Array

LONG = 4096
"""From how many elements on a call of BLAS is worth its preparation."""
FLOAT32 = np.dtype(np.float32)


@cache
def axpy() -> Any:
    """BLAS's ``y += a * x`` in single precision."""
    # Imported when first used: it takes longer than the whole engine.
    from scipy.linalg.blas import saxpy

    return saxpy


def add_scaled(target: Array, other: Any, alpha: float) -> None:
    """Add ``alpha`` times ``other``, of the same type or a number, to ``target`` in place.

    Long arrays in single precision are rounded once, as PyTorch rounds them; all else twice.
    """
    if alpha == 1:
        np.add(target, other, out=target)
    elif alpha == -1:
        np.subtract(target, other, out=target)
    elif target.size >= LONG and is_one_piece(target, other):
        axpy()(other.reshape(-1), target.reshape(-1), a=alpha)
    else:
        np.add(target, other * alpha, out=target)


def is_one_piece(target: Array, other: Any) -> bool:
    """Whether both are plain rows of memory in single precision, alike and apart."""
    return (
        target.dtype is FLOAT32
        and type(other) is np.ndarray
        and other.dtype is FLOAT32
        and other.shape == target.shape
        and target.flags.carray
        and other.flags.carray
        and not np.may_share_memory(target, other)
    )
