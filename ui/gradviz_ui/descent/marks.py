"""Marks of points by class: a colour and a form each, so that neither is the only cue."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from ..theme import Theme, qcolor

REACH = 3.8
FORMS = ("circle", "square", "triangle", "diamond")


def paint_mark(
    painter: QPainter, place: QPointF, kind: int, colour: QColor, theme: Theme, reach: float = REACH
) -> None:
    """The mark of a point of a class, so many pixels from its middle to its edge."""
    painter.setPen(QPen(qcolor(theme.bg), 1.0 if reach > 3.0 else 0.6))
    painter.setBrush(colour)
    form = FORMS[kind % len(FORMS)]
    x, y = place.x(), place.y()
    if form == "circle":
        painter.drawEllipse(place, reach, reach)
    elif form == "square":
        painter.drawRect(QRectF(x - reach * 0.9, y - reach * 0.9, reach * 1.8, reach * 1.8))
    elif form == "triangle":
        wide = reach * 1.15
        corners = [(0.0, -wide), (wide, wide * 0.8), (-wide, wide * 0.8)]
        painter.drawPolygon(QPolygonF([QPointF(x + a, y + b) for a, b in corners]))
    else:
        wide = reach * 1.25
        corners = [(0.0, -wide), (wide, 0.0), (0.0, wide), (-wide, 0.0)]
        painter.drawPolygon(QPolygonF([QPointF(x + a, y + b) for a, b in corners]))
