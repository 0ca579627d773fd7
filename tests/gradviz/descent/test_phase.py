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


def test_clipping_is_mapped_from_none_on():
    land, values = descent("bowl").objective, ((0.05, 0.1), (0.0, 0.1))
    found = phase_map(land, parse_runner("SGD"), ("lr", "clip_value"), values, 40)
    assert found is not None
    free = phase_map(land, parse_runner("SGD"), ("lr", "momentum"), ((0.05, 0.1), (0.0,)), 40)
    assert free is not None
    np.testing.assert_array_equal(found.final[0], free.final[0])
    assert (found.final[1] > found.final[0]).all()
