"""What an action is: data that menus, buttons, shortcuts, the command palette and help read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from ..main_window import MainWindow

Menu = Literal["File", "Edit", "Group", "Arrange", "View", "Go", "Steps", "Help"]
MENUS: Final[tuple[Menu, ...]] = (
    "File", "Edit", "Group", "Arrange", "View", "Go", "Steps", "Help",
)  # fmt: skip

Pointed = Literal["canvas", "node", "wire", "box"]


def always(window: "MainWindow") -> bool:
    """Nothing stands in the way."""
    return True


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can ask for.

    `keys`: at first, in Qt's portable writing; a person may choose others
    (:mod:`gradviz_ui.keymap`). `place`: where they act; keys
    of the canvas mean something else in a text field or a table. `gap`: the menu draws a line
    before it. `checked`: whether it shows as on. `words`: more words by which it is found.
    `about`: what a click with the right button must be on for it to be offered there.
    """

    id: str
    text: str
    menu: Menu
    run: Callable[["MainWindow"], None]
    icon: str = ""
    keys: tuple[str, ...] = ()
    when: Callable[["MainWindow"], bool] = always
    checked: Callable[["MainWindow"], bool] | None = None
    gap: bool = False
    place: Literal["window", "canvas"] = "window"
    words: str = ""
    about: tuple[Pointed, ...] = ()
