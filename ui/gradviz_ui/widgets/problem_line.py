"""Why something was refused, beside where it was asked for."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from ..theme import ui_font


class ProblemLine(QLabel):
    """A reason in the colour of errors; it takes no room while there is none."""

    def __init__(self, size: float = 11) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(ui_font(size))
        self.setProperty("role", "error")
        self.setWordWrap(True)
        self.hide()

    def say(self, problem: str) -> None:
        """Say that reason; empty where nothing is wrong any more."""
        self.setText(problem)
        self.setHidden(not problem)
