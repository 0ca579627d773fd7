"""The landscape as a surface one turns with the mouse, painted without OpenGL."""

import math
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gradviz.descent import Landscape, Runner, full_losses

from ..theme import current, qcolor, source, ui_font
from ..widgets import FocusFrame
from .departures import Way
from .mesh import HEIGHT, View
from .pointed_layer import over_ways
from .pointer import paint_pointed
from .polyline import Polyline, Polylines, draw_line
from .race import Race
from .surface_picture import FINE, ROUGH, ROUGHEST, LandPicture
from .ways import LONG, WIDTH

REST_MS = 180
FOLLOW_MS = 40
"""How often at most it follows a land that moves under a hand, which the contour does at once."""
TURN = 0.008


class SurfaceView(QWidget):
    """See the module's text. It is coarse while it turns and fine once it rests."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self.view = View()
        FocusFrame(self)
        self._land = LandPicture()
        self._lines = Polylines()
        self._pressed: tuple[QPointF, View] | None = None
        self._turning = self._moving = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._settle)
        self._soon = QTimer(self, singleShot=True, interval=FOLLOW_MS)
        self._soon.timeout.connect(self.update)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Surface")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        race.landed.connect(self._landed)
        self.setMouseTracking(True)
        for signal in (race.prepared, race.ran, race.stepped):
            signal.connect(self._follow)
        for signal in (race.pointer.moved, source().changed):
            signal.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(420, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(140, 110)

    def _landed(self) -> None:
        """Show another land; while one follows the other, with few pixels."""
        self._moving = self._rest.isActive()
        self._rest.start()
        self._follow()

    def _follow(self) -> None:
        if not self._moving:
            self.update()
        elif not self._soon.isActive():
            self._soon.start()

    def _settle(self) -> None:
        self._turning = self._moving = False
        self.update()

    # painting ----------------------------------------------------------------------------------

    def _scale(self) -> float:
        tall = HEIGHT * math.cos(self.view.pitch) + 1.42 * math.sin(self.view.pitch)
        return min(self.width() / 1.5, (self.height() - 12) / tall)

    def _placed(self, flat: np.ndarray) -> np.ndarray:
        return flat * self._scale() + np.array([self.width() / 2, self.height() / 2])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        land = self._race.land
        if land is None:
            painter.setFont(ui_font(12))
            painter.setPen(qcolor(current().mute))
            words = "" if len(self._race.axes) == 2 else "A surface needs two axes."
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)
            return
        fineness = ROUGHEST if self._moving else ROUGH if self._turning else FINE
        scale, ratio = self._scale(), self.devicePixelRatioF()
        picture = self._land.of(land, self.view, self.size(), scale, ratio, fineness)
        painter.drawPixmap(0, 0, picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ways(painter, land)

    def _paint_ways(self, painter: QPainter, land: Landscape) -> None:
        race, theme = self._race, current()
        for index, runner in enumerate(race.runners):
            if not runner.spec.visible:
                continue
            line = self._line(index, runner, land)
            step, colour = race.step_of(index), qcolor(theme.series(race.colour(index)))
            draw_line(painter, line.path(step), colour, WIDTH if len(line) <= LONG else 1.0)
            place = line.place(min(step, line.last))
            if place is not None:
                painter.setPen(QPen(qcolor(theme.bg), 1.2))
                painter.setBrush(colour)
                painter.drawEllipse(place, 4.0, 4.0)

        self._paint_pointed(painter, land)

    def _line(self, index: int, runner: Runner, land: Landscape) -> Polyline:
        key = Way(runner.trajectory), land, self.view, self.size()
        return self._lines.of(index, key, partial(self._way_on, land, runner))

    def _paint_pointed(self, painter: QPainter, land: Landscape) -> None:
        race, pointed = self._race, self._race.pointer.position
        for index, runner in enumerate(race.runners if pointed is not None else ()):
            if pointed is not None and runner.spec.visible:
                step = race.budget.at(runner.trajectory, pointed)
                place = self._line(index, runner, land).place(step)
                if place is not None:
                    paint_pointed(painter, place)

    def leaveEvent(self, event) -> None:
        self._race.pointer.point(None)

    def _way_on(self, land: Landscape, runner: Runner) -> np.ndarray:
        """A way's places on the widget, up to where it leaves the land."""
        places = self._race.coordinates(runner.trajectory)
        losses = np.array(full_losses(runner.objective, runner.trajectory))
        inside = _inside(places, land) & np.isfinite(losses)
        count = len(inside) if inside.all() else int(np.argmin(inside))
        places, losses = places[:count], losses[:count]
        cube = np.column_stack([
            (places[:, 0] - land.xs[0]) / (land.xs[-1] - land.xs[0]) - 0.5,
            (places[:, 1] - land.ys[0]) / (land.ys[-1] - land.ys[0]) - 0.5,
            (self._land.heights(land).of(losses) - 0.5) * HEIGHT,
        ])  # fmt: skip
        return self._placed(self.view.flat(cube)[0])

    # hands -------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = (event.position(), self.view)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            race, land = self._race, self._race.land
            shown = [] if land is None else [
                (i, self._line(i, r, land)) for i, r in enumerate(race.runners) if r.spec.visible
            ]  # fmt: skip
            race.pointer.point(over_ways(race, shown, event.position()))
            return
        place, view = self._pressed
        moved = event.position() - place
        self.turn_to(view.yaw + moved.x() * TURN, view.pitch + moved.y() * TURN)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        turns = {
            Qt.Key.Key_A: (-0.1, 0.0), Qt.Key.Key_D: (0.1, 0.0),
            Qt.Key.Key_W: (0.0, -0.1), Qt.Key.Key_S: (0.0, 0.1),
        }  # fmt: skip
        turn = turns.get(Qt.Key(event.key()))
        if turn is None:
            super().keyPressEvent(event)
        else:
            self.turn_to(self.view.yaw + turn[0], self.view.pitch + turn[1])

    def turn_to(self, yaw: float, pitch: float) -> None:
        """Look from elsewhere, never from below."""
        self.view = View(yaw, min(max(pitch, 0.08), 1.5))
        self._turning = True
        self._rest.start()
        self.update()


def _inside(places: np.ndarray, land: Landscape) -> np.ndarray:
    x, y = places[:, 0], places[:, 1]
    return (x >= land.xs[0]) & (x <= land.xs[-1]) & (y >= land.ys[0]) & (y <= land.ys[-1])
