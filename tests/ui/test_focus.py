"""The keyboard alone: every panel and control is reached, and one sees where the focus is."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

from gradviz_ui.panels import panels, takes_focus
from gradviz_ui.sample_card import SampleCard

SHIFT = Qt.KeyboardModifier.ShiftModifier
KEY = Qt.Key
WORKSPACES = pytest.mark.parametrize("workspace", ["build", "backward", "descend"], indirect=True)


def shows_focus(focus):
    """Whether a widget looks otherwise than without the focus."""
    lit = focus.grab().toImage()
    focus.clearFocus()
    dark = focus.grab().toImage()
    focus.setFocus(Qt.FocusReason.TabFocusReason)
    return lit != dark


@pytest.fixture
def workspace(window, request):
    window.show_workspace(request.param)
    window.editor.select([window.editor.graph.output()])
    QApplication.processEvents()
    yield request.param
    if window.descend is not None:
        window.descend.close()


@WORKSPACES
def test_one_key_goes_through_all_panels_and_back(window, qtbot, workspace):
    count = len(panels(window))
    assert count >= 4
    window.canvas.setFocus()
    there = []
    for _ in range(count):
        qtbot.keyClick(QApplication.focusWidget(), KEY.Key_F6)
        focus = QApplication.focusWidget()
        there += [place for place, panel in enumerate(panels(window)) if focus in panel]
    assert sorted(there) == list(range(count)) and window.canvas.hasFocus()
    qtbot.keyClick(window.canvas, KEY.Key_F6, SHIFT)
    assert QApplication.focusWidget() in panels(window)[there[-2]]


@WORKSPACES
def test_tab_reaches_every_control_and_each_shows_that_it_has_the_focus(window, qtbot, workspace):
    reached: list[QWidget] = []
    unseen: list[str] = []
    window.top_bar.menu_button.setFocus()
    for _ in range(200):
        focus = QApplication.focusWidget()
        if focus is None or focus in reached:
            break
        reached.append(focus)
        if not shows_focus(focus):
            unseen.append(f"{type(focus).__name__} {focus.accessibleName()}")
        if focus is window.canvas:
            # There Tab looks for operations; Escape and the key of panels lead on.
            qtbot.keyClick(focus, KEY.Key_F6)
        else:
            qtbot.keyClick(focus, KEY.Key_Tab)
    wanted = {w for w in window.findChildren(QWidget) if takes_focus(w)}
    behind = {w for w in wanted if window.canvas.isAncestorOf(w)}
    missed = wanted - set(reached) - behind
    assert [f"{type(w).__name__} {w.accessibleName()}" for w in missed] == []
    assert unseen == []


def test_tab_goes_as_one_reads_and_back(window, qtbot):
    window.editor.select([window.editor.graph.output()])
    QApplication.processEvents()
    panel = window.workspaces.shelf.widget("inspector")
    inside = [w for w in panels(window)[-1] if panel.isAncestorOf(w)]
    assert len(inside) >= 3
    inside[0].setFocus()
    for after in inside[1:]:
        qtbot.keyClick(QApplication.focusWidget(), KEY.Key_Tab)
        assert after.hasFocus()
    tops = [w.mapTo(window, QPoint(0, 0)).y() for w in inside]
    assert tops[-1] > tops[0]
    for before in reversed(inside[:-1]):
        qtbot.keyClick(QApplication.focusWidget(), KEY.Key_Backtab, SHIFT)
        assert before.hasFocus()


def test_the_welcome_page_is_gone_through_by_keys(window, qtbot, do):
    do("samples")
    page = window.pages.currentWidget()
    qtbot.waitUntil(page.isVisible)
    cards, reached = page.findChildren(SampleCard), set()
    window.top_bar.menu_button.setFocus()
    while (focus := QApplication.focusWidget()) not in reached:
        reached.add(focus)
        qtbot.keyClick(focus, KEY.Key_Tab)
    assert {card for card in cards if card.isVisible()} <= reached
    assert window.documents.strip in reached


def test_return_presses_the_button_in_focus(window, qtbot):
    dark = window.state.theme
    button = window.top_bar.findChild(QWidget, "button-theme")
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(button, KEY.Key_Return)
    assert window.state.theme not in (None, dark)


@pytest.mark.parametrize("workspace", ["descend"], indirect=True)
def test_no_part_of_descend_lies_on_another_in_a_narrow_window(window, qtbot, workspace):
    window.resize(900, 600)
    QApplication.processEvents()
    area = window.workspaces.currentWidget()
    across = area.widget()
    places = [across.widget(i).geometry() for i in range(across.count())]
    assert all(a.right() < b.left() for a, b in pairwise(places))
    assert area.horizontalScrollBar().maximum() > 0
    window.resize(1280, 720)
    qtbot.waitUntil(lambda: area.horizontalScrollBar().maximum() == 0)


def test_who_has_typed_a_formula_or_a_name_is_on_the_canvas_again(window, qtbot, press):
    press("formula", KEY.Key_L, Qt.KeyboardModifier.ControlModifier)
    field = QApplication.focusWidget()
    assert field is not window.canvas
    qtbot.keyClicks(field, "K = 2 * 3")
    qtbot.keyClick(field, KEY.Key_Escape)
    assert window.canvas.hasFocus()
    window.editor.select({window.editor.graph.named("J").id})
    for typed, key, name in (("loss", KEY.Key_Return, "loss"), ("x", KEY.Key_Escape, "loss")):
        press("rename", KEY.Key_F2, Qt.KeyboardModifier.NoModifier)
        qtbot.waitUntil(lambda: not window.canvas.hasFocus())
        qtbot.keyClicks(QApplication.focusWidget(), typed)
        qtbot.keyClick(QApplication.focusWidget(), key)
        assert window.canvas.hasFocus() and window.editor.graph.named(name) is not None
