import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication

from gradviz_ui.widgets import NumberRule, ScrubField

LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def field(qtbot):
    widget = ScrubField("learning rate", 0.1, step=0.01, rule=NumberRule(0.0, 10.0))
    qtbot.addWidget(widget)
    widget.resize(100, 28)
    return widget


@pytest.fixture
def heard(field):
    said = []
    field.moved.connect(lambda value: said.append(("moved", value)))
    field.committed.connect(lambda value: said.append(("committed", value)))
    field.refused.connect(lambda reason: said.append(("refused", reason)))
    return said


def test_at_rest_it_shows_four_digits_and_on_hover_all(field):
    field.set_value(1 / 3)
    assert field.text() == "0.3333"
    assert field.toolTip() == "0.3333333333333333"
    assert field.accessibleName() == "learning rate"


def test_dragging_changes_it_and_ends_in_one_commit(qtbot, field, heard):
    qtbot.mousePress(field, LEFT, pos=QPoint(50, 14))
    qtbot.mouseMove(field, QPoint(60, 14))
    qtbot.mouseMove(field, QPoint(70, 14))
    qtbot.mouseRelease(field, LEFT, pos=QPoint(70, 14))
    assert heard == [("moved", 0.2), ("moved", 0.3), ("committed", 0.3)]
    assert not field.editing


def test_dragging_stays_in_range(qtbot, field):
    qtbot.mousePress(field, LEFT, pos=QPoint(50, 14))
    qtbot.mouseMove(field, QPoint(-500, 14))
    assert field.value == 0.0


def test_a_click_edits_and_return_commits(qtbot, field, heard):
    qtbot.mouseClick(field, LEFT, pos=QPoint(50, 14))
    assert field.editing
    assert field.selectedText() == "0.1"
    qtbot.keyClicks(field, "2.5")
    assert field.value == 0.1
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert heard == [("committed", 2.5)]
    assert field.text() == "2.500"
    assert not field.editing


def test_a_digit_starts_typing(qtbot, field, heard):
    qtbot.keyClicks(field, "7")
    assert field.editing
    assert field.text() == "7"
    qtbot.keyClick(field, Qt.Key.Key_Enter)
    assert heard == [("committed", 7.0)]


def test_escape_gives_up(qtbot, field, heard):
    field.edit()
    qtbot.keyClicks(field, "9")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.value, field.text(), heard) == (0.1, "0.1000", [])


def test_what_is_wrong_is_said_and_not_taken(qtbot, field, heard):
    field.edit()
    qtbot.keyClicks(field, "12")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert heard == [("refused", "12.00 is outside 0 to 10")]
    assert field.editing
    assert field.property("invalid") is True
    assert field.accessibleDescription() == "12.00 is outside 0 to 10"
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert field.property("invalid") is False
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.value == 1.0


@pytest.mark.parametrize(("typed", "value"), [("3", 3.0), ("x", 0.1)])
def test_leaving_takes_what_is_right_and_drops_what_is_not(qtbot, field, typed, value):
    field.edit()
    qtbot.keyClicks(field, typed)
    QApplication.sendEvent(field, QFocusEvent(QFocusEvent.Type.FocusOut))
    assert field.value == value
    assert not field.editing
    assert field.property("invalid") is False


@pytest.mark.parametrize(
    ("key", "modifier", "value"),
    [
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, 0.11),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, 0.09),
        (Qt.Key.Key_PageUp, Qt.KeyboardModifier.NoModifier, 0.2),
        (Qt.Key.Key_Up, SHIFT, 0.101),
    ],
)
def test_arrow_keys_step(qtbot, field, heard, key, modifier, value):
    qtbot.keyClick(field, key, modifier)
    assert heard == [("committed", value)]


def test_a_value_from_outside_does_not_disturb_typing(qtbot, field, heard):
    field.edit()
    qtbot.keyClicks(field, "4")
    field.set_value(8.0)
    assert field.text() == "4"
    assert heard == []


def test_a_whole_number_is_shown_whole(qtbot):
    field = ScrubField("steps", 40, step=1, rule=NumberRule(1, 1e6, whole=True))
    qtbot.addWidget(field)
    assert field.text() == "40"
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.text() == "41"
