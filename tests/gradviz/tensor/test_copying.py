"""Copies and pickles of tensors."""

import copy
import pickle
from typing import Any

import pytest

import gradviz

gv: Any = gradviz


def test_a_deep_copy_is_a_leaf_of_its_own_with_its_gradient() -> None:
    x = gv.tensor([1.0, 2.0], requires_grad=True)
    (x * 3).sum().backward()
    twin = copy.deepcopy(x)
    assert twin.is_leaf
    assert twin.requires_grad
    assert twin.grad.tolist() == [3.0, 3.0]
    twin.grad.zero_()
    with gv.no_grad():
        twin.zero_()
    assert (x.tolist(), x.grad.tolist()) == ([1.0, 2.0], [3.0, 3.0])


def test_what_was_computed_is_not_copied() -> None:
    with pytest.raises(RuntimeError, match="Only Tensors created explicitly by the user"):
        copy.deepcopy(gv.ones(2, requires_grad=True) * 2)


@pytest.mark.parametrize("through", [copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))])
def test_shared_memory_stays_shared(through: Any) -> None:
    whole = gv.arange(6.0).reshape(2, 3)
    twins = through([whole, whole[1], whole.t(), whole])
    twins[0].zero_()
    assert twins[1].tolist() == [0.0, 0.0, 0.0]
    assert twins[2].shape == (3, 2)
    assert twins[2].sum() == 0
    assert twins[3] is twins[0]
    assert whole.sum() == 15


def test_a_pickle_keeps_the_flag_and_not_the_gradient() -> None:
    x = gv.ones(2, requires_grad=True)
    x.sum().backward()
    twin = pickle.loads(pickle.dumps(x))
    assert (twin.requires_grad, twin.grad) == (True, None)


def test_a_shallow_copy_is_on_the_same_memory() -> None:
    x = gv.ones(2)
    twin = copy.copy(x)
    twin.zero_()
    assert twin is not x
    assert x.tolist() == [0.0, 0.0]
