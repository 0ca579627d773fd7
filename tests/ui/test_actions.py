from collections import Counter

import pytest

from gradviz_ui.action_set import ActionSet
from gradviz_ui.actions import ACTIONS, AFTER_FORMULA, MENUS, TOOLBAR, action_named
from gradviz_ui.icons import icon_names
from gradviz_ui.keymap import portable


def test_no_two_actions_share_an_id_or_a_shortcut():
    assert Counter(action.id for action in ACTIONS).most_common(1)[0][1] == 1
    keys = Counter(key for action in ACTIONS for key in action.keys)
    assert [key for key, count in keys.items() if count > 1] == []


def test_no_shortcut_begins_another():
    keys = [key for action in ACTIONS for key in action.keys]
    assert [(a, b) for a in keys for b in keys if a != b and b.startswith(a + ", ")] == []


def test_every_shortcut_is_one_qt_knows():
    for action in ACTIONS:
        for key in action.keys:
            assert key and portable(key) == key, action.id


def test_every_icon_exists_and_every_menu_has_something():
    assert {action.icon for action in ACTIONS if action.icon} <= set(icon_names())
    assert {action.menu for action in ACTIONS} == set(MENUS)


@pytest.mark.parametrize("name", TOOLBAR + AFTER_FORMULA)
def test_what_is_in_the_top_bar_has_an_icon(name):
    assert action_named(name).icon


def test_the_menu_holds_every_action(window):
    menu = window.actions_by_name.menu(window)
    shown = [
        action
        for submenu in (entry.menu() for entry in menu.actions())
        for action in submenu.actions()
        if not action.isSeparator()
    ]
    assert len(shown) == len(ACTIONS)
    assert isinstance(window.actions_by_name, ActionSet)


def test_what_cannot_be_done_is_disabled(window, qtbot):
    actions = window.actions_by_name
    assert not actions["undo"].isEnabled()
    assert not actions["delete"].isEnabled()
    assert not actions["step"].isEnabled()
    window.editor.select(window.editor.graph.nodes)
    qtbot.waitUntil(actions["delete"].isEnabled)
    window.show_workspace("backward")
    qtbot.waitUntil(actions["step"].isEnabled)
    assert not actions["back"].isEnabled()
