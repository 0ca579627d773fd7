"""How often which numbers occur in a tensor, as bars over a line from the least to the greatest."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gradviz.ops.spec import Array

from ..numbers import short
from ..spread import Spread
from ..theme import current, qcolor, source, value_font

BARS, WORDS = 40, 16
LEAST = 12
"""Elements below which the numbers themselves say more."""


class Histogram(QWidget):
    """Bars in the colour of its role; a thin line where zero is."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self._role = role
        self._spread: Spread | None = None
        self._counts: Array = np.zeros(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        source().changed.connect(self.update)

    @property
    def counts(self) -> Array:
        """How many numbers each bar stands for."""
        return self._counts

    def show_spread(self, spread: Spread | None) -> None:
        """Show those numbers; nothing of few, or of all alike."""
        worth = spread is not None and spread.finite.size >= LEAST and spread.low < spread.high
        self._spread = spread if worth else None
        self._counts = spread.counts() if spread is not None and worth else np.zeros(0)
        self.setHidden(not worth)
        self.setAccessibleDescription("" if spread is None else spread.said())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, BARS + WORDS)

    def _bar(self, place: int) -> QRectF:
        gap = self.width() / len(self._counts)
        height = BARS * self._counts[place] / max(self._counts.max(), 1)
        return QRectF(place * gap, BARS - height, max(gap - 1.0, 1.0), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        spread, theme = self._spread, current()
        if spread is None:
            return
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(getattr(theme, self._role), 0.75))
        for place in range(len(self._counts)):
            painter.drawRect(self._bar(place))
        painter.setPen(QPen(qcolor(theme.line), 1))
        painter.drawLine(QPointF(0, BARS + 0.5), QPointF(self.width(), BARS + 0.5))
        if spread.low < 0 < spread.high:
            x = self.width() * -spread.low / (spread.high - spread.low)
            painter.setPen(QPen(qcolor(theme.mute), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, 0), QPointF(x, BARS))
        painter.setPen(qcolor(theme.mute))
        painter.setFont(value_font(10))
        room = QRectF(0, BARS + 1, self.width(), WORDS)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft, short(spread.low))
        painter.drawText(room, Qt.AlignmentFlag.AlignRight, short(spread.high))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.said_at(event.pos().x()), self)
            return True
        return super().event(event)

    def said_at(self, x: float) -> str:
        """What the bar at a place stands for: ``0.500 to 1.000: 7``."""
        spread, count = self._spread, len(self._counts)
        if spread is None or not 0 <= x < self.width():
            return ""
        place = int(x / self.width() * count)
        step = (spread.high - spread.low) / count
        low = spread.low + place * step
        return f"{short(low)} to {short(low + step)}: {self._counts[place]:,}"
