"""Linear algebra under PyTorch's older names, and what it is still called by on tensors."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from gradviz.tensor.composed import call
from gradviz.tensor.composites import factors, matrix_products, norms
from gradviz.tensor.places import found_in
from gradviz.tensor.tensor import Tensor


def linalg(name: str, *args: Any, **settings: Any) -> Any:
    """A function of ``torch.linalg`` that the table of operations has."""
    return found_in("linalg", name)(*args, **settings)


def cholesky(input: Tensor, upper: bool = False) -> Tensor:
    """The triangle that, times its transpose, is ``input``; arguments of ``torch.cholesky``."""
    return linalg("cholesky", input, upper=upper)


class SVD(NamedTuple):
    """A matrix as ``U @ diag(S) @ V.T``."""

    U: Tensor
    S: Tensor
    V: Tensor


def svd(input: Tensor, some: bool = True, compute_uv: bool = True) -> SVD:
    """Singular vectors and values; the right ones as columns, unlike ``linalg.svd``."""
    if compute_uv:
        left, size, right = linalg("svd", input, not some)
        return SVD(left, size, call("transpose", right, -2, -1))
    *outer, rows, columns = input.array.shape
    turns = [Tensor.wrap(np.zeros((*outer, n, n), input.array.dtype)) for n in (rows, columns)]
    return SVD(turns[0], linalg("svdvals", input), turns[1])


def qr(input: Tensor, some: bool = True) -> Any:
    """A matrix as one of columns at right angles times an upper triangle."""
    return linalg("qr", input, "reduced" if some else "complete")


def lu(input: Tensor, pivot: bool = True, get_infos: bool = False) -> tuple[Tensor, ...]:
    """Compact LU factors, the rows swapped, and where asked what failed."""
    found = linalg("lu_factor_ex", input, pivot=pivot)
    return tuple(found) if get_infos else tuple(found)[:2]


def lu_solve(input: Tensor, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
    """The solution x of Ax = ``input``, from the LU factors of A."""
    return factors.lu_solve(LU_data, LU_pivots, input)


def logdet(input: Tensor) -> Tensor:
    """The logarithm of the determinant; nan where that is negative."""
    sign, size = call("slogdet", input)
    return call("where", Tensor.wrap(sign.array == -1), float("nan"), size)


def pinverse(input: Tensor, rcond: float = 1e-15) -> Tensor:
    """The pseudo-inverse; singular values up to ``rcond`` of the largest count as zero."""
    return linalg("pinv", input, rtol=rcond)


class TriangularSolution(NamedTuple):
    """The solution of a triangular system, and a copy of the system."""

    solution: Tensor
    cloned_coefficient: Tensor


def triangular_solve(
    input: Tensor,
    A: Tensor,
    upper: bool = True,
    transpose: bool = False,
    unitriangular: bool = False,
) -> TriangularSolution:
    """The solution of AX = input (or of the transpose's) where only one triangle of A counts."""
    system = call("transpose", A, -2, -1) if transpose else A
    solved = linalg(
        "solve_triangular", system, input, upper=upper != transpose, unitriangular=unitriangular
    )
    outer = np.broadcast_shapes(A.array.shape[:-2], input.array.shape[:-2])
    copied = call("clone", call("expand", A, (*outer, *A.array.shape[-2:])))
    return TriangularSolution(solved, copied)


def matrix_power(input: Tensor, n: int) -> Tensor:
    """A square matrix times itself ``n`` times; its inverse where ``n`` is negative."""
    return matrix_products.matrix_power(input, n)


def chain_matmul(*matrices: Any) -> Tensor:
    """The product of several matrices, in the order that takes the fewest multiplications."""
    given = matrices[0] if len(matrices) == 1 and not isinstance(matrices[0], Tensor) else matrices
    return given[0] if len(given) == 1 else matrix_products.multi_dot(given)


def norm(
    input: Tensor, p: Any = "fro", dim: Any = None, keepdim: bool = False, *, dtype: Any = None
) -> Tensor:
    """The norm of all elements, or of those along ``dim``; ``"nuc"``: the nuclear norm."""
    if p != "nuc":
        return call("norm", input, p, dim, keepdim, dtype=dtype)
    pair = tuple(range(input.array.ndim)) if dim is None else dim
    return norms.matrix_norm(input, "nuc", pair, keepdim, dtype=dtype)


METHODS = (
    norm, cholesky, svd, qr, lu, lu_solve, logdet, pinverse, triangular_solve, matrix_power,
)  # fmt: skip
FUNCTIONS = (chain_matmul, factors.lu_unpack)
