"""Curves over steps: losses, parameters. One painter for all of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ..numbers import short
from ..theme import current, qcolor, source, ui_font, value_font
from .frame import Frame, line_through
from .glyphs import paint_glyphs
from .pointer import Pointer, paint_pointed
from .words import compact

LONG = 2000


@dataclass(frozen=True)
class Series:
    """One curve: its name, its colour in the theme's list, a value a step, what to say of it.

    A `faint` one lies behind the others, and is named only where the mouse asks.
    """

    name: str
    colour: int
    values: np.ndarray
    note: str = ""
    dashed: bool = False
    strong: bool = False
    faint: bool = False
    marks: tuple[tuple[int, str], ...] = ()
    """Steps where something happens, and of what kind (see `glyphs`)."""


class StepChart(QWidget):
    """Curves with the step looked at as a dashed amber line; hover tells values, a drag scrubs."""

    picked = Signal(int)
    """Sent with the step a person presses on."""
    hovered = Signal(object)
    """Sent with the step under the mouse, or None."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._series: tuple[Series, ...] = ()
        self._steps, self._step = 1, 0
        self._log = False
        self._hover: int | None = None
        self._pointed: int | None = None
        self.setMouseTracking(True)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        source().changed.connect(self.update)

    @property
    def series(self) -> tuple[Series, ...]:
        """The curves shown."""
        return self._series

    @property
    def can_log(self) -> bool:
        """Whether no value is below 0 and some are above it, as a logarithmic scale needs."""
        finite = [s.values[np.isfinite(s.values)] for s in self._series]
        return any((v > 0).any() for v in finite) and not any((v < 0).any() for v in finite)

    def show_series(self, series: Sequence[Series], steps: int) -> None:
        """Show other curves over that many steps."""
        self._series, self._steps = tuple(series), max(1, steps)
        self.update()

    def show_step(self, step: int) -> None:
        """Move the amber line."""
        self._step = step
        self.update()

    def show_pointed(self, step: int | None) -> None:
        """Mark a step that is pointed at elsewhere."""
        if step != self._pointed:
            self._pointed = step
            self.update()

    def set_log(self, log: bool) -> None:
        """Scale upwards by orders of magnitude, where all values allow it."""
        self._log = log
        self.update()

    @property
    def log(self) -> bool:
        """Whether it is drawn by orders of magnitude now."""
        return self._log and self.can_log

    def sizeHint(self) -> QSize:
        return QSize(420, 180)

    def minimumSizeHint(self) -> QSize:
        return QSize(140, 90)

    def follow(self, pointer: Pointer) -> None:
        """Point at the step under the mouse elsewhere too, and mark what others point at."""
        self.hovered.connect(pointer.point)
        pointer.moved.connect(lambda: self.show_pointed(pointer.position))

    # painting ----------------------------------------------------------------------------------

    def _scaled(self, values: np.ndarray) -> np.ndarray:
        if not self.log:
            return values
        # A loss of exactly 0 lies at the bottom, as low as the smallest one above it.
        above = np.concatenate([s.values[s.values > 0] for s in self._series])
        least = float(above.min())
        return np.log10(np.where(values <= 0, least, values))

    def _frame(self) -> Frame:
        low, high = extent([self._scaled(s.values) for s in self._series])
        box = QRectF(self.rect()).adjusted(50, 12, -16, -24)
        return Frame(box, (0.0, float(self._steps)), (low, high))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame, theme = self._frame(), current()
        self._paint_axes(painter, frame)
        painter.setClipRect(frame.box.adjusted(0, -4, 3, 4))
        for series in sorted(self._series, key=lambda s: s.strong - s.faint):
            self._paint_series(painter, frame, series)
        x = frame.x(self._step)
        painter.setPen(QPen(qcolor(theme.act), 1.3, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, frame.box.top()), QPointF(x, frame.box.bottom()))
        painter.setClipping(False)
        if self._pointed is not None and self._hover is None:
            self._paint_pointed(painter, frame, self._pointed)
        if self._hover is None:
            self._paint_legend(painter, frame)
        if self._hover is not None:
            self._paint_hover(painter, frame, self._hover)

    def _paint_axes(self, painter: QPainter, frame: Frame) -> None:
        theme, box = current(), frame.box
        painter.setPen(QPen(qcolor(theme.line), 1))
        painter.drawLine(box.topLeft(), box.bottomLeft())
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.setFont(value_font(10))
        painter.setPen(qcolor(theme.mute))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value in marks(frame, self.log):
            y = frame.y(value)
            words = compact(10.0**value if self.log else value)
            painter.drawText(QRectF(0, y - 7, box.left() - 6, 14), right, words)
        for step in sorted({0, self._steps // 2, self._steps}):
            x = min(max(frame.x(step), box.left() + 3), box.right() - 12)
            painter.drawText(
                QRectF(x - 30, box.bottom() + 5, 60, 14), Qt.AlignmentFlag.AlignCenter, str(step)
            )

    def _paint_series(self, painter: QPainter, frame: Frame, series: Series) -> None:
        values = self._scaled(series.values)
        points = np.column_stack([np.arange(len(values)), values])
        long = len(values) > LONG
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not long)
        width = 0.0 if long else (2.2 if series.strong else 1.6)
        alpha = 0.35 if series.faint else 1.0
        pen = QPen(qcolor(current().series(series.colour), alpha), width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if series.dashed:
            pen.setDashPattern([3.0, 2.5])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(line_through(frame.pixels(points)))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = qcolor(current().series(series.colour))
        paint_glyphs(painter, frame, points, series.marks, colour)

    def _paint_legend(self, painter: QPainter, frame: Frame) -> None:
        theme = current()
        painter.setFont(ui_font(11))
        y = frame.box.top() + 8
        named = [s for s in self._series if not s.faint]
        for series in named[: max(0, int(frame.box.height() // 17))]:
            words = f"{series.name}, {series.note}" if series.note else series.name
            room = int(frame.box.width() * 0.55)
            words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
            left = frame.box.right() - painter.fontMetrics().horizontalAdvance(words)
            ground = QRectF(left - 18, y - 13, frame.box.right() - left + 20, 17)
            painter.fillRect(ground, qcolor(theme.panel, 0.75))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(qcolor(current().series(series.colour)))
            painter.drawEllipse(QPointF(left - 10, y - 4), 3.5, 3.5)
            painter.setPen(qcolor(theme.error if series.note else theme.mute))
            painter.drawText(QPointF(left, y), words)
            y += 17

    def _paint_pointed(self, painter: QPainter, frame: Frame, step: int) -> None:
        for series in self._series:
            values = self._scaled(series.values)
            if not series.faint and step < len(values) and np.isfinite(values[step]):
                place = frame.point(step, float(values[step]))
                if frame.box.adjusted(-1, -1, 1, 1).contains(place):
                    paint_pointed(painter, place)

    def _paint_hover(self, painter: QPainter, frame: Frame, step: int) -> None:
        theme = current()
        x = frame.x(step)
        painter.setPen(QPen(qcolor(theme.mute, 0.5), 1))
        painter.drawLine(QPointF(x, frame.box.top()), QPointF(x, frame.box.bottom()))
        rows = [f"step {step}", *(words_of(s, step) for s in self._series)]
        painter.setFont(ui_font(11))
        metrics = painter.fontMetrics()
        width = max(metrics.horizontalAdvance(row) for row in rows) + 34
        height = 17.0 * len(rows) + 10
        left = x + 10 if x + 10 + width < self.width() else x - 10 - width
        top = min(frame.box.top() + 4, max(2.0, self.height() - height - 2))
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
                painter.setBrush(qcolor(current().series(self._series[index - 1].colour)))
                painter.drawEllipse(QPointF(box.left() + 14, y - 4), 3.5, 3.5)

    # hands -------------------------------------------------------------------------------------

    def _step_at(self, place: QPointF) -> int:
        frame = self._frame()
        return max(0, min(self._steps, round(frame.coordinates(place)[0])))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.picked.emit(self._step_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._step_at(event.position()) if self._series else None
        self.hovered.emit(self._hover)
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.picked.emit(self._step_at(event.position()))
        self.update()

    def leaveEvent(self, event) -> None:
        self._hover = None
        self.hovered.emit(None)
        self.update()


def extent(curves: Sequence[np.ndarray]) -> tuple[float, float]:
    """The range to show: all that is low, and as far up as the starts and half as much again.

    A curve that shoots off is cut at the top, so that the others stay readable.
    """
    finite = [c[np.isfinite(c)] for c in curves]
    finite = [c for c in finite if c.size]
    if not finite:
        return 0.0, 1.0
    start = max(float(c[0]) for c in finite)
    # One curve that falls without end must not press the others flat either.
    deep = min(float(c[0]) for c in finite) - 1e3 * (1.0 + abs(start))
    low = max(min(float(c.min()) for c in finite), deep)
    high = max(float(c.max()) for c in finite)
    if start > low:
        high = min(high, start + 0.5 * (start - low))
    if not high > low:
        reach = abs(low) or 1.0
        return low - 0.5 * reach, high + 0.5 * reach
    return low - 0.04 * (high - low), high + 0.04 * (high - low)


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
