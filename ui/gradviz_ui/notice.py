"""A strip under the top bar for what went wrong, so that no failure passes unseen."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from .theme import current, source, ui_font
from .widgets import IconButton


class Notice(QWidget):
    """One message at a time; it stays until closed, and its details can be copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._details = ""
        self.words = QLabel()
        self.words.setFont(ui_font(13))
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._copy = IconButton("copy", "Copy the details")
        self._copy.clicked.connect(self.copy)
        close = IconButton("close", "Close this message")
        close.clicked.connect(self.hide)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 6, 8, 6)
        line.addWidget(self.words, 1)
        line.addWidget(self._copy)
        line.addWidget(close)
        source().changed.connect(self._dress)
        self._dress()
        self.hide()

    def _dress(self) -> None:
        theme = current()
        self.setStyleSheet(
            f"#notice {{ background: {theme.echip}; border-bottom: 1px solid {theme.error}; }}"
            f"#notice QLabel {{ color: {theme.error}; }}"
        )

    def show_problem(self, words: str, details: str = "") -> None:
        """Show a message; `details` are what a report of the problem would need."""
        self.words.setText(words)
        self._details = details or words
        self._copy.setVisible(bool(details))
        self.show()

    def copy(self) -> None:
        """Put the details on the clipboard."""
        QGuiApplication.clipboard().setText(self._details)
