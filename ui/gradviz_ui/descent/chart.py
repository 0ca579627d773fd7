"""Curves over steps: losses, parameters. One painter for all of them."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from ..theme import current, qcolor, source
from .chart_parts import Series, paint_axes, paint_hover, paint_legend, paint_series
from .frame import Frame
from .pointer import Pointer, paint_pointed


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
        self._log = self._can_log = False
        self._shown = 0
        self._placed: tuple[object, Frame] | None = None
        self._picture: tuple[object, QPixmap] | None = None
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
        return self._can_log

    def show_series(self, series: Sequence[Series], steps: int) -> None:
        """Show other curves over that many steps."""
        self._series, self._steps = tuple(series), max(1, steps)
        finite = [s.values[np.isfinite(s.values)] for s in self._series]
        positive = any((v > 0).any() for v in finite)
        self._can_log = positive and not any((v < 0).any() for v in finite)
        self._shown += 1
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
        key = self._shown, self.rect(), self.log
        if self._placed is None or self._placed[0] != key:
            low, high = extent([self._scaled(s.values) for s in self._series])
            box = QRectF(self.rect()).adjusted(50, 12, -16, -24)
            self._placed = key, Frame(box, (0.0, float(self._steps)), (low, high))
        return self._placed[1]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame = self._frame()
        painter.drawPixmap(0, 0, self._still(frame))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = frame.x(self._step)
        painter.setPen(QPen(qcolor(current().act), 1.3, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, frame.box.top()), QPointF(x, frame.box.bottom()))
        if self._pointed is not None and self._hover is None:
            self._paint_pointed(painter, frame, self._pointed)
        if self._hover is not None:
            paint_hover(painter, frame, self.size(), self._series, self._hover)

    def _still(self, frame: Frame) -> QPixmap:
        """All that does not move with the step or the mouse, painted once."""
        ratio = self.devicePixelRatioF()
        key = self._shown, frame, self.log, ratio, current().name, self._hover is None
        if self._picture is None or self._picture[0] != key:
            picture = QPixmap(self.size() * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_axes(painter, frame, self._steps, self.log)
            painter.setClipRect(frame.box.adjusted(0, -4, 3, 4))
            for series in sorted(self._series, key=lambda s: s.strong - s.faint):
                paint_series(painter, frame, series, self._scaled(series.values))
            painter.setClipping(False)
            if self._hover is None:
                paint_legend(painter, frame, self._series)
            painter.end()
            self._picture = key, picture
        return self._picture[1]

    def _paint_pointed(self, painter: QPainter, frame: Frame, step: int) -> None:
        for series in self._series:
            values = self._scaled(series.values)
            if not series.faint and step < len(values) and np.isfinite(values[step]):
                place = frame.point(step, float(values[step]))
                if frame.box.adjusted(-1, -1, 1, 1).contains(place):
                    paint_pointed(painter, place)

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
