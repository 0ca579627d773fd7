"""The ground of a view kept as a picture: while values move it is the same from frame to frame."""

from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QGraphicsView

from ..theme import current
from .far import paint_grid
from .sighting import seen_by


class Ground:
    """The ground as a view last showed it: drawn anew only where it looks elsewhere."""

    def __init__(self) -> None:
        self._picture = QPixmap()
        self._kept: tuple[object, ...] = ()

    def draw(self, painter: QPainter, view: QGraphicsView) -> None:
        """Fill a view with the ground; the painter draws on all of it, in scene coordinates."""
        looked, size = view.viewportTransform(), view.viewport().size()
        ratio = view.devicePixelRatioF()
        wanted = (looked, size, ratio, current())
        if wanted != self._kept:
            self._kept = wanted
            self._picture = QPixmap(size * ratio)
            self._picture.setDevicePixelRatio(ratio)
            dots = QPainter(self._picture)
            dots.setWorldTransform(looked)
            seen = seen_by(view)
            paint_grid(dots, seen, looked.m11())
            dots.end()
        transform = painter.worldTransform()
        painter.resetTransform()
        painter.drawPixmap(0, 0, self._picture)
        painter.setWorldTransform(transform)
