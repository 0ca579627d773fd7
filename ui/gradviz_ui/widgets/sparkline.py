"""A small curve of how a number went, with a dot where it is now."""

import math
from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ..numbers import short
from ..theme import current, qcolor, source

EDGE = 4.0


class Sparkline(QWidget):
    """Numbers one after the other along its width; where one is none, or infinite, is a gap."""

    def __init__(self, role: str = "val", parent: QWidget | None = None) -> None:
        """`role` is a field of `Theme`: its colour."""
        super().__init__(parent)
        self._role = role
        self._numbers: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        source().changed.connect(self.update)

    @property
    def numbers(self) -> tuple[float, ...]:
        """What it shows."""
        return self._numbers

    def show_numbers(self, numbers: Sequence[float]) -> None:
        """Show these numbers."""
        shown = tuple(numbers)
        if repr(shown) == repr(self._numbers):
            return
        self._numbers = shown
        finite = [x for x in shown if math.isfinite(x)]
        said = f"{short(min(finite))} to {short(max(finite))}" if finite else ""
        self.setToolTip(f"the last {len(shown)} values: {said}" if said else "")
        self.setAccessibleDescription(self.toolTip())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(80, 26)

    def _points(self) -> list[QPointF | None]:
        finite = [x for x in self._numbers if math.isfinite(x)]
        if not finite:
            return []
        low, high = min(finite), max(finite)
        wide, high_px = self.width() - 2 * EDGE, self.height() - 2 * EDGE
        gap = wide / max(1, len(self._numbers) - 1)
        found: list[QPointF | None] = []
        for place, number in enumerate(self._numbers):
            if not math.isfinite(number):
                found.append(None)
                continue
            part = 0.5 if low == high else number / (high - low) - low / (high - low)
            x = EDGE + gap * place if len(self._numbers) > 1 else EDGE + wide
            found.append(QPointF(x, EDGE + (1 - part) * high_px))
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        points = self._points()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = getattr(current(), self._role)
        if len(points) < 2:
            middle = self.height() / 2
            painter.setPen(QPen(qcolor(current().line), 1))
            painter.drawLine(QPointF(EDGE, middle), QPointF(self.width() - EDGE, middle))
        painter.setPen(QPen(qcolor(colour), 1.3))
        for one, other in pairwise(points):
            if one is not None and other is not None:
                painter.drawLine(one, other)
        if points and points[-1] is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(qcolor(colour))
            painter.drawEllipse(points[-1], 2.5, 2.5)
