import pytest
from PySide6.QtCore import Qt

from gradviz_ui.chooser import ROW

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
