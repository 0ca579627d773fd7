"""Bookmarks of views in the window: named, listed and gone to by keys; kept with the document."""

import pytest
from PySide6.QtCore import QPointF, Qt

from gradviz.files import dumps, loads
from gradviz.graph.group_edits import ChangeGroups
from gradviz_ui.chooser import ROW

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
KEY = Qt.Key


@pytest.fixture
def keep(window, qtbot):
    """A function: bookmark what is seen by keys, under that name or the one offered."""

    def press(name=""):
        qtbot.waitUntil(window.actions_by_name["bookmark"].isEnabled)
        qtbot.keyClick(window.canvas, KEY.Key_B, CTRL | ALT)
        qtbot.waitUntil(window.views.field.hasFocus)
        qtbot.keyClicks(window.views.field, name)
        qtbot.keyClick(window.views.field, KEY.Key_Return)
        qtbot.waitUntil(window.canvas.hasFocus)

    return press


def seen(window):
    canvas = window.canvas
    middle = canvas.scene_point(QPointF(canvas.viewport().rect().center()))
    return round(canvas.zoom, 2), round(middle.x()), round(middle.y())


def names(window):
    return [mark.name for mark in window.editor.graph.settings.bookmarks]


def listed(window):
    rows = window.views.list
    return [rows.item(i).data(ROW) for i in range(rows.count())]


def near(first, second):
    assert all(abs(a - b) <= 2 for a, b in zip(first, second, strict=True)), (first, second)


def test_a_view_is_kept_and_gone_back_to_by_a_key(window, qtbot, keep):
    canvas = window.canvas
    canvas.zoom_by(2.0)
    canvas.pan(QPointF(140, -60))
    first = seen(window)
    keep("close up")
    canvas.fit()
    keep()
    assert names(window) == ["close up", "View 1"]
    for number, key in enumerate((KEY.Key_1, KEY.Key_2), 1):
        qtbot.waitUntil(window.actions_by_name[f"view_{number}"].isEnabled)
        canvas.zoom_by(0.6)
        qtbot.keyClick(canvas, key, ALT)
        if number == 1:
            near(seen(window), first)
    assert canvas.zoom == pytest.approx(1.0, abs=0.3)
    again = loads(dumps(window.editor.graph))
    assert [mark.name for mark in again.settings.bookmarks] == names(window)


def test_keeping_one_is_a_step_that_can_be_taken_back(window, qtbot, keep):
    keep("here")
    qtbot.waitUntil(window.actions_by_name["undo"].isEnabled)
    assert window.editor.stack.undoText() == "Bookmark here"
    qtbot.keyClick(window.canvas, KEY.Key_Z, CTRL)
    assert names(window) == [] and window.canvas.canvas.cards
    qtbot.waitUntil(lambda: not window.actions_by_name["view_1"].isEnabled())


def test_the_list_finds_moves_renames_and_removes(window, qtbot, keep):
    for name in ("alpha", "beta"):
        keep(name)
    qtbot.keyClick(window.canvas, KEY.Key_B, CTRL | ALT)
    assert [row.text for row in listed(window)][1:] == ["alpha", "beta"]
    assert listed(window)[1].right == "Alt+1"
    qtbot.keyClicks(window.views.field, "beta")
    assert [row.text for row in listed(window)] == ["beta", "Move “beta” here"]
    qtbot.keyClick(window.views.field, KEY.Key_F2)
    window.views.field.selectAll()
    qtbot.keyClicks(window.views.field, "gamma")
    qtbot.keyClick(window.views.field, KEY.Key_Return)
    assert names(window) == ["alpha", "gamma"]
    qtbot.keyClick(window.canvas, KEY.Key_B, CTRL | ALT)
    qtbot.keyClicks(window.views.field, "alpha")
    qtbot.keyClick(window.views.field, KEY.Key_Delete, CTRL)
    assert names(window) == ["gamma"]


def test_a_click_in_the_list_goes_there(window, qtbot, keep):
    canvas = window.canvas
    canvas.zoom_by(1.7)
    place = seen(window)
    keep("there")
    canvas.fit()
    qtbot.keyClick(canvas, KEY.Key_B, CTRL | ALT)
    rows = window.views.list
    spot = rows.visualItemRect(rows.item(1)).center()
    qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    near(seen(window), place)


def test_a_view_within_a_group_leads_into_it_and_out_again(window, qtbot, keep, do):
    editor = window.editor
    keep("whole")
    editor.select([editor.graph.named("theta1").id, editor.graph.named("pow1").id])
    do("group")
    (group,) = editor.graph.groups
    editor.entering.enter(group)
    keep("inside")
    do("view_1")
    assert editor.entering.group is None
    do("view_2")
    assert editor.entering.group == group
    do("view_1")
    made = editor.graph.groups[group]
    editor.perform(ChangeGroups((made,), ()))
    do("view_2")
    assert editor.entering.group is None
