import pytest

from gradviz.bundled import bundled
from gradviz.descent import Descent, prepare_descent
from gradviz.descent.critical import critical_points
from gradviz.descent.landscape import Range
from gradviz.files import load


def descent(name: str) -> Descent:
    return prepare_descent(load(bundled("samples") / f"{name}.gradviz"))


def ranges(land: Descent) -> tuple[Range, Range]:
    assert land.ranges is not None
    return land.ranges


def test_the_critical_points_of_himmelblau_are_nine():
    land = descent("himmelblau")
    found = critical_points(land.objective, land.axes, ranges(land))
    assert found is not None
    assert [c.kind for c in found] == ["minimum"] * 4 + ["saddle"] * 4 + ["maximum"]
    for point in found:
        low, high = point.eigenvalues
        assert (low > 0) + (high > 0) == {"minimum": 2, "saddle": 1, "maximum": 0}[point.kind]
    assert found[-1].place == pytest.approx((-0.270845, -0.923039), abs=1e-5)


def test_a_monkey_saddle_has_no_curvature_to_tell_its_kind():
    land = descent("monkey_saddle")
    found = critical_points(land.objective, land.axes, ranges(land), starts=4)
    assert found is not None
    assert [c.kind for c in found] == ["degenerate"]
    assert found[0].place == pytest.approx((0.0, 0.0), abs=1e-6)


def test_the_search_can_be_called_off():
    land = descent("himmelblau")
    given = land.objective, land.axes, ranges(land)
    assert critical_points(*given, progress=lambda share: share < 0.1) is None
