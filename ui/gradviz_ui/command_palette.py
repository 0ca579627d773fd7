"""Every action by name: Ctrl+K, a few letters, Return."""

from typing import TYPE_CHECKING

from .actions import ACTIONS, Action
from .chooser import Chooser, Row
from .matching import match_score

if TYPE_CHECKING:
    from .main_window import MainWindow


def found(typed: str) -> list[Action]:
    """The actions that fit what was typed, the best first; all of them for nothing."""
    scored = [
        (max(match_score(typed, f"{a.menu} {a.text}"), match_score(typed, a.words) - 8), -i, a)
        for i, a in enumerate(ACTIONS)
        if a.id != "palette"
    ]
    fitting = [entry for entry in scored if entry[0] > 0]
    return [action for *_, action in sorted(fitting, key=lambda entry: entry[:2], reverse=True)]


class CommandPalette(Chooser):
    """Every action; those that cannot be done now are there too, and pale."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window, "Command", "Type what you want to do")

    def offered(self, typed: str) -> list[Row]:
        """The actions that fit, with their menus and shortcuts."""
        return [
            Row(
                action, action.text, action.menu,
                action.sequences[0].toString() if action.keys else "", action.icon,
                action.when(self._window),
            )
            for action in found(typed)
        ]  # fmt: skip

    def take(self, value: Action) -> None:
        """Do the action."""
        self._window.actions_by_name.run(value)
