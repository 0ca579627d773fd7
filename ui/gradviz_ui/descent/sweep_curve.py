"""The final loss against the setting that was swept."""

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gradviz.descent.swarm import Sweep

from ..numbers import short
from ..theme import current, qcolor, source, ui_font, value_font
from .chart_parts import marks
from .fan import colour_of
from .frame import Frame, line_through
from .land_layers import nice_ticks
from .span_editor import shown_name
from .tips import paint_tip
from .words import compact

LOST = 16.0
"""The height of the strip at the top where those stand that diverged."""


@dataclass(frozen=True)
class Scale:
    """How values lie along an edge: evenly, or by powers; what is 0 lies where `least` does."""

    log: bool
    least: float = 1e-300

    def place(self, value: float) -> float:
        """A value's place."""
        return math.log10(max(value, self.least)) if self.log else value


def scale_of(losses: np.ndarray) -> Scale:
    """By powers where losses span some, and none is below 0."""
    finite = losses[np.isfinite(losses)]
    above = finite[finite > 0]
    if not above.size or (finite < 0).any() or above.max() < 50 * finite.min():
        return Scale(False)
    return Scale(True, float(above.min()))


class SweepCurve(QWidget):
    """Point at a run, or move with the arrow keys, to pick it out; click, or Return, to take it."""

    hovered = Signal(int)
    """Sent with the run that is pointed at; −1: none."""
    picked = Signal(int)
    """Sent with the run whose setting is to be taken."""

    def __init__(self) -> None:
        super().__init__()
        self._sweep: Sweep | None = None
        self._across, self._up = Scale(False), Scale(False)
        self._stale = False
        self._loss = ""
        self._now: float | None = None
        self.index = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Final loss by setting")
        self.setToolTip("Click to give the runner this setting")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        source().changed.connect(self.update)

    def show_sweep(self, found: Sweep | None, log: bool, stale: bool, loss: str) -> None:
        """Show these runs; `log`: spread by powers; `loss`: what the loss is called."""
        if found is not self._sweep:
            self._point_at(-1)
        self._sweep, self._across, self._stale, self._loss = found, Scale(log), stale, loss
        if found is not None:
            self._up = scale_of(found.final)
        self.update()

    def show_now(self, value: float | None) -> None:
        """Show what the runner is set to."""
        if value != self._now:
            self._now = value
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(420, 170)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 104)

    # where things are --------------------------------------------------------------------------

    def frame(self) -> Frame | None:
        """Where the curve lies; None where there is none."""
        found = self._sweep
        if found is None:
            return None
        low, high = (self._across.place(f(found.values)) for f in (min, max))
        finite = [self._up.place(v) for v in found.final.tolist() if math.isfinite(v)]
        bottom, top = (min(finite), max(finite)) if finite else (0.0, 1.0)
        room = 0.06 * (top - bottom) or 0.5 * abs(top) or 1.0
        box = QRectF(self.rect()).adjusted(58, 10 + LOST, -16, -34)
        margin = 0.02 * (high - low)
        return Frame(box, (low - margin, high + margin), (bottom - room, top + room))

    def place(self, index: int) -> QPointF:
        """Where a run stands."""
        frame, found = self.frame(), self._sweep
        assert frame is not None and found is not None, "asked only of what is shown"
        x = frame.x(self._across.place(found.values[index]))
        loss = float(found.final[index])
        y = frame.y(self._up.place(loss)) if math.isfinite(loss) else frame.box.top() - LOST / 2
        return QPointF(x, y)

    # painting ----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame, found = self.frame(), self._sweep
        if frame is None or found is None:
            return
        self._paint_axes(painter, frame, found)
        painter.setOpacity(0.4 if self._stale else 1.0)
        self._paint_now(painter, frame)
        self._paint_runs(painter, frame, found)
        painter.setOpacity(1.0)
        if 0 <= self.index < len(found.values):
            self._paint_picked(painter, found)

    def _paint_axes(self, painter: QPainter, frame: Frame, found: Sweep) -> None:
        theme, box = current(), frame.box
        painter.setPen(QPen(qcolor(theme.line), 1))
        painter.drawLine(box.topLeft() - QPointF(0, LOST), box.bottomLeft())
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if not np.isfinite(found.final).all():
            painter.setPen(QPen(qcolor(theme.line), 1, Qt.PenStyle.DotLine))
            painter.drawLine(box.topLeft(), box.topRight())
            painter.setFont(ui_font(10))
            painter.setPen(qcolor(theme.error))
            side = QRectF(0, box.top() - LOST, box.left() - 6, LOST)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(side, right, "diverged")
        painter.setFont(value_font(10))
        painter.setPen(qcolor(theme.mute))
        for value in marks(frame, self._up.log):
            y = frame.y(value)
            words = compact(10.0**value if self._up.log else value)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 7, box.left() - 6, 14), right, words)
        for value in self._ticks(frame):
            words = compact(10.0**value if self._across.log else value)
            spot = QRectF(frame.x(value) - 30, box.bottom() + 4, 60, 14)
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, words)
        painter.setFont(ui_font(11))
        below = QRectF(box.left(), box.bottom() + 17, box.width(), 16)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, shown_name(found.name))

    def _ticks(self, frame: Frame) -> list[float]:
        low, high = frame.across
        if not self._across.log:
            return nice_ticks(low, high)
        whole = [float(k) for k in range(math.ceil(low), math.floor(high) + 1)]
        return whole if len(whole) > 1 else [math.log10(v) for v in nice_ticks(10**low, 10**high)]

    def _paint_now(self, painter: QPainter, frame: Frame) -> None:
        now = self._now
        if now is None or (self._across.log and now <= 0):
            return
        x = frame.x(self._across.place(now))
        if frame.box.left() <= x <= frame.box.right():
            painter.setPen(QPen(qcolor(current().act), 1.3, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, frame.box.top() - LOST), QPointF(x, frame.box.bottom()))

    def _paint_runs(self, painter: QPainter, frame: Frame, found: Sweep) -> None:
        theme = current()
        order = np.argsort(found.values)
        places = [self.place(int(i)) for i in order]
        good = np.isfinite(found.final[order])
        pixels = np.array([[p.x(), p.y()] for p in places])
        painter.setPen(QPen(qcolor(theme.mute, 0.8), 1.3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        breaks = np.flatnonzero(np.diff(good.astype(int))) + 1
        for run, whole in zip(np.split(pixels, breaks), np.split(good, breaks), strict=True):
            if whole[0]:
                painter.drawPath(line_through(run))
        for index, place in zip(order.tolist(), places, strict=True):
            colour = colour_of(found, index)
            if math.isfinite(found.final[index]):
                painter.setPen(QPen(qcolor(theme.panel), 1))
                painter.setBrush(colour)
                painter.drawEllipse(place, 3.6, 3.6)
            else:
                painter.setPen(QPen(qcolor(theme.error), 1.6))
                for way in (QPointF(3, 3), QPointF(3, -3)):
                    painter.drawLine(place - way, place + way)
        best = int(np.argmin(found.final))
        if math.isfinite(found.final[best]):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(qcolor(theme.ok), 1.6))
            painter.drawEllipse(self.place(best), 6.5, 6.5)

    def _paint_picked(self, painter: QPainter, found: Sweep) -> None:
        place = self.place(self.index)
        painter.setPen(QPen(qcolor(current().ink), 1.6))
        painter.setBrush(colour_of(found, self.index))
        painter.drawEllipse(place, 5.0, 5.0)
        paint_tip(painter, self.words(self.index), place, QRectF(self.rect()))

    def words(self, index: int) -> list[str]:
        """What is said of a run."""
        found = self._sweep
        assert found is not None, "asked only of what is shown"
        path = found.runners[index].trajectory
        end = (
            f"final {self._loss} {short(path.losses[-1])}" if path.diverged is None
            else f"diverged at step {path.diverged}"
        )  # fmt: skip
        best = ", the lowest" if index == int(np.argmin(found.final)) else ""
        return [f"{shown_name(found.name)} {short(found.values[index])}{best}", end]

    # hands -------------------------------------------------------------------------------------

    def _point_at(self, index: int) -> None:
        if index != self.index:
            self.index = index
            self.hovered.emit(index)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        frame, found = self.frame(), self._sweep
        if frame is None or found is None:
            return
        away = [abs(self.place(i).x() - event.position().x()) for i in range(len(found.values))]
        self._point_at(int(np.argmin(away)))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def leaveEvent(self, event) -> None:
        self._point_at(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.index >= 0:
            self.picked.emit(self.index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        found, key = self._sweep, event.key()
        if found is not None and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            by = 1 if key == Qt.Key.Key_Right else -1
            last = len(found.values) - 1
            self._point_at(max(0, min(last, self.index + by)) if self.index >= 0 else 0)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.index >= 0:
            self.picked.emit(self.index)
        else:
            super().keyPressEvent(event)
