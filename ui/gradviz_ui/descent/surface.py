"""The landscape as a surface one turns with the mouse, painted without OpenGL."""

import math
from functools import lru_cache, partial

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gradviz.descent import Landscape, Runner, full_losses

from ..theme import ThemeName, current, qcolor, ramp_colour, source, theme_named, ui_font
from .departures import Way
from .mesh import HEIGHT, Heights, Mesh, View, heights_of, mesh_of
from .pointed_layer import over_ways
from .pointer import paint_pointed
from .polyline import Polyline, Polylines, draw_line
from .race import Race
from .raster import blended, image_of
from .relief import Relief, relief
from .ways import LONG

ROUGH, FINE = 128, 256
"""Points of each cut through the land, while it turns and at rest."""
MOST_POINTS = 129
REST_MS = 140
TONES, LINE_TONES = 64, 9
TURN = 0.008


class SurfaceView(QWidget):
    """See the module's text. It is coarse while it turns and fine once it rests."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self.view = View()
        self._picture: QPixmap | None = None
        self._shape: tuple[Landscape, tuple[Heights, Mesh]] | None = None
        self._lines = Polylines()
        self._picture_of: object = None
        self._pressed: tuple[QPointF, View] | None = None
        self._turning = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._settle)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Surface")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        race.landed.connect(self._moved)
        self.setMouseTracking(True)
        for signal in (race.prepared, race.ran, race.stepped, race.pointer.moved, source().changed):
            signal.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(420, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(140, 110)

    def _moved(self) -> None:
        self._turning = True
        self._rest.start()
        self.update()

    def _settle(self) -> None:
        self._turning = False
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
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "A surface needs two axes.")
            return
        ratio = self.devicePixelRatioF()
        now = (land, self.view, self.size(), self._turning, ratio, current().name)
        if self._picture is None or self._picture_of != now:
            self._picture, self._picture_of = self._painted(land), now
        painter.drawPixmap(0, 0, self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ways(painter, land)

    def _painted(self, land: Landscape) -> QPixmap:
        """The land; at rest worked out with so many pixels that its edges are smooth."""
        picture = QPixmap(self.size() * self.devicePixelRatioF())
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        picture.fill(Qt.GlobalColor.transparent)
        ratio = 1.0 if self._turning else max(2.0, self.devicePixelRatioF())
        size = round(self.width() * ratio), round(self.height() * ratio)
        points = ROUGH if self._turning else FINE
        _, mesh = self._shaped(land)
        found = relief(mesh, self.view, self._scale() * ratio, size, points, ratio)
        if found is not None:
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.scale(1 / ratio, 1 / ratio)
            painter.drawImage(found.left, found.top, image_of(relief_pixels(found)))
            painter.end()
        return picture

    def _shaped(self, land: Landscape) -> tuple[Heights, Mesh]:
        if self._shape is None or self._shape[0] is not land:
            scale = heights_of(land)
            self._shape = land, (scale, mesh_of(land, scale, MOST_POINTS))
        return self._shape[1]

    def _paint_ways(self, painter: QPainter, land: Landscape) -> None:
        race, theme = self._race, current()
        for index, runner in enumerate(race.runners):
            if not runner.spec.visible:
                continue
            line = self._line(index, runner, land)
            step, colour = race.step_of(index), qcolor(theme.series(race.colour(index)))
            draw_line(painter, line.path(step), colour, bold=len(line) <= LONG)
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
            (self._shaped(land)[0].of(losses) - 0.5) * HEIGHT,
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
        self._moved()


def _inside(places: np.ndarray, land: Landscape) -> np.ndarray:
    x, y = places[:, 0], places[:, 1]
    return (x >= land.xs[0]) & (x <= land.xs[-1]) & (y >= land.ys[0]) & (y <= land.ys[-1])


def relief_pixels(found: Relief) -> np.ndarray:
    """The picture in the theme's colours; what is no land is transparent."""
    index = np.rint(found.heights * (TONES - 1))
    index *= TONES
    index += np.rint(found.bright * (TONES - 1))
    index *= LINE_TONES
    index += np.rint(found.lines * (LINE_TONES - 1))
    land = np.isfinite(index)
    index[~land] = 0
    pixels = shades(current().name).take(index.astype(np.intp))
    pixels[~land] = 0
    return pixels


@lru_cache(maxsize=2)
def shades(name: ThemeName) -> np.ndarray:
    """Pixels by height, brightness and how much of a line lies over it."""
    theme = theme_named(name)
    ramp = [ramp_colour(0.75 * (1.0 - k / (TONES - 1)), theme) for k in range(TONES)]
    target = qcolor(theme.bg if theme.dark else theme.contour)
    darkest = 0.75 if theme.dark else 0.8
    line = qcolor(theme.bg, 0.5) if theme.dark else qcolor(theme.contour, 0.5)
    grounds = [
        mixed(base, target, (0.8 - 0.8 * tone / (TONES - 1)) * darkest)
        for base in ramp for tone in range(TONES)
    ]  # fmt: skip
    return blended(grounds, line, LINE_TONES).reshape(-1)


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """A colour with so much of another in it."""
    return QColor.fromRgbF(
        one.redF() + (other.redF() - one.redF()) * share,
        one.greenF() + (other.greenF() - one.greenF()) * share,
        one.blueF() + (other.blueF() - one.blueF()) * share,
    )
