import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor

from gradviz_ui.actions import ACTIONS
from gradviz_ui.chooser import ROW
from gradviz_ui.command_palette import found

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def palette(window, qtbot):
    qtbot.keyClick(window.canvas, Qt.Key.Key_K, CTRL)
    found = window._palette
    qtbot.waitUntil(found.field.hasFocus)
    return found


def test_letters_and_enter_do_it(window, palette, qtbot):
    qtbot.keyClicks(palette.field, "workspace backward")
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert window.editor.workspace == "build" and not palette.isVisible()
    window.open_palette()
    qtbot.keyClicks(palette.field, "select all")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.editor.selection == set(window.editor.graph.nodes)


def test_every_action_is_offered_and_found_by_its_name(palette):
    offered = [palette.list.item(i).data(ROW).value for i in range(palette.list.count())]
    assert {action.id for action in offered} == {action.id for action in ACTIONS} - {"palette"}
    for action in offered:
        assert action in found(action.text) and found(f"{action.menu} {action.text}")


def test_arrows_pass_over_what_cannot_be_done(palette, qtbot):
    for _ in range(12):
        qtbot.keyClick(palette.field, Qt.Key.Key_Down)
        assert palette.list.currentItem().flags() & Qt.ItemFlag.ItemIsEnabled


def test_a_click_does_it(window, palette, qtbot):
    qtbot.keyClicks(palette.field, "dark theme")
    place = palette.list.visualItemRect(palette.list.item(0)).center()
    assert palette.list.item(0).data(ROW).value.id == "theme"
    qtbot.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.state.theme == "dark"


def test_it_gives_the_focus_back(window, palette, qtbot):
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(window.canvas.hasFocus)


@pytest.mark.parametrize(
    ("typed", "first"), [("save", "save"), ("group", "group"), ("find", "find"), ("undo", "undo")]
)
def test_what_is_called_so_comes_before_what_is_described_so(typed, first):
    assert found(typed)[0].id == first


def test_strewn_letters_are_not_offered_where_others_are_side_by_side():
    assert "distribute_down" not in {action.id for action in found("save")}
    assert "tidy_selection" in {action.id for action in found("tdyslct")}


def test_rows_that_come_under_a_resting_pointer_are_not_chosen(window, qtbot):
    place = window.mapToGlobal(window.rect().center()) - QPoint(0, window.height() // 2 - 200)
    QCursor.setPos(place)
    window.open_palette()
    palette = window._palette
    viewport = palette.list.viewport()
    resting = viewport.mapFromGlobal(place)
    assert viewport.rect().contains(resting)
    qtbot.mouseMove(viewport, resting)
    assert palette.list.currentRow() == 0
    qtbot.mouseMove(viewport, resting + QPoint(0, 1))
    row = palette.list.indexAt(resting + QPoint(0, 1)).row()
    enabled = palette.list.item(row).flags() & Qt.ItemFlag.ItemIsEnabled
    assert row > 0 and palette.list.currentRow() == (row if enabled else 0)


def test_a_layer_of_that_name_comes_before_strewn_letters(palette, qtbot):
    qtbot.keyClicks(palette.field, "linear")
    assert palette.list.currentItem().data(ROW).text == "Add Linear"
