"""What happens on a way is marked where it does: on the contour, the curve and the time line."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from gradviz.descent import parse_runner
from gradviz_ui.descent.happenings import CHANGED, FAILED, FORKED, SETTLED, happenings
from gradviz_ui.descent.words import changes


def kinds(race, index):
    return [(h.step, h.kind) for h in happenings(race, index)]


@pytest.fixture
def forked(descend):
    """A race on Rosenbrock: the second runner is changed at 9, the third forks from it at 4."""
    workspace = descend("rosenbrock")
    race = workspace.race
    specs = tuple(map(parse_runner, ("Adam lr=0.1", "SGD lr=0.001")))
    race.set_settings("Race", runners=specs, steps=30)
    race.settle()
    race.set_from_now(True)
    race.go_to(9)
    race.edit_runner(1, lambda s: s.with_setting("lr", 0.0005))
    race.go_to(4)
    race.branch_runner(1)
    race.edit_runner(2, lambda s: s.with_setting("momentum", 0.5))
    race.settle()
    return workspace


def test_changes_and_forks_stand_where_they_are_made(forked):
    race = forked.race
    assert kinds(race, 0) == []
    assert kinds(race, 1) == [(9, CHANGED)]
    assert kinds(race, 2) == [(4, FORKED)]
    assert happenings(race, 1)[0].words == "From step 9 on lr 0.0005."
    assert happenings(race, 2)[0].words == "At step 4 it forks from SGD."


def test_they_are_signs_on_the_time_line_which_says_what_they_are(forked, monkeypatch):
    slider = forked.centre.transport.slider
    assert [(s.position, s.kind) for s in slider.signs] == [(9, CHANGED), (4, FORKED)]
    told = []
    monkeypatch.setattr(QToolTip, "showText", lambda place, words, widget: told.append(words))
    place = slider.place_of(slider.signs[0]).toPoint()
    QApplication.sendEvent(
        slider, QHelpEvent(QEvent.Type.ToolTip, place, slider.mapToGlobal(place))
    )
    assert told == ["SGD: From step 9 on lr 0.0005."]


def test_they_are_signs_on_the_curve(forked):
    series = forked.loss.chart.series
    assert [s.marks for s in series] == [(), ((9, CHANGED),), ((4, FORKED),)]
    with_marks = forked.loss.chart.grab().toImage()
    forked.race.reset()
    forked.race.settle()
    assert forked.loss.chart.grab().toImage() != with_marks


def test_the_contour_says_what_a_sign_is(forked):
    contour, race = forked.centre.contour, forked.race
    rows = race.coordinates(race.runners[1].trajectory)
    place = contour.frame().point(*rows[9])
    assert contour.layers.told(place, contour.frame()) == "SGD: From step 9 on lr 0.0005."
    away = contour.frame().point(*rows[9]) + contour.frame().point(0, 0)
    assert contour.layers.told(away, contour.frame()) == ""


def test_by_evaluation_signs_lie_where_they_were_paid_for(forked):
    race = forked.race
    race.set_runner(1, parse_runner("Newton").changed(3, parse_runner("SGD lr=0.001")))
    race.set_settings("Budget", budget="evaluations")
    race.settle()
    assert [s.position for s in forked.centre.transport.slider.signs if s.kind == CHANGED] == [9, 4]


@pytest.mark.parametrize(
    ("sample", "runner", "kind", "words"),
    [
        ("bowl", "SGD lr=1.5", FAILED, "the loss runs away"),
        ("bowl", "SGD lr=0.4", SETTLED, "the slope is 0"),
        ("rosenbrock", "SGD lr=0.0000000001", FAILED, "hardly moves, though the slope"),
    ],
)
def test_what_becomes_of_a_way_is_said_at_the_runner_and_where_it_begins(
    descend, sample, runner, kind, words
):
    workspace = descend(sample)
    race = workspace.race
    race.set_runner(0, parse_runner(runner))
    race.settle()
    (told,) = happenings(race, 0)
    assert told.kind == kind
    race.go_to(told.step)
    row = workspace.runners.rows[0]
    assert words in row.told.text()
    assert row.told.property("role") == ("error" if kind == FAILED else "mute")
    assert not workspace.centre.contour.grab().isNull()
    assert workspace.loss.chart.series[0].marks[-1] == (told.step, kind)


def test_a_loss_that_becomes_no_number_is_named_and_the_rest_stays_readable(descend):
    workspace = descend(
        text="x = tensor(2.0, requires_grad=True)\ny = tensor(1.0, requires_grad=True)\n"
        "J = log(x) + y ** 2"
    )
    race = workspace.race
    race.set_settings("Race", runners=tuple(map(parse_runner, ("SGD lr=0.9", "SGD lr=0.01"))))
    race.settle()
    race.go_to(60)
    row = workspace.runners.rows[0]
    step = race.runners[0].trajectory.diverged
    assert f"At step {step} the loss is not a number" in row.told.text()
    assert workspace.loss.chart.series[0].note == f"not a number at step {step}"
    low, high = workspace.loss.chart._frame().up
    assert np.isfinite([low, high]).all()
    assert high < 100


def test_what_a_change_is_in_words():
    before = parse_runner("SGD lr=0.1 momentum=0.5")
    assert changes(before, before.with_setting("lr", 0.02)) == "lr 0.02"
    assert changes(before, parse_runner("Adam lr=0.1")) == "Adam, lr 0.1"
    assert changes(before, parse_runner("SGD lr=0.1 momentum=0.5 StepLR")) == "StepLR"
    assert changes(before, before) == "as before"
