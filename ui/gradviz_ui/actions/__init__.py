"""Every action as data: menus, buttons, shortcuts, the command palette and help read this table.

An action is one entry in the table of its menu and one function that takes the window.
"""

from typing import Final

from .action import MENUS, Action, Menu
from .decorating import DECORATE
from .editing import ARRANGE, EDIT, FILE
from .looking import GO, HELP, VIEW
from .stepping import STEPS

__all__ = ["ACTIONS", "AFTER_FORMULA", "MENUS", "TOOLBAR", "Action", "Menu", "action_named"]

ACTIONS: Final = (*FILE, *EDIT, *ARRANGE, *DECORATE, *VIEW, *GO, *STEPS, *HELP)

TOOLBAR: Final = ("new", "samples", "undo")
"""The buttons between the wordmark and the formula."""
AFTER_FORMULA: Final = ("palette", "theme")
"""The buttons at the right end of the top bar."""


def action_named(name: str) -> Action:
    """The entry with that id; KeyError where there is none."""
    for action in ACTIONS:
        if action.id == name:
            return action
    raise KeyError(name)
