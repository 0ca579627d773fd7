"""Wires drawn, refused, taken elsewhere and let go, by real events."""

import pytest
from PySide6.QtCore import QPointF, Qt

from gradviz_ui.canvas.connecting import Connect


@pytest.fixture
def graph(showing):
    return showing("a = 2.0\nb = 3.0\ny = a * b\nz = sin(y)")


def source(graph, name, port=0):
    wire = graph.inputs(graph.named(name).id).get(port)
    return None if wire is None else graph.node(wire.source).name


def test_a_wire_is_drawn_from_an_output_to_an_input(editor, hand, graph):
    hand.drag(hand.output("b"), hand.input("z"))
    assert source(graph, "z") == "b"
    assert editor.stack.count() == 1
    editor.stack.undo()
    assert source(graph, "z") == "y"


def test_a_wire_may_be_drawn_backwards_from_a_free_input(editor, hand, graph):
    hand.drag(hand.input("z"), hand.title("z") + QPointF(0, 250))
    assert source(graph, "z") is None
    hand.drag(hand.input("z"), hand.output("a"))
    assert source(graph, "z") == "a"


def test_a_wires_end_is_taken_to_another_port(editor, hand, graph):
    hand.drag(hand.input("y", 1), hand.input("z"))
    assert source(graph, "z") == "b"
    assert source(graph, "y", 1) is None
    editor.stack.undo()
    assert (source(graph, "z"), source(graph, "y", 1)) == ("y", "b")


def test_a_cycle_is_refused_with_the_reason_and_nothing_changes(view, editor, hand, graph, qtbot):
    with qtbot.waitSignal(editor.refused) as said:
        hand.press(hand.output("z"))
        hand.move(hand.input("y", 0) + QPointF(-30, 0))
        hand.move(hand.input("y", 0))
        assert isinstance(view.gesture, Connect)
        assert "cycle" in view.gesture._said
        hand.release(hand.input("y", 0))
    assert "cycle" in said.args[0]
    assert source(graph, "y", 0) == "a"
    assert editor.stack.count() == 0


def test_ports_that_fit_light_up_and_others_do_not(view, hand, graph):
    hand.press(hand.output("y"))
    reasons = view.gesture._reasons
    fitting = {graph.node(p.node).name for p, reason in reasons.items() if reason is None}
    refused = {graph.node(p.node).name for p, reason in reasons.items() if reason}
    assert "y" in refused
    assert "z" not in refused or "z" not in fitting
    hand.release(hand.output("y"))


def test_escape_leaves_a_wire_as_it_was(view, editor, hand, graph, qtbot):
    hand.press(hand.input("z"))
    hand.move(hand.input("z") + QPointF(0, 200))
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    hand.release(hand.input("z") + QPointF(0, 200))
    assert source(graph, "z") == "y"
    assert not any(item.hidden for item in view.canvas.wires.values())
    assert editor.stack.count() == 0


def test_a_wire_let_go_on_the_ground_opens_the_search_and_connects(
    view, editor, hand, graph, qtbot
):
    hand.drag(hand.output("y"), hand.output("y") + QPointF(60, 220))
    popup = view.overlays.popup
    assert popup.isVisible()
    qtbot.keyClicks(popup.field, "tanh")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert source(graph, "tanh") == "y"
    assert editor.stack.count() == 1
    editor.stack.undo()
    assert graph.named("tanh") is None


def test_a_number_typed_for_a_free_input_becomes_its_constant(view, editor, hand, graph, qtbot):
    hand.drag(hand.input("z"), hand.title("z") + QPointF(0, 250))
    hand.drag(hand.input("z"), hand.input("z") + QPointF(-40, 240))
    qtbot.keyClicks(view.overlays.popup.field, "0.25")
    qtbot.keyClick(view.overlays.popup.field, Qt.Key.Key_Return)
    leaf = graph.node(graph.inputs(graph.named("z").id)[0].source)
    assert float(leaf.setting("data")) == 0.25
    assert not leaf.setting("requires_grad")


def test_a_wire_let_go_on_a_card_takes_its_first_free_input_that_fits(
    view, editor, hand, showing, assert_true
):
    graph = showing("a = 2.0\nb = 3.0\ny = a + ...\nz = sin(y)")
    hand.drag(hand.output("b"), hand.title("y"))
    assert (source(graph, "y", 0), source(graph, "y", 1)) == ("a", "b")
    assert_true()
    # Backwards: from an input onto a card is from its output.
    editor.stack.undo()
    hand.drag(hand.input("y", 1), hand.title("a"))
    assert source(graph, "y", 1) == "a"


def test_on_a_card_where_every_input_would_close_a_cycle_it_says_so(view, editor, hand, graph):
    said = []
    editor.refused.connect(said.append)
    hand.drag(hand.output("z"), hand.title("y"))
    assert ["cycle" in reason for reason in said] == [True] and editor.stack.count() == 0


@pytest.mark.parametrize("off", [(-20, 6), (-6, -18)])
def test_a_wire_let_go_near_a_port_snaps_to_it(editor, hand, graph, off):
    hand.drag(hand.output("b"), hand.input("z") + QPointF(*off))
    assert source(graph, "z") == "b"


def test_a_wire_let_go_out_of_its_reach_does_not(view, editor, hand, graph):
    hand.drag(hand.output("b"), hand.input("z") + QPointF(-20, 120))
    assert source(graph, "z") == "y" and view.overlays.popup.isVisible()
