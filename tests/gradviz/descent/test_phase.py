import numpy as np

from gradviz.bundled import bundled
from gradviz.descent import Descent, parse_runner, prepare_descent
from gradviz.descent.phase import OUTCOMES, phase_map
from gradviz.files import load


def descent(name: str) -> Descent:
    return prepare_descent(load(bundled("samples") / f"{name}.gradviz"))


def test_a_phase_map_of_the_bowl_has_all_four_countries():
    land = descent("bowl").objective
    rates = (0.001, 0.1, 0.3, 1.5)
    found = phase_map(land, parse_runner("SGD"), ("lr", "momentum"), (rates, (0.0, 0.98)), 80)
    assert found is not None
    named = [[OUTCOMES[k] for k in row] for row in found.outcomes]
    assert named[0] == ["slow", "converged", "converged", "diverged"]
    assert named[1][1:3] == ["oscillating", "oscillating"]
    assert found.final.shape == (2, 4)
    alone = phase_map(land, parse_runner("SGD"), ("momentum", "lr"), ((0.0, 0.98), rates), 80)
    assert alone is not None
    np.testing.assert_array_equal(alone.outcomes, found.outcomes.T)
