"""Clamping, rounding, activations and softmax at their kinks and ends."""

import math

import pytest

import gradviz as gv
from gradviz.nn import functional as F


def gradient(function, values):
    x = gv.tensor(values, requires_grad=True)
    function(x).sum().backward()
    return x.grad.tolist()


def test_bounds_belong_to_the_range():
    assert gradient(lambda x: x.clamp(0, 1), [-1.0, 0, 0.5, 1, 2]) == [0, 1, 1, 1, 0]


def test_tensors_as_bounds_take_the_gradient_beyond_them():
    x = gv.tensor([-1.0, 0.0, 2.0], requires_grad=True)
    low, high = (gv.tensor([v] * 3, requires_grad=True) for v in (0.0, 1.0))
    x.clamp(low, high).sum().backward()
    assert [t.grad.tolist() for t in (x, low, high)] == [[0, 1, 0], [1, 0, 0], [0, 0, 1]]


def test_a_number_that_requires_a_gradient_gets_it():
    low = gv.tensor(0.5, requires_grad=True)
    gv.tensor([-1.0, 0.0, 2.0]).clamp(min=low).sum().backward()
    assert low.grad.item() == 2


def test_clamp_of_integers_by_a_fraction_is_floating():
    assert gv.tensor([0, 1, 2]).clamp(0, 1.5).tolist() == [0, 1, 1.5]
    assert gv.tensor([0.0, 1, 2]).clamp(min=2, max=1).tolist() == [1, 1, 1]
    with pytest.raises(RuntimeError, match="At least one of 'min' or 'max' must not be None"):
        gv.tensor([1.0]).clamp()


def test_halves_round_to_even():
    assert gv.tensor([0.5, 1.5, 2.5]).round().tolist() == [0, 2, 2]
    assert gv.tensor([123.456]).round(decimals=-1).tolist() == [120]
    assert gv.tensor([1, 2]).round().dtype is gv.int64


@pytest.mark.parametrize(
    ("function", "values", "expected"),
    [
        (lambda x: F.leaky_relu(x, 0.125), [-1.0, 0, 1], [0.125, 0.125, 1]),
        (F.relu, [-1.0, 0, 1], [0, 0, 1]),
        (F.elu, [0.0, 1], [1, 1]),
        (F.softplus, [-200.0, 0, 25], [0, 0.5, 1]),
        (lambda x: x.softmax(0), [1000.0, 0, -1000], [0, 0, 0]),
    ],
)
def test_gradients_at_kinks(function, values, expected):
    assert gradient(function, values) == expected


def test_log_softmax_keeps_what_softmax_loses():
    assert gv.log_softmax(gv.tensor([1000.0, 0, -1000]), 0).tolist() == [0, -1000, -2000]


def test_softmax_of_what_is_undecidable():
    for values in ([math.inf, 0.0], [-math.inf, -math.inf]):
        assert all(math.isnan(v) for v in gv.softmax(gv.tensor(values), 0).tolist())


def test_integers_have_no_softmax():
    with pytest.raises(NotImplementedError, match=r"softmax_lastdim_kernel_impl.*'Long'"):
        gv.softmax(gv.tensor([1, 2]), 0)
    assert gv.softmax(gv.tensor([1, 1]), 0, dtype=gv.float64).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("kind", [gv.float32, gv.float64])
def test_a_rectifier_stops_infinities_too_and_lets_nan_through(kind: gv.dtype) -> None:
    """As PyTorch chooses between the gradient and zero, where a product would give nan."""
    x = gv.tensor([-1.0, 0.0, 2.0, float("nan"), 3.0], dtype=kind, requires_grad=True)
    gv.relu(x).backward(gv.tensor([float("inf"), float("nan"), float("inf"), 1.0, -2.0]).to(kind))
    assert x.grad.tolist() == [0.0, 0.0, float("inf"), 1.0, -2.0]
    assert x.grad.dtype == kind
