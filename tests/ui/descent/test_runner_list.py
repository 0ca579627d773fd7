"""The list of runners by mouse and by keys: each thing that can be done with one."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu

from gradviz.descent import parse_runner
from gradviz_ui.descent.runner_menu import DEEDS

LEFT = Qt.MouseButton.LeftButton
KEY = Qt.Key
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def names(race):
    return [s.title for s in race.specs]


def shown_menu(parent):
    return next(m for m in parent.findChildren(QMenu) if m.isVisible())


def choose(qtbot, menu, word):
    action = next(a for a in menu.actions() if a.text().startswith(word))
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def focused(qtbot, row):
    row.activateWindow()
    row.setFocus()
    qtbot.waitUntil(row.hasFocus)
    return row


def test_runners_are_added_hidden_and_shown_with_the_mouse(qtbot, descend, editor):
    workspace = descend()
    race, panel = workspace.race, workspace.runners
    qtbot.mouseClick(panel.add_button, LEFT)
    assert len(race.specs) == len(panel.rows) == 4
    assert race.chosen == 3
    qtbot.mouseClick(panel.rows[0].dot, LEFT)
    assert not race.specs[0].visible
    race.settle()
    assert len(workspace.loss.chart.series) == 3
    qtbot.mouseClick(panel.rows[0].dot, LEFT)
    assert race.specs[0].visible
    for _ in range(3):
        editor.stack.undo()
    assert len(panel.rows) == 3


def test_the_menu_of_a_row_copies_moves_and_removes(qtbot, descend, editor):
    workspace = descend()
    race, panel = workspace.race, workspace.runners
    before = names(race)
    for word in ("Duplicate", "Move up", "Remove"):
        row = panel.rows[1]
        qtbot.mouseClick(row.menu_button, LEFT)
        choose(qtbot, shown_menu(row), word)
    assert names(race) == [before[1], before[1], before[2]]
    assert editor.stack.count() == 3
    editor.stack.undo()
    assert names(race) == [before[1], before[0], before[1], before[2]]


def test_the_last_runner_stays(qtbot, descend):
    workspace = descend()
    race, panel = workspace.race, workspace.runners
    for _ in range(4):
        qtbot.keyClick(focused(qtbot, panel.rows[0]), KEY.Key_Delete)
    assert len(race.specs) == len(panel.rows) == 1


def test_keys_copy_hide_move_and_branch(qtbot, descend, editor):
    workspace = descend()
    race, panel = workspace.race, workspace.runners
    first = panel.rows[0]
    qtbot.keyClick(focused(qtbot, first), KEY.Key_Down, ALT)
    assert panel.rows[1] is first
    assert race.specs[1].optimizer == "SGD" and race.specs[1].setting("momentum") == 0.0
    qtbot.keyClick(first, KEY.Key_Up, ALT)
    assert panel.rows[0] is first
    qtbot.keyClick(first, KEY.Key_D, CTRL)
    assert len(race.specs) == 4
    qtbot.keyClick(first, KEY.Key_H)
    assert not race.specs[0].visible
    qtbot.keyClick(first, KEY.Key_B)
    assert len(race.specs) == 4
    race.go_to(9)
    qtbot.keyClick(first, KEY.Key_B)
    assert race.specs[1].parts_from(race.specs[0]) == 9
    assert editor.stack.count() == 5


def test_the_arrow_keys_go_from_row_to_row(qtbot, descend):
    workspace = descend()
    rows = workspace.runners.rows
    qtbot.keyClick(focused(qtbot, rows[0]), KEY.Key_Down)
    assert rows[1].hasFocus()
    assert workspace.race.chosen == 1
    qtbot.keyClick(rows[1], KEY.Key_Return)
    assert rows[1].form.isVisible()
    qtbot.keyClick(rows[1], KEY.Key_Up)
    assert workspace.race.chosen == 0


def test_a_row_s_keys_are_not_taken_by_the_window_s_menus(qtbot, descend):
    row = focused(qtbot, descend().runners.rows[0])
    taken = []
    action = row.window().addAction("Duplicate cards")
    action.setShortcut("Ctrl+D")
    action.triggered.connect(lambda: taken.append(1))
    qtbot.keyClick(row, KEY.Key_D, CTRL)
    assert not taken


@pytest.mark.parametrize("by_key", [True, False])
def test_a_runner_is_named_in_place(qtbot, descend, editor, by_key):
    workspace = descend()
    row = workspace.runners.rows[0]
    if by_key:
        qtbot.keyClick(focused(qtbot, row), KEY.Key_F2)
    else:
        qtbot.mouseDClick(row, LEFT, pos=row.title.geometry().center())
    field = row.title.field
    qtbot.waitUntil(field.isVisible)
    qtbot.keyClicks(field, "plain")
    qtbot.keyClick(field, KEY.Key_Return)
    assert workspace.race.specs[0].name == "plain"
    assert row.title.label.text() == "plain"
    assert not field.isVisible()
    assert editor.stack.count() == 1
    row.title.edit()
    qtbot.keyClicks(field, "another")
    qtbot.keyClick(field, KEY.Key_Escape)
    assert workspace.race.specs[0].name == "plain"
    row.title.edit()
    qtbot.keyClick(field, KEY.Key_Delete)
    qtbot.keyClick(field, KEY.Key_Return)
    assert row.title.label.text() == "SGD"


def test_a_runner_is_coloured_from_the_palette_by_keys(qtbot, descend, editor):
    workspace = descend()
    row = workspace.runners.rows[1]
    qtbot.keyClick(focused(qtbot, row), KEY.Key_C)
    menu = shown_menu(row)
    assert len(menu.actions()) == 7
    qtbot.keyClick(menu, KEY.Key_Up)
    qtbot.keyClick(menu, KEY.Key_Return)
    assert workspace.race.colour(1) == 6
    workspace.race.settle()
    assert workspace.loss.chart.series[1].colour == 6
    editor.stack.undo()
    assert workspace.race.colour(1) == 1


def test_a_runner_is_dragged_to_another_place(qtbot, descend, editor):
    workspace = descend()
    race, rows = workspace.race, workspace.runners.rows
    last, top = rows[2], rows[0]
    begin = last.state.mapTo(last, QPoint(60, 4))
    end = last.mapFromGlobal(top.mapToGlobal(QPoint(60, 3)))
    qtbot.mousePress(last, LEFT, pos=begin)
    qtbot.mouseMove(last, (begin + end) / 2)
    qtbot.mouseMove(last, end)
    qtbot.mouseRelease(last, LEFT, pos=end)
    assert workspace.runners.rows[0] is last
    assert race.specs[0].optimizer == "Adam"
    assert race.chosen == 0
    assert editor.stack.count() == 1
    editor.stack.undo()
    assert workspace.runners.rows[2] is last


def test_a_click_is_no_drag(qtbot, descend, editor):
    workspace = descend()
    row = workspace.runners.rows[2]
    qtbot.mouseClick(row, LEFT, pos=row.state.geometry().center())
    assert workspace.race.chosen == 2
    assert editor.stack.count() == 0


def test_an_open_form_goes_with_its_runner(qtbot, descend):
    workspace = descend()
    row = workspace.runners.rows[2]
    qtbot.mouseClick(row.more, LEFT)
    qtbot.keyClick(focused(qtbot, row), KEY.Key_Up, ALT)
    assert workspace.runners.rows[1] is row
    assert row.form.isVisible()
    assert row.form.optimizer.currentText() == "Adam"
    assert not workspace.runners.rows[2].form.isVisible()


def test_the_budget_is_chosen_and_said(qtbot, descend, editor):
    workspace = descend("rosenbrock")
    race, panel = workspace.race, workspace.runners
    race.set_runner(0, parse_runner("Newton"))
    panel.strip.budget.setFocus()
    qtbot.keyClick(panel.strip.budget, KEY.Key_Down)
    assert race.settings.budget == "evaluations"
    race.settle()
    race.go_to(7)
    assert "step 2 · 6 evaluations" in panel.rows[0].state.text()
    assert "step 7 · 7 evaluations" in panel.rows[1].state.text()
    editor.stack.undo()
    assert panel.strip.budget.currentText() == "equal steps"


def test_settings_change_from_this_step_on_where_that_is_chosen(qtbot, descend):
    workspace = descend()
    race, panel = workspace.race, workspace.runners
    race.go_to(12)
    panel.strip.since.setFocus()
    qtbot.keyClick(panel.strip.since, KEY.Key_Down)
    assert panel.strip.since.currentText() == "set from step 12"
    slider = panel.rows[0].slider
    slider.setFocus()
    qtbot.keyClick(slider, KEY.Key_Home)
    assert [race.specs[0].at(k).setting("lr") for k in (11, 12)] == [0.1, 1e-4]
    race.settle()
    assert panel.rows[0].told.text() == "From step 12 on lr 0.0001."
    assert panel.rows[0].rate.text() == "lr 0.0001"
    race.go_to(3)
    assert panel.rows[0].rate.text() == "lr 0.1"
    assert panel.reset_button.isEnabled()
    qtbot.mouseClick(panel.reset_button, LEFT)
    assert (race.step, race.specs[0].then) == (0, ())
    assert not panel.reset_button.isEnabled()


def test_why_a_method_does_not_apply_is_said_at_its_runner(qtbot, descend):
    workspace = descend("saddle")
    row = workspace.runners.rows[0]
    qtbot.mouseClick(row.more, LEFT)
    row.form.optimizer.setFocus()
    qtbot.keyClick(row.form.optimizer, KEY.Key_End)
    workspace.race.settle()
    assert workspace.race.specs[0].optimizer == "GaussNewton"
    assert "needs a sum or mean of squares" in row.told.text()
    assert row.told.isVisible()
    assert QApplication.activeModalWidget() is None


def test_a_method_for_too_many_parameters_says_so(descend):
    numbers = [[0.1 * i + 0.01 * j for i in range(30)] for j in range(30)]
    workspace = descend(text=f"W = tensor({numbers}, requires_grad=True)\nJ = (W ** 4).sum()")
    workspace.race.set_runner(0, parse_runner("Newton"))
    workspace.race.settle()
    assert "a matrix for 900 numbers" in workspace.runners.rows[0].told.text()
    assert not workspace.centre.rule.grab().isNull()
    workspace.race.go_to(3)
    assert workspace.race.runners[0].stopped


def test_every_deed_has_a_key():
    assert len({d.keys for d in DEEDS}) == len(DEEDS)
