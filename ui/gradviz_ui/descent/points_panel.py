"""Points somebody wanted to come back to: kept by name, to start at or to look towards."""

from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from ..theme import ui_font
from ..widgets import IconButton, ProblemLine, row, text
from .place_edits import remove_point, rename_point, save_point, start_at
from .race import Race

HINT = "No point is saved yet. Scrub to a step, and save it: to start there, or to look towards it."


class PointRow(QWidget):
    """One saved point: its name to be changed, and what can be done with it."""

    def __init__(self, race: Race, index: int) -> None:
        super().__init__()
        self._race, self.index = race, index
        self.name = QLineEdit()
        self.name.setFont(ui_font(12))
        self.name.setAccessibleName("Name of the point")
        self.name.editingFinished.connect(self._rename)
        self.start = IconButton("target", "Start here", size=15)
        self.start.clicked.connect(lambda: self.say(start_at(race, self.index)))
        self.bin = IconButton("delete", "Remove", size=15)
        self.bin.clicked.connect(lambda: self.say(remove_point(race, self.index)))
        self.problem = ProblemLine()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 2, 8, 2)
        layout.setSpacing(2)
        layout.addWidget(row(self.name, self.start, self.bin, spacing=4))
        layout.addWidget(self.problem)

    def show_point(self) -> None:
        """Show its name as it is."""
        point = self._race.settings.points[self.index]
        if not self.name.hasFocus() or not self.name.isModified():
            self.name.setText(point.name)
            self.name.setCursorPosition(0)
        self.say("")

    def say(self, problem: str) -> None:
        """Say what cannot be done, and why."""
        self.problem.say(problem[:1].upper() + problem[1:] + "." if problem else "")

    def _rename(self) -> None:
        if self.index >= len(self._race.settings.points):
            return
        self.name.setModified(False)
        problem = rename_point(self._race, self.index, self.name.text())
        if problem:
            self.name.setText(self._race.settings.points[self.index].name)
            self.say(problem)


class PointsPanel(QWidget):
    """See the module's text."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self.rows: list[PointRow] = []
        self.save = QPushButton("Save this point")
        self.save.setToolTip("Keep where the selected runner is at the step looked at")
        self.save.clicked.connect(lambda: save_point(race))
        self.hint = text(HINT, "mute", 12)
        self.hint.setWordWrap(True)
        self.hint.setContentsMargins(14, 4, 14, 4)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.setSpacing(4)
        layout.addWidget(row(self.save, None, margins=(14, 0, 14, 0)))
        layout.addWidget(self.hint)
        layout.addLayout(self._list)
        layout.addStretch(1)
        for signal in (race.prepared, race.ran):
            signal.connect(self._show)

    def _show(self) -> None:
        points = self._race.settings.points
        while len(self.rows) > len(points):
            gone = self.rows.pop()
            gone.hide()
            gone.deleteLater()
        while len(self.rows) < len(points):
            fresh = PointRow(self._race, len(self.rows))
            self._list.addWidget(fresh)
            self.rows.append(fresh)
        for one in self.rows:
            one.show_point()
        self.hint.setVisible(not points)
        self.save.setEnabled(self._race.runner is not None)
