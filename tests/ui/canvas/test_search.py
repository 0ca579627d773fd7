"""Operation search: what fits first, and what Enter does."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QCursor

from gradviz.program import formula
from gradviz_ui.canvas.choices import Situation, choices


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
        ("torch.nn.functional.softmax", "softmax"),
        ("F.relu", "relu"),
        ("torch.linalg.det", "det"),
        ("param", "parameter"),
        ("const", "constant"),
        ("2.5", "constant 2.500"),
        ("-1e3", "constant −1000"),
    ],
)
def test_the_best_fit_comes_first(typed, first):
    assert choices(typed)[0].title == first


def test_what_has_no_input_is_not_offered_for_a_wire():
    titles = {choice.title for choice in choices("", Situation(inputs_only=True))}
    assert "parameter" not in titles and "zeros" not in titles and titles
    assert choices("3", Situation(inputs_only=True)) == []


def test_a_word_that_nothing_has_can_be_the_name_of_a_leaf():
    titles = [choice.title for choice in choices("theta3", Situation(taken={"theta1": "1"}))]
    assert titles == ["parameter theta3", "constant theta3"]
    assert choices("theta1", Situation(taken={"theta1": "1"})) == []
    assert choices("qqq zzz") == []


@pytest.mark.parametrize(
    ("value", "first", "later"),
    [(np.float32(2), "add", "sum"), (np.ones((2, 3)), "matmul", "sin"),
     (np.ones(3), "sum", "matmul"), (np.array([True]), "logical_and", "add")],
)  # fmt: skip
def test_what_suits_the_wire_that_was_pulled_comes_first(value, first, later):
    pulled = Situation(inputs_only=True, pulled=np.asarray(value))
    titles = [choice.title for choice in choices("", pulled)]
    assert first in titles[:8]
    assert later not in titles or titles.index(first) < titles.index(later)


def test_what_the_document_uses_comes_before_what_it_does_not():
    used = Situation(used={"masked_scatter": 3})
    assert choices("masked_")[0].title == "masked_fill"
    assert choices("masked_", used)[0].title == "masked_scatter"
    assert choices("", Situation(used={"erf": 4}))[2].title == "erf"


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


def typed(view, qtbot, words: str):
    """The search, opened by Tab, with words typed in it."""
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    popup = view.overlays.popup
    qtbot.keyClicks(popup.field, words)
    return popup


@pytest.mark.parametrize(
    ("words", "made"),
    [("x*2", "mul = x * 2"), ("sin(x)", "sin = sin(x)"), ("theta1^2 + 1", "add = theta1 ** 2 + 1"),
     ("k = theta2²", "k = theta2 ** 2")],
)  # fmt: skip
def test_a_formula_makes_its_nodes_and_one_undo_takes_them(view, editor, qtbot, words, made):
    before = formula(editor.graph)
    popup = typed(view, qtbot, words)
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert not popup.isVisible() and view.hasFocus()
    assert made in formula(editor.graph).splitlines()
    assert editor.graph.named(made.split(" ")[0]).id in editor.selection
    editor.stack.undo()
    assert formula(editor.graph) == before


def test_what_a_formula_reads_and_makes_is_told_before(view, qtbot):
    popup = typed(view, qtbot, "sin(theta1 * k)")
    choice = popup.results.item(0).data(Qt.ItemDataRole.UserRole)
    assert choice.title == "sin(theta1 * k)" and choice.doc == "mul, sin · new: k."


def test_what_fits_nothing_is_answered(view, qtbot):
    popup = typed(view, qtbot, "x *")
    assert popup.said.isVisible() and "As a formula" in popup.said.text()
    popup.field.selectAll()
    qtbot.keyClicks(popup.field, "no such thing")
    assert "no such thing" in popup.said.text() and not popup.results.isVisible()
    assert popup.height() < 160
    popup.field.selectAll()
    qtbot.keyClicks(popup.field, "sin")
    assert popup.results.isVisible() and not popup.said.isVisible()


@pytest.mark.parametrize("words", ["* 3 + 1", "x * 3 + 1", "theta1 * 3 + 1"])
def test_a_formula_goes_on_from_the_wire_let_go(view, editor, hand, qtbot, words):
    hand.drag(hand.output("theta1"), view.canvas.bounds().bottomLeft() + QPointF(300, 80))
    popup = view.overlays.popup
    qtbot.keyClicks(popup.field, words)
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert "add = theta1 * 3 + 1" in formula(editor.graph).splitlines()


def test_a_formula_feeds_the_input_whose_wire_was_let_go(view, editor, hand, qtbot):
    popup = typed(view, qtbot, "tanh")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    hand.drag(hand.input("tanh"), view.canvas.bounds().topLeft() + QPointF(-60, -60))
    qtbot.keyClicks(popup.field, "theta1 * k")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert "tanh = tanh(theta1 * k)" in formula(editor.graph).splitlines()


def test_an_operator_goes_on_from_the_selected_node_beside_it(view, editor, hand, qtbot):
    hand.click(hand.title("J"))
    QCursor.setPos(view.viewport().mapToGlobal(hand.at(hand.title("J"))))
    qtbot.keyClick(typed(view, qtbot, "*2").field, Qt.Key.Key_Return)
    qtbot.keyClick(typed(view, qtbot, "**2").field, Qt.Key.Key_Return)
    lines = formula(editor.graph).splitlines()
    assert "pow = (J * 2) ** 2" in lines
    assert editor.selection == {editor.graph.named("pow").id}
    lefts = [hand.card(name).body().left() for name in ("J", "mul", "pow")]
    assert lefts == sorted(lefts) and lefts[1] > hand.card("J").body().right()
    shown = view.mapFromScene(hand.card("pow").body()).boundingRect()
    assert view.viewport().rect().contains(shown)


def test_a_letter_and_what_feeds_an_input_is_a_leaf_first():
    assert choices("y")[0].title == "parameter y"
    assert choices("lo", Situation(feeding=True))[0].title == "parameter lo"
    assert choices("e")[0].title != "zeros"


def test_a_layer_comes_before_the_function_of_its_name(view, qtbot):
    popup = typed(view, qtbot, "linear")
    assert [popup.results.item(i).text() for i in (0, 1)] == ["Linear", "linear"]


def test_what_is_added_at_the_edge_comes_into_sight(view, editor, qtbot, hand):
    before = set(editor.graph.nodes)
    edge = view.scene_point(QPointF(view.viewport().rect().bottomRight()) + QPointF(-4, -4))
    hand.double_click(edge)
    popup = view.overlays.popup
    qtbot.keyClicks(popup.field, "sin(theta1) + cos(theta2)")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    seen = view.mapToScene(view.viewport().rect()).boundingRect()
    assert all(seen.contains(view.canvas.cards[i].body()) for i in set(editor.graph.nodes) - before)


def test_the_wire_that_was_pulled_is_seen_while_the_search_is_open(view, hand, qtbot):
    start = hand.output("J")
    end = start + QPointF(120, 90)
    middle = QRect(hand.at((start + end) / 2) - QPoint(4, 12), QSize(9, 25))
    before = view.viewport().grab(middle).toImage()
    hand.drag(start, end)
    assert view.overlays.popup.isVisible()
    assert view.viewport().grab(middle).toImage() != before
    qtbot.keyClick(view.overlays.popup.field, Qt.Key.Key_Escape)
    assert view.viewport().grab(middle).toImage() == before
