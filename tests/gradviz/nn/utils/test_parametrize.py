"""Parameters computed from others, against what PyTorch 2.13 gives after ``manual_seed(2)``."""

from typing import Any

import pytest

import gradviz as gv
from gradviz import nn
from gradviz.nn.utils import parametrizations, parametrize

X = gv.linspace(-1, 1, 6).reshape(2, 3)


def linear() -> Any:
    gv.manual_seed(2)
    return nn.Linear(3, 2)


def test_lengths_and_directions_are_learned_apart() -> None:
    layer = parametrizations.weight_norm(linear())
    state = layer.state_dict()
    assert list(state) == [
        "bias", "parametrizations.weight.original0", "parametrizations.weight.original1",
    ]  # fmt: skip
    lengths = layer.parametrizations.weight.original0
    assert lengths.reshape(-1).tolist() == pytest.approx([0.248, 0.2839], abs=1e-4)
    y = layer(X)
    assert y.reshape(-1).tolist() == pytest.approx([-0.148, -0.6127, 0.036, -0.1872], abs=1e-4)
    (y**2).sum().backward()
    assert lengths.grad.reshape(-1).tolist() == pytest.approx([0.1272, 0.2615], abs=1e-4)
    assert repr(layer).startswith("ParametrizedLinear(")
    assert "ParametrizationList(" in repr(layer)
    layer.weight = gv.ones(2, 3)
    assert layer.weight.tolist() == [pytest.approx([1] * 3)] * 2


def test_the_largest_singular_value_is_one() -> None:
    layer = parametrizations.spectral_norm(linear())
    found = layer(X).reshape(-1).tolist()
    assert found == pytest.approx([-0.339, -0.9542, 0.2755, 0.4666], abs=1e-4)
    assert gv.linalg.svdvals(layer.weight)[0].item() == pytest.approx(1, abs=1e-4)
    parametrize.remove_parametrizations(layer, "weight")
    assert type(layer) is nn.Linear
    assert not parametrize.is_parametrized(layer)
    assert layer(X).reshape(-1).tolist() == pytest.approx(found, abs=1e-4)


class Symmetric(nn.Module):
    """The upper triangle of a matrix on both sides."""

    def forward(self, x: Any) -> Any:
        return x.triu() + x.triu(1).transpose(-1, -2)


def test_a_module_of_ones_own() -> None:
    layer = nn.Linear(3, 3)
    parametrize.register_parametrization(layer, "weight", Symmetric())
    weight: Any = layer.weight
    assert weight.tolist() == weight.T.tolist()
    assert parametrize.is_parametrized(layer, "weight")
    assert not parametrize.is_parametrized(layer, "bias")
    with pytest.raises(RuntimeError, match="Symmetric does not implement right_inverse"):
        layer.weight = gv.ones(3, 3)
    with pytest.raises(ValueError, match="with name 'foo'"):
        parametrizations.weight_norm(nn.Linear(3, 2), "foo")
    with pytest.raises(ValueError, match="may not change the shape"):
        parametrize.register_parametrization(nn.Linear(3, 2), "weight", nn.Flatten(0))
