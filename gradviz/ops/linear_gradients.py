"""Gradients through linear algebra: formulas too long for a line, for arrays and tensors alike.

Each is given what its operation's rule names, and is written in operations that record, so that
it can be differentiated again. The formulas are those PyTorch documents in its derivatives.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops import decompositions, determinants, solving
from gradviz.ops.creation import eye
from gradviz.ops.dual import dual, is_plain
from gradviz.ops.joining import cat
from gradviz.ops.linalg import matmul
from gradviz.ops.moving import diag_embed, tril, triu
from gradviz.ops.parts import narrow
from gradviz.ops.shape import transpose, unsqueeze
from gradviz.ops.spec import Shape

_matmul, _transpose, _unsqueeze = dual(matmul), dual(transpose), dual(unsqueeze)
_tril, _triu, _narrow, _diag = dual(tril), dual(triu), dual(narrow), dual(diag_embed)
_cat, _eye = dual(cat), dual(eye)
_solve, _triangular = dual(solving.solve), dual(solving.solve_triangular)


def mT(value: Any) -> Any:
    """Every matrix transposed."""
    return _transpose(value, -2, -1)


def _solve_upper(matrix: Any, right: Any, left: bool = True, unit: bool = False) -> Any:
    return _triangular(matrix, right, True, left, unit)


def _solve_lower(matrix: Any, right: Any, left: bool = True, unit: bool = False) -> Any:
    return _triangular(matrix, right, False, left, unit)


def solve_side_gradient(g: Any, A: Any, B_shape: Shape, left: bool) -> Any:
    """Of a solution, with respect to the right sides."""
    if not solving.is_vector(tuple(A.shape), B_shape):
        return _solve(mT(A), g, left)
    columns = _solve(mT(A), _unsqueeze(g, -1), left)
    return columns[..., 0]


def solve_matrix_gradient(g: Any, x: Any, A: Any, B_shape: Shape, left: bool) -> Any:
    """Of a solution ``x``, with respect to the matrices."""
    side = solve_side_gradient(g, A, B_shape, left)
    if solving.is_vector(tuple(A.shape), B_shape):
        return -_unsqueeze(side, -1) * _unsqueeze(x, -2)
    return -_matmul(side, mT(x)) if left else -_matmul(mT(x), side)


def triangular_gradient(g: Any, x: Any, A: Any, upper: bool, left: bool, unit: bool) -> Any:
    """Of the solution ``x`` of a triangular system, with respect to the matrices."""
    side = _triangular(mT(A), g, not upper, left, unit)
    whole = -_matmul(side, mT(x)) if left else -_matmul(mT(x), side)
    return _triu(whole, int(unit)) if upper else _tril(whole, -int(unit))


def pinv_gradient(g: Any, inverse: Any, A: Any) -> Any:
    """Of a pseudo-inverse."""
    turned, back = mT(g), mT(inverse)
    if A.shape[-2] <= A.shape[-1]:
        inner = turned @ inverse
        outer = inner @ back
        rest = back @ (inverse @ (turned - inner @ A))
        return outer - mT(inverse @ inner) - A @ (inverse @ outer) + rest
    inner = inverse @ turned
    outer = back @ inner
    rest = ((turned - A @ inner) @ inverse) @ back
    return outer - mT(inner @ inverse) + rest - (outer @ inverse) @ A


def det_gradient(g: Any, out: Any, A: Any) -> Any:
    """Of a determinant: by the inverse where there is one, else by singular values."""
    factor = _unsqueeze(_unsqueeze(g, -1), -1)
    plain = np.asarray(getattr(A, "array", A))
    value = np.asarray(getattr(out, "array", out))
    if not plain.size:
        return g if not plain.ndim else plain
    if (np.abs(value) > np.finfo(value.dtype).tiny).all():
        return factor * _unsqueeze(_unsqueeze(out, -1), -1) * mT(dual(solving.inverse)(A))
    left, size, right = dual(decompositions.svd)(A)
    count = plain.shape[-1]
    others = [_product([size[..., j] for j in range(count) if j != i], size) for i in range(count)]
    turn = dual(determinants.det)(left) * dual(determinants.det)(right)
    middle = _diag(_cat(tuple(_unsqueeze(o, -1) for o in others), -1))
    return factor * _unsqueeze(_unsqueeze(turn, -1), -1) * (left @ middle @ right)


def _product(factors: list[Any], like: Any) -> Any:
    total = like[..., 0] * 0 + 1
    for factor in factors:
        total = total * factor
    return total


def matrix_exp_gradient(g: Any, A: Any) -> Any:
    """Of the exponential of a matrix: a corner of that of a matrix of twice the size."""
    size = A.shape[-1]
    turned = mT(A)
    upper = _cat((turned, g), -1)
    lower = _cat((g * 0, turned), -1)
    whole = dual(determinants.matrix_exp)(_cat((upper, lower), -2))
    return _narrow(_narrow(whole, -2, 0, size), -1, size, size)


def cholesky_gradient(g: Any, L: Any, upper: bool) -> Any:
    """Of Cholesky factors."""
    factor, arrived = (mT(L), mT(g)) if upper else (L, g)
    inner = _matmul(mT(factor), arrived)
    even = 0.5 * (_tril(inner) + mT(_tril(inner, -1)))
    return _solve_lower(factor, _solve_upper(mT(factor), even), left=False)


def cholesky_side_gradient(side: Any, x: Any, L: Any, upper: bool) -> Any:
    """Of a solution ``x`` by Cholesky factors, with respect to these."""
    once = _matmul(side, mT(x))
    both = once + mT(once)
    return -_matmul(L, both) if upper else -_matmul(both, L)


def cholesky_inverse_gradient(g: Any, inverse: Any, L: Any, upper: bool) -> Any:
    """Of the inverse of a matrix with Cholesky factors, with respect to these."""
    both = _matmul(inverse, _matmul(g + mT(g), inverse))
    return -_matmul(L, both) if upper else -_matmul(both, L)


def qr_gradient(gs: tuple[Any, ...], Q: Any, R: Any, mode: str) -> Any:
    """Of the factors of a QR decomposition."""
    rows, columns = Q.shape[-2], R.shape[-1]
    if mode == "r":
        raise RuntimeError(
            "The derivative of linalg.qr depends on Q, which is not computed when mode='r'. "
            "Please use linalg.qr(A, mode='reduced') if you are going to require gradients "
            "through linalg.qr."
        )
    if mode == "complete" and rows > columns:
        raise RuntimeError(
            "The QR decomposition is not differentiable when mode='complete' and nrows > ncols."
        )
    of_q, of_r = gs
    inner = 0.0
    if of_r is not None:
        inner = _matmul(of_r, mT(R))
    if of_q is not None:
        inner = inner - _matmul(mT(Q), of_q)
    if rows >= columns:
        upper = _triu(inner)
        found = _matmul(Q, upper + mT(_triu(inner, 1)))
        found = found if of_q is None else found + of_q
        return _solve_lower(mT(R), found, left=False)
    skew = _matmul(Q, _tril(mT(inner) - inner))
    found = _solve_lower(mT(_narrow(R, -1, 0, rows)), skew, left=False)
    rest = _narrow(R, -1, rows, columns - rows) * 0
    found = _cat((found, rest), -1)
    return found if of_r is None else found + _matmul(Q, of_r)


def _gaps(values: Any) -> Any:
    """Differences of every two values, one on the diagonal, where they are not wanted."""
    size = values.shape[-1]
    return _unsqueeze(values, -2) - _unsqueeze(values, -1) + _as(_eye(size), values)


def _off_diagonal(value: Any) -> Any:
    return _triu(value, 1) + _tril(value, -1)


def svd_gradient(gs: tuple[Any, ...], U: Any, S: Any, Vh: Any) -> Any:
    """Of singular vectors and values."""
    of_u, of_s, of_v = gs
    count = S.shape[-1]
    left, right = _narrow(U, -1, 0, count), _narrow(Vh, -2, 0, count)
    if of_u is None and of_v is None:
        return _matmul(left * _unsqueeze(of_s, -2), right)
    gaps = _gaps(S * S)
    inner = _diag(S * 0 if of_s is None else of_s)
    if of_u is not None:
        of_u = _narrow(of_u, -1, 0, count)
        turn = _matmul(mT(left), of_u)
        inner = inner + _off_diagonal((turn - mT(turn)) / gaps) * _unsqueeze(S, -2)
    if of_v is not None:
        of_v = _narrow(of_v, -2, 0, count)
        turn = _matmul(right, mT(of_v))
        inner = inner + _unsqueeze(S, -1) * _off_diagonal((turn - mT(turn)) / gaps)
    found = _matmul(_matmul(left, inner), right)
    if of_u is not None and left.shape[-2] > count:
        scaled = of_u / _unsqueeze(S, -2)
        found = found + _matmul(scaled - _matmul(left, _matmul(mT(left), scaled)), right)
    if of_v is not None and right.shape[-1] > count:
        scaled = of_v / _unsqueeze(S, -1)
        found = found + _matmul(left, scaled - _matmul(_matmul(scaled, mT(right)), right))
    return found


def svdvals_gradient(g: Any, A: Any) -> Any:
    """Of singular values alone."""
    left, _, right = dual(decompositions.svd)(A, False)
    return _matmul(left * _unsqueeze(g, -2), right)


def eigh_gradient(gs: tuple[Any, ...], values: Any, vectors: Any) -> Any:
    """Of the eigenvalues and eigenvectors of symmetric matrices."""
    of_values, of_vectors = gs
    if of_vectors is None:
        return _matmul(vectors * _unsqueeze(of_values, -2), mT(vectors))
    turn = _matmul(mT(vectors), of_vectors)
    inner = _off_diagonal((turn - mT(turn)) / (2 * _gaps(values)))
    if of_values is not None:
        inner = inner + _diag(of_values)
    return _matmul(_matmul(vectors, inner), mT(vectors))


def eigvalsh_gradient(g: Any, A: Any, UPLO: str) -> Any:
    """Of eigenvalues alone."""
    _, vectors = dual(decompositions.eigh)(A, UPLO)
    return _matmul(vectors * _unsqueeze(g, -2), mT(vectors))


def lu_factor_gradient(g: Any, LU: Any, pivots: Any) -> Any:
    """Of compact LU factors, ``P`` @ (L @ U) being the matrix."""
    rows, columns = LU.shape[-2:]
    order = dual(decompositions.lu_rows)(pivots, rows)
    size = min(rows, columns)
    corner, arrived = _corner(LU, size), _corner(g, size)
    low = _tril(corner, -1) + _as(_eye(size), corner)
    below = _matmul(mT(low), _tril(arrived, -1))
    above = _matmul(_triu(arrived), mT(_triu(corner)))
    right, of_right = (_narrow(v, -1, size, columns - size) for v in (LU, g))
    under, of_under = (_narrow(v, -2, size, rows - size) for v in (LU, g))
    if columns > rows:
        below = below - _matmul(of_right, mT(right))
    if rows > columns:
        above = above - _matmul(mT(under), of_under)
    inner = _tril(below, -1) + _triu(above)
    found = _solve_lower(mT(corner), _solve_upper(mT(low), inner, unit=True), left=False)
    if columns > rows:
        found = _cat((found, _solve_upper(mT(low), of_right, unit=True)), -1)
    if rows > columns:
        found = _cat((found, _solve_lower(mT(corner), of_under, left=False)), -2)
    return _matmul(_as(order, found), found)


def _corner(value: Any, size: int) -> Any:
    return _narrow(_narrow(value, -2, 0, size), -1, 0, size)


def _as(matrix: Any, like: Any) -> Any:
    """``matrix`` in the type of ``like``."""
    plain = np.asarray(getattr(matrix, "array", matrix))
    cast: Any = plain.astype(getattr(like, "array", like).dtype)
    return cast if is_plain(like) else like.wrap(cast)


LINEAR_GRADIENTS = {
    function.__name__: function
    for function in (
        cholesky_gradient, cholesky_inverse_gradient, cholesky_side_gradient, det_gradient,
        eigh_gradient, eigvalsh_gradient, lu_factor_gradient, matrix_exp_gradient, pinv_gradient,
        qr_gradient, solve_matrix_gradient, solve_side_gradient, svd_gradient, svdvals_gradient,
        triangular_gradient,
    )
}  # fmt: skip
