"""Every shortcut on one page, made from the table of actions."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from .actions import ACTIONS, MENUS, Action
from .widgets import Badge, text

POINTER = (
    ("Pan", "wheel, middle button, or Space and drag"),
    ("Zoom", "Ctrl + wheel"),
    ("Select several", "drag over the ground"),
    ("Connect", "drag from port to port"),
    ("Cut wires", "Alt and drag across them"),
    ("Add an operation", "double-click the ground"),
    ("Type a value or name", "double-click it"),
    ("What else can be done", "right button"),
    ("Ten times finer", "Shift while dragging a slider"),
)


class ShortcutsPage(QDialog):
    """Two columns of actions by menu, with their keys."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keyboard Shortcuts")
        inner = QWidget()
        columns = QHBoxLayout(inner)
        columns.setContentsMargins(24, 20, 24, 24)
        columns.setSpacing(40)
        left, right = QGridLayout(), QGridLayout()
        for grid, titles in ((left, MENUS[:2]), (right, MENUS[2:])):
            grid.setVerticalSpacing(5)
            for title in titles:
                self._list(grid, title, [(a.text, _keys(a)) for a in of_menu(title)])
            columns.addLayout(grid, 1)
        self._list(left, "Mouse", [(what, text(how, "mute")) for what, how in POINTER])
        for grid in (left, right):
            grid.setRowStretch(grid.rowCount(), 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)
        self.resize(820, 680)

    def _list(self, grid: QGridLayout, title: str, lines: list[tuple[str, QWidget]]) -> None:
        first = grid.rowCount()
        heading = text(title, "title", 13)
        heading.setContentsMargins(0, 10, 0, 2)
        grid.addWidget(heading, first, 0)
        for number, (what, how) in enumerate(lines, first + 1):
            grid.addWidget(text(what, size=13), number, 0)
            grid.addWidget(how, number, 1, Qt.AlignmentFlag.AlignRight)


def of_menu(title: str) -> list[Action]:
    """The actions of a menu that have a shortcut."""
    return [action for action in ACTIONS if action.menu == title and action.keys]


def _keys(action: Action) -> Badge:
    return Badge("   ".join(sequence.toString() for sequence in action.sequences))
