import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication

from gradviz_ui import theme
from gradviz_ui.widgets import SliderScale, ValueSlider

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def slider(qtbot):
    widget = ValueSlider(SliderScale(-5.0, 5.0, step=0.1), "w", 1.0)
    qtbot.addWidget(widget)
    widget.resize(214, 20)
    return widget


@pytest.fixture
def heard(slider):
    said = []
    slider.moved.connect(lambda value: said.append(("moved", round(value, 6))))
    slider.released.connect(lambda value: said.append(("released", round(value, 6))))
    return said


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (Qt.Key.Key_Right, 1.1),
        (Qt.Key.Key_Up, 1.1),
        (Qt.Key.Key_Left, 0.9),
        (Qt.Key.Key_Down, 0.9),
        (Qt.Key.Key_PageUp, 2.0),
        (Qt.Key.Key_PageDown, 0.0),
        (Qt.Key.Key_Home, -5.0),
        (Qt.Key.Key_End, 5.0),
    ],
)
def test_keys(qtbot, slider, heard, key, value):
    qtbot.keyClick(slider, key)
    assert heard == [("moved", value), ("released", value)]


def test_a_press_jumps_and_a_drag_follows(qtbot, slider, heard):
    qtbot.mousePress(slider, LEFT, pos=QPoint(107, 10))
    assert heard == [("moved", 0.0)]
    qtbot.mouseMove(slider, QPoint(147, 10))
    qtbot.mouseRelease(slider, LEFT, pos=QPoint(147, 10))
    assert heard == [("moved", 0.0), ("moved", 2.0), ("released", 2.0)]


def test_a_press_on_the_handle_moves_nothing(qtbot, slider, heard):
    qtbot.mousePress(slider, LEFT, pos=QPoint(130, 10))
    qtbot.mouseRelease(slider, LEFT, pos=QPoint(130, 10))
    assert heard == [("released", 1.0)]


def test_a_drag_beyond_the_end_stops_there(qtbot, slider):
    qtbot.mousePress(slider, LEFT, pos=QPoint(107, 10))
    qtbot.mouseMove(slider, QPoint(900, 10))
    assert slider.value == 5.0


def test_the_right_button_does_nothing(qtbot, slider, heard):
    qtbot.mouseClick(slider, Qt.MouseButton.RightButton, pos=QPoint(20, 10))
    assert heard == []


def turn(slider, notches):
    place = QPointF(100, 10)
    event = QWheelEvent(
        place,
        slider.mapToGlobal(place),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(slider, event)
    return event.isAccepted()


def test_the_wheel_needs_the_focus_so_that_panels_can_scroll(slider, heard, monkeypatch):
    assert not turn(slider, 1)
    assert heard == []
    monkeypatch.setattr(slider, "hasFocus", lambda: True)
    assert turn(slider, -2)
    assert heard == [("moved", 0.8), ("released", 0.8)]


def test_setting_a_value_says_nothing_and_may_lie_outside(slider, heard):
    slider.set_value(80.0)
    assert slider.value == 80.0
    assert heard == []
    assert slider.accessibleDescription() == "80.00"
    assert slider.accessibleName() == "w"


def handle_at(slider):
    """The middle of what has the handle's colour."""
    image = slider.grab().toImage()
    colour = QColor(theme.current().sel)
    dots = [x for x in range(image.width()) if image.pixelColor(x, 10) == colour]
    return (dots[0] + dots[-1]) / 2


def test_the_handle_is_where_the_value_is(slider):
    slider.set_value(0.0)
    assert handle_at(slider) == pytest.approx(107, abs=1)
    slider.set_value(5.0)
    assert handle_at(slider) == pytest.approx(207, abs=1)
    slider.set_scale(SliderScale(0.0, 10.0))
    assert handle_at(slider) == pytest.approx(107, abs=1)
