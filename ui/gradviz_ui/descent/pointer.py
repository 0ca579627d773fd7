"""The step under the mouse, wherever it is: pointed at in one view, it is marked in all."""

import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPen

from ..theme import current, qcolor

NEAR = 12.0
"""Pixels from which a step of a way is pointed at."""


class Pointer(QObject):
    """See the module's text."""

    moved = Signal()
    """Another step is pointed at, or none."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.position: int | None = None
        """Of the race, as its slider counts; None where none is pointed at."""

    def point(self, position: int | None) -> None:
        """Point at that step of the race, or at none."""
        if position != self.position:
            self.position = position
            self.moved.emit()


def nearest(pixels: np.ndarray, place: QPointF, within: float = NEAR) -> tuple[int, float] | None:
    """The row of pixels closest to a place, and how far off it is; None where none is near."""
    if not len(pixels):
        return None
    away = np.hypot(pixels[:, 0] - place.x(), pixels[:, 1] - place.y())
    row = int(away.argmin())
    return (row, float(away[row])) if away[row] <= within else None


def paint_pointed(painter: QPainter, place: QPointF) -> None:
    """A ring round a step that is pointed at."""
    theme = current()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((qcolor(theme.bg, 0.7), 4.0), (qcolor(theme.act), 1.6)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(place, 6.5, 6.5)
