import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel

from gradviz_ui.widgets import FlatTabs, SegmentedControl

WORKSPACES = [("build", "Build"), ("backward", "Backward"), ("descend", "Descend")]


def buttons(widget):
    return widget.findChildren(QAbstractButton)


@pytest.fixture
def control(qtbot):
    widget = SegmentedControl(WORKSPACES)
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def tabs(qtbot):
    widget = FlatTabs()
    qtbot.addWidget(widget)
    for key, title in WORKSPACES:
        widget.add(key, title, QLabel(f"page of {title}"))
    return widget


@pytest.mark.parametrize("kind", ["control", "tabs"])
def test_the_first_is_chosen_and_a_click_chooses(request, qtbot, kind):
    widget = request.getfixturevalue(kind)
    assert widget.current() == "build"
    with qtbot.waitSignal(widget.chosen) as heard:
        qtbot.mouseClick(buttons(widget)[2], Qt.MouseButton.LeftButton)
    assert heard.args == ["descend"]
    assert widget.current() == "descend"
    assert [button.isChecked() for button in buttons(widget)] == [False, False, True]


@pytest.mark.parametrize("kind", ["control", "tabs"])
def test_choosing_by_key(request, qtbot, kind):
    widget = request.getfixturevalue(kind)
    with qtbot.waitSignal(widget.chosen) as heard:
        widget.choose("backward")
    assert heard.args == ["backward"]
    with qtbot.assertNotEmitted(widget.chosen):
        widget.choose("backward")
    with pytest.raises(KeyError):
        widget.choose("sideways")


@pytest.mark.parametrize("kind", ["control", "tabs"])
def test_arrow_keys_move_within(request, qtbot, kind):
    widget = request.getfixturevalue(kind)
    with qtbot.waitExposed(widget):
        widget.show()
    buttons(widget)[0].setFocus()
    qtbot.keyClick(buttons(widget)[0], Qt.Key.Key_Right)
    assert widget.current() == "backward"
    assert buttons(widget)[1].hasFocus()
    assert buttons(widget)[1].focusPolicy() == Qt.FocusPolicy.TabFocus


def test_choices_have_accessible_names(control):
    assert [b.accessibleName() for b in buttons(control)] == ["Build", "Backward", "Descend"]


def test_a_title_is_never_clipped(control):
    for button in buttons(control):
        metrics = button.fontMetrics()
        assert button.minimumSizeHint().width() > metrics.horizontalAdvance(button.text())


def test_the_page_follows_the_tab(tabs):
    tabs.choose("descend")
    shown = [label.text() for label in tabs.findChildren(QLabel) if not label.isHidden()]
    assert "page of Descend" in shown
    assert "page of Build" not in shown


def test_a_key_is_used_once(tabs):
    with pytest.raises(ValueError, match="'build' is there already"):
        tabs.add("build", "Again", QLabel())
