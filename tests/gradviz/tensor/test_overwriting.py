"""The short way through a write leaves just what the long way does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gradviz as gv
from gradviz.tensor import Tensor

WRITES: dict[str, Callable[[Any], Any]] = {
    "a number added": lambda x: x.add_(2),
    "a row added": lambda x: x.add_(gv.tensor([1.0, 2.0])),
    "a scaled row subtracted": lambda x: x.sub_(gv.tensor([1.0, 2.0]), alpha=0.5),
    "itself, turned": lambda x: x.add_(x.t()),
    "a product": lambda x: x.mul_(x),
    "a function": lambda x: x.exp_(),
    "a filling": lambda x: x.fill_(2.5),
    "zeros": lambda x: x.zero_(),
    "a copy of a row": lambda x: x.copy_(gv.tensor([[1.0, 2.0]])),
    "an operator": lambda x: x.__isub__(0.5),
}


def fresh() -> Tensor:
    """A matrix to write to."""
    return gv.tensor([[1.0, 2.0], [3.0, 4.0]])


@pytest.mark.parametrize("case", WRITES)
def test_the_written_value_is_that_of_a_recorded_write(case: str) -> None:
    plain, behind = fresh(), fresh().requires_grad_() * 1
    address = plain.data_ptr()
    versions = plain._version, behind._version
    WRITES[case](plain)
    WRITES[case](behind)
    np.testing.assert_array_equal(plain.array, behind.array)
    assert plain.data_ptr() == address
    assert (plain._version, behind._version) == (versions[0] + 1, versions[1] + 1)
    assert plain.is_leaf and not behind.is_leaf


def test_a_write_is_seen_by_a_backward_pass_that_kept_the_memory() -> None:
    x, y = fresh().requires_grad_(), fresh()
    out = (x * y).sum()
    y.mul_(2.0)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        out.backward()


def test_a_write_through_a_view_counts_for_what_it_views() -> None:
    x = fresh()
    x[0].add_(1.0)
    assert x.tolist() == [[2.0, 3.0], [3.0, 4.0]]
    assert x._version == 1


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "a leaf that asks": (lambda: fresh().requires_grad_().add_(1.0), "a leaf Variable"),
    "too wide a term": (lambda: gv.ones(2).add_(fresh()), "doesn't match the broadcast shape"),
    "shapes apart": (lambda: gv.ones(2).mul_(gv.ones(3)), "must match the size"),
    "one place for many": (lambda: gv.ones(1).expand(3).zero_(), "single memory location"),
    "a row as one number": (lambda: fresh().fill_(gv.ones(1)), "0-dimension value tensor"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_may_not_be_written_is_refused(case: str) -> None:
    write, message = REFUSED[case]
    with pytest.raises(RuntimeError, match=message):
        write()


def test_an_inference_tensor_is_written_to_in_inference_mode_alone() -> None:
    with gv.inference_mode():
        x = fresh()
        x.add_(1.0)
    assert x.tolist() == [[2.0, 3.0], [4.0, 5.0]]
    with pytest.raises(RuntimeError, match="Inplace update to inference tensor"):
        x.add_(1.0)


def test_a_parameter_moves_where_nothing_is_recorded() -> None:
    weight = fresh().requires_grad_()
    (weight * weight).sum().backward()
    with gv.no_grad():
        weight.sub_(weight.grad, alpha=0.25)
        weight -= weight.grad
    assert weight.tolist() == [[-1.5, -3.0], [-4.5, -6.0]]
    assert weight.is_leaf and weight.requires_grad
