"""The small card that tells about what lies under the mouse."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QPainter, QPen

from ..theme import current, qcolor, ui_font

LINE = 17.0
AWAY = 14.0


def paint_tip(painter: QPainter, rows: Sequence[str], place: QPointF, within: QRectF) -> None:
    """Lines of text beside a place, the first one bold, all inside a rectangle where it fits."""
    theme = current()
    fonts = [ui_font(11, QFont.Weight.DemiBold), *[ui_font(11)] * (len(rows) - 1)]
    width = 0.0
    for font, row in zip(fonts, rows, strict=True):
        painter.setFont(font)
        width = max(width, painter.fontMetrics().horizontalAdvance(row))
    box = QRectF(0, 0, width + 22, LINE * len(rows) + 11)
    left = place.x() + AWAY
    if left + box.width() > within.right() - 4:
        left = place.x() - AWAY - box.width()
    top = min(place.y() + AWAY, within.bottom() - 4 - box.height())
    box.moveTo(max(within.left() + 4, left), max(within.top() + 4, top))
    painter.setPen(QPen(qcolor(theme.line), 1))
    painter.setBrush(qcolor(theme.card, 0.97))
    painter.drawRoundedRect(box, 6, 6)
    for index, (font, row) in enumerate(zip(fonts, rows, strict=True)):
        painter.setFont(font)
        painter.setPen(qcolor(theme.mute if index else theme.ink))
        painter.drawText(QPointF(box.left() + 11, box.top() + 18 + LINE * index), row)
