"""A descent within a plan is the optimizer's own, to the last bit."""

import numpy as np
import pytest

from gradviz.bundled import bundled
from gradviz.descent import Objective, RunnerSpec
from gradviz.descent.runner import Runner
from gradviz.files import load
from gradviz.plan import PlanError, compile_plan

SPECS = (
    ("SGD", {"lr": 0.01}),
    ("SGD", {"lr": 0.01, "momentum": 0.9, "dampening": 0.1}),
    ("SGD", {"lr": 0.01, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.001, "maximize": True}),
    ("Adam", {"lr": 0.05}),
    ("Adam", {"lr": 0.05, "amsgrad": True, "betas": (0.3, 0.99), "weight_decay": 0.1}),
    ("AdamW", {}),
    ("RMSprop", {"momentum": 0.5, "centered": True}),
    ("RMSprop", {}),
    ("Adagrad", {"lr_decay": 0.1, "initial_accumulator_value": 0.5}),
)
SAMPLES = ("bowl", "linear_regression", "mlp_xor", "rosenbrock")


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize(("optimizer", "given"), SPECS, ids=[f"{o} {g}" for o, g in SPECS])
def test_it_goes_where_the_optimizer_goes(sample, optimizer, given):
    objective = Objective(load(bundled("samples") / f"{sample}.gradviz"))
    runner = Runner(objective, RunnerSpec(optimizer, given), objective.start())
    runner.advance(9)
    steps = len(runner.trajectory) - 1
    plan = compile_plan(objective.graph)
    found = plan.descend(optimizer, given, steps, start=objective.start())
    np.testing.assert_array_equal(found.losses, runner.trajectory.losses)
    for node in objective.parameters:
        path = [p[node] for p in runner.trajectory.points]
        np.testing.assert_array_equal(found.points[node], path)
    half = plan.descend(optimizer, given, steps // 2, start=objective.start())
    rest = plan.descend(optimizer, given, steps - steps // 2, after=half)
    np.testing.assert_array_equal([*half.losses, *rest.losses[1:]], found.losses)


def test_what_no_plan_runs_is_said():
    plan = compile_plan(load(bundled("samples") / "bowl.gradviz"))
    with pytest.raises(PlanError, match="LBFGS runs in no plan; those that do are SGD"):
        plan.descend("LBFGS", {})
    with pytest.raises(PlanError, match="SGD has no setting 'betas'"):
        plan.descend("SGD", {"betas": (0.9, 0.99)})
