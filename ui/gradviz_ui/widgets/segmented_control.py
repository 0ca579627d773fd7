"""The workspace switcher: a few exclusive choices in one pill."""

from collections.abc import Iterable

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ..theme import current, qcolor, source
from .choice_button import ChoiceButton, ChoiceGroup


class _Segment(ChoiceButton):
    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(64, 26))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current()
        if self.isChecked():
            painter.setPen(QPen(qcolor(theme.line, 0.7), 1))
            painter.setBrush(qcolor(theme.card))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        self.paint_text(painter, QFont.Weight.Medium)


class SegmentedControl(QWidget):
    """Exclusive choices side by side. Tab reaches it, the arrow keys move within it."""

    chosen = Signal(str)
    """Sent with the key whenever another choice is made, by the user or by `choose`."""

    def __init__(self, choices: Iterable[tuple[str, str]], parent: QWidget | None = None) -> None:
        """Make it from pairs of key and title; the first is chosen.

        Raises:
            ValueError: a key twice.
        """
        super().__init__(parent)
        self._group = ChoiceGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(2)
        for key, title in choices:
            segment = _Segment(title, 13, 14, self)
            layout.addWidget(segment)
            self._group.add(key, segment)
        self._group.idToggled.connect(self._announce)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        source().changed.connect(self.update)

    def current(self) -> str:
        """The key of the choice."""
        return self._group.current()

    def choose(self, key: str) -> None:
        """Choose by key.

        Raises:
            KeyError: no such key.
        """
        self._group.choose(key)

    def _announce(self, number: int, checked: bool) -> None:
        if checked:
            self.chosen.emit(self._group.key(number))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current()
        painter.setPen(QPen(qcolor(theme.line), 1))
        painter.setBrush(qcolor(theme.field))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 9, 9)
