"""With a single number to move there is no land, only a curve: the loss over that number."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gradviz.descent import full_losses
from gradviz.descent.landscape import curve, curve_range

from ..theme import current, qcolor, source, ui_font, value_font
from .contour_view import rounded
from .departures import Way
from .frame import Frame, line_through
from .land_layers import nice_ticks
from .polyline import Polylines
from .race import Race
from .ways import FAINT, paint_now, paint_start, paint_walked, paint_whole
from .words import compact

POINTS = 401
ROOM = 0.08


class CurveView(QWidget):
    """See the module's text. Drag the ring, or double-click, to start elsewhere."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self._xs = np.empty(0)
        self._losses = np.empty(0)
        self._held = False
        self._lines = Polylines()
        self.setAccessibleName("Loss over the parameter")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        race.landed.connect(self._read)
        for signal in (race.prepared, race.ran, race.stepped, source().changed):
            signal.connect(self.update)

    def _read(self) -> None:
        descent = self._race.descent
        if descent is None or len(descent.axes) != 1:
            return
        objective, axis = descent.objective, descent.axes[0]
        self._xs = np.linspace(*curve_range(objective, axis), POINTS)
        self._losses = curve(objective, axis, objective.start(), self._xs)
        self.update()

    def frame(self) -> Frame | None:
        """The picture's rectangle and extent; None where there is no curve."""
        finite = self._losses[np.isfinite(self._losses)]
        if len(self._race.axes) != 1 or not finite.size:
            return None
        low, high = float(finite.min()), float(np.percentile(finite, 98))
        room = (high - low) * ROOM or 1.0
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        return Frame(box, (self._xs[0], self._xs[-1]), (low - room, high + room))

    def sizeHint(self) -> QSize:
        return QSize(640, 500)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 160)

    def start_place(self) -> QPointF | None:
        """Where the ring is."""
        frame, descent = self.frame(), self._race.descent
        if frame is None or descent is None:
            return None
        start = descent.objective.start()
        x = descent.objective.coordinates(start, descent.axes)[0]
        loss = descent.objective.value(start)
        return frame.point(x, loss) if math.isfinite(x) and math.isfinite(loss) else None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, frame = current(), self.frame()
        painter.fillRect(self.rect(), qcolor(theme.panel))
        if frame is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(frame.box)
        self._paint_ticks(painter, frame)
        painter.setPen(QPen(qcolor(theme.contour), 1.6))
        painter.drawPath(line_through(frame.pixels(np.column_stack([self._xs, self._losses]))))
        self._paint_ways(painter, frame)
        start = self.start_place()
        if start is not None:
            painter.setFont(ui_font(12))
            paint_start(painter, start, frame.box, self._held, "start — drag me")
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(qcolor(theme.line), 1))
        painter.drawRect(frame.box)

    def _paint_ticks(self, painter: QPainter, frame: Frame) -> None:
        painter.setFont(value_font(10))
        painter.setPen(qcolor(current().mute))
        for value in nice_ticks(*frame.across):
            box = QRectF(frame.x(value) - 40, frame.box.bottom() - 18, 80, 14)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, compact(value))
        for value in nice_ticks(*frame.up):
            if frame.y(value) < frame.box.bottom() - 26:
                place = QPointF(frame.box.left() + 8, frame.y(value) + 4)
                painter.drawText(place, compact(value))

    def _paint_ways(self, painter: QPainter, frame: Frame) -> None:
        race = self._race
        for index, runner in enumerate(race.runners):
            path = runner.trajectory
            if not runner.spec.visible:
                continue
            losses = full_losses(runner.objective, path)

            def pixels(path=path, losses=losses):
                return frame.pixels(np.column_stack([race.coordinates(path)[:, 0], losses]))

            line = self._lines.of(index, (Way(path), frame), pixels)
            colour, step = qcolor(current().series(race.colour(index))), race.at(path)
            painter.setOpacity(FAINT)
            paint_whole(painter, line, colour)
            painter.setOpacity(1.0)
            paint_walked(painter, line, step, colour)
            place = line.place(step)
            if place is not None:
                paint_now(painter, place, colour, index == race.chosen)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        start = self.start_place()
        if start is not None and event.button() == Qt.MouseButton.LeftButton:
            away = event.position() - start
            self._held = math.hypot(away.x(), away.y()) <= 13

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._start_at(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._held = False
            self._race.end_drag()
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._start_at(event.position())
        self._race.end_drag()

    def _start_at(self, place: QPointF) -> None:
        frame = self.frame()
        if frame is not None:
            x = min(max(frame.coordinates(place)[0], frame.across[0]), frame.across[1])
            self._race.set_start([rounded(x, frame.across)])
