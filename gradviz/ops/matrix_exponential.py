"""The exponential of matrices by Taylor polynomials with few products, in the matrices' own type.

The degree is chosen by the matrix's 1-norm, and beyond the largest the matrix is halved until it
is small and its exponential squared as often. After Bader, Blanes and Casas, "Computing the matrix
exponential with an optimized Taylor polynomial approximation", Mathematics 7 (2019) 1174, which
PyTorch follows too, so that roundings fall alike.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, log2

import numpy as np

from gradviz.ops.spec import Array

BOUNDS = {
    4: (
        1.192092800768788e-07, 5.978858893805233e-04, 5.116619363445086e-02,
        5.800524627688768e-01, 1.461661507209034e00, 3.010066362817634e00,
    ),
    8: (
        2.220446049250313e-16, 2.580956802971767e-08, 3.397168839976962e-04,
        4.991228871115323e-02, 2.996158913811580e-01, 1.090863719290036e00,
    ),
}  # fmt: skip
"""The largest norm for each polynomial, by the bytes of a number."""

ROOT = 177**0.5
THIRDS = 2 / 3
DEGREE_8 = (
    THIRDS * (1 + ROOT) / 88, THIRDS * (1 + ROOT) / 352, THIRDS,
    (-271 + 29 * ROOT) / (315 * THIRDS), 11 * (-1 + ROOT) / (1260 * THIRDS),
    11 * (-9 + ROOT) / (5040 * THIRDS), (89 - ROOT) / (5040 * THIRDS**2), (857 - 58 * ROOT) / 630,
)  # fmt: skip
DEGREE_12 = (
    (9.0198e-16, 0.46932117595418237389, -0.20099424927047284052, -0.04623946134063071740),
    (5.31597895759871264183, 1.19926790417132231573, 0.01179296240992997031,
     0.01108844528519167989),
    (0.18188869982170434744, 0.05502798439925399070, 0.09351590770535414968,
     0.00610700528898058230),
    (-2.0861320e-13, -0.13181061013830184015, -0.02027855540589259079, -0.00675951846863086359),
)  # fmt: skip
DEGREE_18 = (
    (0.0, -1.00365581030144618291e-01, -8.02924648241156932449e-03, -8.92138498045729985177e-04,
     0.0),
    (0.0, 3.97849749499645077844e-01, 1.36783778460411720168e00, 4.98289622525382669416e-01,
     -6.37898194594723280150e-04),
    (-1.09676396052962061844e01, 1.68015813878906206114e00, 5.71779846478865511061e-02,
     -6.98210122488052056106e-03, 3.34975017086070470649e-05),
    (-9.04316832390810593223e-02, -6.76404519071381882256e-02, 6.75961301770459654925e-02,
     2.95552570429315521194e-02, -1.39180257516060693404e-05),
    (0.0, 0.0, -9.23364619367118555360e-02, -1.69364939002081722752e-02,
     -1.40086798182036094347e-05),
)  # fmt: skip


def matrix_exponential(matrix: Array) -> Array:
    """The exponential of one square matrix of float32 or float64."""
    norm = float(np.max(np.sum(np.abs(matrix), axis=0))) if matrix.size else 0.0
    if not np.isfinite(norm):
        return np.full_like(matrix, np.nan)
    bounds = BOUNDS[matrix.dtype.itemsize]
    for bound, polynomial in zip(bounds, POLYNOMIALS, strict=True):
        if norm <= bound:
            return polynomial(matrix)
    halvings = max(0, ceil(log2(norm / bounds[-1])))
    result = degree_18(matrix / matrix.dtype.type(2**halvings))
    for _ in range(halvings):
        result = product(result, result)
    return result


def product(a: Array, b: Array) -> Array:
    """A matrix product; of small matrices summed term after term, as PyTorch sums them."""
    if a.size * b.shape[1] >= 400:
        return a @ b
    total = np.zeros((len(a), b.shape[1]), a.dtype)
    for k in range(a.shape[1]):
        total = total + a[:, k : k + 1] * b[k]
    return total


def combined(weights: tuple[tuple[float, ...], ...], powers: list[Array]) -> list[Array]:
    """Sums of powers of a matrix, one for each row of weights."""
    kind = powers[0].dtype.type
    sums = [kind(row[0]) * powers[0] for row in weights]
    for place, power in enumerate(powers[1:], start=1):
        sums = [total + kind(row[place]) * power for total, row in zip(sums, weights, strict=True)]
    return sums


def one_like(matrix: Array) -> Array:
    """The identity of a matrix's size and type."""
    return np.eye(len(matrix), dtype=matrix.dtype)


def degree_1(a: Array) -> Array:
    """1 + A."""
    return one_like(a) + a


def degree_2(a: Array) -> Array:
    """The first three terms."""
    return one_like(a) + a + product(a, a) / a.dtype.type(2)


def degree_4(a: Array) -> Array:
    """The first five terms, with two products."""
    kind = a.dtype.type
    square = product(a, a)
    inner = one_like(a) / kind(2) + a / kind(6) + square / kind(24)
    return one_like(a) + a + product(square, inner)


def degree_8(a: Array) -> Array:
    """The first nine terms, with three products."""
    x1, x2, x3, x4, x5, x6, x7, y2 = map(a.dtype.type, DEGREE_8)
    one, square = one_like(a), product(a, a)
    fourth = product(square, x1 * a + x2 * square)
    eighth = product(x3 * square + fourth, x4 * one + x5 * a + x6 * square + x7 * fourth)
    return one + a + y2 * square + eighth


def degree_12(a: Array) -> Array:
    """The first thirteen terms, with four products."""
    square = product(a, a)
    b = combined(DEGREE_12, [one_like(a), a, square, product(square, a)])
    sixth = b[2] + product(b[3], b[3])
    return b[0] + product(b[1] + sixth, sixth)


def degree_18(a: Array) -> Array:
    """The first nineteen terms, with five products."""
    square = product(a, a)
    cube = product(square, a)
    b = combined(DEGREE_18, [one_like(a), a, square, cube, product(cube, cube)])
    ninth = product(b[0], b[4]) + b[3]
    return b[1] + product(b[2] + ninth, ninth)


POLYNOMIALS: tuple[Callable[[Array], Array], ...] = (
    degree_1, degree_2, degree_4, degree_8, degree_12, degree_18,
)  # fmt: skip
