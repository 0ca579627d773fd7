"""Writing in place keeps gradients, and gradients of gradients, what they would have been."""

from __future__ import annotations

import pytest

import gradviz as gv

NAMES = ("cos", "sin", "tan", "square", "log1p", "abs", "sinh", "asinh", "erf", "lgamma", "exp")


def slopes(name: str, in_place: bool) -> tuple[list[float], list[float]]:
    """The first and second slopes of an operation behind another one."""
    x = gv.tensor([0.5, 1.5], dtype=gv.float64, requires_grad=True)
    y = x * 1.0
    y = getattr(y, f"{name}_")() if in_place else getattr(y, name)()
    (first,) = gv.autograd.grad(y.sum(), x, create_graph=True)
    (second,) = gv.autograd.grad((first * first).sum(), x)
    return first.tolist(), second.tolist()


@pytest.mark.parametrize("name", NAMES)
def test_what_an_operation_writes_over_is_kept_for_its_gradient(name: str) -> None:
    assert slopes(name, in_place=True) == slopes(name, in_place=False)


def test_the_other_factor_is_still_watched() -> None:
    x = gv.tensor([0.5, 1.5], requires_grad=True)
    y = x * 1.0
    y.mul_(y)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


def test_a_value_loses_the_leading_dimensions_that_the_part_lacks() -> None:
    x = gv.zeros(2, 3)
    value = gv.tensor([[[1.0, 2.0, 3.0]]], requires_grad=True)
    x[0] = value
    x.sum().backward()
    assert x.tolist() == [[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]
    assert value.grad.tolist() == [[[1.0, 1.0, 1.0]]]
