"""Any step of a way can be gone back to, and gone on from otherwise."""

import json
from dataclasses import replace

import numpy as np
import pytest

from gradviz.descent import (
    DescentSettings,
    Objective,
    Runner,
    from_plain,
    parse_runner,
    to_plain,
)
from gradviz.program import graph_from_source

LAND = (
    "x = tensor([-1.2, 0.4], dtype=float64, requires_grad=True)\n"
    "y = tensor(1.0, dtype=float64, requires_grad=True)\n"
    "J = sum((1 - x)**2) + 3 * sum((y - x**2)**2)"
)
TEXTS = [
    "SGD lr=0.01 momentum=0.9",
    "Adam lr=0.05 amsgrad=true",
    "NAdam lr=0.05",
    "Adam lr=0.05 clip_norm=0.5",
    "NAdam lr=0.05 clip_norm=0.5",
    "SGD lr=0.02 momentum=0.9 StepLR step_size=4 gamma=0.5",
    "SGD lr=0.02 ReduceLROnPlateau patience=1",
    "SGD lr=0.01 momentum=0.9 CyclicLR max_lr=0.02 step_size_up=3 cycle_momentum=true",
    "Rprop",
    "LBFGS max_iter=2",
    "ConjugateGradient",
    "Backtracking",
    "Newton",
    "GaussNewton lr=0.5",
]


def runner(text, steps=0):
    land = Objective(graph_from_source(LAND))
    found = Runner(land, parse_runner(text), land.start())
    found.advance(steps)
    return found


def same(one, other):
    for a, b in zip(one.points, other.points, strict=True):
        for node in a:
            np.testing.assert_array_equal(a[node], b[node])
    assert one.losses == other.losses
    assert one.rates == other.rates
    assert one.settings == other.settings
    assert one.evaluations == other.evaluations


@pytest.mark.parametrize("text", TEXTS)
def test_a_branch_goes_on_as_if_it_had_never_stopped(text):
    whole = runner(text, 15)
    branch = whole.branched(6)
    assert len(branch.trajectory) == 7
    branch.advance(9)
    same(branch.trajectory, whole.trajectory)
    assert len(whole.trajectory) == 16


def test_a_setting_changed_from_a_step_on_keeps_what_the_optimizer_carries():
    whole = runner("SGD lr=0.01 momentum=0.9", 12)
    slower = whole.branched(5, whole.spec.with_setting("lr", 0.001))
    slower.advance(1)
    node = slower.objective.parameters[0]
    before, path = whole.trajectory, slower.trajectory
    carried = before.states[5][node]["momentum_buffer"]
    step = path.points[6][node] - path.points[5][node]
    np.testing.assert_allclose(step, -0.001 * (0.9 * carried + path.gradients[5][node]), rtol=1e-9)
    assert path.rates == [0.01] * 5 + [0.001] * 2
    assert slower.spec.title == "SGD lr=0.01 momentum=0.9"


def test_another_optimizer_begins_anew():
    branch = runner("SGD lr=0.01", 8).branched(4, parse_runner("Adam lr=0.1"))
    branch.advance(1)
    path = branch.trajectory
    node = branch.objective.parameters[0]
    step = path.points[5][node] - path.points[4][node]
    np.testing.assert_allclose(np.abs(step), 0.1, rtol=1e-5)


def test_a_change_at_the_start_is_a_change_of_the_whole():
    spec = parse_runner("SGD lr=0.1").changed(0, parse_runner("Adam lr=0.2"))
    assert (spec.optimizer, spec.then) == ("Adam", ())


def test_what_was_changed_on_the_way_is_kept_in_the_document_and_runs_again_alike():
    branch = runner("SGD lr=0.01 momentum=0.9", 10).branched(4, parse_runner("Adam lr=0.1"))
    branch.advance(3)
    again = branch.branched(7, parse_runner("Adam lr=0.01"))
    again.advance(5)
    settings = DescentSettings(runners=(again.spec,))
    (spec,) = from_plain(json.loads(json.dumps(to_plain(settings)))).runners
    assert spec == again.spec
    assert [(s.step, s.spec.optimizer) for s in spec.then] == [(4, "Adam"), (7, "Adam")]
    replayed = Runner(again.objective, spec, again.objective.start())
    replayed.advance(12)
    same(replayed.trajectory, again.trajectory)


def rate(value):
    return lambda spec: spec.with_setting("lr", value)


def rates(spec, *steps):
    return [spec.at(step).setting("lr") for step in steps]


def test_an_edit_from_a_step_on_leaves_what_was_before():
    spec = parse_runner("SGD lr=0.1").edited(5, rate(0.01))
    assert rates(spec, 0, 4, 5, 60) == [0.1, 0.1, 0.01, 0.01]


def test_an_edit_goes_through_all_that_a_runner_becomes_later():
    later = parse_runner("SGD lr=0.1").edited(9, lambda s: s.with_setting("momentum", 0.5))
    spec = later.edited(4, rate(0.01))
    assert rates(spec, 3, 4, 9) == [0.1, 0.01, 0.01]
    assert [spec.at(k).setting("momentum") for k in (4, 8, 9)] == [0.0, 0.0, 0.5]
    whole = spec.edited(0, rate(0.3))
    assert rates(whole, 0, 4, 9) == [0.3, 0.3, 0.3]
    assert [s.step for s in whole.then] == [9]


def test_an_edit_taken_back_leaves_no_change():
    spec = parse_runner("SGD lr=0.1")
    assert spec.edited(5, rate(0.01)).edited(5, rate(0.1)) == spec


def test_an_edit_keeps_how_a_runner_is_called_and_looks():
    spec = replace(parse_runner("SGD lr=0.1"), name="slow", visible=False, colour=4)
    for step in (0, 3):
        edited = spec.edited(step, rate(0.5))
        assert (edited.name, edited.visible, edited.colour) == ("slow", False, 4)


def test_where_two_runners_part_is_where_they_are_set_otherwise():
    spec = parse_runner("SGD lr=0.1").edited(5, rate(0.01))
    assert spec.parts_from(replace(spec, name="other", colour=2)) is None
    assert spec.parts_from(parse_runner("SGD lr=0.1")) == 5
    assert spec.parts_from(spec.edited(8, rate(0.2))) == 8
    assert spec.parts_from(parse_runner("SGD lr=0.2")) == 0


def test_a_way_is_shared_up_to_where_another_spec_parts_from_it():
    whole = runner("SGD lr=0.01 momentum=0.9", 12)
    spec = whole.spec.edited(5, rate(0.001))
    other = whole.gone_on(5, spec)
    other.advance(7)
    fresh = Runner(whole.objective, spec, whole.objective.start())
    fresh.advance(12)
    same(other.trajectory, fresh.trajectory)
    assert other.trajectory.points[3] is whole.trajectory.points[3]


def test_a_runner_that_cannot_go_stands_at_the_start_and_says_why():
    land = Objective(graph_from_source(LAND))
    spec = parse_runner("GaussNewton")
    standing = Runner.standing(land, spec, land.start(), "it needs squares")
    assert standing.stopped
    standing.advance(5)
    assert len(standing.trajectory) == 1
    assert standing.trajectory.losses == [land.value(land.start())]
