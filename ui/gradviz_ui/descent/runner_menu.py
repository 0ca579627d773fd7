"""What can be done with one runner: its menu, and the keys that do the same."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QKeySequence, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from ..theme import current, qcolor
from .race import Race

HUES = {
    "dark": ("orange", "blue", "green", "mauve", "yellow", "violet", "cyan"),
    "light": ("orange", "blue", "green", "mauve", "indigo", "gold", "brown"),
}
"""What the colours of runners are called, in the order of each theme's list."""
SWATCH = 14


@dataclass(frozen=True)
class Deed:
    """Something to do with a runner: its name, its key, and what does it."""

    name: str
    keys: str
    do: Callable[[Race, int], None]
    able: Callable[[Race, int], bool] = lambda race, index: True


def _hide(race: Race, index: int) -> None:
    race.show_runner(index, not race.specs[index].visible)


DEEDS = (
    Deed("Duplicate", "Ctrl+D", lambda race, index: race.duplicate_runner(index)),
    Deed("Branch from this step", "B", lambda race, index: race.branch_runner(index),
         lambda race, index: race.step_of(index) > 0),
    Deed("Hide or show", "H", _hide),
    Deed("Move up", "Alt+Up", lambda race, index: race.move_runner(index, index - 1),
         lambda race, index: index > 0),
    Deed("Move down", "Alt+Down", lambda race, index: race.move_runner(index, index + 1),
         lambda race, index: index < len(race.specs) - 1),
    Deed("Remove", "Del", lambda race, index: race.remove_runner(index),
         lambda race, index: len(race.specs) > 1),
)  # fmt: skip
"""All of it but what has a place of its own in the row; a new one is an entry here."""


def deed_of(event: QKeyEvent) -> Deed | None:
    """What a key does with a runner that has the focus."""
    pressed = QKeySequence(event.keyCombination())
    return next((d for d in DEEDS if QKeySequence(d.keys) == pressed), None)


def runner_menu(race: Race, index: int, rename: Callable[[], None], parent: QWidget) -> QMenu:
    """The menu of one runner; it is gone once it is closed."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    _add(menu, "Rename", "F2", rename)
    for deed in DEEDS:
        action = _add(menu, deed.name, deed.keys, partial(deed.do, race, index))
        action.setEnabled(deed.able(race, index))
    menu.insertMenu(menu.actions()[1], colour_menu(race, index, menu))
    return menu


def colour_menu(race: Race, index: int, parent: QWidget) -> QMenu:
    """The colours to choose from, the runner's own checked."""
    menu = QMenu("Colour\tC", parent)
    count = len(current().plot)
    for colour, hue in enumerate(HUES[current().name]):
        action = _add(menu, hue, "", partial(race.colour_runner, index, colour))
        action.setIcon(swatch(colour, colour == race.colour(index) % count))
    return menu


def _add(menu: QMenu, name: str, keys: str, do: Callable[[], object]) -> QAction:
    # The keys are told only: they are the row's own, and work while it has the focus.
    action = menu.addAction(f"{name}\t{keys}" if keys else name)
    action.triggered.connect(lambda: do())
    return action


def swatch(colour: int, chosen: bool) -> QIcon:
    """A dot of a runner's colour; a ring about the chosen one."""
    picture = QPixmap(2 * SWATCH, 2 * SWATCH)
    picture.setDevicePixelRatio(2.0)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(qcolor(current().series(colour)))
    painter.drawEllipse(3, 3, SWATCH - 6, SWATCH - 6)
    if chosen:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(qcolor(current().ink))
        painter.drawEllipse(1, 1, SWATCH - 2, SWATCH - 2)
    painter.end()
    return QIcon(picture)
