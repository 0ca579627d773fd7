import ast

import numpy as np
import pytest

from gradviz.descent import Objective, Runner, RunnerSpec, parse_runner
from gradviz.descent.methods import RUNNERS
from gradviz.descent.rule import applied_rule, evaluate, rule_of, symbols_of
from gradviz.program import graph_from_source

TEXT = (
    "a = tensor(1.5, dtype=float64, requires_grad=True)\n"
    "b = tensor([-2.0, 0.5], dtype=float64, requires_grad=True)\n"
    "J = (a - 0.3) ** 2 + sum(b ** 4)"
)
OWN = ("∇J(θ)", "clip_norm", "clip_value")
SPECS = [
    "SGD lr=0.1",
    "SGD lr=0.1 weight_decay=0.2",
    "SGD lr=0.001 maximize=true weight_decay=0.2",
    "SGD lr=0.01 momentum=0.9",
    "SGD lr=0.01 momentum=0.9 dampening=0.3",
    "SGD lr=0.01 momentum=0.9 nesterov=true weight_decay=0.1",
    "SGD lr=0.01 momentum=0.9 StepLR step_size=1 gamma=0.5",
    "Adam lr=0.1",
    "Adam lr=0.1 amsgrad=true weight_decay=0.1",
    "Adam lr=0.1 betas=0.5,0.6 maximize=true",
    "RMSprop lr=0.05",
    "RMSprop lr=0.05 momentum=0.5 centered=true alpha=0.8",
    "Adagrad lr=0.5",
    "SGD lr=0.01 CyclicLR step_size_up=2 cycle_momentum=true",
    "Adam lr=0.01 OneCycleLR total_steps=6 cycle_momentum=true",
    "Adagrad lr=0.5 lr_decay=0.1 initial_accumulator_value=0.2",
    "AdamW lr=0.1 weight_decay=0.1 amsgrad=true",
    "Adamax lr=0.1",
    "Adadelta rho=0.8 weight_decay=0.1",
    "SGD lr=0.1 clip_norm=0.5",
    "SGD lr=0.1 clip_value=0.7",
    "Adam lr=0.1 clip_norm=1.5 clip_value=1.2",
    "SGD lr=0.05 momentum=0.9 clip_norm=1 weight_decay=0.1",
]


@pytest.mark.parametrize("text", SPECS)
def test_the_rule_shown_is_the_rule_that_runs(text):
    objective = Objective(graph_from_source(TEXT))
    axes = objective.axis_choices()
    runner = Runner(objective, parse_runner(text), objective.start())
    runner.advance(4)
    for step in range(4):
        lines = applied_rule(runner, axes, step)
        assert lines[-1].line.target == "theta"
        after = objective.coordinates(runner.trajectory.points[step + 1], axes)
        np.testing.assert_allclose(lines[-1].result, after, rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("text", SPECS)
def test_every_name_in_a_rule_has_a_symbol(text):
    for first in (True, False):
        for line in rule_of(parse_runner(text), first):
            for name, symbol in symbols_of(parse_runner(text), [line]).items():
                assert len(symbol) <= 3 or symbol in OWN, name


def test_every_optimizer_says_its_rule():
    silent = [n for n, o in RUNNERS.items() if not o.rule and not rule_of(RunnerSpec(n))]
    twice = [n for n, o in RUNNERS.items() if o.rule and rule_of(RunnerSpec(n))]
    assert (silent, twice) == ([], [])


def test_plain_descent_is_one_line():
    (line,) = rule_of(parse_runner("SGD lr=0.1"))
    assert (line.target, line.expression) == ("theta", "theta - lr * g")


def test_the_numbers_are_those_of_the_step():
    objective = Objective(graph_from_source(TEXT))
    axes = objective.axis_choices()[:2]
    runner = Runner(objective, parse_runner("SGD lr=0.1 momentum=0.5"), objective.start())
    runner.advance(1)
    velocity, theta = applied_rule(runner, axes, 1)
    np.testing.assert_allclose(velocity.values["v"], [2.4, -32.0])
    np.testing.assert_allclose(theta.values["v"], velocity.result)
    assert theta.values["lr"] == 0.1


def test_an_expression_that_is_no_rule_is_refused():
    with pytest.raises(ValueError, match="cannot hold"):
        evaluate(ast.parse("a[0]", mode="eval").body, {"a": 1.0})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("SGD lr=0.01", "SGD lr=0.01 momentum=0.5"),
        ("SGD lr=0.01 momentum=0.5", "SGD lr=0.01"),
        ("RMSprop lr=0.01", "RMSprop lr=0.01 momentum=0.5 centered=true"),
        ("Adam lr=0.01", "Adam lr=0.01 amsgrad=true"),
        ("Adam lr=0.01", "SGD lr=0.01 momentum=0.5"),
    ],
)
def test_a_rule_that_asks_for_more_on_the_way_begins_with_what_the_runner_begins_with(
    before, after
):
    objective = Objective(graph_from_source(TEXT))
    axes = objective.axis_choices()
    spec = parse_runner(before).changed(3, parse_runner(after))
    runner = Runner(objective, spec, objective.start())
    runner.advance(6)
    for step in range(6):
        result = applied_rule(runner, axes, step)[-1].result
        after_step = objective.coordinates(runner.trajectory.points[step + 1], axes)
        np.testing.assert_allclose(result, after_step, rtol=1e-10, atol=1e-15)
