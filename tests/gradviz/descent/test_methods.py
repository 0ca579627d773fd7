"""Runners that PyTorch has not, and what all runners share."""

import json
from pathlib import Path

import numpy as np
import pytest

from gradviz.bundled import bundled
from gradviz.descent import DescentError, Objective, Runner, parse_runner, prepare_descent, race
from gradviz.files import load
from gradviz.graph import Graph
from gradviz.program import graph_from_source

RECORDED = json.loads(
    (Path(__file__).parents[1] / "optim" / "recorded.json").read_text(encoding="utf-8")
)
FORMULAS = {
    "bowl": ("x**2 + y**2", (1.5, -2.0)),
    "saddle": ("x**2 - y**2 * 0.1", (1.0, 0.01)),
    "rosenbrock": ("(1 - x)**2 + 5 * (y - x**2)**2", (-0.8, 0.9)),
    "beale": ("(1.5 - x + x * y)**2 + (2.25 - x + x * y**2)**2", (0.3, 0.4)),
    "booth": ("(x + 2 * y - 7)**2 + (2 * x + y - 5)**2", (0.3, 0.4)),
}


def objective(formula, *start):
    leaves = "".join(
        f"{name} = tensor({value}, dtype=float64, requires_grad=True)\n"
        for name, value in zip("xy", start, strict=True)
    )
    return Objective(graph_from_source(f"{leaves}J = {formula}"))


def sample(name):
    return prepare_descent(load(bundled("samples") / f"{name}.gradviz")).objective


def walked(land, text, steps):
    (runner,) = race(land, [parse_runner(text)], steps)
    path = runner.trajectory
    return path, np.array([[float(p[i]) for i in land.parameters] for p in path.points])


def data(graph: Graph, name: str) -> np.ndarray:
    leaf = graph.named(name)
    assert leaf is not None
    return np.asarray(leaf.setting("data"), float)


def words(settings):
    given = {k: ",".join(map(str, v)) if isinstance(v, list) else v for k, v in settings.items()}
    return " ".join(f"{k}={v}" for k, v in given.items())


@pytest.mark.parametrize(
    ("name", "settings", "function", "points"),
    [pytest.param(*case, id=f"{case[0]} {case[1]} {case[2]}") for case in RECORDED["paths"]],
)
def test_a_runner_s_path_is_pytorch_s(name, settings, function, points):
    formula, start = FORMULAS[function]
    _, found = walked(objective(formula, *start), f"{name} {words(settings)}", 25)
    # One in a quadratic that falls without end: the last bits of a line search are all it has.
    close = 1e-5 if name == "LBFGS" and function == "saddle" else 1e-9
    # A runner that has diverged stops, where PyTorch's goes on.
    count = sum(step < len(found) for step in (1, 2, 5, 25))
    assert count == 4 or function == "saddle"
    reached = found[[1, 2, 5, 25][:count]]
    np.testing.assert_allclose(reached, points[:count], rtol=close, atol=1e-9)


def test_newton_reaches_the_bottom_of_a_bowl_in_one_step():
    for name in ("bowl", "ill_conditioned_bowl", "booth"):
        path, points = walked(sample(name), "Newton", 1)
        place = {"booth": (1.0, 3.0)}.get(name, (0.0, 0.0))
        np.testing.assert_allclose(points[1], place, atol=1e-6)
        assert path.losses[1] < 1e-10


def test_newton_says_where_it_is_damped_and_goes_down_still():
    path, _ = walked(sample("himmelblau"), "Newton", 12)
    land = objective("x**2 - y**2", 1.0, 0.1)
    saddle, points = walked(land, "Newton", 1)
    assert float(saddle.states[1][land.parameters[0]]["added"]) == pytest.approx(4.0)
    np.testing.assert_allclose(points[1], [1.0 - 2.0 / 6.0, 0.1 + 0.2 / 2.0])
    assert saddle.losses[1] < saddle.losses[0]
    assert path.losses[-1] < 1e-9


def test_gauss_newton_of_a_straight_model_is_least_squares():
    land = sample("linear_regression")
    _, points = walked(land, "GaussNewton", 1)
    x, y = (data(land.graph, name) for name in ("x", "y"))
    np.testing.assert_allclose(points[1], np.polyfit(x, y, 1), rtol=1e-5)


@pytest.mark.parametrize("name", ["rosenbrock", "beale", "booth", "himmelblau", "bowl"])
def test_gauss_newton_finds_the_bottom_of_sums_of_squares(name):
    path, _ = walked(sample(name), "GaussNewton lr=0.5 damping=0.01", 60)
    assert path.losses[-1] < 1e-6


@pytest.mark.parametrize("name", ["saddle", "mlp_xor", "rastrigin"])
def test_gauss_newton_says_what_is_no_square(name):
    with pytest.raises(DescentError, match="needs a sum or mean of squares, and '"):
        race(sample(name), [parse_runner("GaussNewton")], 1)


def test_conjugate_gradients_end_a_parabola_in_as_many_steps_as_it_has_parameters():
    land = objective("x**2 + 8 * y**2 + x * y", 1.5, -2.0)
    path, points = walked(land, "ConjugateGradient lr=0.1", 2)
    np.testing.assert_allclose(points[2], [0.0, 0.0], atol=1e-9)
    plain, _ = walked(land, "Backtracking", 2)
    assert path.losses[2] < plain.losses[2]


@pytest.mark.parametrize("text", ["Backtracking", "ConjugateGradient", "Backtracking lr=100"])
@pytest.mark.parametrize("name", ["rosenbrock", "himmelblau", "beale", "goldstein_price"])
def test_a_line_search_never_goes_up(name, text):
    path, _ = walked(sample(name), text, 30)
    assert all(after <= before for before, after in zip(path.losses, path.losses[1:], strict=False))
    assert path.losses[-1] < 0.9 * path.losses[0]


def test_every_try_of_a_line_search_is_counted():
    land = objective("x**2 + y**2", 1.5, -2.0)
    path, _ = walked(land, "Backtracking lr=2", 1)
    # At the start, then lengths 2 and 1, of which neither lowers the loss, and 0.5, which does.
    assert path.evaluations == [0, 4]
    assert walked(land, "SGD lr=0.1", 5)[0].evaluations == [0, 1, 2, 3, 4, 5]
    assert walked(land, "SGD lr=0.1 clip_norm=1", 5)[0].evaluations == [0, 1, 2, 3, 4, 5]
    assert walked(land, "Newton", 2)[0].evaluations == [0, 3, 6]


def test_a_race_by_evaluations_gives_each_as_many():
    land = sample("rosenbrock")
    specs = [parse_runner(t) for t in ("SGD lr=0.001", "Backtracking", "Newton", "LBFGS")]
    for runner in race(land, specs, 60, "evaluations"):
        spent = runner.trajectory.evaluations
        assert spent[-2] < 60 <= spent[-1]


def test_clipping_bounds_each_step_and_decay_pulls_to_zero():
    _, points = walked(sample("beale"), "SGD lr=1 clip_norm=0.05", 20)
    assert np.linalg.norm(np.diff(points, axis=0), axis=1).max() <= 0.05 * (1 + 1e-5)
    _, points = walked(objective("x + 0 * y", 0.0, 5.0), "SGD lr=1 clip_value=0.5", 2)
    np.testing.assert_allclose(points, [[0, 5], [-0.5, 5], [-1.0, 5]])
    land = objective("(x - 1)**2 + (y - 1)**2", 3.0, 3.0)
    for name in ("LBFGS", "ConjugateGradient", "Newton", "Backtracking"):
        _, points = walked(land, f"{name} weight_decay=2", 20)
        np.testing.assert_allclose(points[-1], [0.5, 0.5], atol=1e-5)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SGD lr=0", "with lr=0 it never moves"),
        ("Newton lr=-1", "Invalid learning rate: -1.0"),
        ("Backtracking shrink=1", "Invalid shrink: 1.0; it must be between 0 and 1"),
        ("Adam clip_norm=-1", "clip_norm must be 0 or more"),
        ("Adam betas=0.9,1", "Invalid beta parameter at index 1: 1.0"),
    ],
)
def test_bad_settings_get_a_sentence(text, reason):
    with pytest.raises(DescentError, match=reason):
        parse_runner(text)


def test_too_many_parameters_for_a_matrix_are_refused():
    land = Objective(graph_from_source("W = zeros(30, 30, requires_grad=True)\nJ = sum(W ** 2)"))
    with pytest.raises(DescentError, match="900 numbers, and 400 are the most"):
        Runner(land, parse_runner("Newton"), land.start()).advance(1)
