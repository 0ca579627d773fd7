"""Each polynomial is the exponential's series up to its degree; the whole is the exponential."""

from math import exp, factorial

import numpy as np
import pytest
from scipy.linalg import expm

import gradviz as gv
from gradviz.ops.matrix_exponential import POLYNOMIALS, matrix_exponential

DEGREES = (1, 2, 4, 8, 12, 18)


@pytest.mark.parametrize(("polynomial", "degree"), [*zip(POLYNOMIALS, DEGREES, strict=True)])
def test_a_polynomial_has_the_terms_of_the_series(polynomial, degree):
    for x in (0.3, -0.7, 1.0):
        series = sum(x**k / factorial(k) for k in range(degree + 1))
        assert polynomial(np.array([[x]]))[0, 0] == pytest.approx(series, abs=1e-14)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("power", [-9, -4, -2, 0, 1])
@pytest.mark.parametrize("size", [1, 4, 9])
def test_it_is_the_exponential_at_every_size_and_norm(kind, power, size):
    random = np.random.default_rng(size)
    matrix = (random.normal(size=(size, size)) * 10.0**power / size).astype(kind)
    exact = expm(matrix.astype(np.float64))
    found = matrix_exponential(matrix)
    assert found.dtype == kind
    tolerance = 3e-4 if kind is np.float32 else 1e-12
    np.testing.assert_allclose(found, exact, rtol=0, atol=tolerance * np.abs(exact).max())


def test_a_matrix_that_is_not_finite_has_no_exponential():
    assert np.isnan(matrix_exponential(np.array([[np.inf, 0.0], [0.0, 1.0]]))).all()


def test_several_at_once_as_tensors():
    matrices = gv.tensor([[[0.0, 1.0], [0.0, 0.0]], [[1.0, 0.0], [0.0, 2.0]]])
    found = gv.linalg.matrix_exp(matrices)
    np.testing.assert_allclose(found[0].numpy(), [[1, 1], [0, 1]], rtol=1e-6)
    np.testing.assert_allclose(np.diag(found[1].numpy()), [exp(1), exp(2)], rtol=1e-6)
