import numpy as np
import pytest

from gradviz.bundled import bundled
from gradviz.descent import Descent, DescentError, parse_runner, prepare_descent
from gradviz.descent.basins import DIVERGED, UNDER_WAY, basins
from gradviz.descent.landscape import Range
from gradviz.files import load


def descent(name: str) -> Descent:
    return prepare_descent(load(bundled("samples") / f"{name}.gradviz"))


def ranges(land: Descent) -> tuple[Range, Range]:
    assert land.ranges is not None
    return land.ranges


def test_the_four_basins_of_himmelblau_are_found():
    land = descent("himmelblau")
    found = basins(land.objective, parse_runner("SGD lr=0.005"), land.axes, ranges(land))
    assert found is not None
    assert land.settings.minima is not None
    assert found.reached.shape == (128, 128)
    known = np.array(land.settings.minima.on(land.axes))
    assert len(found.ends) == 4
    for index, end in enumerate(found.ends):
        assert np.abs(known - end.place).max(axis=1).min() < 1e-2
        assert end.loss == pytest.approx(0.0, abs=1e-3)
        assert end.starts == round(found.share(index) * 128**2)
    assert (found.reached >= 0).mean() > 0.95


def test_basins_can_be_called_off_and_need_an_optimizer_that_can():
    land = descent("himmelblau")
    given = (land.axes, ranges(land))
    spec = parse_runner("SGD lr=0.01")
    assert basins(land.objective, spec, *given, progress=lambda s: s < 0.1) is None
    with pytest.raises(DescentError, match="takes its steps alone"):
        basins(land.objective, parse_runner("LBFGS"), *given)


def test_a_start_near_a_lowest_place_leads_there():
    land = descent("himmelblau")
    found = basins(land.objective, parse_runner("SGD lr=0.005"), land.axes, ranges(land))
    assert found is not None
    for index, end in enumerate(found.ends):
        column = np.abs(found.xs - end.place[0]).argmin()
        row = np.abs(found.ys - end.place[1]).argmin()
        assert found.reached[row, column] == index


def test_what_leads_nowhere_is_told_apart():
    land = descent("rosenbrock")
    found = basins(
        land.objective, parse_runner("SGD lr=0.001 momentum=0.9"), land.axes, ranges(land)
    )
    assert found is not None
    assert found.share(DIVERGED) > 0.1
    assert found.share(UNDER_WAY) > 0.2
    assert [e.place for e in found.ends] == [pytest.approx((1.0, 1.0), abs=0.02)]


def test_a_plateau_is_no_lowest_place_and_a_tip_without_a_slope_is():
    land = descent("easom")
    found = basins(land.objective, parse_runner("SGD lr=0.1"), land.axes, ranges(land), 100, 32)
    assert found is not None
    assert found.share(UNDER_WAY) > 0.3
    land = descent("ackley")
    found = basins(land.objective, parse_runner("SGD lr=0.001"), land.axes, ranges(land))
    assert found is not None
    assert any(np.abs(e.place).max() < 0.01 for e in found.ends)
