"""Arguments that fit no way to call an operation: PyTorch's exception, in its words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import gradviz as gv
from gradviz.tensor import Tensor

T = gv.ones(3)

ONE_WAY = [
    (lambda: gv.sin(2), "sin(): argument 'input' (position 1) must be Tensor, not int"),
    (lambda: gv.sin(), 'sin() missing 1 required positional arguments: "input"'),
    (lambda: gv.sin(T, T), "sin() takes 1 positional argument but 2 were given"),
    (lambda: gv.sin(T, foo=1), "sin() got an unexpected keyword argument 'foo'"),
    (
        lambda: gv.transpose(T, 0.5, 1),
        "transpose(): argument 'dim0' (position 2) must be int, not float",
    ),
    (
        lambda: gv.transpose(T, dim0=0.5, dim1=1),
        "transpose(): argument 'dim0' must be int, not float",
    ),
    (
        lambda: gv.reshape(T, (3, 1.0)),
        "reshape(): argument 'shape' (position 2) must be tuple of ints, but found element of "
        "type float at pos 1",
    ),
    (lambda: gv.maximum(T, 2), "maximum(): argument 'other' (position 2) must be Tensor, not int"),
    (
        lambda: gv.special.entr(2),
        "special_entr(): argument 'input' (position 1) must be Tensor, not int",
    ),
    (lambda: gv.add(T, "a"), "add(): argument 'other' (position 2) must be Tensor, not str"),
    (lambda: gv.cat([T, 2]), "expected Tensor as element 1 in argument 0, but got int"),
    (
        lambda: gv.cat(T),
        "cat(): argument 'tensors' (position 1) must be tuple of Tensors, not Tensor",
    ),
]


@pytest.mark.parametrize(("call", "message"), ONE_WAY)
def test_where_there_is_one_way_to_call_the_message_says_what_is_wrong(call: Any, message: str):
    with pytest.raises(TypeError) as caught:
        call()
    assert str(caught.value) == message


SEVERAL_WAYS = [
    (lambda: gv.copysign(2, T), "copysign", "int, Tensor"),
    (lambda: gv.pow(2, 3), "pow", "int, int"),
    (lambda: gv.lt(2, T), "lt", "int, Tensor"),
    (lambda: gv.special.zeta(2, 3), "special_zeta", "int, int"),
    (lambda: gv.max(2, 3), "max", "int, int"),
    (lambda: gv.fmod(T, other=None), "fmod", "Tensor, other=NoneType"),
]


@pytest.mark.parametrize(("call", "name", "given"), SEVERAL_WAYS)
def test_where_there_are_several_all_are_listed(call: Any, name: str, given: str):
    with pytest.raises(TypeError) as caught:
        call()
    assert str(caught.value).startswith(
        f"{name}() received an invalid combination of arguments - got ({given}), but expected "
        "one of:\n * (Tensor "
    )


def test_the_ways_say_which_arguments_may_be_numbers():
    with pytest.raises(TypeError) as caught:
        gv.xlogy(2, 3)
    assert str(caught.value).splitlines()[1:] == [
        " * (Tensor input, Tensor other)",
        " * (Number input, Tensor other)",
        " * (Tensor input, Number other)",
    ]


def test_plain_arithmetic_takes_numbers_alone():
    assert [f(6, 4).item() for f in (gv.add, gv.sub, gv.mul, gv.div)] == [10, 2, 24, 1.5]


@pytest.mark.parametrize(
    "by_position, by_name",
    [
        (lambda x: gv.softmax(x, 1), lambda x: gv.softmax(input=x, dim=1)),
        (lambda x: x.reshape(3, 2), lambda x: x.reshape(shape=(3, 2))),
        (lambda x: x.reshape((3, 2)), lambda x: gv.reshape(x, shape=[3, 2])),
        (lambda x: x.transpose(0, 1), lambda x: x.transpose(dim1=1, dim0=0)),
        (lambda x: x.sum(1, True), lambda x: x.sum(axis=1, keepdims=True)),
        (lambda x: gv.sub(x, 2, alpha=3), lambda x: gv.sub(input=x, other=2, alpha=3)),
    ],
)
def test_settings_by_position_are_those_by_name(
    by_position: Callable[[Tensor], Tensor], by_name: Callable[[Tensor], Tensor]
) -> None:
    x = gv.arange(6.0).reshape(2, 3)
    assert by_position(x).tolist() == by_name(x).tolist()


@pytest.mark.parametrize(
    "call",
    [
        lambda x: gv.softmax(x, 1, dim=1),
        lambda x: gv.transpose(x, 0),
        lambda x: gv.transpose(x, 0, 1, 0),
        lambda x: gv.reshape(x),
        lambda x: gv.sub(x, x, 2),
        lambda x: gv.softmax(x, 1.5),
    ],
)
def test_settings_that_do_not_fit_are_refused(call: Callable[[Tensor], Tensor]) -> None:
    with pytest.raises(TypeError):
        call(gv.arange(6.0).reshape(2, 3))
