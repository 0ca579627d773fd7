import numpy as np
import pytest

from gradviz.bundled import bundled
from gradviz.descent import Descent, Runner, parse_runner, prepare_descent
from gradviz.descent.swarm import swarm, sweep
from gradviz.files import load


def descent(name: str) -> Descent:
    return prepare_descent(load(bundled("samples") / f"{name}.gradviz"))


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
