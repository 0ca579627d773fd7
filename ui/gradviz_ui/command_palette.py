"""Every action by name: Ctrl+K, a few letters, Return."""

from typing import TYPE_CHECKING

from .actions import ACTIONS, Action
from .additions import Addition, additions
from .chooser import Chooser, Row
from .group_library import GroupLibrary
from .keymap import keymap
from .matching import match_score

if TYPE_CHECKING:
    from .main_window import MainWindow

LEAST, WHOLE = 400, 1000
"""How well a name must fit, where another has the letters whole: in any place many have them."""


def score(typed: str, action: Action) -> int:
    """How well an action fits: what it is called before its menu, and the words for it last."""
    named = 2 * match_score(typed, action.text)
    return max(
        named, match_score(typed, f"{action.menu} {action.text}"),
        match_score(typed, action.words) // 2,
    )  # fmt: skip


def found(typed: str, *, whole: bool = False) -> list[Action]:
    """The actions that fit what was typed, the best first; all of them for nothing.

    Letters that are strewn about a name count only where nothing has them side by side;
    ``whole``: something else has.
    """
    scored = [(score(typed, a), -i, a) for i, a in enumerate(ACTIONS) if a.id != "palette"]
    best = max(value for value, *_ in scored)
    least = LEAST if whole or best >= WHOLE else 0
    fitting = [entry for entry in scored if entry[0] > least]
    return [action for *_, action in sorted(fitting, key=lambda entry: entry[:2], reverse=True)]


def fitting(library: GroupLibrary, typed: str) -> list[Addition]:
    """The layers and kept groups that fit what was typed, the best first; none for nothing."""
    wanted = typed.strip().casefold().removeprefix("add ")
    scored = [(match_score(wanted, a.name), a) for a in additions(library)] if wanted else []
    return [a for score, a in sorted(scored, key=lambda s: -s[0]) if score > LEAST]


class CommandPalette(Chooser):
    """Every action; those that cannot be done now are there too, and pale."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window, "Command", "Type what you want to do")

    def offered(self, typed: str) -> list[Row]:
        """The actions that fit, with their menus and shortcuts, and what can be added."""
        more = fitting(self._window.editor.library, typed)
        return [
            Row(
                action, action.text, action.menu,
                keymap().shown(action.id), action.icon,
                action.when(self._window),
            )
            for action in found(typed, whole=bool(more))
        ] + [
            Row(
                addition, f"Add {addition.name}", addition.heading, "", "plus",
                not self._window.welcoming and not addition.problem,
            )
            for addition in more
        ]  # fmt: skip

    def take(self, value: Action | Addition) -> None:
        """Do the action, or ask for the layer or group to be put in."""
        if isinstance(value, Addition):
            self._window.editor.add_wanted.emit(value.key)
        else:
            self._window.actions_by_name.run(value)
