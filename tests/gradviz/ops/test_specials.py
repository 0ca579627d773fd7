"""Special functions at points where their values are known, and their loading on first use."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest

import gradviz as gv

KNOWN = [
    (gv.lgamma, 5.0, math.log(24)),
    (gv.digamma, 1.0, -0.5772156649015329),
    (gv.digamma, 0.0, -math.inf),
    (gv.erfinv, 0.5, 0.4769362762044699),
    (gv.sinc, 0.0, 1.0),
    (gv.i0, 0.0, 1.0),
    (gv.special.ndtr, 0.0, 0.5),
    (gv.special.i1e, 0.0, 0.0),
    (gv.special.entr, 0.0, 0.0),
    (gv.special.spherical_bessel_j0, 0.0, 1.0),
    (gv.special.expit, 0.0, 0.5),
]


@pytest.mark.parametrize(
    ("function", "point", "value"), KNOWN, ids=lambda v: getattr(v, "__name__", str(v))
)
def test_known_values(function, point, value):
    assert function(gv.tensor(point, dtype=gv.float64)).item() == pytest.approx(value)


@pytest.mark.parametrize("degree", [0, 1, 2, 5, 9])
def test_polynomials_against_numpy(degree):
    x = np.linspace(-0.9, 0.9, 7)
    one = [0] * degree + [1]
    made = {
        "chebyshev_polynomial_t": np.polynomial.Chebyshev(one)(x),
        "hermite_polynomial_h": np.polynomial.Hermite(one)(x),
        "hermite_polynomial_he": np.polynomial.HermiteE(one)(x),
        "laguerre_polynomial_l": np.polynomial.Laguerre(one)(x),
        "legendre_polynomial_p": np.polynomial.Legendre(one)(x),
    }
    for name, expected in made.items():
        found = getattr(gv.special, name)(gv.tensor(x), degree)
        assert np.allclose(found.array, expected), name


def test_polynomials_below_degree_zero_are_zero():
    assert gv.special.chebyshev_polynomial_u(gv.tensor([0.5]), -1).item() == 0


def test_says_where_there_is_no_gradient():
    a = gv.tensor([2.0], requires_grad=True)
    with pytest.raises(NotImplementedError, match="'igamma: input' is not implemented"):
        gv.igamma(a, gv.tensor([1.0])).backward()


def test_starting_does_not_load_scipy():
    code = "import gradviz, sys; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_names_are_pytorchs():
    for name in ("psi", "gammaln", "gammainc", "multigammaln", "xlogy", "logsumexp"):
        assert callable(getattr(gv.special, name))
    with pytest.raises(AttributeError, match=r"gradviz.special.*'nonsense'"):
        _ = gv.special.nonsense
