"""The lowest places that samples say are known: what is said of them is so."""

from pathlib import Path

import numpy as np
import pytest

from gradviz.bundled import bundled
from gradviz.descent import Axis, Descent, Minima, Runner, parse_runner, prepare_descent, report
from gradviz.files import load

EDGE = "eggholder"
"""Its lowest place is at the edge of its square, where the slope is not zero."""

SMOOTH, SHARP = "LBFGS line_search_fn=strong_wolfe", "Adam lr=0.1 ExponentialLR gamma=0.97"


def descents():
    for path in sorted(Path(bundled("samples")).glob("*.gradviz")):
        graph = load(path)
        if graph.settings.descent.get("minima"):
            yield path.stem, prepare_descent(graph)


def minima(descent: Descent) -> Minima:
    assert descent.settings.minima is not None
    return descent.settings.minima


def sides(descent: Descent) -> np.ndarray:
    """How long the picture is along each axis."""
    assert descent.ranges is not None
    return np.ptp(descent.ranges, axis=1)


DESCENTS = dict(descents())
PLACES = [
    pytest.param(name, place, id=f"{name} {place}")
    for name, descent in DESCENTS.items()
    for place in minima(descent).on(descent.axes)
]


def test_the_samples_that_know_their_lowest_places_say_where_they_are_from():
    assert len(DESCENTS) == 16
    assert len(PLACES) == 20
    assert all(descent.settings.source for descent in DESCENTS.values())


@pytest.mark.parametrize(("name", "place"), PLACES)
def test_the_loss_there_is_as_said_and_nowhere_near_is_lower(name, place):
    descent = DESCENTS[name]
    objective, lowest = descent.objective, minima(descent).value
    start = objective.start()
    there = objective.value(objective.moved(start, descent.axes, place))
    assert there == pytest.approx(lowest, rel=2e-6, abs=2e-5)
    scale = sides(descent)
    for turn in np.linspace(0, 2 * np.pi, 12, endpoint=False):
        beside = np.array(place) + 0.01 * scale * [np.cos(turn), np.sin(turn)]
        if name != EDGE or beside[0] <= 512:
            assert objective.value(objective.moved(start, descent.axes, tuple(beside))) > there


@pytest.mark.parametrize(("name", "place"), [p for p in PLACES if p.values[0] != EDGE])
def test_a_runner_that_starts_not_far_away_finds_it(name, place):
    descent = DESCENTS[name]
    objective = descent.objective
    begin = np.array(place) + 0.03 * sides(descent) * [1, -0.7]
    start = objective.moved(objective.start(), descent.axes, tuple(begin))
    runner = Runner(objective, parse_runner(SHARP if name == "ackley" else SMOOTH), start)
    runner.advance(400 if name == "ackley" else 12)
    found = objective.coordinates(runner.trajectory.points[-1], descent.axes)
    np.testing.assert_allclose(found, place, atol=2e-3)


def test_at_the_edge_of_the_egg_holder_only_the_way_out_goes_down():
    descent = DESCENTS[EDGE]
    ((x, y),) = minima(descent).on(descent.axes)
    point = descent.objective.moved(descent.objective.start(), descent.axes, (x, y))
    slope = report(descent.objective, descent.axes, point).gradient
    assert slope[0] < -1
    assert abs(slope[1]) < 1e-3


def test_places_follow_the_axes():
    known = Minima(({"n1": 3.0, "n2": 2.0},), 0.0)
    assert known.on((Axis("n2"), Axis("n1"))) == ((2.0, 3.0),)
    assert known.on((Axis("n1"), Axis("n7"))) == ()
    assert known.on((Axis("n1", (0,)), Axis("n2"))) == ()
