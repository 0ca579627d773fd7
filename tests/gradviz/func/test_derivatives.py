from typing import Any

import numpy as np
import pytest

import gradviz as gv
from gradviz import func


def cubes(x: Any) -> Any:
    return (x**3).sum()


@pytest.fixture
def x() -> Any:
    return gv.tensor([1.0, 2.0])


def test_gradients_are_functions_and_nest() -> None:
    point = gv.tensor(2.0)
    sine = func.grad(gv.sin)
    assert sine(point).item() == pytest.approx(np.cos(2.0))
    third = func.grad(func.grad(sine))(point)
    assert third.item() == pytest.approx(-np.cos(2.0))
    assert not third.requires_grad
    assert point.grad is None


def test_argnums_values_and_what_goes_along(x: Any) -> None:
    def scaled(a: Any, b: Any) -> Any:
        return (a * b["w"]).sum(), a + 1

    found, (value, aux) = func.grad_and_value(scaled, (0, 1), has_aux=True)(x, {"w": x * 3})
    assert found[0].tolist() == [3.0, 6.0]
    assert found[1]["w"].tolist() == [1.0, 2.0]
    assert value.item() == 15.0
    assert aux.tolist() == [2.0, 3.0]
    assert not value.requires_grad
    assert not aux.requires_grad
    found, aux = func.grad(scaled, has_aux=True)(x, {"w": x})
    assert found.tolist() == aux.sub(1).tolist()


def test_results_stay_on_the_tape_where_something_outside_needs_them(x: Any) -> None:
    weight = gv.tensor(2.0, requires_grad=True)
    found = func.grad(lambda x: (weight * x**2).sum())(x)
    found.sum().backward()
    assert weight.grad.item() == 6.0
    leaf = x.clone().requires_grad_()
    func.grad(cubes)(leaf).sum().backward()
    assert leaf.grad.tolist() == [6.0, 12.0]


def test_products_with_jacobians(x: Any) -> None:
    def twist(x: Any) -> Any:
        return x[0] * x[1], x**2

    value, pull = func.vjp(twist, x)
    assert value[1].tolist() == [1.0, 4.0]
    cotangents = (gv.tensor(1.0), gv.tensor([1.0, 0.0]))
    assert pull(cotangents)[0].tolist() == [4.0, 1.0]
    value, pushed = func.jvp(twist, (x,), (gv.tensor([1.0, -1.0]),))
    assert [p.tolist() for p in pushed] == [1.0, [2.0, -4.0]]
    assert not pushed[0].requires_grad


def test_jacobians_and_hessians(x: Any) -> None:
    for make in (func.jacrev, func.jacfwd):
        assert make(lambda x: x**2)(x).tolist() == [[2.0, 0.0], [0.0, 4.0]]
    found = func.jacrev(lambda a, b: {"s": a * b}, (0, 1))(x, x * 3)
    assert found["s"][1].tolist() == [[1.0, 0.0], [0.0, 2.0]]
    assert func.hessian(cubes)(x).tolist() == [[6.0, 0.0], [0.0, 12.0]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: func.grad(lambda x: x)(x), "Expected f\\(\\*args\\) to return a scalar Tensor"),
        (lambda x: func.grad(cubes, 3)(x), "Got argnum=3, but only 1 positional inputs"),
        (lambda x: func.grad(cubes, has_aux=True)(x), "should be a tuple"),
        (lambda x: func.jvp(cubes, x, x), "Expected primals to be a tuple"),
    ],
)
def test_misuse_is_named(call: Any, message: str, x: Any) -> None:
    with pytest.raises(RuntimeError, match=message):
        call(x)
