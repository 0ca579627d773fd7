import numpy as np
import pytest

from gradviz.bundled import bundled
from gradviz.descent import AxesSlice, DescentError, Objective, PlaneSlice, prepare_descent
from gradviz.descent.curvature import hessian
from gradviz.descent.planes import random_plane
from gradviz.descent.seen import seen, square, whole
from gradviz.files import load
from gradviz.program import graph_from_source


def objective(name):
    return prepare_descent(load(bundled("samples") / f"{name}.gradviz")).objective


def test_in_a_plane_the_curvature_is_that_of_all_parameters_along_it():
    xor = objective("mlp_xor")
    plane = random_plane(xor, xor.start(), 4)
    found = seen(PlaneSlice(xor, plane), xor.start())
    basis = square(plane)
    np.testing.assert_allclose(basis @ basis.T, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(
        found.hessian, basis @ hessian(xor, xor.start()) @ basis.T, atol=1e-9
    )
    _, slopes = xor.gradient(xor.start())
    flat = np.concatenate([slopes[i].reshape(-1) for i in xor.parameters])
    np.testing.assert_allclose(found.gradient, basis @ flat, atol=1e-6)


def test_of_two_numbers_every_view_is_the_same():
    saddle = objective("saddle")
    point = {
        i: np.asarray(v, np.float32) for i, v in zip(saddle.parameters, (0.0, 0.0), strict=True)
    }
    one = seen(AxesSlice(saddle, saddle.axis_choices()), point)
    two = whole(saddle, point)
    np.testing.assert_allclose(one.hessian, two.hessian)
    assert one.kind == two.kind == "saddle, 1 of 2 directions fall"
    np.testing.assert_allclose(np.abs(one.eigenvectors), np.abs(two.eigenvectors))


def test_eigenvectors_are_what_the_hessian_only_stretches():
    rosenbrock = objective("rosenbrock")
    found = whole(rosenbrock, rosenbrock.start())
    np.testing.assert_allclose(
        found.hessian @ found.eigenvectors, found.eigenvectors * found.eigenvalues, atol=1e-6
    )


def test_too_many_parameters_are_refused():
    wide = Objective(
        graph_from_source("W = linspace(0, 1, 500, requires_grad=True)\nJ = sum(W**2)")
    )
    with pytest.raises(DescentError, match="500 numbers, and 400"):
        whole(wide, wide.start())
