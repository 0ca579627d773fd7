"""Orthogonal polynomials of a degree given for each element, by their recurrences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradviz.ops.counts import degree_work
from gradviz.ops.pointwise import binary, float_kind
from gradviz.ops.spec import Array, Op

First = Callable[[Array], Array]
Next = Callable[[Array, int, Array, Array], Array]
"""The polynomial of degree k + 1 at x, from k and those of degrees k and k − 1."""


def polynomial(first: First, following: Next, shifted: bool) -> Callable[..., Array]:
    """The forward that runs a recurrence up to the degree of each element; 0 below degree 0."""

    def forward(input: Any, n: Any) -> Array:
        kind = float_kind(input, n)
        point, degree = np.broadcast_arrays(np.asarray(input, kind), np.trunc(np.asarray(n, kind)))
        if shifted:
            point = point + point - 1
        before, now = np.ones_like(point), first(point)
        result = np.where(degree == 0, before, 0.0)
        highest = int(np.max(degree, initial=0))
        for k in range(1, highest + 1):
            result = np.where(degree == k, now, result)
            before, now = now, following(point, k, now, before)
        return result.astype(kind)

    return forward


def _doubling(x: Array, k: int, now: Array, before: Array) -> Array:
    return 2 * x * now - before


def _hermite(x: Array, k: int, now: Array, before: Array) -> Array:
    return 2 * x * now - 2 * k * before


def _hermite_e(x: Array, k: int, now: Array, before: Array) -> Array:
    return x * now - k * before


def _laguerre(x: Array, k: int, now: Array, before: Array) -> Array:
    return ((2 * k + 1 - x) * now - k * before) / (k + 1)


def _legendre(x: Array, k: int, now: Array, before: Array) -> Array:
    return ((2 * k + 1) * x * now - k * before) / (k + 1)


def _op(name: str, symbol: str, title: str, first: First, following: Next) -> Op:
    return binary(
        f"special_{name}", "Special functions", symbol, f"The {title} of degree n at each element.",
        polynomial(first, following, name.startswith("shifted")), (None, None),
        names=("input", "n"), values=([[0.25], [-0.5]], [0.0, 1.0, 4.0]), promotion="float",
        torch=f"torch.special.{name}", function=False, method=False, in_place=False,
        work=degree_work,
    )  # fmt: skip


def _two(x: Array) -> Array:
    return 2 * x


chebyshev_t = _op("chebyshev_polynomial_t", "Tₙ", "Chebyshev polynomial of the first kind",
                  np.array, _doubling)  # fmt: skip
chebyshev_u = _op("chebyshev_polynomial_u", "Uₙ", "Chebyshev polynomial of the second kind",
                  _two, _doubling)  # fmt: skip
chebyshev_v = _op("chebyshev_polynomial_v", "Vₙ", "Chebyshev polynomial of the third kind",
                  lambda x: 2 * x - 1, _doubling)  # fmt: skip
chebyshev_w = _op("chebyshev_polynomial_w", "Wₙ", "Chebyshev polynomial of the fourth kind",
                  lambda x: 2 * x + 1, _doubling)  # fmt: skip
shifted_chebyshev_t = _op(
    "shifted_chebyshev_polynomial_t", "Tₙ*", "shifted Chebyshev polynomial of the first kind",
    np.array, _doubling,
)  # fmt: skip
shifted_chebyshev_u = _op(
    "shifted_chebyshev_polynomial_u", "Uₙ*", "shifted Chebyshev polynomial of the second kind",
    _two, _doubling,
)  # fmt: skip
shifted_chebyshev_v = _op(
    "shifted_chebyshev_polynomial_v", "Vₙ*", "shifted Chebyshev polynomial of the third kind",
    lambda x: 2 * x - 1, _doubling,
)  # fmt: skip
shifted_chebyshev_w = _op(
    "shifted_chebyshev_polynomial_w", "Wₙ*", "shifted Chebyshev polynomial of the fourth kind",
    lambda x: 2 * x + 1, _doubling,
)  # fmt: skip
hermite_h = _op("hermite_polynomial_h", "Hₙ", "Hermite polynomial", _two, _hermite)
hermite_he = _op("hermite_polynomial_he", "Heₙ", "probabilists' Hermite polynomial", np.array,
                 _hermite_e)  # fmt: skip
laguerre = _op("laguerre_polynomial_l", "Lₙ", "Laguerre polynomial", lambda x: 1 - x, _laguerre)
legendre = _op("legendre_polynomial_p", "Pₙ", "Legendre polynomial", np.array, _legendre)
