"""A field that lies over a place in a bar, and may grow below it over what is there."""

from PySide6.QtCore import QEvent, QObject, QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QWidget

from .theme import current, qcolor, source


class Overlay(QWidget):
    """Keeps its top left corner and width on `room`, is as high as `wanted_height` says."""

    def __init__(self, room: QWidget, parent: QWidget) -> None:
        """`parent` holds both, and what may be covered."""
        super().__init__(parent)
        self._room, self._ground = room, parent
        room.installEventFilter(self)
        parent.installEventFilter(self)
        source().changed.connect(self.update)

    def wanted_height(self) -> int:
        """How high it must be now, in logical pixels."""
        return self._room.height()

    def active(self) -> bool:
        """Whether it is in use, and framed as such."""
        return self.hasFocus()

    def place(self) -> None:
        """Take its place again."""
        corner = self._room.mapTo(self._ground, self._room.rect().topLeft())
        height = max(self._room.height(), self.wanted_height())
        self.setGeometry(corner.x(), corner.y(), self._room.width(), height)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show):
            self.place()
        return False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current()
        painter.setPen(QPen(qcolor(theme.sel if self.active() else theme.line), 1))
        painter.setBrush(qcolor(theme.card if self.active() else theme.field))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
