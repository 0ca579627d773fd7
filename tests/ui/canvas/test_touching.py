"""Fingers on a touchpad: two pan, a pinch zooms, a double tap of two goes to what lies there."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication

from gradviz_ui.canvas import box_editing

KIND = Qt.NativeGestureType


def fingers(view, pixels, keys=Qt.KeyboardModifier.NoModifier):
    """Two fingers moved over a touchpad."""
    place = QPointF(400, 300)
    event = QWheelEvent(
        place, QPointF(view.viewport().mapToGlobal(place)), QPoint(*pixels), QPoint(),
        Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.ScrollUpdate, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)


def gesture(view, kind, place, value=0.0, delta=(0.0, 0.0)):
    port = view.viewport()
    event = QNativeGestureEvent(
        kind, QPointingDevice.primaryPointingDevice(), 2, QPointF(place), QPointF(place),
        QPointF(port.mapToGlobal(QPointF(place))), value, QPointF(*delta),
    )  # fmt: skip
    QApplication.sendEvent(port, event)


def test_two_fingers_pan_by_as_many_pixels_as_they_move(view):
    before = view.scene_point(QPointF(0, 0))
    fingers(view, (-31, 17))
    assert view.scene_point(QPointF(0, 0)) - before == QPointF(31, -17)
    assert not view.fitted


def test_shift_turns_them_sideways_and_ctrl_zooms(view):
    before, zoom = view.scene_point(QPointF(0, 0)), view.zoom
    fingers(view, (0, 24), Qt.KeyboardModifier.ShiftModifier)
    assert view.scene_point(QPointF(0, 0)) - before == QPointF(-24, 0)
    fingers(view, (0, 60), Qt.KeyboardModifier.ControlModifier)
    assert view.zoom == pytest.approx(zoom * 1.2)


def test_a_pinch_zooms_with_the_point_between_the_fingers_still(view):
    place, zoom = QPointF(620, 180), view.zoom
    before = view.scene_point(place)
    gesture(view, KIND.BeginNativeGesture, place)
    for _ in range(3):
        gesture(view, KIND.ZoomNativeGesture, place, 0.1)
    gesture(view, KIND.EndNativeGesture, place)
    assert view.zoom == pytest.approx(zoom * 1.1**3)
    assert (view.scene_point(place) - before).manhattanLength() < 2
    gesture(view, KIND.ZoomNativeGesture, place, -3.0)
    assert 0.02 <= view.zoom < zoom


def test_a_pan_that_the_system_recognised(view):
    before = view.scene_point(QPointF(0, 0))
    gesture(view, KIND.PanNativeGesture, QPointF(9, 9), delta=(12.0, -5.0))
    assert view.scene_point(QPointF(0, 0)) - before == QPointF(-12, 5)


def test_a_double_tap_goes_to_the_card_there_and_back_to_the_whole(view, hand):
    view.fit()
    zoom = view.zoom
    card = hand.card("theta2").body()
    gesture(view, KIND.SmartZoomNativeGesture, QPointF(hand.at(card.center())))
    assert view.zoom > zoom
    middle = view.scene_point(QPointF(view.viewport().rect().center()))
    assert (middle - card.center()).manhattanLength() < 4
    gesture(view, KIND.SmartZoomNativeGesture, QPointF(hand.at(card.center())))
    assert view.zoom == pytest.approx(zoom) and view.fitted


def test_a_double_tap_within_a_frame_goes_to_the_frame_and_on_the_ground_to_all(view, editor, hand):
    editor.select({editor.graph.named(n).id for n in ("theta1", "theta2")})
    made = box_editing.add_frame(view.canvas, QPointF())
    view.zoom_reset()
    body = view.canvas.scenery.items[made].body()
    gesture(view, KIND.SmartZoomNativeGesture, QPointF(hand.at(body.topLeft() + QPointF(9, 50))))
    middle = view.scene_point(QPointF(view.viewport().rect().center()))
    assert (middle - body.center()).manhattanLength() < 4
    assert not view.fitted
    gesture(view, KIND.SmartZoomNativeGesture, QPointF(3, 3))
    assert view.fitted
