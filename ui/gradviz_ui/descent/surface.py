"""The landscape as a surface one turns with the mouse, painted without OpenGL."""

import math
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gradviz.descent import Landscape

from ..theme import current, qcolor, ramp_colour, source, ui_font
from .frame import line_through
from .mesh import HEIGHT, Mesh, Quads, View, heights_of, mesh_of, quads
from .race import Race

ROUGH, FINE = 32, 64
REST_MS = 140
TONES = 64
TURN = 0.008
GRID = 16
"""Lines a side drawn over the quads: more would hide the shape."""


class SurfaceView(QWidget):
    """See the module's text. It is coarse while it turns and fine once it rests."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self.view = View()
        self._picture: QPixmap | None = None
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
        for signal in (race.prepared, race.ran, race.stepped, source().changed):
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
        size = ROUGH if self._turning else FINE
        now = (land, self.view, self.size(), size, self.devicePixelRatioF(), current().name)
        if self._picture is None or self._picture_of != now:
            self._picture, self._picture_of = self._painted(land, size), now
        painter.drawPixmap(0, 0, self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ways(painter, land)

    def _painted(self, land: Landscape, size: int) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not self._turning)
        self._paint_quads(painter, mesh_of(land, size))
        painter.end()
        return picture

    def _paint_quads(self, painter: QPainter, mesh: Mesh) -> None:
        theme = current()
        found = quads(mesh, self.view)
        tones = np.rint((0.2 + 0.8 * found.bright) * (TONES - 1)).astype(int).tolist()
        levels = np.rint(found.heights * (TONES - 1)).astype(int).tolist()
        side = len(mesh.heights)
        edge = QPen(qcolor(theme.bg, 0.5) if theme.dark else qcolor(theme.contour, 0.5), 1)
        drawn = drawn_edges(found, max(1, (side - 1) // GRID))
        flat = self._placed(self.view.flat(mesh.corners)[0]).reshape(-1, 2)
        corners = [QPointF(x, y) for x, y in flat.tolist()]
        # Smooth edges leave seams between neighbours, which an outline of its own colour closes.
        outlined = bool(painter.renderHints() & QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for index, first in enumerate((found.rows * side + found.columns).tolist()):
            four = (corners[first], corners[first + 1],
                    corners[first + side + 1], corners[first + side])  # fmt: skip
            colour = shade(theme.name, levels[index], tones[index])
            if outlined:
                painter.setPen(colour)
            painter.setBrush(colour)
            painter.drawConvexPolygon(four)
            if drawn[index]:
                painter.setPen(edge)
                for begin in drawn[index]:
                    painter.drawLine(four[begin], four[(begin + 1) % 4])
                painter.setPen(Qt.PenStyle.NoPen)

    def _paint_ways(self, painter: QPainter, land: Landscape) -> None:
        race, theme = self._race, current()
        scale = heights_of(land)
        for index, runner in enumerate(race.runners):
            if not runner.spec.visible:
                continue
            step = race.at(runner.trajectory)
            places = race.coordinates(runner.trajectory)[: step + 1]
            losses = np.array(runner.trajectory.losses[: step + 1])
            inside = _inside(places, land) & np.isfinite(losses)
            if not inside.all():
                end = int(np.argmin(inside))
                places, losses = places[:end], losses[:end]
            if not len(places):
                continue
            cube = np.column_stack([
                (places[:, 0] - land.xs[0]) / (land.xs[-1] - land.xs[0]) - 0.5,
                (places[:, 1] - land.ys[0]) / (land.ys[-1] - land.ys[0]) - 0.5,
                (scale.of(losses) - 0.5) * HEIGHT,
            ])  # fmt: skip
            pixels = self._placed(self.view.flat(cube)[0])
            colour = qcolor(theme.series(race.colour(index)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour, 2.0 if len(pixels) < 600 else 0))
            painter.drawPath(line_through(pixels))
            painter.setPen(QPen(qcolor(theme.bg), 1.2))
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(*pixels[-1]), 4.0, 4.0)

    # hands -------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = (event.position(), self.view)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
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


def drawn_edges(found: Quads, every: int) -> list[tuple[int, ...]]:
    """Which edges of each quad lie on the wider grid; both neighbours draw a common one."""
    rows, columns = found.rows, found.columns
    on = np.stack([rows % every == 0, (columns + 1) % every == 0,
                   (rows + 1) % every == 0, columns % every == 0], axis=1)  # fmt: skip
    return [EDGES[code] for code in (on @ (1, 2, 4, 8)).tolist()]


EDGES = [tuple(edge for edge in range(4) if code >> edge & 1) for code in range(16)]
"""Edges by the sum of their powers of two."""


def _inside(places: np.ndarray, land: Landscape) -> np.ndarray:
    x, y = places[:, 0], places[:, 1]
    return (x >= land.xs[0]) & (x <= land.xs[-1]) & (y >= land.ys[0]) & (y <= land.ys[-1])


@lru_cache(maxsize=4 * TONES * TONES)
def shade(name: str, level: int, tone: int) -> QColor:
    """The colour of a quad of that height and brightness, both from 0 to TONES − 1."""
    theme = current()
    base = ramp_colour(0.75 * (1.0 - level / (TONES - 1)))
    target = qcolor(theme.bg if theme.dark else theme.contour)
    share = (1.0 - tone / (TONES - 1)) * (0.75 if theme.dark else 0.8)
    return QColor.fromRgbF(
        base.redF() + (target.redF() - base.redF()) * share,
        base.greenF() + (target.greenF() - base.greenF()) * share,
        base.blueF() + (target.blueF() - base.blueF()) * share,
    )
