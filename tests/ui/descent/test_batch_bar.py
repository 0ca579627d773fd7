"""Minibatches in the window: set, saved, undone, and seen at the point and in the curve."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

from gradviz.descent import Minibatches, from_plain

LEFT = Qt.MouseButton.LeftButton


def click(qtbot, box):
    qtbot.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))


def type_in(qtbot, field, text):
    qtbot.mouseClick(field, LEFT)
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


@pytest.fixture
def regression(qtbot, descend):
    """Descend on forty points, with batches of eight."""
    workspace = descend("linear_regression")
    click(qtbot, workspace.batches.switch)
    type_in(qtbot, workspace.batches.rows, "8")
    workspace.race.settle()
    return workspace


def kept(editor):
    batch = from_plain(editor.graph.settings.descent).batch
    assert batch is not None
    return batch


def test_it_is_offered_only_where_there_is_data(descend, editor):
    assert not descend("bowl").batches.isVisible()


def test_switching_it_on_lets_each_step_see_a_batch(qtbot, descend, editor):
    workspace = descend("linear_regression")
    before = list(workspace.race.runners[0].trajectory.losses)
    assert workspace.batches.isVisible() and not workspace.batches.rows.isEnabled()
    click(qtbot, workspace.batches.switch)
    workspace.race.settle()
    batch = kept(editor)
    assert [editor.graph.node(i).name for i in batch.leaves] == ["x", "y"] and batch.size == 16
    assert workspace.race.runners[0].trajectory.losses != before
    assert "3 batches a pass" in workspace.batches.told.text()
    editor.stack.undo()
    workspace.race.settle()
    assert from_plain(editor.graph.settings.descent).batch is None
    assert workspace.race.runners[0].trajectory.losses == before


def test_another_size_or_seed_is_another_way(qtbot, regression, editor):
    race = regression.race
    assert isinstance(race.descent.objective.batches, Minibatches)
    first = list(race.runners[0].trajectory.losses)
    type_in(qtbot, regression.batches.seed, "7")
    race.settle()
    assert kept(editor).seed == 7 and kept(editor).size == 8
    assert race.runners[0].trajectory.losses != first
    editor.stack.undo()
    race.settle()
    assert race.runners[0].trajectory.losses == first


def test_a_size_that_is_none_is_refused_beside_the_field(qtbot, regression, editor):
    type_in(qtbot, regression.batches.rows, "0")
    assert kept(editor).size == 8
    assert regression.batches.refused.isVisible()
    assert "outside" in regression.batches.refused.text()


def test_a_batch_that_the_graph_cannot_take_is_named_and_all_data_is_used(qtbot, descend, editor):
    rows = [[float(i)] for i in range(6)]
    workspace = descend(
        text=f"x = tensor({rows})\nw = tensor(0.5, requires_grad=True)\n"
        "v = tensor(0.1, requires_grad=True)\nJ = mean((w * x.reshape(6) - v) ** 2)"
    )
    click(qtbot, workspace.batches.switch)
    type_in(qtbot, workspace.batches.rows, "2")
    workspace.race.settle()
    assert "With 2 rows" in workspace.batches.refused.text()
    assert workspace.batches.refused.isVisible()
    assert workspace.race.descent.objective.batches is None and workspace.race.runners


def test_the_curve_has_the_loss_of_all_data_and_faintly_that_of_each_batch(regression):
    race, series = regression.race, regression.loss.chart.series
    full = [s for s in series if not s.faint]
    faint = [s for s in series if s.faint]
    assert len(full) == len(faint) == len(race.runners)
    path = race.runners[0].trajectory
    np.testing.assert_allclose(faint[0].values, path.losses)
    objective = race.descent.objective
    np.testing.assert_allclose(full[0].values, [objective.value(p) for p in path.points])


def test_both_gradients_stand_at_the_point(qtbot, regression):
    race, pair = regression.race, regression.pair
    race.go_to(9)
    place, batch, full = pair.pair()
    path = race.runner.trajectory
    np.testing.assert_allclose(place, race.coordinates(path)[9])
    np.testing.assert_allclose(batch, [float(path.gradients[9][a.node]) for a in race.axes])
    _, expected = race.descent.objective.gradient(path.points[9])
    np.testing.assert_allclose(full, [float(expected[a.node]) for a in race.axes])
    shown = regression.centre.contour.grab().toImage()
    click(qtbot, regression.batches.both)
    assert not pair.shown
    assert regression.centre.contour.grab().toImage() != shown


def test_without_batches_there_is_no_pair(descend):
    workspace = descend("linear_regression")
    assert workspace.pair.pair() is None


def test_the_rows_and_the_facts_tell_the_loss_of_all_data(qtbot, regression):
    race = regression.race
    race.go_to(9)
    words = {label.text() for label in regression.runners.rows[0].findChildren(QLabel)}
    full = regression.facts.figures["loss"]
    qtbot.waitUntil(lambda: any(w.endswith(f"J = {full.text()}") for w in words))


def test_a_branch_goes_the_same_way_to_where_it_leaves(regression):
    runner = regression.race.runners[2]
    other = runner.branched(20)
    other.advance(len(runner.trajectory) - 21)
    assert other.trajectory.losses == runner.trajectory.losses


def test_which_data_is_sampled_is_said_and_can_be_chosen(qtbot, regression, editor):
    bar = regression.batches
    assert bar.data.text() == "x, y"
    bar.menu.aboutToShow.emit()
    words = [(a.text(), a.isChecked()) for a in bar.menu.actions()]
    assert words == [("x · 40 rows", True), ("y · 40 rows", True)]
    bar.menu.popup(bar.data.mapToGlobal(QPoint()))
    qtbot.mouseClick(bar.menu, LEFT, pos=bar.menu.actionGeometry(bar.menu.actions()[0]).center())
    assert [editor.graph.node(i).name for i in kept(editor).leaves] == ["y"]
    assert bar.data.text() == "y" and bar.data.isVisible()
    assert bar.refused.isVisible() and "8 rows" in bar.refused.text()
    editor.stack.undo()
    assert bar.data.text() == "x, y" and not bar.refused.isVisible()
