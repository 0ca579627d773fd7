"""Where the cells of a table lie in a widget: as large as fit, and how to find one again."""

import numpy as np
from PySide6.QtCore import QPoint, QRectF, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gradviz.ops.spec import Array

Cell = tuple[int, int]

HIGHEST = 150
LARGEST_CELL = 26


class CellGrid(QWidget):
    """A widget as high as the cells of its table, which are as large as fit."""

    def __init__(self, highest: int = HIGHEST) -> None:
        super().__init__()
        self._highest = highest
        self._largest = float(LARGEST_CELL)
        self._table: Array = np.zeros((0, 0))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def cell_width(self) -> float:
        """How wide a cell is drawn."""
        return self._room().width() / max(1, self._table.shape[1])

    def limit_cells(self, width: float) -> None:
        """Draw no cell wider than that, to stand beside another picture."""
        if width != self._largest:
            self._largest = width
            self.updateGeometry()
            self.update()

    def cell_at(self, place: QPoint) -> Cell | None:
        """The row and column under a point of the widget."""
        room, (rows, columns) = self._room(), self._table.shape
        if not room.contains(place):
            return None
        row = min(int(place.y() / room.height() * rows), rows - 1)
        return row, min(int(place.x() / room.width() * columns), columns - 1)

    def centre_of(self, row: int, column: int) -> QPoint:
        """The middle of a cell."""
        return self._cell_room(row, column).center().toPoint()

    def _cell_room(self, row: int, column: int) -> QRectF:
        room, (rows, columns) = self._room(), self._table.shape
        wide, high = room.width() / columns, room.height() / rows
        return QRectF(column * wide, row * high, wide, high)

    def _room(self) -> QRectF:
        rows, columns = self._table.shape
        if not self._table.size:
            return QRectF()
        cell = min(self.width() / columns, self._highest / rows, self._largest)
        # A long vector stays a strip that can be seen.
        height = max(rows * cell, min(rows * LARGEST_CELL, 18))
        wide = max(columns * cell, min(columns * self._largest, 18, self.width()))
        return QRectF(0, 0, wide, min(height, self._highest))

    def sizeHint(self) -> QSize:
        return QSize(200, int(self._room().height()) + 1 if self._table.size else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()
