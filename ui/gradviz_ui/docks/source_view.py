"""Source to be read: in the face of figures, coloured as Python, selectable and never typed in."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QPlainTextEdit

from ..highlight import PythonColours
from ..theme import value_font


class SourceView(QPlainTextEdit):
    """A text that keeps its place when it is written anew; `parameters` are names in violet."""

    def __init__(self, about: str, parameters: Callable[[], frozenset[str]] = frozenset) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(value_font(12))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setAccessibleName(about)
        self.setStyleSheet(
            "QPlainTextEdit { border: none; background: transparent; padding: 4px 10px; }"
        )
        self._colours = PythonColours(self.document(), parameters)

    def show_source(self, written: str) -> None:
        """Show that text."""
        if written != self.toPlainText():
            place = self.verticalScrollBar().value()
            self.setPlainText(written)
            self.verticalScrollBar().setValue(place)
