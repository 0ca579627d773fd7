"""A tensor as a picture: zero is the ground, the sign a hue, nan the colour of errors."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QToolTip

from gradviz.ops.spec import Array

from ..copying import offer_copies
from ..heat import picture_of
from ..numbers import full
from ..theme import current, qcolor, source
from .cell_grid import HIGHEST, Cell, CellGrid


class HeatMap(CellGrid):
    """The table as cells as large as fit, with each number under the pointer."""

    clicked = Signal(int, int)
    """A cell was clicked: its row and column."""
    pointed = Signal(object)
    """The pointer is over another cell, as row and column; None where it left them all."""

    def __init__(self, role: str, highest: int = HIGHEST) -> None:
        super().__init__(highest)
        self._marked: tuple[Cell, ...] = ()
        self._under: Cell | None = None
        self.setMouseTracking(True)
        self._role = role
        self._image = QImage()
        source().changed.connect(self._draw)

    def show_table(self, table: Array) -> None:
        """Show that table of two dimensions."""
        resized = table.shape != self._table.shape
        self._table = table
        self._draw()
        if resized:
            self.updateGeometry()

    def mark(self, *cells: Cell) -> None:
        """Put a frame round those cells, in the colour of what is now."""
        if cells != self._marked:
            self._marked = cells
            self.update()

    @property
    def marked(self) -> tuple[Cell, ...]:
        """The cells with a frame."""
        return self._marked

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().toPoint())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(*cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self.cell_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        cell = self.cell_at(event.pos())
        offers = [] if cell is None else [("", self._table[cell])]
        offer_copies(self, event.globalPos(), *offers, ("All Numbers", self._table))

    def _point(self, cell: Cell | None) -> None:
        if cell != self._under:
            self._under = cell
            self.pointed.emit(cell)

    def _draw(self) -> None:
        table = self._table
        self._image = picture_of(table, current(), self._role) if table.size else QImage()
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._said(event), self)
            return True
        return super().event(event)

    def _said(self, event: QHelpEvent) -> str:
        cell = self.cell_at(event.pos())
        return "" if cell is None else f"[{cell[0]}, {cell[1]}]  {full(self._table[cell])}"

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
        painter.setPen(QPen(qcolor(current().act), 2))
        for cell in self._marked:
            painter.drawRect(self._cell_room(*cell).adjusted(0.5, 0.5, -0.5, -0.5))
