"""Order statistics: ties keep their order, nan counts as the largest, gradients go back home."""

import math

import pytest

import gradviz as gv

NAN = math.nan


def test_sorting_is_stable_either_way():
    x = gv.tensor([2.0, 1.0, 2.0, 1.0])
    assert x.sort().indices.tolist() == [1, 3, 0, 2]
    assert x.sort(descending=True).indices.tolist() == [0, 2, 1, 3]


def test_nan_is_the_largest():
    x = gv.tensor([2.0, NAN, 1.0])
    assert x.sort().indices.tolist() == [2, 0, 1]
    assert x.topk(1).indices.tolist() == [1]
    assert x.argmax().item() == 1


@pytest.mark.parametrize(
    ("function", "values", "expected"),
    [
        (lambda x: x.kthvalue(2).values, [3.0, 1, 4, 2], [0, 0, 0, 1]),
        (lambda x: x.topk(2).values, [1.0, 5, 3, 4], [0, 1, 0, 1]),
        (lambda x: x.sort().values * gv.tensor([1.0, 2, 3]), [3.0, 1, 2], [3, 1, 2]),
        (lambda x: x.median(), [1.0, 2, 2, 3], [0, 0.5, 0.5, 0]),
        (lambda x: x.median(), [1.0, 2, 3, 4], [0, 1, 0, 0]),
        (lambda x: x.median(0).values, [3.0, 1, 2], [0, 0, 1]),
    ],
)  # fmt: skip
def test_gradients_go_back_to_where_values_came_from(function, values, expected):
    x = gv.tensor(values, requires_grad=True)
    function(x).sum().backward()
    assert x.grad.tolist() == expected


def test_median_of_an_even_number_is_the_lower_and_nan_wins():
    assert gv.tensor([4.0, 1.0, 3.0, 2.0]).median().item() == 2.0
    assert math.isnan(gv.tensor([1.0, NAN]).median().item())
    values, indices = gv.tensor([[1.0, NAN, 2.0], [3.0, 1.0, 2.0]]).median(1)
    assert math.isnan(values.tolist()[0])
    assert values.tolist()[1] == 2.0
    assert indices.tolist() == [1, 2]


def test_numbers_have_an_order_too():
    x = gv.tensor(3.0)
    assert x.sort().indices.item() == 0
    assert x.topk(1).values.item() == 3.0
    assert x.kthvalue(1).values.shape == ()


def test_refusals():
    x = gv.tensor([1.0, 2.0])
    with pytest.raises(RuntimeError, match="selected index k out of range"):
        x.topk(3)
    with pytest.raises(RuntimeError, match=r"selected number k out of range for dimension 0"):
        x.kthvalue(3)
