from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gradviz as gv
from gradviz.autograd import functional


def cubes(x: Any) -> Any:
    return (x**3).sum()


def product(x: Any, y: Any) -> Any:
    return (x**2 * y).sum()


@pytest.fixture
def x() -> Any:
    return gv.tensor([1.0, 2.0])


@pytest.fixture
def y() -> Any:
    return gv.tensor([3.0, -1.0])


def test_the_jacobian_of_an_elementwise_function_is_diagonal(x: Any) -> None:
    found = functional.jacobian(lambda x: x**2, x)
    assert found.tolist() == [[2.0, 0.0], [0.0, 4.0]]
    assert not found.requires_grad


def test_jacobians_nest_as_outputs_and_inputs_do(x: Any, y: Any) -> None:
    found = functional.jacobian(lambda a, b: (a.sum(), a * b), (x, y))
    assert [[tuple(t.shape) for t in row] for row in found] == [[(2,), (2,)], [(2, 2), (2, 2)]]
    assert found[1][0].tolist() == [[3.0, 0.0], [0.0, -1.0]]


def test_a_jacobian_can_be_differentiated_again(x: Any) -> None:
    x.requires_grad_()
    functional.jacobian(lambda x: x**3, x, create_graph=True).sum().backward()
    assert x.grad.tolist() == [6.0, 12.0]


def test_a_hessian_has_the_mixed_derivatives(x: Any, y: Any) -> None:
    assert functional.hessian(cubes, x).tolist() == [[6.0, 0.0], [0.0, 12.0]]
    ((xx, xy), (yx, yy)) = functional.hessian(product, (x, y))
    assert xx.tolist() == [[6.0, 0.0], [0.0, -2.0]]
    assert xy.tolist() == yx.tolist() == [[2.0, 0.0], [0.0, 4.0]]
    assert not np.any(yy.array)


def test_products_are_those_of_the_whole_matrices(x: Any, y: Any) -> None:
    def rotate(x: Any) -> Any:
        return gv.stack([x[0] * x[1], x[0] ** 2, x[1]])

    whole = functional.jacobian(rotate, x).array
    w = gv.tensor([1.0, -2.0, 0.5])
    assert functional.vjp(rotate, x, w)[1].tolist() == (w.array @ whole).tolist()
    assert functional.jvp(rotate, x, y)[1].tolist() == (whole @ y.array).tolist()
    square = functional.hessian(cubes, x).array
    value, product = functional.hvp(cubes, x, y)
    assert value.item() == 9.0
    assert product.tolist() == (square @ y.array).tolist()
    assert functional.vhp(cubes, x, y)[1].tolist() == product.tolist()


def test_what_does_not_matter_has_zeros_or_is_refused(x: Any, y: Any) -> None:
    only_first: Callable[..., Any] = lambda a, b: a * 2  # noqa: E731
    assert not np.any(functional.jacobian(only_first, (x, y))[1].array)
    with pytest.raises(RuntimeError, match=r"Output 0 .* independent of input 1"):
        functional.jacobian(only_first, (x, y), strict=True)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: functional.hessian(lambda x: x, x), "should contain a single element"),
        (lambda x: functional.vjp(lambda x: x, x), "v can only be None if the user-provided"),
        (lambda x: functional.jvp(lambda x: x, x), "v can only be None if the input"),
        (lambda x: functional.vjp(lambda x: x, x, gv.ones(3)), "v has invalid size"),
        (lambda x: functional.hvp(lambda x: (x, x), x, x), "should return a single Tensor"),
    ],
)
def test_errors_are_pytorchs(call: Callable[[Any], Any], message: str, x: Any) -> None:
    with pytest.raises(RuntimeError, match=message):
        call(x)


def test_inputs_that_are_no_tensors_are_named(x: Any) -> None:
    with pytest.raises(TypeError, match=r"inputs given to jacobian .* value at index 1"):
        functional.jacobian(product, (x, 3))
