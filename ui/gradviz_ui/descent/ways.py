"""How a runner's way is painted: walked up to the step looked at, faint beyond it."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ..theme import current, qcolor
from .frame import cut, line_through

LONG = 600
"""Steps above which a way is drawn thin and without dots: thick long lines take too long."""


def paint_way(painter: QPainter, pixels: np.ndarray, step: int, colour: QColor) -> None:
    """A way through rows of pixels, a row a step."""
    long = len(pixels) > LONG
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not long)
    faint = QColor(colour)
    faint.setAlphaF(0.28)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(faint, 1.2 if not long else 0))
    painter.drawPath(line_through(pixels[step:]))
    painter.setPen(_pen(colour, 1.9 if not long else 0))
    painter.drawPath(line_through(pixels[: step + 1]))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if not long:
        _dots(painter, pixels[: step + 1], colour)


def _pen(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _dots(painter: QPainter, pixels: np.ndarray, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for x, y in cut(pixels).tolist():
        painter.drawEllipse(QPointF(x, y), 2.6, 2.6)


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
