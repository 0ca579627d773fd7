import numpy as np
import pytest

from gradviz.descent import Objective, Runner, RunnerSpec, parse_runner
from gradviz.descent.buffers import buffers
from gradviz.descent.methods import RUNNERS
from gradviz.descent.rule import applied_rule
from gradviz.program import graph_from_source

TEXT = (
    "a = tensor([1.5, -0.5], dtype=float64, requires_grad=True)\n"
    "b = tensor(-2.0, dtype=float64, requires_grad=True)\n"
    "J = sum((a - 0.3) ** 2) + (b ** 2 - 1) ** 2"
)


def walked(text, steps=5):
    land = Objective(graph_from_source(TEXT))
    runner = Runner(land, parse_runner(text), land.start())
    runner.advance(steps)
    return runner


def on_axes(runner, buffer):
    axes = runner.objective.axis_choices()
    return np.array([float(buffer.value[a.node][a.index]) for a in axes])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SGD lr=0.01", ["∇J(θ)"]),
        ("SGD lr=0.01 momentum=0.9", ["∇J(θ)", "v"]),
        ("Adam lr=0.1", ["∇J(θ)", "m", "m̂", "v", "v̂"]),
        ("NAdam lr=0.1", ["∇J(θ)", "m", "v", "v̂"]),
        ("RMSprop lr=0.01 centered=true momentum=0.5", ["∇J(θ)", "s", "v", "ḡ"]),
        ("Rprop", ["∇J(θ)", "g′", "Δ"]),
        ("LBFGS max_iter=2", ["∇J(θ)", "−d", "g′"]),
        ("ConjugateGradient lr=0.1", ["∇J(θ)", "−d", "t"]),
        ("Newton", ["∇J(θ)", "τ"]),
    ],
)
def test_what_is_carried_is_told_with_its_symbol(text, names):
    found = [b.symbol for b in buffers(walked(text), 2)]
    assert sorted(found) == sorted(names)
    assert found[0] == "∇J(θ)"


@pytest.mark.parametrize(
    ("text", "symbol", "target", "power"),
    [
        ("SGD lr=0.01 momentum=0.9", "v", "v", 1),
        ("Adam lr=0.1", "m", "m", 1),
        ("Adam lr=0.1", "v", "v", 2),
        ("Adamax lr=0.1", "u", "u", 1),
        ("Adagrad lr=0.1", "s", "s", 2),
    ],
)
def test_it_is_what_the_rule_of_that_step_comes_to(text, symbol, target, power):
    runner = walked(text)
    axes = runner.objective.axis_choices()
    for step in (0, 3):
        shown = {b.symbol: b for b in buffers(runner, step) if not b.corrected}[symbol]
        lines = {a.line.target: a.result for a in applied_rule(runner, axes, step)}
        np.testing.assert_allclose(on_axes(runner, shown) ** power, lines[target], rtol=1e-10)


def test_a_corrected_mean_is_the_gradient_at_the_first_step():
    runner = walked("Adam lr=0.1")
    found = {b.symbol: on_axes(runner, b) for b in buffers(runner, 0)}
    np.testing.assert_allclose(found["m̂"], found["∇J(θ)"])
    np.testing.assert_allclose(found["v̂"], np.abs(found["∇J(θ)"]))


def test_a_direction_of_all_parameters_is_shared_out_among_them():
    runner = walked("ConjugateGradient lr=0.1")
    way = next(b for b in buffers(runner, 0) if b.symbol == "−d")
    assert {i: a.shape for i, a in way.value.items()} == {
        i: a.shape for i, a in runner.objective.start().items()
    }
    gradient = on_axes(runner, buffers(runner, 0)[0])
    np.testing.assert_allclose(on_axes(runner, way), gradient)


@pytest.mark.parametrize("name", RUNNERS)
def test_every_optimizer_s_last_step_can_be_told_too(name):
    land = Objective(graph_from_source(TEXT))
    runner = Runner(land, RunnerSpec(name), land.start())
    assert buffers(runner, 0)[0].symbol == "∇J(θ)"
    runner.advance(3)
    for step in range(4):
        for buffer in buffers(runner, step):
            assert all(np.all(np.isfinite(a)) for a in buffer.value.values())
