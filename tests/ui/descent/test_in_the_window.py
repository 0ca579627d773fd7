"""A race in the whole window: kept with the document, opened as it was, and told of in words."""

import shutil

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from gradviz.bundled import bundled
from gradviz_ui.editor import Editor
from gradviz_ui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(qtbot, qapp, state):
    """A function: a window over a file, with Descend in front."""
    windows = []

    def open_window(path):
        editor = Editor()
        editor.open(path)
        window = MainWindow(editor, state)
        qtbot.addWidget(window, before_close_func=lambda _: editor.stack.setClean())
        window.resize(1440, 900)
        window.show()
        window.show_document()
        window.show_workspace("descend")
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        assert window.descend is not None
        window.descend.race.settle()
        windows.append(window)
        return window

    yield open_window
    for window in windows:
        window.descend.close()


def pressed(qtbot, widget, *keys):
    widget.setFocus()
    for key in keys:
        qtbot.keyClick(widget, key)


def arranged(qtbot, window):
    """A race with something of everything, by mouse and keys."""
    race, panel = window.descend.race, window.descend.runners
    qtbot.mouseClick(panel.add_button, LEFT)
    row = panel.rows[3]
    pressed(qtbot, row, KEY.Key_F2)
    qtbot.keyClicks(row.title.field, "the fourth")
    qtbot.keyClick(row.title.field, KEY.Key_Return)
    pressed(qtbot, panel.rows[0], KEY.Key_H)
    pressed(qtbot, row.more, KEY.Key_Space)
    pressed(qtbot, row.form.schedule, KEY.Key_Down)
    race.settle()
    slider = window.descend.centre.transport.slider
    qtbot.mouseClick(slider, LEFT, pos=QPoint(slider.width() // 5, slider.height() // 2))
    pressed(qtbot, panel.strip.since, KEY.Key_Down)
    pressed(qtbot, panel.rows[1].slider, KEY.Key_PageDown)
    pressed(qtbot, panel.rows[1], KEY.Key_B)
    race.settle()
    qtbot.keyClick(panel.rows[2], KEY.Key_Down, Qt.KeyboardModifier.AltModifier)
    pressed(qtbot, panel.strip.budget, KEY.Key_Down)
    total = window.descend.centre.transport.total
    pressed(qtbot, total, KEY.Key_Return)
    qtbot.keyClicks(total, "40")
    qtbot.keyClick(total, KEY.Key_Return)
    assert window.canvas.hasFocus()
    race.settle()


def test_a_race_is_saved_in_the_document_and_opened_as_it_was(qtbot, opened, tmp_path):
    path = tmp_path / "race.gradviz"
    shutil.copy(bundled("samples") / "rosenbrock.gradviz", path)
    window = opened(path)
    arranged(qtbot, window)
    race = window.descend.race
    assert len(race.specs) == 5
    assert race.settings.budget == "evaluations"
    assert any(s.then for s in race.specs) and any(s.schedule for s in race.specs)
    qtbot.waitUntil(window.actions_by_name["save"].isEnabled)
    qtbot.keyClick(window, KEY.Key_S, CTRL)
    assert window.editor.stack.isClean()
    again = opened(path).descend
    assert again.race.settings == race.settings
    assert [again.race.colour(i) for i in range(5)] == [race.colour(i) for i in range(5)]
    for one, other in zip(again.race.runners, race.runners, strict=True):
        assert one.trajectory.losses == other.trajectory.losses
        np.testing.assert_array_equal(
            again.race.coordinates(one.trajectory), race.coordinates(other.trajectory)
        )
    names = [row.title.label.text() for row in window.descend.runners.rows]
    assert [row.title.label.text() for row in again.runners.rows] == names
    assert "the fourth" in names
    assert again.runners.strip.budget.currentText() == "equal evaluations"
    assert again.centre.transport.total.text() == "40"


def test_all_that_is_done_with_runners_is_undone_step_by_step(qtbot, opened, tmp_path):
    path = tmp_path / "race.gradviz"
    shutil.copy(bundled("samples") / "rosenbrock.gradviz", path)
    window = opened(path)
    before = window.descend.race.settings
    arranged(qtbot, window)
    after = window.descend.race.settings
    window.setFocus()
    for _ in range(window.editor.stack.count()):
        qtbot.waitUntil(window.actions_by_name["undo"].isEnabled)
        qtbot.keyClick(window, KEY.Key_Z, CTRL)
    assert window.descend.race.settings == before
    for _ in range(window.editor.stack.count()):
        window.editor.stack.redo()
    assert window.descend.race.settings == after


@pytest.mark.parametrize(
    ("formula", "reason", "remedy"),
    [
        ("J = tensor([1., 2.], requires_grad=True) * 2", "shape [2]", "mean()"),
        ("J = tensor(1.) * 2", "no leaf that requires", "requires_grad"),
    ],
)
def test_a_formula_that_cannot_be_minimised_is_said_in_the_window(
    qtbot, opened, formula, reason, remedy
):
    window = opened(bundled("samples") / "bowl.gradviz")
    qtbot.mouseClick(window.formula_bar, LEFT)
    entry = window.formula_bar.field
    qtbot.waitUntil(entry.hasFocus)
    qtbot.keyClick(entry, KEY.Key_A, CTRL)
    qtbot.keyClicks(entry, formula)
    qtbot.keyClick(entry, KEY.Key_Return)
    problem = window.descend.centre.problem
    qtbot.waitUntil(problem.isVisible)
    assert reason in problem.reason.text()
    assert remedy in problem.remedy.text()
    assert QApplication.activeModalWidget() is None


def test_the_command_palette_s_actions_add_branch_and_reset(qtbot, opened):
    window = opened(bundled("samples") / "bowl.gradviz")
    race, by_name = window.descend.race, window.actions_by_name
    for name in ("add_runner", "branch_runner", "reset_race"):
        qtbot.waitUntil(by_name[name].isEnabled)
    by_name["add_runner"].trigger()
    race.settle()
    assert len(race.specs) == 4
    race.go_to(6)
    by_name["branch_runner"].trigger()
    assert race.specs[4].parts_from(race.specs[3]) == 6
    by_name["reset_race"].trigger()
    assert race.step == 0
    assert not race.changed_on_the_way
    window.show_workspace("build")
    qtbot.waitUntil(lambda: not by_name["add_runner"].isEnabled())


def test_quitting_asks_nothing_of_a_document_that_was_closed(qapp, descend, monkeypatch):
    workspace = descend()
    asked = []
    monkeypatch.setattr(workspace.race, "close", lambda: asked.append("race"))
    qapp.aboutToQuit.emit()
    qapp.aboutToQuit.emit()
    assert asked == ["race"]
