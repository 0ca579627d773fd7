"""Functions made of several operations refuse wrong kinds of arguments as PyTorch does."""

from __future__ import annotations

from typing import Any

import pytest

import gradviz as gv

T = gv.ones(3)

WRONG = [
    (lambda: gv.isclose(T, 2), "isclose(): argument 'other' (position 2) must be Tensor, not int"),
    (lambda: gv.isclose(2, T), "isclose(): argument 'input' (position 1) must be Tensor, not int"),
    (
        lambda: gv.isclose(T, T, rtol="a"),
        "isclose(): argument 'rtol' must be float, not str",
    ),
    (
        lambda: gv.linalg.vander(2),
        "linalg_vander(): argument 'x' (position 1) must be Tensor, not int",
    ),
]


@pytest.mark.parametrize(("call", "message"), WRONG)
def test_the_message_says_which_argument_is_wrong(call: Any, message: str):
    with pytest.raises(TypeError) as caught:
        call()
    assert str(caught.value) == message


SEVERAL = [
    (lambda: gv.hsplit(T, "abc"), "hsplit", "Tensor, str"),
    (lambda: gv.linspace(0, 3, 1.0), "linspace", "int, int, float"),
    (lambda: gv.lerp(2, T, 1), "lerp", "int, Tensor, int"),
    (lambda: gv.rsub(2, other=3), "rsub", "int, other=int"),
]


@pytest.mark.parametrize(("call", "name", "given"), SEVERAL)
def test_where_there_are_several_ways_all_are_listed(call: Any, name: str, given: str):
    with pytest.raises(TypeError) as caught:
        call()
    assert str(caught.value).startswith(
        f"{name}() received an invalid combination of arguments - got ({given}), but expected "
        "one of:\n * (Tensor "
    )


def test_tensors_without_dimensions_pass_as_numbers():
    assert gv.linspace(gv.tensor(1), gv.tensor(3.0), gv.tensor(3)).tolist() == [1.0, 2.0, 3.0]
    assert gv.narrow(gv.arange(4), 0, gv.tensor(1), 2).tolist() == [1, 2]


def test_methods_are_checked_too():
    with pytest.raises(TypeError, match="must be Tensor, not float"):
        T.isclose(1.0)
