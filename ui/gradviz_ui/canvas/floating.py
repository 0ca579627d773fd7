"""Where a form or a list lies that opens over the canvas at a point of it."""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

EDGE = 6


def room_over(ground: QWidget) -> QRect:
    """The part of a widget that something over it may cover."""
    return ground.rect().adjusted(EDGE, EDGE, -EDGE, -EDGE)


def lie_at(widget: QWidget, ground: QWidget, place: QPoint) -> None:
    """Put a widget over its parent with its corner there, or as near as there is room for it."""
    room = room_over(ground)
    left = min(place.x(), room.right() - widget.width())
    top = min(place.y(), room.bottom() - widget.height())
    widget.move(max(room.left(), left), max(room.top(), top))
