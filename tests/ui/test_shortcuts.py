"""Shortcuts: shown for every action, changed by pressing keys, and followed wherever they show."""

import pytest
from PySide6.QtCore import QSettings, Qt

from gradviz_ui.actions import ACTIONS
from gradviz_ui.chooser import ROW
from gradviz_ui.keymap import keymap
from gradviz_ui.main_window import MainWindow
from gradviz_ui.shortcuts_page import ShortcutsPage
from gradviz_ui.state import State

LEFT = Qt.MouseButton.LeftButton
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
KEY = Qt.Key


@pytest.fixture(autouse=True)
def own_keys():
    yield
    keymap().reset_all()


@pytest.fixture
def page(window, qtbot):
    qtbot.keyClick(window.canvas, KEY.Key_F1)
    found = window.findChild(ShortcutsPage)
    qtbot.waitUntil(found.isVisible)
    found.activateWindow()
    qtbot.waitUntil(found.isActiveWindow)
    return found


def press(qtbot, page, name, key, held=Qt.KeyboardModifier.NoModifier, place=0):
    """Click a shortcut of an action, and press other keys."""
    button = page.rows[name].buttons[place]
    qtbot.mouseClick(button, LEFT)
    assert button.text().startswith("Press")
    qtbot.keyClick(button, key, held)


def shown(page, name):
    return [button.text() for button in page.rows[name].buttons]


def test_every_action_is_there_with_its_keys(page):
    assert list(page.rows) == [action.id for action in ACTIONS]
    for action in ACTIONS:
        assert shown(page, action.id) == [*action.keys, "+"]


def test_other_keys_do_it_and_are_shown_everywhere(window, page, qtbot, state):
    press(qtbot, page, "theme", KEY.Key_F9)
    assert keymap().keys("theme") == ("F9",) and shown(page, "theme") == ["F9", "+"]
    assert window.actions_by_name["theme"].shortcut().toString() == "F9"
    assert window.top_bar.findChild(object, "button-theme").toolTip() == "Dark Theme  F9"
    page.close()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window.canvas, KEY.Key_F9)
    assert state.theme == "dark"
    qtbot.keyClick(window.canvas, KEY.Key_L, CTRL | SHIFT)
    assert state.theme == "dark"
    window.open_palette()
    qtbot.keyClicks(window._palette.field, "dark theme")
    assert window._palette.list.item(0).data(ROW).right == "F9"


def test_they_are_remembered(window, page, qtbot, state, tmp_path):
    other = State(QSettings(str(tmp_path / "other.ini"), QSettings.Format.IniFormat))
    press(qtbot, page, "theme", KEY.Key_F9)
    keymap().begin({}, other)
    assert keymap().keys("theme") == ()
    again = MainWindow(window.editor, state)
    qtbot.addWidget(again)
    assert keymap().keys("theme") == ("F9",)


def test_what_was_damaged_by_hand_is_left_out(window, state):
    own = {"undo": ("Ctrl+Z",), "copy": ("Ctrl+C",)}
    state.shortcuts = {"undo": ("Ctrl+C",), "copy": ("no key",), "nothing": ("F9",)}
    keymap().begin(own, state)
    assert keymap().keys("undo") == ("Ctrl+Z",) and keymap().keys("copy") == ("Ctrl+C",)
    state._settings.setValue("shortcuts", '[1, "{')
    assert state.shortcuts == {}


def test_a_conflict_is_said_with_what_and_can_be_taken_or_left(page, qtbot):
    press(qtbot, page, "theme", KEY.Key_D, CTRL)
    assert page.message.text() == "Ctrl+D is the shortcut of Duplicate."
    assert keymap().keys("theme") == ("Ctrl+Shift+L",)
    qtbot.mouseClick(page.leave, LEFT)
    assert not page.take.isVisible() and keymap().keys("duplicate") == ("Ctrl+D",)
    press(qtbot, page, "theme", KEY.Key_D, CTRL)
    qtbot.mouseClick(page.take, LEFT)
    assert keymap().keys("theme") == ("Ctrl+D",) and keymap().keys("duplicate") == ()
    assert shown(page, "duplicate") == ["+"]
    qtbot.mouseClick(page.rows["tidy"].buttons[0], LEFT)
    qtbot.keyClick(page.rows["tidy"].buttons[0], KEY.Key_F10)
    assert page.rows["tidy"].buttons[0].hasFocus()


def test_keys_of_the_canvas_itself_cannot_be_taken(page, qtbot):
    press(qtbot, page, "theme", KEY.Key_F)
    assert page.message.text().startswith("F fits the graph")
    assert keymap().keys("theme") == ("Ctrl+Shift+L",)


def test_keys_are_added_taken_away_and_kept(page, qtbot):
    press(qtbot, page, "theme", KEY.Key_F9, place=1)
    assert keymap().keys("theme") == ("Ctrl+Shift+L", "F9")
    press(qtbot, page, "theme", KEY.Key_Escape)
    assert page.isVisible() and keymap().keys("theme") == ("Ctrl+Shift+L", "F9")
    press(qtbot, page, "theme", KEY.Key_Backspace)
    assert keymap().keys("theme") == ("F9",)
    press(qtbot, page, "theme", KEY.Key_Tab, CTRL | ALT)
    assert keymap().keys("theme") == ("Ctrl+Alt+Tab",)


def test_one_or_all_go_back_to_their_own(page, qtbot):
    assert not page.reset_all.isEnabled() and not page.rows["theme"].reset.isVisible()
    press(qtbot, page, "theme", KEY.Key_F9)
    press(qtbot, page, "tidy", KEY.Key_F10)
    qtbot.mouseClick(page.rows["theme"].reset, LEFT)
    assert keymap().keys("theme") == ("Ctrl+Shift+L",) and keymap().keys("tidy") == ("F10",)
    qtbot.mouseClick(page.reset_all, LEFT)
    assert keymap().keys("tidy") == ("Ctrl+T",) and not keymap().chosen


def test_an_action_is_found_by_name_and_by_key(page, qtbot):
    def found():
        return [name for name, row in page.rows.items() if row.isVisible()]

    page.field.setFocus()
    qtbot.keyClicks(page.field, "dark")
    assert found() == ["theme"]
    page.field.selectAll()
    qtbot.keyClicks(page.field, "ctrl+z")
    assert found() == ["undo"]


def test_keys_are_changed_by_the_keyboard_alone(page, qtbot):
    qtbot.keyClicks(page.field, "dark theme")
    button = page.rows["theme"].buttons[0]
    button.setFocus()
    qtbot.keyClick(button, KEY.Key_Return)
    assert button.text().startswith("Press")
    qtbot.keyClick(button, KEY.Key_K, CTRL)
    assert page.take.hasFocus() and keymap().keys("palette")[0] == "Ctrl+K"
    qtbot.keyClick(page.take, KEY.Key_Return)
    assert keymap().keys("theme") == ("Ctrl+K",) and page.isVisible()
