"""The slope that a step goes by beside the slope of all data, as a pair of arrows at the point."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from ..theme import current, qcolor, ui_font
from .frame import Frame
from .layers import Layer, Order
from .race import Race

REACH = 84.0
"""How many pixels the longer of the two takes."""
HEAD = 9.0
WORDS = ("downhill for this batch", "downhill for all data")


class GradientPair(Layer):
    """Both at the chosen runner's step, on one scale: filled the batch's, hollow that of all data.

    Nothing is drawn where each step sees all data, as the two would be one.
    """

    order = Order.NOW
    moving = True

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race

    def pair(self) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
        """Where the runner is, and both gradients, all in the picture; None without batches."""
        race = self._race
        descent, runner = race.descent, race.runner
        piece = race.picture.piece
        if descent is None or runner is None or descent.objective.batches is None or piece is None:
            return None
        path, step = runner.trajectory, race.at(runner.trajectory)
        _, full = descent.objective.gradient(path.points[step])
        places = race.coordinates(path)
        sampled, whole = piece.directed([path.gradients[step], full])
        return places[step], sampled, whole

    def paint(self, painter: QPainter, frame: Frame) -> None:
        found = self.pair()
        if found is None:
            return
        place, *gradients = found
        scale = np.array(
            [frame.box.width() / (frame.across[1] - frame.across[0]),
             -frame.box.height() / (frame.up[1] - frame.up[0])]
        )  # fmt: skip
        ways = [-g * scale for g in gradients]
        longest = max(float(np.hypot(*w)) for w in ways)
        at = frame.pixels(place[None])[0]
        if not (np.isfinite(at).all() and np.isfinite(longest) and longest > 0):
            return
        for way, filled in zip(ways, (True, False), strict=True):
            paint_arrow(painter, at, way / longest * REACH, filled)
        self._paint_legend(painter, frame)

    def _paint_legend(self, painter: QPainter, frame: Frame) -> None:
        theme = current()
        painter.setFont(ui_font(11))
        wide = max(QFontMetricsF(painter.font()).horizontalAdvance(w) for w in WORDS)
        box = QRectF(frame.box.left() + 34, frame.box.bottom() - 62, wide + 52, 40)
        painter.setPen(QPen(qcolor(theme.line), 1))
        painter.setBrush(qcolor(theme.panel, 0.9))
        painter.drawRoundedRect(box, 6, 6)
        for index, words in enumerate(WORDS):
            y = box.top() + 12 + 16 * index
            begin = np.array([box.left() + 10, y])
            paint_arrow(painter, begin, np.array([24.0, 0.0]), index == 0)
            painter.setPen(qcolor(theme.ink))
            painter.drawText(QPointF(box.left() + 42, y + 4), words)


def paint_arrow(painter: QPainter, begin: np.ndarray, way: np.ndarray, filled: bool) -> None:
    """One arrow: a full line with a filled head, or a broken one with a hollow head."""
    theme = current()
    length = float(np.hypot(*way))
    if length < 1.0:
        return
    unit = way / length
    beside = np.array([-unit[1], unit[0]])
    tip, neck = begin + way, begin + way - unit * min(HEAD, length)
    colour = qcolor(theme.grad)
    for pen in (QPen(qcolor(theme.bg, 0.7), 4.5), QPen(colour, 2.0)):
        if not filled:
            pen.setDashPattern([3.0, 2.0])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawLine(QPointF(*begin), QPointF(*neck))
    corners = [tip, neck + beside * HEAD * 0.45, neck - beside * HEAD * 0.45]
    painter.setPen(QPen(colour, 1.6))
    painter.setBrush(colour if filled else qcolor(theme.panel))
    painter.drawPolygon(QPolygonF([QPointF(*c) for c in corners]))
