"""A tensor as a picture: zero is the ground, the sign a hue, nan the colour of errors."""

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gradviz.ops.spec import Array

from ..heat import picture_of
from ..numbers import full
from ..theme import current, qcolor, source

HIGHEST = 150
LARGEST_CELL = 26


class HeatMap(QWidget):
    """The table as cells as large as fit, with each number under the pointer."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self._role = role
        self._table: Array = np.zeros((0, 0))
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        source().changed.connect(self._draw)

    def show_table(self, table: Array) -> None:
        """Show that table of two dimensions."""
        resized = table.shape != self._table.shape
        self._table = table
        self._draw()
        if resized:
            self.updateGeometry()

    def _draw(self) -> None:
        table = self._table
        self._image = picture_of(table, current(), self._role) if table.size else QImage()
        self.update()

    def _room(self) -> QRectF:
        rows, columns = self._table.shape
        if not self._table.size:
            return QRectF()
        cell = min(self.width() / columns, HIGHEST / rows, LARGEST_CELL)
        # A long vector stays a strip that can be seen.
        height = max(rows * cell, min(rows * LARGEST_CELL, 18))
        return QRectF(0, 0, columns * cell, min(height, HIGHEST))

    def sizeHint(self) -> QSize:
        return QSize(200, int(self._room().height()) + 1 if self._table.size else 0)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._said(event), self)
            return True
        return super().event(event)

    def _said(self, event: QHelpEvent) -> str:
        room = self._room()
        if not room.contains(event.pos()):
            return ""
        rows, columns = self._table.shape
        row = min(int(event.pos().y() / room.height() * rows), rows - 1)
        column = min(int(event.pos().x() / room.width() * columns), columns - 1)
        return f"[{row}, {column}]  {full(self._table[row, column])}"

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        painter = QPainter(self)
        room = self._room()
        large = room.width() / self._table.shape[1] >= 1
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not large)
        painter.drawImage(room, self._image)
        painter.setPen(QPen(qcolor(current().line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(room.adjusted(0.5, 0.5, -0.5, -0.5))
