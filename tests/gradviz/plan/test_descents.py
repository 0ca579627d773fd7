"""A descent within a plan is the optimizer's own, to the last bit."""

import numpy as np
import pytest

from gradviz.bundled import bundled
from gradviz.descent import Objective, Runner, RunnerSpec
from gradviz.descent.settings import checked, scheduled
from gradviz.files import load
from gradviz.optim import OPTIMIZERS
from gradviz.optim.lr_scheduler import SCHEDULES
from gradviz.plan import PlanError, compile_plan
from gradviz.plan.update import UPDATES
from gradviz.program import graph_from_source
from gradviz.tensor.tensor import Tensor

SPECS = (
    ("SGD", {"lr": 0.01}),
    ("SGD", {"lr": 0.01, "momentum": 0.9, "dampening": 0.1}),
    ("SGD", {"lr": 0.01, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.001, "maximize": True}),
    ("Adam", {"lr": 0.05}),
    ("Adam", {"lr": 0.05, "amsgrad": True, "betas": (0.3, 0.99), "weight_decay": 0.1}),
    ("AdamW", {}),
    ("NAdam", {"weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("RAdam", {"lr": 0.01, "weight_decay": 0.1}),
    ("Adamax", {"lr": 0.02}),
    ("RMSprop", {"momentum": 0.5, "centered": True}),
    ("RMSprop", {}),
    ("Adagrad", {"lr_decay": 0.1, "initial_accumulator_value": 0.5}),
    ("Adadelta", {"weight_decay": 0.01}),
    ("Rprop", {}),
    ("ASGD", {"lambd": 0.05, "t0": 3.0}),
)
SAMPLES = ("bowl", "linear_regression", "mlp_xor", "rosenbrock")


def eagerly(objective, spec, steps):
    """Losses and points as the optimizer itself takes its steps, with gradients off the tape."""
    params = {i: Tensor.wrap(np.array(a), True) for i, a in objective.start().items()}
    optimizer = OPTIMIZERS[spec.optimizer](list(params.values()), **spec.settings)
    schedule = scheduled(optimizer, spec)
    losses, points = [], []
    for _ in range(steps + 1):
        point = {i: np.array(t.array) for i, t in params.items()}
        loss, gradients = objective.eager_gradient(point)
        losses.append(loss)
        points.append(point)
        for node, gradient in gradients.items():
            params[node].grad = Tensor.wrap(np.array(gradient))
        optimizer.step()
        if schedule is not None:
            schedule.step()
    return losses, points


def sample(name):
    return Objective(load(bundled("samples") / f"{name}.gradviz"))


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize(("optimizer", "given"), SPECS, ids=[f"{o} {g}" for o, g in SPECS])
def test_it_goes_where_the_optimizer_goes(name, optimizer, given):
    objective = sample(name)
    losses, points = eagerly(objective, RunnerSpec(optimizer, given), 9)
    plan = compile_plan(objective.graph)
    found = plan.descend(optimizer, given, 9, start=objective.start())
    np.testing.assert_array_equal(found.losses, losses)
    for node in objective.parameters:
        np.testing.assert_array_equal(found.points[node], [p[node] for p in points])
    half = plan.descend(optimizer, given, 4, start=objective.start())
    rest = plan.descend(optimizer, given, 5, after=half)
    np.testing.assert_array_equal([*half.losses, *rest.losses[1:]], found.losses)


def test_every_optimizer_but_that_with_a_closure_runs_in_a_plan():
    assert OPTIMIZERS.keys() - UPDATES.keys() == {"LBFGS"}
    assert {o for o, _ in SPECS} == UPDATES.keys()


@pytest.mark.parametrize("name", sorted(SCHEDULES.keys() - {"ReduceLROnPlateau"}))
@pytest.mark.parametrize("optimizer", ["SGD", "AdamW", "NAdam", "ASGD"])
def test_a_schedule_moves_the_rate_as_it_does_for_the_optimizer(name, optimizer):
    objective = sample("bowl")
    spec = checked(RunnerSpec(optimizer, {"lr": 0.01}, name))
    losses, points = eagerly(objective, spec, 12)
    runner = Runner(objective, spec, objective.start())
    for steps in (1, 4, 7):
        runner.advance(steps)
    np.testing.assert_array_equal(runner.trajectory.losses, losses)
    for node in objective.parameters:
        path = [p[node] for p in runner.trajectory.points]
        np.testing.assert_array_equal(path, [p[node] for p in points])


def test_a_runner_keeps_what_the_plan_went_through():
    objective = sample("rosenbrock")
    spec = RunnerSpec("Adam", {"lr": 0.05})
    runner = Runner(objective, spec, objective.start())
    runner.advance(20)
    path = runner.trajectory
    for point, gradient, loss in zip(path.points, path.gradients, path.losses, strict=True):
        wanted, slopes = objective.eager_gradient(point)
        assert loss == wanted
        for node in slopes:
            np.testing.assert_array_equal(gradient[node], slopes[node])
    first = objective.parameters[0]
    mean = np.float64(0)
    for step in range(20):
        mean = mean + np.float64(0.1) * (float(path.gradients[step][first]) - mean)
        assert float(path.states[step + 1][first]["exp_avg"]) == pytest.approx(mean, rel=1e-4)


def test_a_runner_stops_where_numbers_are_no_longer_usable():
    objective = sample("rosenbrock")
    runner = Runner(objective, RunnerSpec("SGD", {"lr": 1.0}), objective.start())
    runner.advance(50)
    path = runner.trajectory
    assert path.diverged == len(path) - 1 == len(path.losses) - 1 == len(path.rates) - 1
    assert len(path) < 20
    assert all(np.isfinite(loss) for loss in path.losses[:-1])


def test_single_precision_stays_within_a_millionth():
    lines = "x = tensor([[0.5, -1.0], [2.0, 1.0]])\nw = tensor([[0.1, 0.2], [0.3, -0.4]], "
    lines += "requires_grad=True)\nJ = mean(softmax(tanh(x @ w), dim=1)[:, 0] ** 2)"
    objective = Objective(graph_from_source(lines))
    losses, points = eagerly(objective, RunnerSpec("Adam", {"lr": 0.1}), 30)
    found = objective.plan.descend("Adam", {"lr": 0.1}, 30, start=objective.start())
    np.testing.assert_allclose(found.losses, losses, rtol=1e-6)
    (w,) = objective.parameters
    np.testing.assert_allclose(found.points[w], [p[w] for p in points], rtol=1e-6)


def test_what_no_plan_runs_is_said():
    plan = compile_plan(load(bundled("samples") / "bowl.gradviz"))
    with pytest.raises(PlanError, match="LBFGS runs in no plan; those that do are SGD"):
        plan.descend("LBFGS", {})
    with pytest.raises(PlanError, match="SGD has no setting 'betas'"):
        plan.descend("SGD", {"betas": (0.9, 0.99)})


@pytest.mark.parametrize("name", ["bowl", "mlp_xor"])
def test_the_last_point_alone_may_be_kept(name):
    objective = sample(name)
    given = {"lr": 0.05, "momentum": 0.9}
    whole = objective.plan.descend("SGD", given, 8)
    part = objective.plan.descend("SGD", given, 5, history=False)
    rest = objective.plan.descend("SGD", given, 3, after=part, history=False)
    np.testing.assert_array_equal([*part.losses, *rest.losses[1:]], whole.losses)
    for node in objective.parameters:
        assert len(rest.points[node]) == 1
        np.testing.assert_array_equal(rest.points[node][-1], whole.points[node][-1])
        np.testing.assert_array_equal(rest.gradients[node][-1], whole.gradients[node][-1])


def test_a_point_that_is_refused_on_the_way_leaves_the_steps_before_it():
    lines = "a = tensor([0.5, 0.9], requires_grad=True)\nt = tensor([0.0, 1.0])\n"
    objective = Objective(graph_from_source(lines + "J = binary_cross_entropy(a, t)"))
    runner = Runner(objective, RunnerSpec("SGD", {"lr": 0.1}), objective.start())
    with pytest.raises(PlanError, match="'J': all elements of input should be between 0 and 1"):
        runner.advance(50)
    assert 1 < len(runner.trajectory) < 50
    assert len(runner.trajectory.losses) == len(runner.trajectory.rates)
