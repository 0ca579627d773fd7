"""Systems solved by factors found before, and the factors one by one."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from gradviz.ops.matrices import lapack, matrices, permutation, squares
from gradviz.tensor.composed import call
from gradviz.tensor.places import found_in
from gradviz.tensor.tensor import Tensor


class LU(NamedTuple):
    """A matrix as rows swapped, a lower and an upper triangle."""

    P: Tensor
    L: Tensor
    U: Tensor


def _triangle(upper: bool, A: Tensor, B: Tensor, left: bool = True) -> Tensor:
    return found_in("linalg", "solve_triangular")(
        A, B, upper=upper, left=left, unitriangular=not upper
    )


def lu_unpack(
    LU_data: Tensor, LU_pivots: Tensor, unpack_data: bool = True, unpack_pivots: bool = True
) -> LU:
    """The factors P, L and U that ``lu_factor`` gives in compact form."""
    rows, columns = LU_data.array.shape[-2:]
    kind = LU_data.array.dtype
    empty = Tensor.wrap(np.zeros((0,), kind))
    order, lower, upper = empty, empty, empty
    if unpack_pivots:
        swapped = permutation(LU_pivots.array, rows)
        order = Tensor.wrap(np.swapaxes(np.eye(rows, dtype=kind)[swapped], -1, -2))
    if unpack_data:
        size = min(rows, columns)
        ones = Tensor.wrap(np.eye(rows, size, dtype=kind))
        lower = call("add", call("tril", call("narrow", LU_data, -1, 0, size), -1), ones)
        upper = call("triu", call("narrow", LU_data, -2, 0, size))
    return LU(order, lower, upper)


def lu(A: Tensor, *, pivot: bool = True) -> LU:
    """A matrix as P @ L @ U: rows swapped, a lower triangle of unit diagonal, an upper one."""
    return lu_unpack(*found_in("linalg", "lu_factor")(A, pivot=pivot))


def lu_solve(
    LU: Tensor, pivots: Tensor, B: Tensor, *, left: bool = True, adjoint: bool = False
) -> Tensor:
    """The solution X of AX = B (or of XA, or with A transposed), from the LU factors of A."""
    squares("torch.linalg.lu_solve", LU.array, "LU")
    if not left:
        turned = lu_solve(LU, pivots, call("transpose", B, -2, -1), adjoint=not adjoint)
        return call("transpose", turned, -2, -1)
    order = lu_unpack(LU, pivots, unpack_data=False).P
    if not adjoint:
        found = call("matmul", call("transpose", order, -2, -1), B)
        return _triangle(True, LU, _triangle(False, LU, found))
    turned = call("transpose", LU, -2, -1)
    solve = found_in("linalg", "solve_triangular")
    found = solve(turned, B, upper=False)
    return call("matmul", order, solve(turned, found, upper=True, unitriangular=True))


class LDL(NamedTuple):
    """Compact LDL factors, and which rows were swapped."""

    LD: Tensor
    pivots: Tensor


class LDLInfo(NamedTuple):
    """Compact LDL factors, which rows were swapped, and what failed."""

    LD: Tensor
    pivots: Tensor
    info: Tensor


def ldl_factor_ex(A: Tensor, *, hermitian: bool = False, check_errors: bool = False) -> LDLInfo:
    """The compact LDL factors of symmetric matrices, and for each 0 or the pivot that was zero."""
    array = squares("torch.linalg.ldl_factor_ex", A.array)
    factors, info = np.array(array), np.zeros(array.shape[:-2], np.int32)
    pivots = np.ones(array.shape[:-1], np.int32)
    for place in np.ndindex(array.shape[:-2]) if array.size else ():
        found = lapack("sytrf", array)(array[place], lower=1)
        factors[place] = np.tril(found[0])
        pivots[place], info[place] = found[1], found[2]
    if check_errors and info.any():
        raise RuntimeError("torch.linalg.ldl_factor_ex: The factorization could not be completed")
    return LDLInfo(Tensor.wrap(factors), Tensor.wrap(pivots), Tensor.wrap(info))


def ldl_factor(A: Tensor, *, hermitian: bool = False) -> LDL:
    """The compact LDL factors of symmetric matrices."""
    return LDL(*ldl_factor_ex(A, hermitian=hermitian)[:2])


def ldl_solve(LD: Tensor, pivots: Tensor, B: Tensor, *, hermitian: bool = False) -> Tensor:
    """The solution X of AX = B, from the LDL factors of A."""
    array, right = squares("torch.linalg.ldl_solve", LD.array), B.array
    outer = np.broadcast_shapes(array.shape[:-2], right.shape[:-2])
    factors = np.broadcast_to(array, (*outer, *array.shape[-2:]))
    swaps = np.broadcast_to(pivots.array, (*outer, pivots.array.shape[-1]))
    result = np.array(np.broadcast_to(right, (*outer, *right.shape[-2:])))
    for place in np.ndindex(outer) if result.size else ():
        routine = lapack("sytrs", array)
        result[place] = routine(factors[place], swaps[place], result[place], lower=1)[0]
    return Tensor.wrap(result)


class LeastSquares(NamedTuple):
    """The solution of least squares and what is known of it."""

    solution: Tensor
    residuals: Tensor
    rank: Tensor
    singular_values: Tensor


DRIVERS = ("gelsy", "gels", "gelsd", "gelss")


def lstsq(
    A: Tensor, B: Tensor, rcond: float | None = None, *, driver: str | None = None
) -> LeastSquares:
    """The X that makes AX nearest to B, in the sense of least squares."""
    if A.array.ndim < 2:
        raise RuntimeError("torch.linalg.lstsq: input must have at least 2 dimensions.")
    array, right = matrices("torch.linalg.lstsq", A.array), B.array
    if driver is not None and driver not in DRIVERS:
        raise RuntimeError(
            "torch.linalg.lstsq: parameter `driver` should be one of "
            f"(gels, gelsy, gelsd, gelss), but got {driver}"
        )
    rows, columns = array.shape[-2:]
    vector = array.ndim == right.ndim + 1
    columned = call("unsqueeze", B, -1) if vector else B
    share = max(rows, columns) * float(np.finfo(array.dtype).eps) if rcond is None else rcond
    found = call("matmul", found_in("linalg", "pinv")(A, rtol=share), columned)
    sizes = np.linalg.svd(array, compute_uv=False)
    largest = sizes.max(axis=-1, initial=0.0)
    rank = np.asarray(np.sum(sizes > share * largest[..., None], axis=-1), np.int64)
    residuals: Any = Tensor.wrap(np.zeros((0,), array.dtype))
    if rows > columns and driver != "gelsy" and (rank == columns).all():
        missed = call("square", call("sub", call("matmul", A, found), columned))
        residuals = call("sum", missed, -2)
    shown = sizes if driver in ("gelsd", "gelss") else np.zeros((0,), array.dtype)
    if driver == "gels":
        rank = np.zeros((0,), np.int64)
    solution = call("squeeze", found, -1) if vector else found
    return LeastSquares(solution, residuals, Tensor.wrap(rank), Tensor.wrap(shown))


LINALG = {f.__name__: f for f in (ldl_factor, ldl_factor_ex, ldl_solve, lstsq, lu, lu_solve)}
