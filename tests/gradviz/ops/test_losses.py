"""Losses: values, pulls, and the messages of PyTorch where arguments do not fit."""

import math

import pytest

import gradviz as gv
from gradviz.nn import functional as F

ROWS = [[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]]


def scores():
    return gv.tensor(ROWS, requires_grad=True)


def test_cross_entropy_pulls_by_softmax_less_target():
    x = scores()
    loss = F.cross_entropy(x, gv.tensor([2, 0]))
    loss.backward()
    assert loss.item() == pytest.approx(0.4076059)
    assert x.grad.tolist()[0] == pytest.approx([0.0450153, 0.1223642, -0.1673795], abs=1e-6)


@pytest.mark.parametrize(
    ("target", "settings", "expected"),
    [
        ([2, -100], {}, 0.4076059),
        ([2, -100], {"reduction": "sum"}, 0.4076059),
        ([2, 0], {"label_smoothing": 0.1}, 0.5076059),
        ([2, 1], {"weight": [1.0, 2.0, 3.0]}, (3 * 0.4076059 + 2 * 1.4076059) / 5),
        ([[0.2, 0.3, 0.5], [1.0, 0.0, 0.0]], {}, (0.9 + 0.4076059 * 2 - 0.2) / 2),
    ],
)
def test_cross_entropy_options(target, settings, expected):
    given = {k: gv.tensor(v) if k == "weight" else v for k, v in settings.items()}
    loss = F.cross_entropy(scores(), gv.tensor(target), **given)
    assert loss.item() == pytest.approx(expected)


def test_nothing_but_ignored_targets():
    x = scores()
    loss = F.cross_entropy(x, gv.tensor([-100, -100]))
    loss.backward()
    assert math.isnan(loss.item())
    assert x.grad.tolist() == [[0, 0, 0], [0, 0, 0]]


def test_an_impossible_class_that_is_not_the_target_does_no_harm():
    x = gv.tensor([[-math.inf, 2.0, 3.0]])
    assert F.cross_entropy(x, gv.tensor([2])).item() == pytest.approx(math.log1p(math.exp(-1)))


@pytest.mark.parametrize(
    ("target", "problem", "message"),
    [
        ([2, 3], IndexError, "Target 3 is out of bounds."),
        ([2.0, 1.0], RuntimeError, "expected target dtype to be Long or Byte, but got Float"),
        ([2, 1, 0], ValueError, r"input batch_size \(2\) to match target batch_size \(3\)"),
        ([[2, 1], [1, 1]], RuntimeError, "0D or 1D target tensor expected"),
        ([[0, 1, 0], [1, 0, 0]], RuntimeError, "Expected floating point type for target"),
    ],
)
def test_targets_that_do_not_fit(target, problem, message):
    with pytest.raises(problem, match=message):
        F.cross_entropy(scores(), gv.tensor(target))


def test_settings_that_do_not_fit():
    with pytest.raises(RuntimeError, match=r"label_smoothing must be between 0.0 and 1.0. Got: 2"):
        F.cross_entropy(scores(), gv.tensor([0, 1]), label_smoothing=2)
    with pytest.raises(RuntimeError, match="weight tensor should be defined either for all 3"):
        F.nll_loss(scores(), gv.tensor([0, 1]), gv.tensor([1.0, 2.0]))
    with pytest.raises(ValueError, match="foo is not a valid value for reduction"):
        F.mse_loss(scores(), scores(), reduction="foo")


def test_binary_cross_entropy_at_its_ends():
    p = gv.tensor([0.0, 1.0], dtype=gv.float64, requires_grad=True)
    loss = F.binary_cross_entropy(p, gv.tensor([1.0, 0.0], dtype=gv.float64))
    loss.backward()
    assert loss.item() == 100
    assert p.grad.tolist() == pytest.approx([-5e11, 5e11])
    with pytest.raises(RuntimeError, match="all elements of input should be between 0 and 1"):
        F.binary_cross_entropy(gv.tensor([1.5]), gv.tensor([1.0]))


def test_logits_do_not_overflow():
    x = gv.tensor([200.0, -200.0], requires_grad=True)
    loss = F.binary_cross_entropy_with_logits(x, gv.tensor([0.0, 1.0]))
    loss.backward()
    assert loss.item() == 200
    assert x.grad.tolist() == [0.5, -0.5]


def test_shapes_that_differ_warn():
    with pytest.warns(UserWarning, match=r"target size \(torch.Size\(\[3\]\)\) that is different"):
        F.mse_loss(gv.tensor([[1.0], [1.0], [1.0]]), gv.tensor([1.0, 1.0, 1.0]))


@pytest.mark.parametrize(
    ("loss", "inputs", "expected"),
    [
        (F.l1_loss, [1.0, 3.0], [0, 0.5]),
        (F.smooth_l1_loss, [2.0, 5.0], [0.5, 0.5]),
        (F.huber_loss, [1.5, 5.0], [0.25, 0.5]),
    ],
)
def test_pulls_of_distances(loss, inputs, expected):
    x = gv.tensor(inputs, requires_grad=True)
    loss(x, gv.tensor([1.0, 2.0])).backward()
    assert x.grad.tolist() == expected
