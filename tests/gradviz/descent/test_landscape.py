import numpy as np
import pytest

from gradviz.bundled import bundled
from gradviz.descent import (
    DescentSettings,
    Objective,
    landscape,
    levels,
    prepare_descent,
    to_plain,
)
from gradviz.descent.batching import batchable, losses_at
from gradviz.descent.landscape import curve, curve_range, quick
from gradviz.files import load
from gradviz.graph import compose
from gradviz.program import graph_from_source

DATA = "x = tensor([[0.0, 1.0], [1.0, 1.0], [1.0, 0.0]])\n"
LEAVES = (
    "W = tensor([[0.3, -0.5], [0.7, 0.2]], requires_grad=True)\n"
    "b = tensor([0.1, -0.1], requires_grad=True)\n"
)
FORMULAS = {
    "element by element": "J = mean(tanh(x * b + 1.0) ** 2)",
    "matrix": "J = sum(sigmoid(x @ W + b))",
    "matrix on the left": "J = mean(W @ x.T)",
    "vector": "J = sum((x @ b) ** 2)",
    "vector on the left": "J = sum(b @ W)",
    "dot": "J = (b @ b) * 2.0",
    "mean squared": "J = mse_loss(x @ W, x)",
    "mean squared against one that broadcasts": "J = mse_loss(b * 2.0, b)",
    "summed absolute": "J = l1_loss(x @ W, x, reduction='sum')",
    "cross entropy of bits": "J = binary_cross_entropy(sigmoid(x @ W), x)",
    "softmax": "J = sum(softmax(x @ W, dim=1) ** 2)",
    "softmax of the last": "J = sum(softmax(b, dim=-1) * b)",
    "sum over one axis": "J = mean(sum(x @ W, dim=0) ** 2)",
    "mean kept": "J = sum((W - mean(W, dim=1, keepdim=True)) ** 2)",
    "which": "J = sum(where(W > 0.0, W, b))",
}


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS.keys())
def test_many_points_at_once_are_what_each_is_alone(formula):
    objective = Objective(graph_from_source(DATA + LEAVES + formula))
    choices = objective.axis_choices()
    axes = (choices[0], choices[-1])
    points = np.random.default_rng(0).normal(size=(7, 2))
    alone = [objective.value(objective.moved(objective.start(), axes, p)) for p in points]
    assert batchable(objective, axes)
    together = losses_at(objective, axes, objective.start(), points)
    assert together is not None
    np.testing.assert_allclose(together, alone, rtol=2e-6, atol=1e-6)


def test_both_axes_may_lie_in_one_tensor():
    objective = Objective(graph_from_source(DATA + LEAVES + "J = mean((x @ W + b) ** 2)"))
    axes = objective.axis_choices()[1:3]
    points = np.array([[1.0, 2.0], [-3.0, 0.5]])
    alone = [objective.value(objective.moved(objective.start(), axes, p)) for p in points]
    assert batchable(objective, axes)
    together = losses_at(objective, axes, objective.start(), points)
    assert together is not None
    np.testing.assert_allclose(together, alone, rtol=1e-6)


def test_mixed_types_too():
    text = (
        "a = tensor(1.0, dtype=float64, requires_grad=True)\nc = tensor([1.0, 2.0])\nJ = sum(a * c)"
    )
    objective = Objective(graph_from_source(text))
    axes = objective.axis_choices()
    points = np.array([[0.5], [-2.0]])
    assert batchable(objective, axes)
    together = losses_at(objective, axes, objective.start(), points)
    assert together is not None
    np.testing.assert_allclose(together, 3 * points[:, 0], rtol=1e-6)


SAMPLES = (
    "bowl", "broadcast", "himmelblau", "linear_regression", "mlp_xor", "rosenbrock", "saddle",
)  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_the_landscape_of_a_sample_equals_its_points(name):
    descent = prepare_descent(load(bundled("samples") / f"{name}.gradviz"))
    assert descent.ranges is not None
    assert batchable(descent.objective, descent.axes)
    objective, axes, start = descent.objective, descent.axes, descent.objective.start()
    land = landscape(objective, axes, start, descent.ranges, 9)
    assert land is not None
    alone = [
        [objective.value(objective.moved(start, axes, (x, y))) for x in land.xs] for y in land.ys
    ]
    np.testing.assert_allclose(land.values, alone, rtol=1e-5, atol=1e-5)


def test_parts_of_a_large_grid_join_up(monkeypatch):
    objective = Objective(graph_from_source(DATA + LEAVES + "J = mean((x @ W + b) ** 2)"))
    axes = objective.axis_choices()[:2]
    points = np.random.default_rng(1).normal(size=(50, 2))
    whole = losses_at(objective, axes, objective.start(), points)
    assert whole is not None
    monkeypatch.setattr("gradviz.plan.many.NUMBERS", 40)
    parts = losses_at(objective, axes, objective.start(), points)
    assert parts is not None
    np.testing.assert_allclose(parts, whole, rtol=1e-6)


def test_a_cancelled_landscape_is_none():
    objective = Objective(graph_from_source(DATA + LEAVES + "J = logsumexp(b, dim=0) + W[0, 0]"))
    axes = objective.axis_choices()[-2:]
    ranges = ((-1.0, 1.0), (-1.0, 1.0))
    assert not quick(objective, axes)
    assert landscape(objective, axes, objective.start(), ranges, 9, lambda: True) is None


def test_a_curve_is_the_loss_along_its_axis():
    objective = Objective(
        graph_from_source("x = tensor(1.0, requires_grad=True)\nJ = (x - 2) ** 2")
    )
    (axis,) = objective.axis_choices()
    low, high = curve_range(objective, axis)
    assert low < 1.0 < high
    xs = np.linspace(low, high, 11)
    np.testing.assert_allclose(
        curve(objective, axis, objective.start(), xs), (xs - 2) ** 2, rtol=1e-5, atol=1e-6
    )


def test_levels_rise_within_the_values():
    x = np.linspace(-3, 3, 61)
    for values in (x[:, None] + x, x[:, None] ** 2 + x**2, np.exp(4 * x[:, None]) + x**2):
        heights = levels(values)
        assert 15 <= len(heights) <= 20
        assert np.all(np.diff(heights) > 0)
        assert values.min() < heights[0]
        assert heights[-1] < values.max()


def test_a_bowl_s_lines_lie_evenly_apart():
    x = np.linspace(-3, 3, 201)
    apart = np.diff(np.sqrt(levels(x[:, None] ** 2 + x**2)))
    np.testing.assert_allclose(apart, apart.mean(), rtol=0.05)


def test_flat_land_and_land_without_numbers_have_no_levels():
    assert levels(np.ones((4, 4))).size == 0
    assert levels(np.full((4, 4), np.nan)).size == 0


def test_the_extent_chosen_for_two_axes_goes_with_one_of_them():
    graph = load(bundled("samples") / "bowl.gradviz")
    chosen = to_plain(DescentSettings(ranges=((-1.0, 1.0), (-2.0, 2.0))))
    graph.apply(compose.set_descent(graph, chosen))
    assert prepare_descent(graph).ranges == ((-1.0, 1.0), (-2.0, 2.0))
    kept = graph_from_source("theta1 = tensor(1.5, requires_grad=True)\nJ = theta1 ** 2")
    kept.apply(compose.set_descent(kept, chosen))
    assert len(prepare_descent(kept).axes) == 1
    assert prepare_descent(kept).ranges is None
