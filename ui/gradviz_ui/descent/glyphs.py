"""Small signs for what happens on a way: alike on the contour, the curves and the time line."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from ..theme import current, qcolor
from .frame import Frame
from .happenings import CHANGED, FAILED, FORKED

REACH = 4.5


def paint_glyph(painter: QPainter, kind: str, place: QPointF, colour: QColor) -> None:
    """A cross where it fails, a diamond where it is set otherwise, a ring where it forks, and a
    bar where it comes to rest.
    """
    theme = current()
    under = QPen(qcolor(theme.bg), 4.0)
    under.setCapStyle(Qt.PenCapStyle.RoundCap)
    if kind == FAILED:
        lines = [
            QLineF(place + QPointF(-REACH, -REACH), place + QPointF(REACH, REACH)),
            QLineF(place + QPointF(-REACH, REACH), place + QPointF(REACH, -REACH)),
        ]
        over = QPen(qcolor(theme.error), 2.0)
        over.setCapStyle(Qt.PenCapStyle.RoundCap)
        for pen in (under, over):
            painter.setPen(pen)
            painter.drawLines(lines)
    elif kind == CHANGED:
        corners = [(0.0, -REACH), (REACH, 0.0), (0.0, REACH), (-REACH, 0.0)]
        painter.setPen(QPen(qcolor(theme.bg), 1.5))
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([place + QPointF(x, y) for x, y in corners]))
    elif kind == FORKED:
        painter.setPen(QPen(qcolor(theme.bg), 4.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(place, REACH, REACH)
        painter.setPen(QPen(colour, 2.0))
        painter.drawEllipse(place, REACH, REACH)
    else:
        line = QLineF(place + QPointF(0, -REACH), place + QPointF(0, REACH))
        for pen in (under, QPen(colour, 2.0)):
            painter.setPen(pen)
            painter.drawLine(line)


def paint_glyphs(
    painter: QPainter, frame: Frame, points: np.ndarray, marks: Sequence[tuple[int, str]],
    colour: QColor,
) -> None:  # fmt: skip
    """Signs on a curve of points by step; one beyond the picture lies on its edge."""
    for step, kind in marks:
        known = points[: step + 1][np.isfinite(points[: step + 1, 1])]
        if len(known) and step < len(points):
            at = frame.point(step, float(known[-1, 1]))
            at.setY(min(max(at.y(), frame.box.top() + 2), frame.box.bottom()))
            paint_glyph(painter, kind, at, colour)
