"""Dragging against the edge of the view moves what is seen, so that a drag reaches any place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, QTimer

if TYPE_CHECKING:
    from .pointing import PointedView

EDGE = 26.0
FASTEST = 18.0
FRAME_MS = 16


class EdgePan(QObject):
    """Pans while the pointer of a drag stays near an edge, faster the nearer."""

    def __init__(self, view: PointedView) -> None:
        super().__init__(view)
        self._view = view
        self._place = QPointF()
        self._ticks = QTimer(self, interval=FRAME_MS)
        self._ticks.timeout.connect(self._go)

    def watch(self, place: QPointF) -> None:
        """The pointer of a drag is there, in the viewport."""
        self._place = place
        if speed_at(place, QRectF(self._view.viewport().rect())).isNull():
            self._ticks.stop()
        elif not self._ticks.isActive():
            self._ticks.start()

    def stop(self) -> None:
        """The drag is over."""
        self._ticks.stop()

    def _go(self) -> None:
        self._view.pan(speed_at(self._place, QRectF(self._view.viewport().rect())))
        self._view.dragged_to(self._place)


def speed_at(place: QPointF, room: QRectF) -> QPointF:
    """How far to move what is seen, in pixels a frame, with the pointer there."""
    inner = room.adjusted(EDGE, EDGE, -EDGE, -EDGE)
    across = max(0.0, inner.left() - place.x()) or min(0.0, inner.right() - place.x())
    down = max(0.0, inner.top() - place.y()) or min(0.0, inner.bottom() - place.y())
    limited = (max(-FASTEST, min(FASTEST, way * FASTEST / EDGE / 1.5)) for way in (across, down))
    return QPointF(*limited)
