import numpy as np

from gradviz.bundled import bundled
from gradviz.descent import Runner, parse_runner, prepare_descent
from gradviz.descent.budget import Budget
from gradviz.files import load


def run(text, budget):
    land = prepare_descent(load(bundled("samples") / "rosenbrock.gradviz")).objective
    runner = Runner(land, parse_runner(text), land.start())
    while budget.open(runner):
        budget.advance(runner, 4)
    return runner.trajectory


def test_by_step_all_go_as_many_steps():
    budget = Budget("steps", 10)
    path = run("Newton", budget)
    assert len(path) == 11
    assert budget.at(path, 3) == 3
    assert budget.end(path) == 10
    np.testing.assert_array_equal(budget.steps_at(path), np.arange(11))


def test_by_evaluation_a_step_that_takes_three_is_reached_at_the_third():
    budget = Budget("evaluations", 10)
    path = run("Newton", budget)
    assert path.evaluations == [0, 3, 6, 9, 12]
    assert [budget.at(path, spent) for spent in (0, 2, 3, 10)] == [0, 0, 1, 3]
    np.testing.assert_array_equal(budget.steps_at(path), [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3])
    assert budget.end(path) == 4


def test_a_runner_that_has_ended_is_open_no_more():
    budget = Budget("steps", 60)
    path = run("SGD lr=1", budget)
    assert path.diverged is not None
    assert len(path) < 61
