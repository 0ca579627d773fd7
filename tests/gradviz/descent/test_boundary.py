"""The model of points in the plane that a graph trains, and what it makes of every place."""

import numpy as np
import pytest

from gradviz.bundled import bundled
from gradviz.descent import Objective, Runner, parse_runner, prepare_descent
from gradviz.descent.boundary import Field, extent, find_model
from gradviz.files import load
from gradviz.plan import PlanError
from gradviz.program import graph_from_source

POINTS = "x = tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])\n"
WEIGHTS = "w = tensor([[2.0], [-1.0]], requires_grad=True)\n"


def sample(name):
    return prepare_descent(load(bundled("samples") / f"{name}.gradviz"))


def model_of(program):
    objective = Objective(graph_from_source(program))
    return objective, find_model(objective)


@pytest.mark.parametrize(
    ("name", "nodes", "threshold"),
    [
        ("two_spirals", ("x", "target", "logits"), 0.0),
        ("mlp_xor", ("x", "target", "output"), 0.5),
        ("logistic_regression", ("x", "y", "logits"), 0.0),
    ],
)
def test_the_samples_that_tell_points_apart(name, nodes, threshold):
    objective = sample(name).objective
    model = find_model(objective)
    assert model is not None and model.threshold == threshold and model.count == 2
    found = (model.points, model.labels, model.scores)
    assert tuple(objective.graph.node(i).name for i in found) == nodes


@pytest.mark.parametrize("name", ["bowl", "linear_regression", "attention", "convolution"])
def test_other_losses_have_no_such_model(name):
    assert find_model(Objective(load(bundled("samples") / f"{name}.gradviz"))) is None


def test_a_linear_model_parts_the_plane_along_a_line():
    objective, model = model_of(
        POINTS + WEIGHTS + "y = tensor([[0.0], [1.0], [0.0], [1.0]])\n"
        "J = binary_cross_entropy_with_logits(x @ w, y)"
    )
    assert model is not None
    field = Field(objective, model, ((-1.0, 2.0), (-1.0, 2.0)))
    regions = field.regions(objective.start())
    across, up = np.meshgrid(regions.xs, regions.ys)
    np.testing.assert_allclose(regions.margins[1], 2 * across - up, atol=1e-5)
    np.testing.assert_allclose(regions.margins[0], -regions.margins[1])
    assert field.answers(objective.start()).tolist() == [0, 1, 0, 1]
    elsewhere = {objective.parameters[0]: np.array([[0.0], [1.0]], np.float32)}
    np.testing.assert_allclose(field.regions(elsewhere).margins[1], up, atol=1e-6)


def test_squared_errors_part_midway_between_the_labels():
    program = (
        POINTS + WEIGHTS + "y = tensor([-1.0, 1.0, 1.0, -1.0])\nJ = mse_loss((x @ w)[:, 0], y)"
    )
    _, model = model_of(program)
    assert model is not None and model.threshold == 0.0
    _, model = model_of(program.replace("-1.0, 1.0, 1.0, -1.0", "0.0, 1.0, 1.0, 0.0"))
    assert model is not None and model.threshold == 0.5
    written = POINTS + WEIGHTS + "y = tensor([[1.0], [3.0], [3.0], [1.0]])\n"
    _, model = model_of(written + "J = mean((x @ w - y) ** 2)")
    assert model is not None and model.threshold == 2.0
    assert model.classes.tolist() == [0, 1, 1, 0]


def test_each_of_several_classes_leads_where_its_score_is_the_largest():
    objective, model = model_of(
        POINTS + "w = tensor([[1.0, -1.0, 0.0], [0.0, 0.0, 1.0]], requires_grad=True)\n"
        "y = tensor([0, 1, 2, 0])\nJ = cross_entropy(x @ w, y)"
    )
    assert model is not None and model.threshold is None and model.count == 3
    regions = Field(objective, model, ((-1.0, 1.0), (-1.0, 1.0))).regions(objective.start())
    assert regions.margins.shape[0] == 3
    x, y = np.meshgrid(regions.xs, regions.ys)
    np.testing.assert_allclose(regions.margins[2], y - np.abs(x), atol=1e-5)
    assert ((regions.margins > 0).sum(axis=0) <= 1).all()


def test_more_points_than_the_grid_has_are_all_answered():
    random = np.random.default_rng(5)
    places = random.normal(size=(20_000, 2)).round(2)
    labels = (places[:, :1] > 0).astype(float)
    objective, model = model_of(
        f"x = tensor({places.tolist()})\ny = tensor({labels.tolist()})\n"
        + WEIGHTS.replace("-1", "0")
        + "J = binary_cross_entropy_with_logits(x @ w, y)"
    )
    assert model is not None
    field = Field(objective, model, extent(model))
    assert len(field.grid) < 20_000
    np.testing.assert_array_equal(field.answers(objective.start()), model.classes)


def test_a_model_whose_points_depend_on_one_another_is_refused():
    objective, model = model_of(
        POINTS + WEIGHTS + "y = tensor([[0.0], [1.0], [0.0], [1.0]])\n"
        "J = binary_cross_entropy_with_logits((x - x.mean(0) * x.sum()) @ w, y)"
    )
    assert model is not None
    with pytest.raises(PlanError, match="depends on the points beside it"):
        Field(objective, model)


def test_training_moves_the_boundary_until_the_points_are_told_apart():
    descent = sample("mlp_xor")
    objective = descent.objective
    model = find_model(objective)
    assert model is not None
    field = Field(objective, model)
    runner = Runner(objective, parse_runner("Adam lr=0.1"), objective.start())
    runner.advance(200)
    before, after = (field.regions(runner.trajectory.points[k]).margins for k in (0, 200))
    assert (np.sign(before) != np.sign(after)).any()
    assert (field.answers(runner.trajectory.points[200]) == model.classes).all()


def test_the_extent_holds_all_points_and_is_as_wide_as_high():
    model = find_model(sample("two_spirals").objective)
    assert model is not None
    across, up = extent(model)
    assert across[1] - across[0] == pytest.approx(up[1] - up[0])
    for places, (low, high) in zip(model.places.T, (across, up), strict=True):
        assert low < places.min() and places.max() < high
