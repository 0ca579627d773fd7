"""Matrices taken apart and solved with: factors multiply back, gradients, refusals."""

from __future__ import annotations

import numpy as np
import pytest

import gradviz as gv

RNG = np.random.default_rng(0)
SHAPES = [(3, 3), (4, 2), (2, 4), (2, 3, 3)]


def matrix(*shape):
    return gv.tensor(RNG.standard_normal(shape), requires_grad=True)


def symmetric(x):
    return x + x.transpose(-2, -1)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_factors_multiply_back(shape):
    a = gv.tensor(RNG.standard_normal(shape))
    q, r = gv.linalg.qr(a)
    u, s, vh = gv.linalg.svd(a, full_matrices=False)
    p, low, up = gv.linalg.lu(a)
    assert np.allclose((q @ r).array, a.array)
    assert np.allclose((u * s.unsqueeze(-2) @ vh).array, a.array)
    assert np.allclose((p @ low @ up).array, a.array)


def test_gradients_through_functions_of_symmetric_matrices():
    x = matrix(3, 3)
    weights = gv.tensor(RNG.standard_normal((3, 3)))

    def values(x):
        return gv.linalg.eigvalsh(symmetric(x))

    def projections(x):
        _, vectors = gv.linalg.eigh(symmetric(x))
        return (vectors * vectors) @ weights

    def factor(x):
        return gv.linalg.cholesky(x @ x.mT + 2 * gv.eye(3, dtype=gv.float64))

    for function in (values, projections, factor):
        assert gv.autograd.gradcheck(function, (x,))
        assert gv.autograd.gradgradcheck(function, (x,))


def test_gradients_through_triangular_factors():
    x, b = matrix(3, 3), matrix(3, 2)

    def solved(x, b):
        return gv.cholesky_solve(b, gv.tril(x) + 3 * gv.eye(3, dtype=gv.float64))

    def inverse(x):
        return gv.cholesky_inverse(gv.tril(x) + 3 * gv.eye(3, dtype=gv.float64))

    assert gv.autograd.gradcheck(solved, (x, b))
    assert gv.autograd.gradcheck(inverse, (x,))


def test_the_gradient_of_the_determinant_of_a_singular_matrix_is_that_of_its_cofactors():
    x = gv.tensor([[1.0, 2.0], [2.0, 4.0]], dtype=gv.float64, requires_grad=True)
    gv.det(x).backward()
    assert np.allclose(x.grad.array, [[4.0, -2.0], [-2.0, 1.0]])


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (gv.linalg.inv, r"linalg.inv: .*diagonal element 2 is zero.*singular"),
        (lambda a: gv.linalg.solve(a, gv.ones((2, 1))), r"torch.linalg.solve: .*singular"),
        (lambda a: gv.linalg.cholesky(-a), r"leading minor of order 1 is not positive-definite"),
    ],
)
def test_says_why_a_matrix_cannot_be_worked_on(function, message):
    with pytest.raises(gv.linalg.LinAlgError, match=message):
        function(gv.tensor([[1.0, 2.0], [2.0, 4.0]]))


def test_refuses_whole_numbers_and_oblong_matrices():
    with pytest.raises(RuntimeError, match="Expected a floating point"):
        gv.linalg.inv(gv.tensor([[1, 2], [3, 4]]))
    with pytest.raises(RuntimeError, match="must be batches of square matrices"):
        gv.det(gv.ones((2, 3)))


def test_the_order_of_a_chain_of_products_does_not_change_it():
    a, b, c = matrix(2, 5), matrix(5, 3), matrix(3, 4)
    assert np.allclose(gv.linalg.multi_dot([a, b, c]).detach().array, (a @ b @ c).detach().array)


@pytest.mark.parametrize("power", [-2, 0, 1, 5])
def test_powers(power):
    a = matrix(3, 3)
    expected = np.linalg.matrix_power(a.detach().array, power)
    assert np.allclose(gv.linalg.matrix_power(a, power).detach().array, expected)


@pytest.mark.parametrize("order", ["fro", "nuc", 1, -1, 2, -2, float("inf"), -float("inf")])
def test_matrix_norms(order):
    a = matrix(3, 4)
    found = gv.linalg.matrix_norm(a, order)
    assert np.allclose(found.item(), np.linalg.norm(a.detach().array, order))
    assert gv.autograd.gradcheck(lambda a: gv.linalg.matrix_norm(a, order), (a,))
