"""The parts of a chart over steps: its curves, its axes with their numbers, its words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen

from ..numbers import short
from ..theme import current, qcolor, ui_font, value_font
from .frame import Frame, line_through
from .glyphs import paint_glyphs
from .polyline import draw_line, thinned
from .raster import mixed
from .words import compact


@dataclass(frozen=True)
class Series:
    """One curve: its name, its colour in the theme's list, a value a step, what to say of it.

    A `faint` one lies behind the others, and is named only where the mouse asks.
    """

    name: str
    colour: int
    values: np.ndarray
    note: str = ""
    strong: bool = False
    faint: bool = False
    marks: tuple[tuple[int, str], ...] = ()
    """Steps where something happens, and of what kind (see `glyphs`)."""


def paint_series(painter: QPainter, frame: Frame, series: Series, values: np.ndarray) -> None:
    """A curve through values as they are scaled."""
    theme = current()
    colour = qcolor(theme.series(series.colour))
    path = line_through(frame.pixels(thinned(values, max(1, int(frame.box.width())))))
    if series.faint:
        draw_line(painter, path, mixed(colour, qcolor(theme.panel), 0.65), 1.3)
    else:
        draw_line(painter, path, colour, 2.2 if series.strong else 1.6)
    points = np.column_stack([np.arange(len(values)), values])
    paint_glyphs(painter, frame, points, series.marks, colour)


def paint_axes(painter: QPainter, frame: Frame, steps: int, log: bool) -> None:
    """Two lines with numbers at them."""
    theme, box = current(), frame.box
    painter.setPen(QPen(qcolor(theme.line), 1))
    painter.drawLine(box.topLeft(), box.bottomLeft())
    painter.drawLine(box.bottomLeft(), box.bottomRight())
    painter.setFont(value_font(10))
    painter.setPen(qcolor(theme.mute))
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    for value in marks(frame, log):
        y = frame.y(value)
        words = compact(10.0**value if log else value)
        painter.drawText(QRectF(0, y - 7, box.left() - 6, 14), right, words)
    for step in sorted({0, steps // 2, steps}):
        x = min(max(frame.x(step), box.left() + 3), box.right() - 12)
        painter.drawText(
            QRectF(x - 30, box.bottom() + 5, 60, 14), Qt.AlignmentFlag.AlignCenter, str(step)
        )


def paint_legend(painter: QPainter, frame: Frame, series: Sequence[Series]) -> None:
    """Which colour is whose, at the right end."""
    theme = current()
    painter.setFont(ui_font(11))
    y = frame.box.top() + 8
    named = [s for s in series if not s.faint]
    for one in named[: max(0, int(frame.box.height() // 17))]:
        words = f"{one.name}, {one.note}" if one.note else one.name
        room = int(frame.box.width() * 0.55)
        words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
        left = frame.box.right() - painter.fontMetrics().horizontalAdvance(words)
        ground = QRectF(left - 18, y - 13, frame.box.right() - left + 20, 17)
        painter.fillRect(ground, qcolor(theme.panel, 0.75))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(current().series(one.colour)))
        painter.drawEllipse(QPointF(left - 10, y - 4), 3.5, 3.5)
        painter.setPen(qcolor(theme.error if one.note else theme.mute))
        painter.drawText(QPointF(left, y), words)
        y += 17


def paint_hover(
    painter: QPainter, frame: Frame, room: QSize, series: Sequence[Series], step: int
) -> None:
    """A card with all values at a step, beside it; ``room``: of the whole widget."""
    theme = current()
    x = frame.x(step)
    painter.setPen(QPen(qcolor(theme.mute, 0.5), 1))
    painter.drawLine(QPointF(x, frame.box.top()), QPointF(x, frame.box.bottom()))
    rows = [f"step {step}", *(words_of(s, step) for s in series)]
    painter.setFont(ui_font(11))
    metrics = painter.fontMetrics()
    width = max(metrics.horizontalAdvance(row) for row in rows) + 34
    height = 17.0 * len(rows) + 10
    left = x + 10 if x + 10 + width < room.width() else x - 10 - width
    top = min(frame.box.top() + 4, max(2.0, room.height() - height - 2))
    box = QRectF(max(2.0, left), top, width, height)
    painter.setPen(QPen(qcolor(theme.line), 1))
    painter.setBrush(qcolor(theme.card, 0.96))
    painter.drawRoundedRect(box, 6, 6)
    for index, row in enumerate(rows):
        y = box.top() + 18 + 17 * index
        painter.setPen(qcolor(theme.mute if not index else theme.ink))
        painter.drawText(QPointF(box.left() + (10 if not index else 24), y), row)
        if index:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(qcolor(current().series(series[index - 1].colour)))
            painter.drawEllipse(QPointF(box.left() + 14, y - 4), 3.5, 3.5)


def marks(frame: Frame, log: bool) -> list[float]:
    """Where numbers stand at the side: round ones, or whole powers of ten."""
    low, high = frame.up
    count = max(2, min(4, int(frame.box.height() // 40)))
    if not log:
        raw = (high - low) / count
        power = 10.0 ** math.floor(math.log10(raw))
        step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= raw)
    else:
        step = max(1.0, math.ceil((high - low) / count))
    first = math.ceil(low / step)
    return [k * step for k in range(first, math.floor(high / step + 1e-9) + 1)]


def words_of(series: Series, step: int) -> str:
    """A curve's name and value at a step, or what became of it."""
    if step < len(series.values):
        return f"{series.name}  {short(float(series.values[step]))}"
    return f"{series.name}  {series.note}"
