"""Optimizers for matrices, averages of models, and what is called around steps.

The numbers were recorded with PyTorch 2.13.
"""

from collections.abc import Callable
from typing import Any

import pytest

import gradviz as gv
from gradviz import nn, optim
from gradviz.optim import swa_utils

RECORDED: list[tuple[str, Callable[[Any], optim.Optimizer], tuple[int, ...], list[float]]] = [
    (
        "Adafactor",
        lambda p: optim.Adafactor(p),
        (2, 3),
        [-0.90793, -0.36441, 0.2, 0.77668, 1.3696, 1.9685],
    ),
    (
        "Adafactor decay",
        lambda p: optim.Adafactor(p, lr=0.5, weight_decay=0.1, d=1.5),
        (3, 2),
        [0.65172, 0.32972, 0.18836, -0.16016, 0.13229, 0.53165],
    ),
    (
        "Adafactor vector",
        lambda p: optim.Adafactor(p, maximize=True),
        (6,),
        [-1.0436, -0.44375, 0.2567, 0.84375, 1.4436, 2.0436],
    ),
    ("Muon", lambda p: optim.Muon(p), (2, 3), [-0.99705, -0.3985, 0.1988, 0.7993, 1.3981, 1.9966]),
    (
        "Muon tall",
        lambda p: optim.Muon(p, lr=0.1, nesterov=False),
        (3, 2),
        [-0.71961, -0.44264, 0.37531, 0.5916, 1.1865, 1.6328],
    ),
    (
        "Muon rms",
        lambda p: optim.Muon(p, lr=0.1, adjust_lr_fn="match_rms_adamw", ns_steps=3),
        (3, 2),
        [-0.88529, -0.40453, 0.25269, 0.71403, 1.2994, 1.8404],
    ),
]


@pytest.mark.parametrize(("name", "make", "shape", "expected"), RECORDED)
def test_paths(
    name: str, make: Callable[[Any], optim.Optimizer], shape: tuple[int, ...], expected: list[float]
) -> None:
    weight = nn.Parameter(gv.linspace(-1, 2, 6).reshape(shape))
    target, share = (gv.linspace(*ends, 6).reshape(shape) for ends in ((1, -1), (1, 3)))
    optimizer = make([weight])
    for _ in range(4):
        optimizer.zero_grad()
        ((weight - target) ** 2 * share).sum().backward()
        optimizer.step()
    assert weight.reshape(-1).tolist() == pytest.approx(expected, abs=2e-3)
    again = make([weight])
    again.load_state_dict(optimizer.state_dict())
    assert again.state_dict().keys() == optimizer.state_dict().keys()


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda p: optim.Muon([nn.Parameter(gv.ones(3))]), ValueError, "only supports 2D"),
        (lambda p: optim.Muon(p, lr=-1), ValueError, "Learning rate should be >= 0 but is: -1"),
        (lambda p: optim.Muon(p, adjust_lr_fn="x"), ValueError, "function x is not supported"),
        (lambda p: optim.Adafactor(p, d=0.5), ValueError, "d should be >= 1 but is: 0.5"),
        (lambda p: optim.Adafactor(p, eps=(-1, 0.5)), ValueError, "epsilon1 should be >= 0"),
        (
            lambda p: optim.SGD(p, differentiable=True),
            NotImplementedError,
            "steps are not recorded",
        ),
        (lambda p: optim.Adam(p, fused=True, foreach=True), RuntimeError, "cannot be `True`"),
    ],
)
def test_refused(make: Callable[[Any], Any], error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        make([nn.Parameter(gv.ones(2, 2))])


def trained(**how: Any) -> Any:
    """An average over four steps of a little network."""
    gv.manual_seed(1)
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    averaged = swa_utils.AveragedModel(model, **how)
    optimizer = optim.SGD(model.parameters(), 0.1)
    for _ in range(4):
        optimizer.zero_grad()
        (model(gv.linspace(-1, 1, 8).reshape(4, 2)) ** 2).sum().backward()
        optimizer.step()
        averaged.update_parameters(model)
    return averaged


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({}, [0.2294, -0.44705, -0.13982, 0.32916]),
        ({"avg_fn": swa_utils.get_ema_avg_fn(0.9)}, [0.22936, -0.44709, -0.13976, 0.32921]),
        (
            {"multi_avg_fn": swa_utils.get_ema_multi_avg_fn(0.9)},
            [0.22936, -0.44709, -0.13976, 0.32921],
        ),
    ],
)
def test_averages_of_a_model(how: dict[str, Any], expected: list[float]) -> None:
    averaged = trained(**how)
    state = averaged.state_dict()
    assert next(iter(state)) == "n_averaged"
    assert state["n_averaged"].item() == 4
    assert averaged.module[0].weight.reshape(-1).tolist() == pytest.approx(expected, abs=1e-4)
    assert averaged(gv.ones(2, 2)).shape == (2, 2)
    with pytest.raises(AssertionError, match="Only one of avg_fn and multi_avg_fn"):
        trained(avg_fn=swa_utils.get_swa_avg_fn(), multi_avg_fn=swa_utils.get_swa_multi_avg_fn())


def test_statistics_taken_anew() -> None:
    model = nn.Sequential(nn.BatchNorm1d(2)).eval()
    batch = gv.linspace(-1, 1, 8).reshape(4, 2)
    swa_utils.update_bn([batch, (batch * 2, "a target")], model)
    assert not model.training
    assert model[0].momentum == 0.1
    expected = (batch.mean(0) * 1.5).tolist()
    assert model[0].running_mean.tolist() == pytest.approx(expected)


def test_functions_around_steps_and_states() -> None:
    weight = nn.Parameter(gv.ones(2))
    optimizer = optim.SGD([weight], 0.1)
    log: list[str] = []
    optimizer.register_step_pre_hook(lambda *_: log.append("before"))
    handle = optimizer.register_step_post_hook(lambda *_: log.append("after"))
    optimizer.register_state_dict_pre_hook(lambda *_: log.append("out"))
    optimizer.register_state_dict_post_hook(lambda _, state: {**state, "note": 1})
    optimizer.register_load_state_dict_pre_hook(lambda *_: log.append("in"))
    optimizer.register_load_state_dict_post_hook(lambda *_: log.append("taken"))
    weight.grad = gv.ones(2)
    optimizer.step()
    handle.remove()
    optimizer.step()
    state = optimizer.state_dict()
    optimizer.load_state_dict(state)
    assert log == ["before", "after", "before", "out", "in", "taken"]
    assert state["note"] == 1
    optimizer.register_step_pre_hook(lambda *_: 3)
    with pytest.raises(
        RuntimeError, match=r"must return None or a tuple of \(new_args, new_kwargs\)"
    ):
        optimizer.step()
