"""The landscape from above, with every runner's way down it and the start to drag."""

import math

from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gradviz.descent.landscape import Range

from ..numbers import short
from ..theme import current, qcolor, source, ui_font, value_font
from .frame import Frame
from .happening_layer import Happenings
from .land_layers import Arrows, Land, Ticks
from .layers import Layers
from .minima_layer import MinimaLayer
from .pointed_layer import PointedLayer
from .race import Race
from .way_layers import Ends, Lines, Walked, Whole
from .ways import paint_start

GRAB = 13.0
REST_MS = 140
"""How long the land must rest after a zoom before its lines are drawn smooth."""


class ContourView(QWidget):
    """See the module's text. Drag the ring, or double-click, to start elsewhere; drag the land
    to move it, turn the wheel to zoom. What is painted is a stack of `layers`, to add to.
    """

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self.layers = Layers()
        self.land, self.arrows = Land(race), Arrows(race)
        lines = Lines(race)
        self.ways = Walked(race, lines)
        self.runners = (Whole(race, lines), self.ways, Happenings(race), Ends(race))
        """All that is shown of the runners."""
        self.pointed = PointedLayer(race, lines)
        self.minima = MinimaLayer(race)
        marks = (self.minima, self.pointed)
        for layer in (self.land, self.arrows, Ticks(), *self.runners, *marks):
            self.layers.add(layer)
        self.layers.changed.connect(self.update)
        self._held = ""
        self._grabbed = QPointF()
        self._ranges: tuple[Range, Range] = ((0.0, 1.0), (0.0, 1.0))
        self._mouse: QPointF | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.update)
        self._since = QElapsedTimer()
        self._since.start()
        self.setMouseTracking(True)
        self.setAccessibleName("Landscape")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        for signal in (race.prepared, race.moved, race.ran, race.stepped):
            signal.connect(self.update)
        race.landed.connect(self._landed)
        source().changed.connect(self.update)

    def _landed(self) -> None:
        """Show another land; one that follows another at once is drawn of fewer pixels."""
        quick = self._since.restart() < REST_MS
        if quick or self._rest.isActive():
            self._rest.start()
        self.update()

    # where things are --------------------------------------------------------------------------

    def frame(self) -> Frame | None:
        """The picture's rectangle and extent; None where there is nothing to show."""
        ranges = self._race.ranges
        if ranges is None:
            return None
        return Frame(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), *ranges)

    def start_place(self) -> QPointF | None:
        """Where the ring is."""
        frame, piece = self.frame(), self._race.picture.piece
        if frame is None or piece is None:
            return None
        x, y = piece.coordinates([piece.objective.start()])[0].tolist()
        return frame.point(x, y) if math.isfinite(x) and math.isfinite(y) else None

    def sizeHint(self) -> QSize:
        return QSize(640, 500)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 160)

    # painting ----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, frame = current(), self.frame()
        if frame is None:
            painter.fillRect(self.rect(), qcolor(theme.panel))
            return
        self.land.smooth = not self._rest.isActive()
        self.layers.paint(painter, frame, self.devicePixelRatioF())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(frame.box)
        self._paint_start(painter, frame)
        self._paint_words(painter, frame)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(qcolor(theme.line), 1))
        painter.drawRect(frame.box)

    def _paint_start(self, painter: QPainter, frame: Frame) -> None:
        start = self.start_place()
        if start is not None:
            painter.setFont(ui_font(12))
            held = self._held == "start" or self._over_start(self._mouse)
            at = frame.coordinates(start)
            words = words_at(self._race, at) if self._held == "start" else "start — drag me"
            paint_start(painter, start, frame.box, held, words)

    def _paint_words(self, painter: QPainter, frame: Frame) -> None:
        """What lies under the mouse."""
        if self._mouse is None or self._held or not frame.box.contains(self._mouse):
            return
        words = words_at(self._race, frame.coordinates(self._mouse))
        told = self.layers.told(self._mouse, frame)
        painter.setFont(value_font(11))
        words = f"{words}\n{told}" if told else words
        box = frame.box.adjusted(0, 8, -12, 0)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
        ground = painter.boundingRect(box, flags, words).adjusted(-7, -4, 7, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(current().card, 0.85))
        painter.drawRoundedRect(ground, 5, 5)
        painter.setPen(qcolor(current().ink if told else current().mute))
        painter.drawText(box, flags, words)

    # hands -------------------------------------------------------------------------------------

    def _over_start(self, place: QPointF | None) -> bool:
        start = self.start_place()
        if place is None or start is None:
            return False
        away = place - start
        return math.hypot(away.x(), away.y()) <= GRAB

    def mousePressEvent(self, event: QMouseEvent) -> None:
        frame = self.frame()
        if event.button() != Qt.MouseButton.LeftButton or frame is None:
            event.ignore()
            return
        self._grabbed = event.position()
        self._held = "start" if self._over_start(event.position()) else "land"
        self._ranges = (frame.across, frame.up)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse = event.position()
        frame = self.frame()
        if frame is not None and self._held == "start":
            self._start_at(frame, event.position())
        elif frame is not None and self._held == "land":
            self._pan(frame, event.position() - self._grabbed)
        free = None if self._held else frame
        self._race.pointer.point(free and self.pointed.over(event.position(), free))
        near = self._held == "start" or self._over_start(event.position())
        shape = Qt.CursorShape.OpenHandCursor if near else Qt.CursorShape.CrossCursor
        self.setCursor(Qt.CursorShape.ClosedHandCursor if self._held else shape)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._held = ""
            self._race.end_drag()
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        frame = self.frame()
        if frame is not None and event.button() == Qt.MouseButton.LeftButton:
            self._start_at(frame, event.position())
            self._race.end_drag()

    def leaveEvent(self, event) -> None:
        self._mouse = None
        self._race.pointer.point(None)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        frame = self.frame()
        if frame is None:
            return
        x, y = frame.coordinates(event.position())
        factor = 0.999 ** event.angleDelta().y()
        self._rest.start()
        self._race.set_ranges((around(frame.across, x, factor), around(frame.up, y, factor)))
        event.accept()

    def _start_at(self, frame: Frame, place: QPointF) -> None:
        x = min(max(place.x(), frame.box.left()), frame.box.right())
        y = min(max(place.y(), frame.box.top()), frame.box.bottom())
        self._race.set_start([rounded(v, r) for v, r in zip(
            frame.coordinates(QPointF(x, y)), (frame.across, frame.up), strict=True)])  # fmt: skip

    def _pan(self, frame: Frame, moved: QPointF) -> None:
        (left, right), (low, high) = self._ranges
        across = -moved.x() / frame.box.width() * (right - left)
        up = moved.y() / frame.box.height() * (high - low)
        if moved.manhattanLength() > 3:
            self._rest.start()
            self._race.set_ranges(((left + across, right + across), (low + up, high + up)))


def around(ends: Range, fixed: float, factor: float) -> Range:
    """A range made wider or narrower about a place that stays where it is."""
    return fixed + (ends[0] - fixed) * factor, fixed + (ends[1] - fixed) * factor


def rounded(value: float, ends: Range) -> float:
    """A coordinate to a thousandth of what is shown: finer than a hand can point."""
    digits = 3 - math.floor(math.log10(ends[1] - ends[0]))
    return round(value, digits)


def words_at(race: Race, at: tuple[float, float]) -> str:
    """Coordinates and the loss there."""
    piece = race.picture.piece
    assert piece is not None, "asked only where there is a picture"
    objective = piece.objective
    loss = objective.value(piece.moved(objective.start(), at))
    names = [*piece.names, objective.graph.node(objective.output).name]
    parts = [f"{n} {short(v)}" for n, v in zip(names, (*at, loss), strict=True)]
    return " · ".join(parts)
