"""The small map of the whole graph, for when not all of it is in sight."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from ..theme import current, qcolor, source
from .scene import CanvasScene

SIZE = QSize(132, 96)
EDGE = 8.0
FRAME = 6.0
"""The frame round what is seen is so large at least."""
MANY = 300
"""From so many cards on one is a pixel of the map, which then follows a little later."""
SOON = 150


class Overview(QWidget):
    """Every card as a small box, and a frame round what is seen; click or drag to go there."""

    wanted = Signal(QPointF)
    """The point of the scene to bring to the middle."""

    def __init__(self, scene: CanvasScene, parent: QWidget) -> None:
        super().__init__(parent)
        self._scene = scene
        self._seen = QRectF()
        self._map: QPixmap | None = None
        self.resize(SIZE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Overview of the graph")
        self.setToolTip("Overview: click or drag to look elsewhere")
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self._forget)
        source().changed.connect(self._forget)
        scene.reshaped.connect(self._reshaped)

    def show_seen(self, seen: QRectF) -> None:
        """Draw the frame round that part of the scene."""
        self._seen = seen
        self.update()

    def _mapping(self) -> tuple[float, QPointF]:
        """Scale and offset from the scene to this widget."""
        bounds = self._scene.bounds()
        world = bounds.adjusted(*(edge * bounds.width() / 12 for edge in (-1, -1, 1, 1)))
        room = QRectF(self.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)
        scale = min(room.width() / max(world.width(), 1.0), room.height() / max(world.height(), 1))
        return scale, room.center() - world.center() * scale

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(qcolor(theme.line), 1))
        painter.setBrush(qcolor(theme.panel))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        scale, offset = self._mapping()
        if self._map is None or self._map.devicePixelRatio() != self.devicePixelRatioF():
            self._map = self._drawn(scale, offset)
        painter.drawPixmap(0, 0, self._map)
        painter.setClipRect(self.rect().adjusted(2, 2, -2, -2))
        painter.setPen(QPen(qcolor(theme.sel), 1.2))
        painter.setBrush(qcolor(theme.sel, 0.05))
        frame = _mapped(self._seen, scale, offset)
        lack = QPointF(max(0.0, FRAME - frame.width()), max(0.0, FRAME - frame.height())) / 2
        painter.drawRoundedRect(frame.adjusted(-lack.x(), -lack.y(), lack.x(), lack.y()), 3, 3)

    def _drawn(self, scale: float, offset: QPointF) -> QPixmap:
        """The boxes of all cards, drawn once for as long as they stay where they are."""
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setBrush(qcolor(current().wire))
        bodies = list(self._scene.shapes.boxes.values())
        if len(bodies) < MANY:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRects([_mapped(body, scale, offset) for body in bodies])
        else:
            # The pen, a pixel wide at any scale, keeps what is smaller than that in sight.
            painter.setPen(QPen(qcolor(current().wire), 0))
            painter.translate(offset)
            painter.scale(scale, scale)
            painter.drawRects(bodies)
        painter.end()
        return pixmap

    def _reshaped(self) -> None:
        if len(self._scene.cards) < MANY:
            self._forget()
        elif not self._soon.isActive():
            self._soon.start()

    def _forget(self, *_: object) -> None:
        self._map = None
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())

    def _go(self, place: QPointF) -> None:
        scale, offset = self._mapping()
        self.wanted.emit((place - offset) / scale)


def _mapped(area: QRectF, scale: float, offset: QPointF) -> QRectF:
    corner = area.topLeft() * scale + offset
    return QRectF(
        corner.x(), corner.y(), max(area.width() * scale, 1), max(area.height() * scale, 1)
    )
