"""Sums written over their first term: one pass through memory where that is long."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import numpy as np

from gradviz.ops.spec import Array

LONG = 4096
"""From how many elements on a call of BLAS is worth its preparation."""
ALONE = "1" in (os.environ.get("OPENBLAS_NUM_THREADS"), os.environ.get("OMP_NUM_THREADS"))
"""Whether BLAS was told to use one thread. If not, the threads of SciPy's and those of NumPy's
wait for each other, and a step of training takes ten times as long."""
PART = LONG * 2
"""Up to how many elements BLAS adds up on one thread, whatever it was told."""
MANY = 8
"""From how many rows and columns on a matrix is no vector."""
FLOAT32 = np.dtype(np.float32)


@cache
def axpy() -> Any:
    """BLAS's ``y += a * x`` in single precision."""
    # Imported when first used: it takes longer than the whole engine.
    from scipy.linalg.blas import saxpy

    return saxpy


@cache
def gemm() -> Any:
    """BLAS's ``y = a * A @ B + b * y`` in single precision."""
    from scipy.linalg.blas import sgemm

    return sgemm


def rows_product(left: Array, rows: Array, bias: Array) -> Array | None:
    """``left @ rows.T + bias`` of large matrices in single precision on one thread; else None.

    The bias is where the product is added up, so that no pass of its own is needed for it.
    """
    count, inner = left.shape
    if (
        not ALONE
        or count * len(rows) < LONG
        or min(count, inner) < MANY
        or left.dtype is not FLOAT32
    ):
        return None
    if not (left.flags.c_contiguous and rows.flags.c_contiguous):
        return None
    result = np.empty((count, len(rows)), FLOAT32)
    result[...] = bias
    gemm()(1.0, rows.T, left.T, 1.0, result.T, trans_a=1, overwrite_c=1)
    return result


def add_scaled(target: Array, other: Any, alpha: float) -> None:
    """Add ``alpha`` times ``other``, of the same type or a number, to ``target`` in place.

    Long arrays in single precision are rounded once, as PyTorch rounds them; all else twice.
    """
    if alpha == 1:
        np.add(target, other, out=target)
    elif alpha == -1:
        np.subtract(target, other, out=target)
    elif target.size >= LONG and is_one_piece(target, other):
        terms, sums = other.reshape(-1), target.reshape(-1)
        size = target.size if ALONE else PART
        for start in range(0, target.size, size):
            axpy()(terms[start : start + size], sums[start : start + size], a=alpha)
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
