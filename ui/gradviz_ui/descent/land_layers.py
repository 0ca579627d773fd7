"""The land itself on the contour: its bands and lines, the directions downhill, the axes' ticks."""

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from ..theme import current, qcolor, value_font
from .contours import arrows, land_image, paint_image
from .frame import Frame
from .layers import Layer, Order
from .race import Race
from .words import compact

TICKS = 5
ROUGH = 0.75
"""Pixels worked out for each of the widget's while the land moves under a hand."""


class Land(Layer):
    """Soft bands with lines between them; of fewer pixels while it is moved, and not `smooth`."""

    order = Order.LAND

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self.smooth = True
        self._kept: tuple[object, QImage | None] | None = None
        race.landed.connect(self.changed)

    def key(self) -> object:
        return self._race.land, self.smooth

    def paint(self, painter: QPainter, frame: Frame) -> None:
        painter.fillRect(frame.box, qcolor(current().panel))
        land = self._race.land
        if land is not None:
            scale = painter.device().devicePixelRatio() if self.smooth else ROUGH
            now = land, frame, scale, current().name
            if self._kept is None or self._kept[0] != now:
                # Ways lie in the same picture, and may change while the land does not.
                self._kept = now, land_image(land, frame, scale)
            paint_image(painter, self._kept[1], frame, scale)


class Arrows(Layer):
    """Which way is downhill."""

    order = Order.FIELD

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race

    def key(self) -> object:
        return self._race.land

    def paint(self, painter: QPainter, frame: Frame) -> None:
        if self._race.land is not None:
            painter.setPen(QPen(qcolor(current().ink, 0.17), 1))
            painter.drawPath(arrows(self._race.land, frame))


class Ticks(Layer):
    """Numbers along the lower and the left edge."""

    order = Order.FIELD

    def paint(self, painter: QPainter, frame: Frame) -> None:
        painter.setFont(value_font(10))
        painter.setPen(qcolor(current().mute, 0.85))
        for value in nice_ticks(*frame.across):
            x = frame.x(value)
            if frame.box.left() + 24 < x < frame.box.right() - 24:
                box = QRectF(x - 40, frame.box.bottom() - 18, 80, 14)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, compact(value))
        for value in nice_ticks(*frame.up):
            y = frame.y(value)
            if frame.box.top() + 16 < y < frame.box.bottom() - 26:
                box = QRectF(frame.box.left() + 8, y - 7, 80, 14)
                flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(box, flags, compact(value))


def nice_ticks(low: float, high: float) -> list[float]:
    """A few round numbers between two ends."""
    raw = (high - low) / TICKS
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= raw)
    first = math.ceil(low / step)
    return [k * step for k in range(first, math.floor(high / step) + 1)]
