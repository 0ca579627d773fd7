"""How a runner ended, as a colour and a sign, so that neither is the only cue."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from gradviz.descent.phase import OUTCOMES

from ..theme import current, qcolor

SIGNS = {
    "converged": (((-0.75, 0.0), (-0.2, 0.55), (0.8, -0.6)),),
    "slow": (((-0.8, 0.0), (0.8, 0.0)),),
    "oscillating": (((-0.9, 0.3), (-0.45, -0.45), (0.0, 0.3), (0.45, -0.45), (0.9, 0.3)),),
    "diverged": (((-0.6, -0.6), (0.6, 0.6)), ((-0.6, 0.6), (0.6, -0.6))),
}
"""A tick, a dash, a zigzag and a cross, as lines through points from −1 to 1, y downwards."""


def outcome_colour(outcome: int) -> QColor:
    """The colour of a place in `OUTCOMES`."""
    return qcolor(current().outcomes[outcome])


def sign_path(outcome: int, reach: float) -> QPainterPath:
    """The sign of an outcome around the origin."""
    path = QPainterPath()
    for line in SIGNS[OUTCOMES[outcome]]:
        path.moveTo(QPointF(*line[0]) * reach)
        for point in line[1:]:
            path.lineTo(QPointF(*point) * reach)
    return path


def paint_outcome(painter: QPainter, outcome: int, box: QRectF) -> None:
    """A cell: its colour with its sign, where there is room for one."""
    painter.fillRect(box, outcome_colour(outcome))
    reach = min(box.width(), box.height()) * 0.24
    if reach < 2.0:
        return
    pen = QPen(qcolor(current().bg if current().dark else "#FFFFFF", 0.75), max(1.0, reach * 0.3))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(sign_path(outcome, min(reach, 7.0)).translated(box.center()))
