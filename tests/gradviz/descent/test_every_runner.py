"""Every optimizer and every schedule, as the form offers them, walks down a bowl."""

import pytest

from gradviz.descent import Objective, Runner, RunnerSpec
from gradviz.descent.methods import RUNNERS
from gradviz.descent.rule import applied_rule
from gradviz.descent.settings import checked
from gradviz.optim.lr_scheduler import SCHEDULES
from gradviz.program import graph_from_source

BOWL = "a = tensor(1.5, requires_grad=True)\nb = tensor(-2.0, requires_grad=True)\nJ = a**2 + b**2"


def walked(spec, steps):
    objective = Objective(graph_from_source(BOWL))
    runner = Runner(objective, checked(spec), objective.start())
    runner.advance(steps)
    axes = objective.axis_choices()
    assert all(line.values for line in applied_rule(runner, axes, 3))
    return runner.trajectory


@pytest.mark.parametrize("name", RUNNERS)
def test_every_optimizer_goes_down(name):
    path = walked(RunnerSpec(name), 20)
    assert len(path) == 21
    assert path.diverged is None
    assert path.losses[-1] < path.losses[0]


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_changes_the_rate_and_goes_on(name):
    path = walked(RunnerSpec("SGD", {"lr": 1.0}, name), 80)
    assert len(path) == 81
    assert len(set(path.rates)) > 1
    assert path.losses[-1] < path.losses[0]
    assert len(path.settings) == len(path.rates) == 81


def test_a_schedule_that_is_over_leaves_the_rate():
    path = walked(RunnerSpec("Adam", {}, "OneCycleLR", {"total_steps": 10}), 15)
    assert path.rates[10:] == [path.rates[10]] * 6


def test_a_rate_that_cannot_be_computed_ends_the_walk():
    path = walked(RunnerSpec("SGD", {}, "ConstantLR", {"factor": 0.0, "total_iters": 4}), 9)
    assert path.diverged == 4


def test_several_steps_in_one_reach_the_bottom():
    path = walked(RunnerSpec("LBFGS", {"line_search_fn": "strong_wolfe"}), 5)
    assert path.losses[2] < 1e-10
