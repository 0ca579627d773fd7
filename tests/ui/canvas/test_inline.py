"""Typing in place: values, names and numbers on ports."""

import numpy as np
from PySide6.QtCore import QPointF, Qt

from gradviz.graph import compose


def value_of(hand, name):
    card = hand.card(name)
    box, body = card.plan.value, card.body()
    return QPointF(body.x() + box.x + box.width / 2, body.y() + box.y + box.height / 2)


def retype(view, qtbot, text):
    field = view.overlays.field
    assert field.isVisible() and field.hasFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    return field


def test_a_leafs_value_is_typed_where_it_stands(view, editor, hand, qtbot):
    hand.double_click(value_of(hand, "theta1"))
    field = retype(view, qtbot, "-2.25")
    assert not field.isVisible() and view.hasFocus()
    leaf = editor.graph.named("theta1")
    assert float(leaf.setting("data")) == -2.25
    assert editor.stack.count() == 1
    editor.stack.undo()
    assert float(editor.graph.named("theta1").setting("data")) != -2.25


def test_lists_make_a_tensor(view, editor, hand, qtbot):
    hand.double_click(value_of(hand, "theta1"))
    retype(view, qtbot, "[[1, 2], [3, 4.5]]")
    data = editor.graph.named("theta1").setting("data")
    assert np.array_equal(data, [[1, 2], [3, 4.5]])


def test_whole_numbers_in_a_parameter_stay_reals(view, editor, hand, qtbot):
    hand.double_click(value_of(hand, "theta1"))
    retype(view, qtbot, "[[1, 2], [3, 4]]")
    leaf = editor.graph.named("theta1")
    assert leaf.setting("data").dtype == np.float32
    assert editor.evaluation.value(leaf.id).requires_grad


def test_a_fraction_makes_a_whole_number_a_real_one_and_is_not_cut(view, editor, hand, qtbot):
    node = editor.graph.named("theta1").id
    editor.perform(compose.set_attr(editor.graph, node, "requires_grad", False))
    editor.perform(compose.set_value(editor.graph, node, np.array(2)))
    for typed, kind in (("3", "int64"), ("2.5", "float32"), ("4", "float32")):
        hand.double_click(value_of(hand, "theta1"))
        retype(view, qtbot, typed)
        held = editor.graph.node(node).setting("data")
        assert (held.dtype.name, held.item()) == (kind, float(typed))


def test_rows_of_several_lengths_are_refused_in_place(view, editor, hand, qtbot):
    hand.double_click(value_of(hand, "theta1"))
    field = retype(view, qtbot, "[[1, 2], [3]]")
    assert field.problem.text().startswith("Write a number")
    assert editor.stack.count() == 0


def test_the_field_is_as_wide_as_a_matrix_needs(view, editor, hand, qtbot):
    hand.double_click(value_of(hand, "theta1"))
    field = retype(view, qtbot, "[[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]")
    hand.double_click(value_of(hand, "theta1"))
    assert field.width() > field.fontMetrics().horizontalAdvance(field.text())


def test_what_is_wrong_is_said_in_place_and_the_field_stays(view, editor, hand, qtbot):
    hand.double_click(value_of(hand, "theta1"))
    field = retype(view, qtbot, "two")
    assert field.isVisible() and field.problem.isVisible()
    assert "number" in field.problem.text()
    retype(view, qtbot, "[1, [2]]")
    assert field.problem.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not field.isVisible() and not field.problem.isVisible()
    assert editor.stack.count() == 0


def test_a_name_is_typed_where_it_stands_and_a_taken_one_refused(view, editor, hand, qtbot):
    hand.double_click(hand.title("J"))
    field = retype(view, qtbot, "theta1")
    assert "already" in field.problem.text()
    retype(view, qtbot, "loss 2")
    assert field.problem.isVisible()
    retype(view, qtbot, "loss")
    assert editor.graph.named("loss") is not None
    assert hand.card("loss").content.title == "loss"


def power(editor, hand):
    node = next(n for n in editor.graph.nodes.values() if n.op == "pow")
    card = hand.view.canvas.cards[node.id]
    body = card.body()
    assert card.content.suffix == "2"
    return node.id, QPointF(body.x() + 41 + 8 * len(node.name) + 6, body.y() + 18)


def test_a_number_on_a_port_is_typed_where_it_stands(view, editor, hand, qtbot):
    node_id, place = power(editor, hand)
    hand.double_click(place)
    assert view.overlays.field.text() == "2"
    retype(view, qtbot, "3")
    assert dict(editor.graph.node(node_id).literals) == {1: 3}
    assert view.canvas.cards[node_id].content.mark == "x³"


def test_enter_edits_the_selected_leaf(view, editor, hand, qtbot):
    hand.click(hand.title("theta2"))
    qtbot.keyClick(view, Qt.Key.Key_Return)
    retype(view, qtbot, "7")
    assert float(editor.graph.named("theta2").setting("data")) == 7


def test_a_click_elsewhere_leaves_the_value(view, editor, hand, qtbot):
    hand.double_click(value_of(hand, "theta1"))
    qtbot.keyClicks(view.overlays.field, "99")
    view.setFocus()
    assert not view.overlays.field.isVisible()
    assert editor.stack.count() == 0
