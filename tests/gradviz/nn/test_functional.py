"""What ``nn.functional`` adds to the table: deprecated defaults and writing in place."""

import pytest

import gradviz as gv
from gradviz.nn import functional as F


@pytest.mark.parametrize(("shape", "sums"), [((2,), 0), ((2, 3), 1), ((2, 3, 4), 0)])
def test_softmax_without_a_dimension_warns_and_chooses(shape, sums):
    with pytest.warns(UserWarning, match="Implicit dimension choice for softmax"):
        result = F.softmax(gv.ones(shape))
    assert (result.sum(sums) - 1).abs().max().item() < 1e-6


def test_softmin_is_softmax_of_the_negative():
    x = gv.tensor([1.0, 2.0])
    assert F.softmin(x, 0).tolist() == F.softmax(-x, 0).tolist()


def test_in_place():
    x = gv.tensor([-1.0, 2.0])
    assert F.relu(x, inplace=True) is x
    assert x.tolist() == [0, 2]


def test_operations_of_the_table_are_listed():
    assert {"cross_entropy", "gelu", "softplus"} <= set(dir(F))
    with pytest.raises(AttributeError, match="has no attribute 'no_such_thing'"):
        F.no_such_thing  # noqa: B018
