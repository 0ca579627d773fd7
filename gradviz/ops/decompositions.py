"""Matrices taken apart: Cholesky, QR, LU, eigenvalues and singular values."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.dtypes import of_numpy
from gradviz.ops.matrices import (
    FAMILY,
    SQUARE,
    TALL,
    WIDE,
    LinAlgError,
    each,
    lapack,
    lu_of,
    matrices,
    mT,
    permutation,
    squares,
)
from gradviz.ops.solving import CHECK_ERRORS
from gradviz.ops.spec import Array, Attr, Op, Port, Saving, example

_BY_PARTS = "a change of {A} is split over the factors, by solving for each"
_UPPER = Attr(
    name="upper", kind="bool", default=False, keyword_only=True,
    doc="Give the upper triangle instead of the lower.",
)  # fmt: skip


def _factor(array: Array) -> tuple[Array, Array]:
    """Lower Cholesky factors, and for each the minor that was not positive, or 0."""
    info = np.zeros(array.shape[:-2], np.int32)
    factors = np.zeros_like(array)
    for place, matrix in each(array) if array.size else ():
        factors[place], info[place] = lapack("potrf", matrix)(matrix, lower=1, clean=1)
    return factors, info


def _cholesky_ex(A: Array, upper: bool, check_errors: bool) -> tuple[Array, Array]:
    array = squares("linalg.cholesky_ex", A)
    factors, info = _factor(mT(array) if upper else array)
    if check_errors:
        check_positive("linalg.cholesky_ex", info)
    return (mT(factors) if upper else factors), info


def check_positive(name: str, info: Array) -> None:
    """Refuse matrices that are not positive-definite, saying which and where."""
    for place, code in np.ndenumerate(info):
        if code > 0:
            number = np.ravel_multi_index(place, info.shape) if place else 0
            batch = f"(Batch element {number}): " if place else ""
            raise LinAlgError(
                f"{name}: {batch}The factorization could not be completed because the input is "
                f"not positive-definite (the leading minor of order {code} is not "
                "positive-definite)."
            )


def _cholesky(A: Array, upper: bool) -> Array:
    array = squares("linalg.cholesky", A)
    factors, info = _factor(mT(array) if upper else array)
    check_positive("linalg.cholesky", info)
    return mT(factors) if upper else factors


cholesky = Op(
    name="linalg_cholesky", family=FAMILY, category="linalg", symbol="LLᵀ",
    doc="The lower triangle that, times its transpose, is a positive-definite matrix.",
    ports=(Port(name="A", doc="Positive-definite matrices.",
                grad="cholesky_gradient(g, out, upper)"),),
    attrs=(_UPPER,), forward=_cholesky, promotion="none", torch="torch.linalg.cholesky",
    meaning={"A": _BY_PARTS}, examples=(example([[[2.0]], [[1.5]]]),), function=False, method=False,
    search=("matrix square root",), backward_name="LinalgCholeskyExBackward0",
)  # fmt: skip

cholesky_ex = Op(
    name="linalg_cholesky_ex", family=FAMILY, category="linalg", symbol="LLᵀ",
    doc="Cholesky factors, and for each 0 or the minor that was not positive.",
    ports=(Port(name="A", doc="Positive-definite matrices.",
                grad="cholesky_gradient(g, L, upper)"),),
    attrs=(_UPPER, CHECK_ERRORS), outputs=("L", "info"), forward=_cholesky_ex, promotion="none",
    torch="torch.linalg.cholesky_ex", meaning={"A": _BY_PARTS},
    examples=(example([[[2.0]], [[1.5]]]),), function=False, method=False,
)  # fmt: skip


def _triangular(L: Array, upper: bool) -> Array:
    return mT(np.triu(L)) if upper else np.tril(L)


def _cholesky_solve(B: Array, L: Array, upper: bool) -> Array:
    names = [of_numpy(np.asarray(v).dtype).legacy_name for v in (B, L)]
    if names[0] != names[1]:
        raise RuntimeError(
            f"Expected b and A to have the same dtype, but found b of type {names[0]} and A of "
            f"type {names[1]} instead."
        )
    factor = _triangular(squares("cholesky_solve", L), upper)
    return np.linalg.solve(mT(factor), np.linalg.solve(factor, matrices("cholesky_solve", B)))


def _cholesky_inverse(L: Array, upper: bool) -> Array:
    inverted = np.linalg.inv(_triangular(squares("cholesky_inverse", L), upper))
    return mT(inverted) @ inverted


_UPPER_GIVEN = Attr(
    name="upper", kind="bool", default=False, doc="The factors are upper triangles, not lower."
)
_FACTOR = "a change of {L} changes both triangles, and goes through the inverse twice"

cholesky_solve = Op(
    name="cholesky_solve", family=FAMILY, category="linalg", symbol="(LLᵀ)⁻¹B",
    doc="The solution X of AX = B for the matrix A with given Cholesky factors.",
    ports=(
        Port(name="B", doc="The right sides.", grad="cholesky_solve(g, L, upper)"),
        Port(name="L", doc="Cholesky factors.",
             grad="cholesky_side_gradient(cholesky_solve(g, L, upper), out, L, upper)"),
    ),
    attrs=(_UPPER_GIVEN,), forward=_cholesky_solve, promotion="none",
    meaning={"B": "a change of {B} goes through the inverse", "L": _FACTOR},
    examples=(example([[[1.0, -0.5]]], [[[1.5]]]), example([[2.0]], [[0.5]], upper=True)),
    saving=Saving(keeps={"B": ("B", "out"), "L": ("B",)}),
)  # fmt: skip

cholesky_inverse = Op(
    name="cholesky_inverse", family=FAMILY, category="linalg", symbol="(LLᵀ)⁻¹",
    doc="The inverse of the matrix with given Cholesky factors.",
    ports=(Port(name="L", doc="Cholesky factors.",
                grad="cholesky_inverse_gradient(g, out, L, upper)"),),
    attrs=(_UPPER_GIVEN,), forward=_cholesky_inverse, promotion="none", meaning={"L": _FACTOR},
    examples=(example([[[1.5]]]), example([[0.5]], upper=True)),
)  # fmt: skip


def _qr(A: Array, mode: str) -> tuple[Array, Array]:
    array = matrices("linalg.qr", A)
    if mode not in ("reduced", "complete", "r"):
        raise RuntimeError(
            f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), "
            "'r', or 'complete'"
        )
    if mode == "r":
        return np.zeros((0,), array.dtype), np.asarray(np.linalg.qr(array, "r"))
    found = np.linalg.qr(array, "complete" if mode == "complete" else "reduced")
    return found.Q, found.R


qr = Op(
    name="linalg_qr", family=FAMILY, category="linalg", symbol="QR",
    doc="A matrix as one whose columns are at right angles times an upper triangle.",
    ports=(Port(name="A", doc="Matrices.", grad="qr_gradient(gs, Q, R, mode)"),),
    attrs=(Attr(name="mode", kind="choice", default="reduced",
                choices=("reduced", "complete", "r"), doc="How many columns; r: no Q."),),
    outputs=("Q", "R"), forward=_qr, promotion="none", torch="torch.linalg.qr",
    meaning={"A": _BY_PARTS}, examples=(example(SQUARE), example(TALL), example(WIDE)),
    search=("orthogonal columns",), function=False, method=False,
)  # fmt: skip


def _svd(A: Array, full_matrices: bool, driver: Any) -> tuple[Array, Array, Array]:
    found = np.linalg.svd(matrices("linalg.svd", A), full_matrices=full_matrices)
    return found.U, found.S, found.Vh


_DRIVER = Attr(
    name="driver", kind="text", default=None, optional=True, keyword_only=True,
    doc="For the sake of PyTorch's signature; there is one way here.",
)  # fmt: skip

svd = Op(
    name="linalg_svd", family=FAMILY, category="linalg", symbol="UΣVᵀ",
    doc="A matrix as a turn, a stretch along the axes, and another turn.",
    ports=(Port(name="A", doc="Matrices.", grad="svd_gradient(gs, U, S, Vh)"),),
    attrs=(Attr(name="full_matrices", kind="bool", default=True, doc="Square turns."), _DRIVER),
    outputs=("U", "S", "Vh"), forward=_svd, promotion="none", torch="torch.linalg.svd",
    meaning={"A": _BY_PARTS},
    examples=(example(SQUARE), example(TALL, full_matrices=False),
              example(WIDE, full_matrices=False)),
    search=("singular values",), function=False, method=False,
)  # fmt: skip


def _svdvals(A: Array, driver: Any) -> Array:
    return np.linalg.svd(matrices("linalg.svdvals", A), compute_uv=False)


svdvals = Op(
    name="linalg_svdvals", family=FAMILY, category="linalg", symbol="Σ",
    doc="The singular values of every matrix, from the largest down.",
    ports=(Port(name="A", doc="Matrices.", grad="svdvals_gradient(g, A)"),), attrs=(_DRIVER,),
    forward=_svdvals, promotion="none", torch="torch.linalg.svdvals",
    meaning={"A": "a singular value grows as {A} grows along its two directions"},
    examples=(example(SQUARE), example(TALL)), function=False, method=False,
    backward_name="LinalgSvdBackward0",
    saving=Saving(keeps={"A": ("out",)}, copies={"A": ("A",)}),
)  # fmt: skip
_UPLO = Attr(name="UPLO", kind="choice", default="L", choices=("L", "U"),
             doc="Which triangle counts.")  # fmt: skip


def _eigh(A: Array, UPLO: str) -> tuple[Array, Array]:
    found = np.linalg.eigh(squares("linalg.eigh", A), "U" if UPLO.upper() == "U" else "L")
    return found.eigenvalues, found.eigenvectors


def _eigvalsh(A: Array, UPLO: str) -> Array:
    array = squares("linalg.eigvalsh", A)
    return np.linalg.eigvalsh(array, "U" if UPLO.upper() == "U" else "L")


eigh = Op(
    name="linalg_eigh", family=FAMILY, category="linalg", symbol="QΛQᵀ",
    doc="The eigenvalues of a symmetric matrix, in order, and their directions.",
    ports=(Port(name="A", doc="Symmetric matrices.",
                grad="eigh_gradient(gs, eigenvalues, eigenvectors)"),),
    attrs=(_UPLO,), outputs=("eigenvalues", "eigenvectors"), forward=_eigh, promotion="none",
    torch="torch.linalg.eigh", meaning={"A": _BY_PARTS}, examples=(example([[[2.0]], [[-1.5]]]),),
    search=("eigenvalues", "eigenvectors"), function=False, method=False,
)  # fmt: skip

eigvalsh = Op(
    name="linalg_eigvalsh", family=FAMILY, category="linalg", symbol="Λ",
    doc="The eigenvalues of a symmetric matrix, in order.",
    ports=(Port(name="A", doc="Symmetric matrices.", grad="eigvalsh_gradient(g, A, UPLO)"),),
    attrs=(_UPLO,), forward=_eigvalsh, promotion="none", torch="torch.linalg.eigvalsh",
    meaning={"A": "an eigenvalue grows as {A} grows along its direction"},
    examples=(example([[[2.0]], [[-1.5]]]),), function=False, method=False,
    backward_name="LinalgEighBackward0",
    saving=Saving(keeps={"A": ("out",)}, copies={"A": ("A",)}),
)  # fmt: skip


def _check_pivot(pivot: bool) -> None:
    if not pivot:
        raise RuntimeError("linalg.lu_factor: LU without pivoting is not implemented on the CPU")


def _lu_factor(A: Array, pivot: bool) -> tuple[Array, Array]:
    _check_pivot(pivot)
    return lu_of(matrices("torch.linalg.lu_factor", A))[:2]


def _lu_factor_ex(A: Array, pivot: bool, check_errors: bool) -> tuple[Array, Array, Array]:
    _check_pivot(pivot)
    return lu_of(matrices("torch.linalg.lu_factor_ex", A))


_PIVOT = Attr(name="pivot", kind="bool", default=True, keyword_only=True,
              doc="Swap rows so that no pivot is small.")  # fmt: skip


def _lu_op(name: str, outputs: tuple[str, ...], forward: Any, *attrs: Attr) -> Op:
    return Op(
        name=f"linalg_{name}", family=FAMILY, category="linalg", symbol="PLU",
        doc="A matrix as a lower times an upper triangle, both in one, and the rows swapped.",
        ports=(Port(name="A", doc="Matrices.", grad="lu_factor_gradient(g, LU, pivots)"),),
        attrs=(_PIVOT, *attrs), outputs=outputs, forward=forward, promotion="none",
        torch=f"torch.linalg.{name}", meaning={"A": _BY_PARTS},
        examples=(example(SQUARE), example(TALL), example(WIDE)), function=False, method=False,
        backward_name="LinalgLuFactorExBackward0",
    )  # fmt: skip


lu_factor = _lu_op("lu_factor", ("LU", "pivots"), _lu_factor)
lu_factor_ex = _lu_op("lu_factor_ex", ("LU", "pivots", "info"), _lu_factor_ex, CHECK_ERRORS)


def _row_order(pivots: Array, rows: int) -> Array:
    """The matrix that undoes the swaps: the P of A = PLU."""
    order = permutation(np.asarray(pivots), rows)
    return mT(np.eye(rows)[order])


lu_rows = Op(
    name="lu_rows", family="Gradients", category="linalg", symbol="P",
    doc="The matrix that puts rows back as they were before they were swapped.",
    ports=(Port(name="pivots", doc="The swaps, from row 1 on."),),
    attrs=(Attr(name="rows", kind="int", doc="How many rows there are."),), forward=_row_order,
    promotion="none", examples=(example([2, 2, 3], rows=3),), function=False, method=False,
    addable=False,
)  # fmt: skip
