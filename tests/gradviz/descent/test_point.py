import numpy as np
import pytest

from gradviz.bundled import bundled
from gradviz.descent import Objective, prepare_descent, report
from gradviz.files import load
from gradviz.program import graph_from_source


def at(name, *to):
    descent = prepare_descent(load(bundled("samples") / f"{name}.gradviz"))
    objective = descent.objective
    return report(objective, descent.axes, objective.moved(objective.start(), descent.axes, to))


def test_the_bowl_s_side_and_bottom():
    side = at("bowl", 1.5, -2.0)
    np.testing.assert_allclose(side.gradient, [3.0, -4.0])
    np.testing.assert_allclose(side.hessian, 2 * np.eye(2))
    assert side.condition == 1.0
    assert side.largest_rate == 1.0
    assert side.kind.startswith("on the way down")
    assert at("bowl", 0.0, 0.0).kind == "minimum"


def test_far_up_a_bowl_is_no_minimum_though_its_slope_is_small_beside_the_loss():
    assert at("bowl", -8e5, 1e6).kind.startswith("on the way down")
    assert at("bowl", 1e-4, -1e-4).kind == "minimum"


def test_the_saddle_s_middle():
    middle = at("saddle", 0.0, 0.0)
    np.testing.assert_allclose(middle.eigenvalues, [-2.0, 2.0])
    assert middle.kind == "saddle, 1 of 2 directions fall"
    assert middle.largest_rate is None, "every rate leads off along the way that curves down"


def test_rosenbrock_s_minimum_is_a_narrow_valley():
    bottom = at("rosenbrock", 1.0, 1.0)
    np.testing.assert_allclose(bottom.hessian, [[802.0, -400.0], [-400.0, 200.0]], rtol=1e-9)
    assert bottom.condition == pytest.approx(2508.0, rel=1e-3)
    assert bottom.kind == "minimum"
    assert bottom.largest_rate == pytest.approx(2 / bottom.eigenvalues[1])


@pytest.mark.parametrize(
    ("formula", "kind"),
    [
        ("J = -(x ** 2) - y ** 2", "maximum"),
        ("J = 0.0 * x + 0.0 * y", "flat"),
        ("J = x ** 2 + 0.0 * y", "flat valley"),
        ("J = x + y", "on a slope"),
        ("J = x ** 2 / y", "not a number here"),
    ],
)
def test_other_kinds(formula, kind):
    leaves = "x = tensor(0.0, requires_grad=True)\ny = tensor(0.0, requires_grad=True)\n"
    objective = Objective(graph_from_source(leaves + formula))
    found = report(objective, objective.axis_choices(), objective.start())
    assert found.kind == kind
    if kind in ("maximum", "flat", "on a slope", "not a number here"):
        assert found.largest_rate is None


def test_it_is_worked_out_in_double_precision_through_data_too():
    text = (
        "x = tensor([[0.0, 1.0], [1.0, 1.0]])\nW = tensor([[0.5], [0.25]], requires_grad=True)\n"
        "J = mean((x @ W) ** 2)"
    )
    objective = Objective(graph_from_source(text))
    found = report(objective, objective.axis_choices(), objective.start())
    np.testing.assert_allclose(found.hessian, [[1.0, 1.0], [1.0, 2.0]], rtol=1e-12)
