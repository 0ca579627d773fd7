import numpy as np
import pytest

from gradviz.bundled import bundled
from gradviz.descent import Descent, DescentError, Runner, parse_runner, prepare_descent
from gradviz.descent.landscape import Range
from gradviz.descent.maps import OUTCOMES, basins, critical_points, phase_map
from gradviz.descent.swarm import swarm, sweep
from gradviz.files import load


def descent(name: str) -> Descent:
    return prepare_descent(load(bundled("samples") / f"{name}.gradviz"))


def ranges(land: Descent) -> tuple[Range, Range]:
    assert land.ranges is not None
    return land.ranges


@pytest.mark.parametrize(
    "text",
    [
        "SGD lr=0.01 momentum=0.5", "Adam lr=0.1", "SGD lr=0.01 clip_norm=2", "Rprop",
        "RMSprop lr=0.05", "SGD lr=0.02 StepLR step_size=5 gamma=0.5",
        "SGD lr=0.01 clip_value=3 weight_decay=0.1",
    ],
)  # fmt: skip
def test_many_together_go_as_each_alone(text):
    land = descent("himmelblau").objective
    ids = land.parameters
    starts = {
        ids[0]: np.asarray([1.0, -2.0, 4.0], np.float32),
        ids[1]: np.asarray([1.0, 3.0, -1.5], np.float32),
    }
    found = swarm(land, parse_runner(text), starts, 25)
    assert found is not None
    for column in range(3):
        runner = Runner(land, parse_runner(text), {i: a[column] for i, a in starts.items()})
        runner.advance(25)
        np.testing.assert_allclose(
            found.losses[:, column], runner.trajectory.losses, rtol=2e-3, atol=1e-5
        )


def test_what_diverges_stays_where_it_was_and_harms_no_other():
    land = descent("himmelblau").objective
    ids = land.parameters
    starts = {
        ids[0]: np.asarray([3.1, 400.0], np.float32),
        ids[1]: np.asarray([2.1, 400.0], np.float32),
    }
    found = swarm(land, parse_runner("SGD lr=0.01"), starts, 60)
    assert found is not None
    assert found.losses[-1, 0] < 1e-6
    assert not found.losses[-1, 1] < 1e12


def test_a_sweep_has_a_way_for_each_value_and_a_curve_of_last_losses():
    land = descent("bowl").objective
    shares = []
    found = sweep(
        land, parse_runner("SGD"), "lr", [0.01, 0.1, 0.5, 1.2], 200,
        progress=lambda share: shares.append(share) or True,
    )  # fmt: skip
    assert found is not None
    assert [len(r.trajectory) for r in found.runners[:3]] == [201] * 3
    assert found.final[0] > found.final[1] > found.final[2] == 0.0
    assert np.isinf(found.final[3])
    assert shares == [0.25, 0.5, 0.75, 1.0]
    assert sweep(land, parse_runner("SGD"), "lr", [0.1, 0.2], 5, progress=lambda _: False) is None


@pytest.mark.parametrize(
    ("text", "name", "value", "reason"),
    [
        ("SGD", "speed", 0.1, "has no setting 'speed'"),
        ("SGD", "lr", -0.1, "Invalid learning rate"),
        ("Adam", "beta1", 1.0, "Invalid beta parameter at index 0"),
        ("SGD", "nesterov", 0.5, "true or false"),
    ],
)
def test_a_value_that_cannot_be_is_refused(text, name, value, reason):
    with pytest.raises(DescentError, match=reason):
        sweep(descent("bowl").objective, parse_runner(text), name, [value], 5)


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


def test_the_four_basins_of_himmelblau_are_found():
    land = descent("himmelblau")
    found = basins(land.objective, parse_runner("SGD lr=0.005"), land.axes, ranges(land))
    assert found is not None
    assert land.settings.minima is not None
    assert found.reached.shape == (128, 128)
    known = np.array(land.settings.minima.on(land.axes))
    assert len(found.ends) == 4
    for end in found.ends:
        assert np.abs(known - end).max(axis=1).min() < 1e-2
    assert (found.reached >= 0).mean() > 0.95


def test_basins_can_be_called_off_and_need_an_optimizer_that_can():
    land = descent("himmelblau")
    given = (land.axes, ranges(land))
    spec = parse_runner("SGD lr=0.01")
    assert basins(land.objective, spec, *given, progress=lambda s: s < 0.1) is None
    with pytest.raises(DescentError, match="takes its steps alone"):
        basins(land.objective, parse_runner("LBFGS"), *given)


def test_the_critical_points_of_himmelblau_are_nine():
    land = descent("himmelblau")
    found = critical_points(land.objective, land.axes, ranges(land))
    assert found is not None
    kinds = [c.kind.split(",")[0] for c in found]
    assert kinds.count("minimum") == 4
    assert kinds.count("saddle") == 4
    assert kinds.count("maximum") == 1
    assert found[-1].place == pytest.approx((-0.270845, -0.923039), abs=1e-5)
