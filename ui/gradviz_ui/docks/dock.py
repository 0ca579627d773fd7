"""What a dock is to the window: a row of the table, and a widget once somebody looks at it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtWidgets import QWidget

from ..editor import Editor, Workspace

Area = Literal["left", "right", "bottom"]


@dataclass(frozen=True, slots=True)
class Dock:
    """One panel: where it stands, in which workspaces, and how it is made.

    `make` is called when the panel is first seen, so that what it imports does not hold up the
    start.
    """

    name: str
    title: str
    area: Area
    workspaces: tuple[Workspace, ...]
    make: Callable[[Editor], QWidget]
