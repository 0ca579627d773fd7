"""A card seen from some way off: its name and its numbers as large as the card can hold them,
because a whole card shrunk is only grey lines."""

from __future__ import annotations

from functools import cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gradviz.ops.spec import Array

from ..theme import Theme, qcolor, ui_font, value_font
from .content import CardContent
from .heat import picture

SMALL = 0.62
"""Below this zoom a card is drawn by this module."""
LETTERS = 11.0
LEAST_LETTERS = 8.0
LEADING = 1.15
EDGE = 7.0
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)


@cache
def font(kind: str, size: float) -> QFont:
    """A font of the app (``name`` or ``number``) in a size of the scene."""
    if kind == "name":
        return ui_font(size, QFont.Weight.DemiBold)
    return value_font(size, QFont.Weight.Medium)


@cache
def measure(kind: str, size: float) -> QFontMetricsF:
    """The metrics of one of these fonts."""
    return QFontMetricsF(font(kind, size))


def letters_for(height: float, rows: int, scale: float) -> float:
    """The size of text, in the scene, with which so many rows fill a card of that height."""
    return round(2 * min(LETTERS / scale, (height - 2 * EDGE) / (rows * LEADING))) / 2


def paint_small(painter: QPainter, content: CardContent, theme: Theme, scale: float) -> None:
    """Draw what a card says; its body and ports are drawn already. ``scale``: pixels a unit."""
    plan = content.plan
    if content.warned:
        _paint_warned(painter, plan.width, theme)
    rows = _rows(content, theme)
    wanted = 1 + (len(rows) if plan.shape is None else 1)
    size = letters_for(plan.height, wanted, scale)
    if size * scale < LEAST_LETTERS and len(rows) > 1:
        # The last row is the one that says most now: a gradient that arrived, else the value.
        rows = rows[1:] if content.travelled in ("grad", "parameter") else rows[:1]
        size = letters_for(plan.height, 2, scale)
    pitch = (plan.height - 2 * EDGE) / max(1, 1 + len(rows)) if plan.shape is None else size * 1.35
    line = QRectF(EDGE, EDGE, plan.width - 2 * EDGE, pitch)
    _paint_name(painter, content, theme, line, size, scale)
    if plan.shape is not None and not content.message:
        room = QRectF(EDGE, line.bottom() + 4, line.width(), 0)
        room.setBottom(plan.height - EDGE)
        _paint_pictures(painter, content, theme, room)
        return
    for text, colour in rows:
        line.translate(0, pitch)
        _paint_number(painter, line, text, colour, size)


def _paint_warned(painter: QPainter, width: float, theme: Theme) -> None:
    """A triangle astride the upper edge: there is no room beside the name."""
    painter.setPen(QPen(qcolor(theme.card), 2))
    painter.setBrush(qcolor(theme.warn))
    tip = QPointF(width - 16, -8)
    painter.drawPolygon([tip, tip + QPointF(11, 18), tip + QPointF(-11, 18)])


def _rows(content: CardContent, theme: Theme) -> list[tuple[str, str]]:
    if content.message:
        return [(content.message, theme.error if content.failed else theme.mute)]
    value = (content.value_text, theme.val)
    # Dots for what is not computed yet would only make the value smaller.
    return (
        [value]
        if content.grad is None
        else [value, (content.grad_text, getattr(theme, content.role))]
    )


def _paint_name(
    painter: QPainter, content: CardContent, theme: Theme, line: QRectF, size: float, scale: float
) -> None:
    title = f"{content.title} {content.suffix}".strip()
    side = min(line.height(), size * 1.3)
    left = line.x() + side + size * 0.4
    area = QRectF(left, line.y(), line.right() - left, line.height())
    needed = measure("name", size).horizontalAdvance(title)
    size = max(size * min(1.0, area.width() / needed), min(size, LEAST_LETTERS / scale))
    # Rounded up it would no longer fit.
    size = int(2 * size) / 2
    square = QRectF(line.x(), line.center().y() - side / 2, side, side)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(qcolor(theme.category(content.category)))
    painter.drawRoundedRect(square, side / 4, side / 4)
    painter.setPen(QColor("white"))
    painter.setFont(font("name", round(side * 1.1 / max(2, len(content.mark)))))
    painter.drawText(square, _CENTRE, content.mark)
    painter.setFont(font("name", size))
    painter.setPen(qcolor(theme.ink))
    elide = Qt.TextElideMode.ElideRight
    painter.drawText(area, _LEFT, measure("name", size).elidedText(title, elide, area.width()))


def _paint_number(painter: QPainter, line: QRectF, text: str, colour: str, size: float) -> None:
    painter.setFont(font("number", size))
    painter.setPen(qcolor(colour))
    elide = Qt.TextElideMode.ElideRight
    said = measure("number", size).elidedText(text, elide, line.width())
    painter.drawText(line, _LEFT, said)


def _paint_pictures(painter: QPainter, content: CardContent, theme: Theme, room: QRectF) -> None:
    """Value above, gradient below, each as a strip over the card's whole width."""
    value, grad = content.value, content.grad
    strips: list[tuple[Array, str]] = [(value, "val")] if value is not None else []
    if value is not None and grad is not None and np.shape(grad) == value.shape:
        strips.append((grad, content.role))
    height = (room.height() - 5 * (len(strips) - 1)) / max(1, len(strips))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    for number, (array, role) in enumerate(strips):
        if not array.size:
            continue
        area = QRectF(room.x(), room.y() + number * (height + 5), room.width(), height)
        painter.drawImage(area, picture(array, theme, role))
        painter.setPen(QPen(qcolor(theme.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area)
