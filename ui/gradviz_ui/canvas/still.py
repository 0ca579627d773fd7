"""The last sharp picture of a view, moved about in place of the scene while the view moves: then
a frame costs the same however many cards there are."""

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap, QRegion, QTransform
from PySide6.QtWidgets import QGraphicsView


class Still:
    """What a view showed when it last stood still, and where it looked."""

    def __init__(self) -> None:
        self._picture = QPixmap()
        self._looked = QTransform()
        self._stale = True

    def forget(self, *_: object) -> None:
        """What is shown is no longer what the picture shows."""
        self._stale = True

    def stands_for(self, view: QGraphicsView) -> bool:
        """Whether the picture shows what is there now, at least in part."""
        size = view.viewport().size() * view.devicePixelRatioF()
        return not self._stale and self._picture.size() == size

    def shows(self, view: QGraphicsView) -> bool:
        """Whether the picture is just what there is to see."""
        return self.stands_for(view) and self._looked == view.viewportTransform()

    def take(self, view: QGraphicsView, paint: Callable[[QPainter], None]) -> None:
        """Have the view painted into the picture."""
        ratio = view.devicePixelRatioF()
        self._picture = QPixmap(view.viewport().size() * ratio)
        self._picture.setDevicePixelRatio(ratio)
        self._looked = view.viewportTransform()
        painter = QPainter(self._picture)
        paint(painter)
        painter.end()
        self._stale = False

    def renew(self, part: QRegion, paint: Callable[[QPainter], None]) -> None:
        """Have a part of the view painted into the picture anew, which shows it otherwise."""
        painter = QPainter(self._picture)
        painter.setClipRegion(part)
        paint(painter)
        painter.end()

    def covered(self, view: QGraphicsView) -> QRegion:
        """The part of the view that the picture, moved to where it belongs now, fills."""
        return QRegion(self._place(view).toRect())

    def draw(self, painter: QPainter, view: QGraphicsView) -> None:
        """Draw the picture where what it shows is now."""
        painter.resetTransform()
        painter.drawPixmap(self._place(view), self._picture, QRectF(self._picture.rect()))

    def _place(self, view: QGraphicsView) -> QRectF:
        inverse, _ = self._looked.inverted()
        return (inverse * view.viewportTransform()).mapRect(QRectF(view.viewport().rect()))
