import numpy as np
import pytest

from gradviz.descent import Objective, Runner, parse_runner, prepare_descent, race
from gradviz.program import graph_from_source

BOWL = (
    "theta1 = tensor(1.5, requires_grad=True)\n"
    "theta2 = tensor(-2.0, requires_grad=True)\n"
    "J = theta1**2 + theta2**2"
)


@pytest.fixture
def bowl():
    return Objective(graph_from_source(BOWL))


def way(objective, text, steps):
    (runner,) = race(objective, [parse_runner(text)], steps)
    path = runner.trajectory
    return path, np.array([[float(p[i]) for i in objective.parameters] for p in path.points])


def test_gradient_descent_on_the_bowl_shrinks_by_four_fifths(bowl):
    path, points = way(bowl, "SGD lr=0.1", 40)
    shrunk = 0.8 ** np.arange(41)
    np.testing.assert_allclose(points[:, 0], 1.5 * shrunk, atol=1e-6)
    np.testing.assert_allclose(points[:, 1], -2.0 * shrunk, atol=1e-6)
    np.testing.assert_allclose(path.losses, 6.25 * shrunk**2, rtol=1e-5, atol=1e-9)


def test_every_step_is_kept_with_its_gradient_and_rate(bowl):
    path, points = way(bowl, "SGD lr=0.1", 5)
    slopes = np.array([[float(g[i]) for i in bowl.parameters] for g in path.gradients])
    np.testing.assert_allclose(slopes, 2 * points, rtol=1e-6)
    assert path.rates == [0.1] * 6
    assert len(path) == len(path.losses) == len(path.states) == 6


def test_a_shared_setting_that_does_nothing_changes_no_step(bowl):
    path, points = way(bowl, "SGD lr=0.1", 5)
    same, places = way(bowl, "SGD lr=0.1 clip_value=0 clip_norm=0", 5)
    np.testing.assert_array_equal(places, points)
    assert same.losses == path.losses


def test_a_velocity_is_kept_of_every_step(bowl):
    path, _ = way(bowl, "SGD lr=0.1 momentum=0.5", 2)
    first = bowl.parameters[0]
    assert path.states[0][first] == {}
    assert float(path.states[1][first]["momentum_buffer"]) == pytest.approx(3.0)
    assert float(path.states[2][first]["momentum_buffer"]) == pytest.approx(0.5 * 3.0 + 2 * 1.2)


def test_a_schedule_lowers_the_rate_on_the_way(bowl):
    path, points = way(bowl, "SGD lr=0.1 StepLR step_size=2 gamma=0.5", 4)
    np.testing.assert_allclose(path.rates, [0.1, 0.1, 0.05, 0.05, 0.025])
    np.testing.assert_allclose(points[:, 0], 1.5 * np.cumprod([1, 0.8, 0.8, 0.9, 0.9]), rtol=1e-6)


def test_a_schedule_without_settings_has_its_defaults(bowl):
    path, _ = way(bowl, "SGD lr=0.1 StepLR", 10)
    assert path.rates == [0.1] * 10 + [pytest.approx(0.01)]


def test_cosine_annealing_ends_at_its_lowest_rate(bowl):
    path, _ = way(bowl, "SGD lr=0.1 CosineAnnealingLR T_max=10 eta_min=0.01", 10)
    expected = 0.01 + 0.09 * (1 + np.cos(np.pi * np.arange(11) / 10)) / 2
    np.testing.assert_allclose(path.rates, expected, rtol=1e-9)


def test_too_large_a_rate_diverges_and_stops(bowl):
    path, _ = way(bowl, "SGD lr=5", 100)
    assert path.diverged is not None
    assert len(path) == path.diverged + 1 < 100
    assert all(np.isfinite(path.losses[:-1]))


def test_at_the_largest_stable_rate_it_neither_falls_nor_grows(bowl):
    path, points = way(bowl, "SGD lr=1", 6)
    assert path.diverged is None
    np.testing.assert_allclose(np.abs(points), np.abs(points[:1]).repeat(7, axis=0))


def test_a_loss_that_is_no_number_ends_the_way():
    objective = Objective(graph_from_source("x = tensor(0.5, requires_grad=True)\nJ = log(x)"))
    path, points = way(objective, "SGD lr=1", 10)
    assert path.diverged == 1
    assert points[1, 0] == pytest.approx(-1.5)


def test_a_runner_goes_on_from_where_it_is(bowl):
    spec = parse_runner("Adam lr=0.1")
    whole, parts = (Runner(bowl, spec, bowl.start()) for _ in range(2))
    whole.advance(10)
    for _ in range(5):
        parts.advance(2)
    assert whole.trajectory.losses == parts.trajectory.losses


def test_the_document_is_not_touched(bowl):
    before = {i: float(a) for i, a in bowl.start().items()}
    race(bowl, [parse_runner("SGD lr=0.1")], 5)
    assert {i: float(a) for i, a in bowl.start().items()} == before


def test_a_document_that_says_nothing_gets_axes_runners_and_an_extent():
    descent = prepare_descent(graph_from_source(BOWL))
    assert [descent.objective.axis_name(a) for a in descent.axes] == ["theta1", "theta2"]
    assert len(descent.settings.runners) >= 2
    assert descent.ranges is not None
    for (low, high), start in zip(descent.ranges, (1.5, -2.0), strict=True):
        assert low < start < high
