"""Operation search: what fits first, and what Enter does."""

import pytest
from PySide6.QtCore import QPointF, Qt

from gradviz_ui.canvas.search import choices


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("mul", "mul"),
        ("×", "mul"),
        ("*", "mul"),
        ("/", "div"),
        ("-", "sub"),
        ("**", "pow"),
        ("identity", "eye"),
        ("sigm", "sigmoid"),
        ("@", "matmul"),
        ("param", "parameter"),
        ("const", "constant"),
        ("2.5", "constant 2.500"),
        ("-1e3", "constant −1000"),
    ],
)
def test_the_best_fit_comes_first(typed, first):
    assert choices(typed)[0].title == first


def test_what_has_no_input_is_not_offered_for_a_wire():
    titles = {choice.title for choice in choices("", inputs_only=True)}
    assert "parameter" not in titles and "zeros" not in titles and titles
    assert choices("3", inputs_only=True) == []


def test_nothing_is_found_for_nonsense():
    assert choices("qqqzzz") == []


def test_a_double_click_on_the_ground_opens_it_and_enter_adds_there(view, editor, hand, qtbot):
    place = view.canvas.bounds().bottomLeft() + QPointF(30, 60)
    hand.double_click(place)
    popup = view.overlays.popup
    assert popup.isVisible() and popup.field.hasFocus()
    qtbot.keyClicks(popup.field, "tanh")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert not popup.isVisible() and view.hasFocus()
    node = editor.graph.named("tanh")
    assert abs(node.position[0] - place.x()) < 2 and abs(node.position[1] - place.y()) < 2
    assert editor.selection == {node.id}


def test_tab_opens_it_arrows_choose_and_escape_closes_it(view, editor, qtbot):
    before = len(editor.graph.nodes)
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    popup = view.overlays.popup
    assert popup.isVisible()
    qtbot.keyClick(popup.field, Qt.Key.Key_Down)
    assert popup.results.currentRow() == 1
    qtbot.keyClick(popup.field, Qt.Key.Key_Up)
    assert popup.results.currentRow() == 0
    qtbot.keyClick(popup.field, Qt.Key.Key_Escape)
    assert not popup.isVisible() and view.hasFocus()
    assert len(editor.graph.nodes) == before


def test_a_click_on_a_result_adds_it(view, editor, qtbot):
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    popup = view.overlays.popup
    qtbot.keyClicks(popup.field, "sin")
    row = popup.results.visualItemRect(popup.results.item(0))
    qtbot.mouseClick(popup.results.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    assert editor.graph.named("sin") is not None


def test_it_stays_within_a_narrow_view(view, qtbot):
    view.resize(310, 300)
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    assert view.rect().contains(view.overlays.popup.geometry())
