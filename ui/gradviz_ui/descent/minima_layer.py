"""The known lowest places of an objective, marked on the contour, each with its source."""

from textwrap import fill

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from gradviz.descent import AxesSlice

from ..numbers import short
from ..theme import current, qcolor
from .frame import Frame
from .layers import Layer, Order
from .race import Race

REACH = 5.0
NEAR = 9.0
WIDEST = 46
"""Letters a line of the source."""


class MinimaLayer(Layer):
    """A small cross each; along axes only, as a plane goes by most of them."""

    order = Order.MARKS

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        race.prepared.connect(self.changed)

    def places(self) -> tuple[tuple[float, ...], ...]:
        """The known lowest places on the axes shown."""
        piece, minima = self._race.picture.piece, self._race.settings.minima
        if minima is None or not isinstance(piece, AxesSlice) or len(piece.axes) != 2:
            return ()
        return minima.on(piece.axes)

    def key(self) -> object:
        return self.places() or None

    def paint(self, painter: QPainter, frame: Frame) -> None:
        theme = current()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for place in self.places():
            at = frame.point(*place)
            for colour, width in ((qcolor(theme.bg, 0.7), 4.0), (qcolor(theme.ink), 1.5)):
                pen = QPen(colour, width)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                painter.setPen(pen)
                for way in (QPointF(REACH, REACH), QPointF(REACH, -REACH)):
                    painter.drawLine(at - way, at + way)

    def told(self, place: QPointF, frame: Frame) -> str:
        settings = self._race.settings
        for known in self.places():
            at = frame.point(*known) - place
            if settings.minima is not None and np.hypot(at.x(), at.y()) <= NEAR:
                where = ", ".join(short(v) for v in known)
                words = f"known minimum {short(settings.minima.value)} at ({where})"
                return f"{words}\n{fill(settings.source, WIDEST)}" if settings.source else words
        return ""
