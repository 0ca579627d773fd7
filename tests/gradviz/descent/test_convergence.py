import numpy as np
import pytest

from gradviz.descent import Objective, Runner, parse_runner, race
from gradviz.descent.convergence import foretold, largest_stable_rate, measured
from gradviz.descent.curvature import hessian
from gradviz.descent.events import events
from gradviz.program import graph_from_source


def land(formula, x=1.5, y=-2.0):
    leaves = f"x = tensor({x}, dtype=float64, requires_grad=True)\n"
    leaves += f"y = tensor({y}, dtype=float64, requires_grad=True)\n"
    return Objective(graph_from_source(f"{leaves}J = {formula}"))


BOWL = "x**2 + 8 * y**2 + 0.5 * x * y"
SGDS = ["SGD", "SGD momentum=0.9", "SGD momentum=0.6 nesterov=true", "SGD weight_decay=0.5"]


@pytest.mark.parametrize("text", SGDS)
def test_the_largest_stable_rate_parts_converging_from_diverging_within_a_percent(text):
    objective = land(BOWL)
    curvatures = np.linalg.eigvalsh(hessian(objective, objective.start()))
    limit = largest_stable_rate(parse_runner(text), curvatures)
    assert limit is not None
    below, above = (
        race(objective, [parse_runner(text).with_setting("lr", limit * share)], 3000)[0]
        for share in (0.99, 1.01)
    )
    assert below.trajectory.losses[-1] < 1e-6
    assert above.stopped or above.trajectory.losses[-1] > 1e3


@pytest.mark.parametrize("formula", ["x**2 - 0.1 * y**2", "-(x**2) - y**2", "x + y"])
def test_where_the_loss_curves_downwards_no_rate_is_stable(formula):
    objective = land(formula)
    curvatures = np.linalg.eigvalsh(hessian(objective, objective.start()))
    assert largest_stable_rate(parse_runner("SGD"), curvatures) is None


@pytest.mark.parametrize("text", ["Adam", "SGD momentum=0.5 dampening=0.1", "SGD maximize=true"])
def test_no_rate_is_foretold_of_what_is_not_known(text):
    assert largest_stable_rate(parse_runner(text), np.array([1.0, 2.0])) is None
    assert foretold(parse_runner(text), np.array([1.0, 2.0])) is None


@pytest.mark.parametrize(
    "text", ["SGD lr=0.05", "SGD lr=0.1", "SGD lr=0.01", "SGD lr=0.02 momentum=0.2"]
)
def test_the_rate_measured_is_the_rate_foretold(text):
    objective = land(BOWL)
    (runner,) = race(objective, [parse_runner(text)], 120)
    curvatures = np.linalg.eigvalsh(hessian(objective, objective.start()))
    expected = foretold(runner.spec, curvatures)
    assert measured(runner.trajectory) == pytest.approx(expected, rel=1e-3)


def test_newton_is_foretold_too_and_a_first_step_has_no_rate():
    assert foretold(parse_runner("Newton"), np.array([1.0, 9.0])) == 0.0
    (runner,) = race(land(BOWL), [parse_runner("SGD lr=0.01")], 1)
    assert measured(runner.trajectory) is None


def told(formula, text, steps, x=1.5, y=-2.0):
    objective = land(formula, x, y)
    runner = Runner(objective, parse_runner(text), objective.start())
    runner.advance(steps)
    return [(e.step, e.kind) for e in events(runner.trajectory)], runner.trajectory


def test_what_goes_well_needs_no_word():
    assert told(BOWL, "SGD lr=0.01", 20)[0] == []


def test_running_away_is_named_where_it_begins():
    found, path = told("x**2 + y**2", "SGD lr=5", 100)
    assert found == [(0, "diverging")]
    assert path.diverged is not None
    found, path = told("x**4 / 4 + y**2", "SGD lr=1.01", 2500, x=0.5, y=1e-3)
    ((step, kind),) = found
    assert kind == "diverging"
    assert path.diverged is not None
    assert 0 < step < path.diverged
    assert path.losses[step - 1] >= path.losses[step] < path.losses[step + 1]


def test_a_loss_that_is_no_number_is_named():
    assert told("log(x) + y**2", "SGD lr=1", 10, x=0.5)[0] == [(1, "not a number")]


def test_standing_still_is_named_where_it_begins():
    found, path = told("x**2 + y**2", "SGD lr=0.1", 200)
    ((step, kind),) = found
    assert kind == "converged"
    assert path.losses[step] < 1e-10 < path.losses[step - 30]
    far, _ = told("tanh(x) + y**2", "SGD lr=1e-9", 40)
    assert far == [(0, "stagnating")]


def test_a_schedule_that_leaves_no_rate_is_named():
    found, _ = told("x**2 + y**2", "SGD lr=0.1 ConstantLR factor=0 total_iters=4", 9)
    assert (4, "ended") in found
