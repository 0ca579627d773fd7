"""The parts the inspector's pages are made of: a header with a name, and a titled section."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from ..theme import ui_font, value_font
from ..widgets import ElidedLabel, IconButton, PanelHeader, ProblemLine, column, row, text
from .glyph import Glyph


class NameField(QLineEdit):
    """A name that looks like a title until it is typed over."""

    renamed = Signal(str)
    entered = Signal()
    """Return or Escape was pressed, after the name was taken, refused or given up."""

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self.setFont(ui_font(15, QFont.Weight.DemiBold))
        self.setAccessibleName("Name")
        self.setStyleSheet(
            "QLineEdit { border: 1px solid transparent; background: transparent;"
            " padding: 0 4px; margin-left: -7px; border-radius: 5px; min-height: 22px; }"
        )
        self.editingFinished.connect(self._finished)

    def show_name(self, name: str) -> None:
        """Show that name."""
        if name != self._name:
            self._name = name
            self.setText(name)
            self.setCursorPosition(0)

    def restore(self) -> None:
        """Show the name that holds."""
        self.setText(self._name)

    def _finished(self) -> None:
        if self.text() != self._name:
            self.renamed.emit(self.text().strip())

    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        key = arg__1.key()
        if key == Qt.Key.Key_Escape:
            self.restore()
            self.clearFocus()
        else:
            super().keyPressEvent(arg__1)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self.entered.emit()


class Header(QWidget):
    """Glyph, name, and what kind of thing it is; below, why a name was refused."""

    def __init__(self) -> None:
        super().__init__()
        self.glyph = Glyph(30)
        self.name = NameField()
        self.about = ElidedLabel()
        self.about.setFont(ui_font(12))
        self.about.setProperty("role", "mute")
        self.problem = ProblemLine()
        words = column(self.name, self.about, self.problem, spacing=0)
        words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 8)
        self.pin = IconButton("eye", "Watch", size=16)
        self.pin.setCheckable(True)
        layout.addWidget(row(self.glyph, words, self.pin, spacing=10))

    def say(self, problem: str) -> None:
        """Say why what was typed is no name; "" where it is."""
        self.problem.say(problem)


class Section(QWidget):
    """A titled part; it hides with its title."""

    def __init__(self, title: str, *parts: QWidget) -> None:
        super().__init__()
        self.header = PanelHeader(title, ruled=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(column(*parts, spacing=8, margins=(14, 12, 14, 8)))


class Fact(QWidget):
    """A muted name and a figure that gives way where the panel is narrow."""

    def __init__(self, name: str, role: str = "plain") -> None:
        super().__init__()
        self.figure = ElidedLabel()
        self.figure.setFont(value_font(12))
        self.figure.setProperty("role", role)
        self.figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.figure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.figure.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setFixedHeight(27)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 0, 14, 0)
        layout.addWidget(row(text(name, "mute", 13), self.figure, spacing=14))

    def say(self, words: str, shorter: str = "") -> None:
        """Show that figure, or a shorter form where it does not fit; with none the line goes."""
        self.figure.shorter = shorter
        self.figure.setText(words)
        self.setHidden(not words)
