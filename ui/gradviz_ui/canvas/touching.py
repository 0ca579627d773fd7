"""Gestures of fingers on a touchpad or a screen: pinch, two fingers, and the double tap of two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture

from .group_frame import FrameItem

if TYPE_CHECKING:
    from .navigation import NavigableView

STEP = 1.2
"""How much a notch of the wheel zooms with Ctrl held."""
NOTCH, PIXELS = 120.0, 60.0
"""What a notch is, of a wheel and of fingers."""
LEAST_FACTOR = 0.2
CLOSE = 1.6
"""How large a card is shown at most by the double tap that goes to it."""
ROOM = 60.0

KIND = Qt.NativeGestureType


def native(view: NavigableView, event: QNativeGestureEvent) -> bool:
    """Carry out what the system recognised on a touchpad; False for what means nothing here."""
    kind = event.gestureType()
    if kind == KIND.ZoomNativeGesture:
        view.zoom_by(max(1 + event.value(), LEAST_FACTOR), event.position())
    elif kind == KIND.PanNativeGesture:
        view.pan(event.delta())
    elif kind == KIND.SmartZoomNativeGesture:
        look_closer(view, event.position())
    else:
        return kind in (KIND.BeginNativeGesture, KIND.EndNativeGesture)
    return True


def pinched(view: NavigableView, event: QGestureEvent) -> bool:
    """Carry out a pinch that Qt recognised among touches; False where it is none."""
    pinch = event.gesture(Qt.GestureType.PinchGesture)
    if not isinstance(pinch, QPinchGesture):
        return False
    place = QPointF(view.viewport().mapFromGlobal(pinch.centerPoint().toPoint()))
    view.zoom_by(max(pinch.scaleFactor(), LEAST_FACTOR), place)
    return True


def scrolled(view: NavigableView, event: QWheelEvent) -> None:
    """Pan by wheel or two fingers; with Ctrl held, as a pinch arrives on some systems, zoom."""
    pixels, angle = event.pixelDelta(), event.angleDelta()
    if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        notches = angle.y() / NOTCH if angle.y() else pixels.y() / PIXELS
        view.zoom_by(STEP**notches, event.position())
        return
    delta = QPointF(pixels) if not pixels.isNull() else QPointF(angle) / 2
    if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not delta.x():
        delta = delta.transposed()
    view.pan(delta)


def look_closer(view: NavigableView, place: QPointF) -> None:
    """Go to what lies there, as large as fits; from there back to the whole graph."""
    area = thing_at(view, view.scene_point(place))
    room = QRectF(view.viewport().rect()).adjusted(ROOM, ROOM, -ROOM, -ROOM)
    if area is None or room.isEmpty():
        view.fit()
        return
    zoom = min(CLOSE, room.width() / area.width(), room.height() / area.height())
    if abs(zoom / view.zoom - 1) < 0.05:
        view.fit()
        return
    view.fitted = False
    view.look(zoom, area.center(), room.center())


def thing_at(view: NavigableView, point: QPointF) -> QRectF | None:
    """The rectangle of the card, note or frame at a point of the scene; the inmost there is."""
    hit = view.canvas.hit(point)
    if hit.card is not None and not isinstance(hit.card, FrameItem):
        return hit.card.body()
    bodies = [*view.canvas.groups.bodies(), *(i.body() for i in view.canvas.scenery.items.values())]
    around = [body for body in bodies if body.contains(point)]
    return min(around, key=lambda body: body.width() * body.height(), default=None)
