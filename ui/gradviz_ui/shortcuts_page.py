"""Every shortcut on one page, made from the table of actions."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from .actions import ACTIONS, MENUS, Action
from .widgets import Badge, text

POINTER = (
    ("Pan", "drag the ground, or the wheel"),
    ("Zoom", "Ctrl + wheel"),
    ("Connect", "drag from port to port"),
    ("Add an operation", "double-click the ground"),
    ("Ten times finer", "Shift while dragging a slider"),
)


class ShortcutsPage(QDialog):
    """Two columns of actions by menu, with their keys."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keyboard Shortcuts")
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(24, 20, 24, 24)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(5)
        grid.setColumnMinimumWidth(2, 32)
        halves = (("File", "Edit"), ("View", "Backward", "Help"))
        assert {title for half in halves for title in half} == set(MENUS)
        rows = [self._half(grid, column, half) for column, half in enumerate(halves)]
        self._pointer(grid, rows[1])
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)
        self.resize(760, 600)

    def _half(self, grid: QGridLayout, half: int, titles: tuple[str, ...]) -> int:
        row, column = 0, half * 3
        for title in titles:
            grid.setRowMinimumHeight(row, 26)
            grid.addWidget(text(title, "title", 13), row, column)
            for action in (a for a in ACTIONS if a.menu == title and a.keys):
                row += 1
                grid.addWidget(text(action.text, size=13), row, column)
                grid.addWidget(_keys(action), row, column + 1, Qt.AlignmentFlag.AlignRight)
            row += 1
        return row

    def _pointer(self, grid: QGridLayout, row: int) -> None:
        grid.addWidget(text("Mouse", "title", 13), row, 3)
        for number, (what, how) in enumerate(POINTER, row + 1):
            grid.addWidget(text(what, size=13), number, 3)
            grid.addWidget(text(how, "mute"), number, 4, Qt.AlignmentFlag.AlignRight)


def _keys(action: Action) -> Badge:
    return Badge("   ".join(sequence.toString() for sequence in action.sequences))
