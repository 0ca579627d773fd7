"""Norms of vectors and matrices, ranks and condition numbers, from operations of the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gradviz.ops.dims import wrap_dim
from gradviz.ops.dtypes import dtype as DType
from gradviz.ops.matrices import check_real, matrices
from gradviz.tensor.composed import call
from gradviz.tensor.places import found_in
from gradviz.tensor.tensor import Tensor

Dims = int | Sequence[int] | None
Order = float | str | None


def vector_norm(
    x: Tensor, ord: float = 2, dim: Dims = None, keepdim: bool = False, *,
    dtype: DType | None = None,
) -> Tensor:  # fmt: skip
    """The ``ord``-norm of vectors along ``dim``, or of all elements in a row."""
    check_real("linalg.vector_norm", x.array)
    return call("norm", x, float(ord), dim, keepdim, dtype=dtype)


def _pair(name: str, x: Tensor, dim: Sequence[int]) -> tuple[int, int]:
    """The two dimensions that make a matrix."""
    if len(dim) != 2:
        raise RuntimeError(f"{name}: dim must be a 2-tuple. Got {list(dim)}")
    first, second = (wrap_dim(d, x.array.ndim) for d in dim)
    if first == second:
        raise RuntimeError(f"{name}: dims must be different. Got ({dim[0]}, {dim[1]})")
    return first, second


def matrix_norm(
    A: Tensor, ord: float | str = "fro", dim: Sequence[int] = (-2, -1), keepdim: bool = False, *,
    dtype: DType | None = None,
) -> Tensor:  # fmt: skip
    """The norm of matrices: ``fro``, ``nuc``, or ±1, ±2, ±inf as these stretch vectors."""
    matrices("linalg.matrix_norm", A.array)
    rows, columns = _pair("linalg.matrix_norm", A, dim)
    if ord == "fro":
        return vector_norm(A, 2, (rows, columns), keepdim, dtype=dtype)
    if dtype is not None:
        return matrix_norm(call("to", A, dtype), ord, dim, keepdim)
    if ord == "nuc" or (not isinstance(ord, str) and abs(ord) == 2):
        return _by_singular_values(A, ord, rows, columns, keepdim)
    if isinstance(ord, str) or abs(ord) not in (1, float("inf")):
        raise RuntimeError(f"linalg.matrix_norm: Order {ord} not supported.")
    along, over = (rows, columns) if abs(ord) == 1 else (columns, rows)
    sums = vector_norm(A, 1, along, keepdim=True)
    extreme = call("amax" if ord > 0 else "amin", sums, (over,), True)
    return extreme if keepdim else call("squeeze", extreme, (rows, columns))


def _by_singular_values(
    A: Tensor, ord: float | str, rows: int, columns: int, keepdim: bool
) -> Tensor:
    rank = A.array.ndim
    values = found_in("linalg", "svdvals")(call("movedim", A, (rows, columns), (-2, -1)))
    if ord == "nuc":
        found = call("sum", values, -1)
    else:
        found = call("amax" if ord == 2 else "amin", values, -1)
    if not keepdim:
        return found
    shape = iter(found.array.shape)
    return call(
        "reshape", found, tuple(1 if i in (rows, columns) else next(shape) for i in range(rank))
    )


def norm(
    A: Tensor, ord: Order = None, dim: Dims = None, keepdim: bool = False, *,
    dtype: DType | None = None,
) -> Tensor:  # fmt: skip
    """The norm of a vector or matrix, whichever ``dim`` (or else the tensor) is."""
    if ord is None or (dim is not None and _length(dim) == 1):
        return vector_norm(A, 2 if ord is None else _number(ord), dim, keepdim, dtype=dtype)
    if dim is None and A.array.ndim not in (1, 2):
        raise RuntimeError(
            "linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. "
            f"Got {A.array.ndim}D."
        )
    if dim is None and A.array.ndim == 1:
        return vector_norm(A, _number(ord), None, keepdim, dtype=dtype)
    pair = (0, 1) if dim is None else dim
    return matrix_norm(A, ord, [pair] if isinstance(pair, int) else pair, keepdim, dtype=dtype)


def _length(dim: Dims) -> int:
    return 1 if isinstance(dim, int) or dim is None else len(dim)


def _number(ord: float | str) -> float:
    if isinstance(ord, str):
        raise RuntimeError(f"linalg.norm: Order {ord} not supported for vectors.")
    return ord


def cond(A: Tensor, p: Order = None) -> Tensor:
    """The condition number: by how much relative errors can grow in solving with ``A``."""
    matrices("linalg.cond", A.array)
    if p is None or p in (2, -2):
        values = found_in("linalg", "svdvals")(A)
        largest, smallest = call("amax", values, -1), call("amin", values, -1)
        return smallest / largest if p == -2 else largest / smallest
    inverse, info = found_in("linalg", "inv_ex")(A)
    product = matrix_norm(A, p) * matrix_norm(inverse, p)
    if not info.array.any():
        return product
    return call("masked_fill", product, Tensor.wrap(info.array > 0), float("inf"))


def matrix_rank(
    A: Tensor, tol: Any = None, hermitian: bool = False, *, atol: Any = None, rtol: Any = None
) -> Tensor:
    """How many singular values are not zero, up to ``max(atol, rtol × the largest)``."""
    array = matrices("linalg.matrix_rank", A.array)
    if not array.size:
        return Tensor.wrap(np.zeros(array.shape[:-2], np.int64))
    if hermitian:
        values = np.abs(np.linalg.eigvalsh(array))
    else:
        values = np.linalg.svd(array, compute_uv=False)
    low = np.asarray(getattr(tol if tol is not None else atol, "array", tol or atol or 0.0))
    share: Any = getattr(rtol, "array", rtol)
    if share is None:
        default = 0.0 if tol is not None else max(array.shape[-2:]) * np.finfo(array.dtype).eps
        share = np.where(low > 0, 0.0, default)
    bound = np.maximum(low, np.asarray(share) * values.max(axis=-1))
    return Tensor.wrap(np.asarray(np.sum(values > bound[..., None], axis=-1), np.int64))


LINALG = {f.__name__: f for f in (cond, matrix_norm, matrix_rank, norm, vector_norm)}
