import pytest

import gradviz as gv
from gradviz import nn
from gradviz.func import functional_call, grad, stack_module_state, vmap


def test_a_module_runs_with_other_parameters_and_keeps_its_own() -> None:
    layer = nn.Linear(2, 1)
    before = layer.weight
    given = {"weight": gv.ones(1, 2), "bias": gv.zeros(1)}
    assert functional_call(layer, given, gv.tensor([3.0, 4.0])).tolist() == [7.0]
    assert layer.weight is before
    found = grad(lambda p: functional_call(layer, p, (gv.tensor([3.0, 4.0]),)).sum())(given)
    assert found["weight"].tolist() == [[3.0, 4.0]]


def test_its_own_come_back_after_an_error() -> None:
    layer = nn.Linear(2, 1)
    before = layer.bias
    with pytest.raises(RuntimeError):
        functional_call(layer, {"bias": gv.zeros(7)}, gv.ones(3, 5))
    assert layer.bias is before


def test_parameters_that_are_one_are_replaced_together() -> None:
    net = nn.Sequential(nn.Linear(1, 1, bias=False), nn.Linear(1, 1, bias=False))
    net[1].weight = net[0].weight
    given = {"0.weight": gv.full((1, 1), 3.0)}
    assert functional_call(net, given, gv.ones(1)).tolist() == [9.0]


def test_names_are_checked() -> None:
    layer = nn.Linear(2, 1)
    with pytest.raises(KeyError, match="no parameter or buffer of Linear"):
        functional_call(layer, {"nothing": gv.ones(1)}, gv.ones(2))
    with pytest.raises(RuntimeError, match=r"missing key\(s\) \['weight'\]"):
        functional_call(layer, {"bias": gv.ones(1)}, gv.ones(2), strict=True)
    with pytest.raises(ValueError, match="multiple dictionaries"):
        functional_call(layer, ({"bias": gv.ones(1)}, {"bias": gv.ones(1)}), gv.ones(2))


def test_an_ensemble_runs_as_a_batch_of_parameters() -> None:
    models = [nn.Linear(2, 1) for _ in range(3)]
    parameters, buffers = stack_module_state(models)
    assert parameters["weight"].shape == (3, 1, 2)
    assert parameters["weight"].requires_grad
    x = gv.tensor([1.0, 2.0])
    found = vmap(lambda p, b: functional_call(models[0], (p, b), x))(parameters, buffers)
    assert found.tolist() == [m(x).tolist() for m in models]
