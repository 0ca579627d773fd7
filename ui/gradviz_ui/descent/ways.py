"""How a runner's way is painted: walked up to the step looked at, faint beyond it."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ..theme import current, qcolor
from .polyline import Polyline, draw_line, draw_spots

LONG = 600
"""Lines above which a way is drawn thin and without dots: they would cover all else."""
SPOT, SPOTS_APART = 5.2, 2.0
FAINT = 0.34
WIDTH = 1.9


def paint_whole(painter: QPainter, line: Polyline, colour: QColor) -> None:
    """A whole way, to be made faint by who paints it."""
    draw_line(painter, line.path(), colour, width=1.0)


def paint_walked(painter: QPainter, line: Polyline, step: int, colour: QColor) -> None:
    """A way as far as it was walked at a step."""
    short = len(line) <= LONG
    draw_line(painter, line.path(step), colour, width=WIDTH if short else 1.0)
    if short:
        draw_spots(painter, line.spots(step, SPOTS_APART), colour, SPOT)


def paint_now(painter: QPainter, place: QPointF, colour: QColor, chosen: bool) -> None:
    """Where a runner is at the step looked at; the chosen one has an amber ring."""
    theme = current()
    painter.setPen(QPen(qcolor(theme.bg), 1.5))
    painter.setBrush(colour)
    painter.drawEllipse(place, 5.0, 5.0)
    if chosen:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(qcolor(theme.act), 1.8))
        painter.drawEllipse(place, 8.0, 8.0)


def paint_start(painter: QPainter, place: QPointF, within: QRectF, held: bool, words: str) -> None:
    """The ring one drags, with its words beside it where there is room."""
    theme = current()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(qcolor(theme.bg, 0.6), 4.5))
    painter.drawEllipse(place, 7.0, 7.0)
    painter.setPen(QPen(qcolor(theme.act if held else theme.ink), 2.2))
    painter.drawEllipse(place, 7.0, 7.0)
    width = painter.fontMetrics().horizontalAdvance(words)
    left = place.x() + 13
    if left + width > within.right() - 6:
        left = place.x() - 13 - width
    top = max(within.top() + 16, place.y() - 11)
    painter.setPen(qcolor(theme.ink))
    painter.drawText(QPointF(left, top), words)
