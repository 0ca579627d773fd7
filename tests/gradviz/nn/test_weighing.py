"""Losses with weights and with the older words for their reduction, as PyTorch 2.13 gives them."""

import pytest

import gradviz as gv
from gradviz import nn
from gradviz.nn import functional as F

X = [[0.2, -1.5], [0.9, 0.4]]
Y = [[1.0, 0.0], [0.25, 1.0]]


@pytest.mark.parametrize(
    ("given", "reduction"),
    [({"size_average": False}, "sum"), ({"reduce": False}, "none"), ({"reduce": True}, "mean")],
)
def test_older_switches_warn_and_choose(given: dict[str, bool], reduction: str) -> None:
    x, y = gv.tensor(X), gv.tensor(Y)
    with pytest.warns(UserWarning, match=f"please use reduction='{reduction}' instead"):
        loss = F.mse_loss(x, y, **given)
    assert loss.tolist() == F.mse_loss(x, y, reduction=reduction).tolist()
    with pytest.warns(UserWarning, match="size_average and reduce args will be deprecated"):
        assert nn.L1Loss(**given).reduction == reduction


def test_older_switches_keep_their_places() -> None:
    x, classes = gv.tensor(X), gv.tensor([0, 1])
    with pytest.warns(UserWarning):
        loss = F.cross_entropy(x, classes, None, None, -100, False)
    assert loss.shape == (2,)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mse_loss", [-0.014475, 0.146525, -0.036225, -0.042475]),
        ("huber_loss", [0.08, 0.25, 0.052813, 0.045]),
    ],
)
def test_weights_of_elements_take_gradients(name: str, expected: list[float]) -> None:
    weight = gv.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    getattr(F, name)(gv.tensor(X), gv.tensor(Y), weight=weight).backward()
    assert weight.grad.reshape(-1).tolist() == pytest.approx(expected, abs=1e-5)


def test_weights_of_classes_take_gradients_from_probabilities_only() -> None:
    weight = gv.tensor([1.0, 2.0], requires_grad=True)
    F.cross_entropy(gv.tensor(X), gv.tensor(Y), weight).backward()
    assert weight.grad.tolist() == pytest.approx([0.14315, 0.48704], abs=1e-5)
    with pytest.raises(RuntimeError, match="'nll_loss_forward' is not differentiable with respect"):
        F.cross_entropy(gv.tensor(X), gv.tensor([0, 1]), weight)
    with gv.no_grad():
        assert F.nll_loss(gv.tensor(X), gv.tensor([0, 1]), weight).item() == pytest.approx(-1 / 3)


@pytest.mark.parametrize("argument", ["weight", "pos_weight"])
def test_weights_without_a_gradient_are_refused(argument: str) -> None:
    given = {argument: gv.tensor([1.0, 2.0], requires_grad=True)}
    with pytest.raises(RuntimeError, match=f"with respect to argument '{argument}'"):
        F.binary_cross_entropy_with_logits(gv.tensor(X), gv.tensor(Y), **given)
