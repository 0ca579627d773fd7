"""The words by which a maker of tensors is told where to: what is no place is refused."""

from collections.abc import Callable
from typing import Any

import pytest

import gradviz as gv

MAKERS: list[Callable[..., Any]] = [
    lambda **words: gv.zeros(2, **words), lambda **words: gv.full((2,), 1.0, **words),
    lambda **words: gv.empty(2, **words), lambda **words: gv.arange(2, **words),
    lambda **words: gv.eye(2, **words), lambda **words: gv.ones_like(gv.zeros(2), **words),
    lambda **words: gv.rand(2, **words), lambda **words: gv.randperm(2, **words),
    lambda **words: gv.randn_like(gv.zeros(2), **words),
    lambda **words: gv.zeros(2).new_zeros(2, **words),
    lambda **words: gv.zeros(2).new_empty(2, **words),
    lambda **words: gv.zeros(2).new_tensor([1.0], **words),
]  # fmt: skip


@pytest.mark.parametrize("make", MAKERS)
def test_makers_take_the_words_of_the_one_place(make: Callable[..., Any]) -> None:
    made = make(layout=gv.strided, device="cpu", pin_memory=False)
    assert made.layout is gv.strided


@pytest.mark.parametrize("make", MAKERS)
def test_makers_refuse_what_is_no_layout(make: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match="argument 'layout' must be"):
        make(layout="strided")
    with pytest.raises(TypeError, match="argument 'pin_memory' must be bool, not int"):
        make(pin_memory=5)


@pytest.mark.parametrize("make", MAKERS)
def test_makers_refuse_words_they_do_not_know(make: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'layuot'"):
        make(layuot=gv.strided)


def test_other_devices_are_refused_where_tensors_are_drawn() -> None:
    with pytest.raises((RuntimeError, AssertionError)):
        gv.rand(2, device="cuda")
