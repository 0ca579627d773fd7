"""Tidying up with frames, notes and dots about, of a selection, and from the top down."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from gradviz.graph import AddNode, AddWire, Graph, Node, Wire, compose, decorating
from gradviz.graph.scenery import Frame, dots, nodes_within
from gradviz_ui.canvas import box_editing
from gradviz_ui.canvas.content import content_for
from gradviz_ui.canvas.painting import literal_rect
from gradviz_ui.canvas.tidy import MANY
from gradviz_ui.motion import motion

NET = "h = tanh(w @ x + b)\nJ = (h * v).sum() + (h - 1) * c"


@pytest.fixture
def net(showing, view, editor, hand):
    """A small net with a frame round its first line."""
    graph = showing(NET)
    editor.select({graph.named(n).id for n in ("w", "x", "b", "h")})
    made = box_editing.add_frame(view.canvas, QPointF())
    assert made is not None
    editor.boxes.choose(())
    return made


def body(view, editor, name):
    return view.canvas.cards[editor.graph.named(name).id].body()


def scramble(editor):
    """Put every card somewhere else, three to a row, and the frame where it still holds some."""
    places = {i: (n % 3 * 200.0, n // 3 * 130.0) for n, i in enumerate(sorted(editor.graph.nodes))}
    editor.perform(compose.move(editor.graph, places))


def test_a_frame_stays_round_its_cards_and_no_other(view, editor, net):
    frame = editor.graph.scenery[net]
    assert isinstance(frame, Frame)
    inside = nodes_within(editor.graph, frame)
    assert {editor.graph.named(n).id for n in ("w", "x", "b", "h")} <= inside
    note = box_editing.add_note(view.canvas, body(view, editor, "J").bottomLeft(), "the loss")
    view.tidy()
    room = view.canvas.scenery.items[net].body()
    for node in editor.graph.nodes.values():
        card = view.canvas.cards[node.id].body()
        assert room.contains(card) if node.id in inside else not room.intersects(card)
        assert not card.intersects(view.canvas.scenery.items[note].body())
    editor.stack.undo()
    assert editor.stack.undoText() == "Add a note"


def test_a_second_tidying_changes_nothing(view, editor, net):
    view.tidy()
    count = editor.stack.count()
    view.tidy()
    assert editor.stack.count() == count


def test_dots_astray_go_with_it_and_come_back_with_undo(view, editor, net):
    wire = next(iter(editor.graph.wires))
    editor.perform(decorating.lead(editor.graph, wire, [(900, 900)]))
    scramble(editor)
    view.tidy()
    assert dots(editor.graph, wire) == ()
    editor.stack.undo()
    assert dots(editor.graph, wire) == ((900, 900),)


def test_tidying_a_selection_leaves_the_rest_where_it_is(view, editor, showing):
    graph = showing("J = sin(a) * b")
    scramble(editor)
    chosen = {graph.named(n).id for n in ("a", "b")}
    joined = next(i for i in graph.nodes if graph.nodes[i].op == "sin")
    editor.select({graph.named("a").id, joined})
    before = {i: n.position for i, n in graph.nodes.items()}
    editor.perform(compose.move(graph, {joined: (-300.0, 50.0)}))
    view.tidy(editor.selection)
    moved = {i for i, n in graph.nodes.items() if n.position != before[i]}
    assert moved <= editor.selection
    assert view.canvas.cards[joined].body().left() > body(view, editor, "a").right()
    assert chosen - editor.selection


def test_flight_ends_where_the_document_says(view, editor, net, qtbot):
    motion().choose(False)
    scramble(editor)
    view.tidy()
    with qtbot.waitSignal(view.tidying.finished):
        pass
    motion().choose(True)
    item = view.canvas.scenery.items[net]
    assert item.box == editor.graph.scenery[net]
    for card in view.canvas.cards.values():
        assert card.pos() == card.home()


def test_from_the_top_down_every_wire_runs_down_from_edge_to_edge(view, editor, net, assert_true):
    view.run_wires("down")
    assert_true()
    assert editor.graph.settings.flow == "down"
    for wire, item in view.canvas.wires.items():
        start, end = item.ends
        source = view.canvas.cards[wire.source].body()
        target = view.canvas.cards[wire.target].body()
        assert start.y() == source.bottom() and source.left() < start.x() < source.right()
        assert end.y() == target.top() and target.left() < end.x() < target.right()
        assert start.y() < end.y()
    assert editor.stack.undoText() == "Run wires down"
    editor.stack.undo()
    assert editor.graph.settings.flow == "right"
    assert_true()
    assert all(item.ends[0].x() == view.canvas.cards[w.source].body().right()
               for w, item in view.canvas.wires.items())  # fmt: skip


def test_arrows_follow_wires_down(view, editor, showing):
    graph = showing("J = sin(a)")
    view.run_wires("down")
    editor.select({graph.named("J").id})
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert editor.selection == {graph.named("a").id}
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert editor.selection == {graph.named("J").id}


def test_numbers_on_ports_stand_above_them_and_are_typed_there(view, editor, showing, hand):
    graph = showing("J = 2 - a")
    view.run_wires("down")
    node = graph.named("J")
    ((port, text),) = content_for(editor, node).literals
    card = hand.card("J")
    area = literal_rect(card.plan, port, text).translated(card.body().topLeft())
    assert area.bottom() < card.body().top()
    hand.double_click(area.center())
    assert view.overlays.field.isVisible()
    QTest.keyClicks(view.overlays.field, "5")
    QTest.keyClick(view.overlays.field, Qt.Key.Key_Return)
    assert editor.graph.named("J").literals == {port: 5}


def test_wires_are_drawn_by_hand_there_too(view, editor, showing, hand):
    graph = showing("p = sin(a)\nq = cos(b)")
    view.run_wires("down")
    target = graph.named("q").id
    hand.drag(hand.output("a"), hand.input("q"))
    assert graph.inputs(target)[0].source == graph.named("a").id


def test_a_wire_less_moves_no_card_of_a_tidy_graph(view, editor, showing):
    lines = [f"h{i} = tanh(w{i} @ {f'h{i - 1}' if i else 'x'} + b{i})" for i in range(6)]
    showing("\n".join(lines))
    scramble(editor)
    view.tidy()
    before = {i: node.position for i, node in editor.graph.nodes.items()}
    source = editor.graph.named("b2").id
    editor.perform(
        compose.disconnect(editor.graph, next(w for w in editor.graph.wires if w.source == source))
    )
    view.tidy()
    assert {i: node.position for i, node in editor.graph.nodes.items()} == before


def test_running_wires_down_is_one_step_to_undo_however_many_cards_there_are(view, editor, qtbot):
    graph = Graph()
    for place in range(MANY + 2):
        graph.apply(AddNode(Node(f"n{place}", "tensor" if place < 2 else "sin", f"v{place}")))
        if place > 1:
            graph.apply(AddWire(Wire(f"n{place - 1 - place % 2}", f"n{place}", 0)))
    editor.show_graph(graph)
    before = {node.id: node.position for node in editor.graph.nodes.values()}
    for count in (1, 1):
        with qtbot.waitSignal(view.tidying.finished):
            view.run_wires("down")
        assert (editor.stack.count(), editor.stack.undoText()) == (count, "Run wires down")
        wires = editor.graph.wires
        tops = {i: card.body().top() for i, card in view.canvas.cards.items()}
        assert all(tops[wire.source] < tops[wire.target] for wire in wires)
        editor.stack.undo()
        assert editor.graph.settings.flow == "right"
        assert {node.id: node.position for node in editor.graph.nodes.values()} == before


def test_what_is_tidied_off_this_thread_is_forgotten_with_its_document(
    view, editor, showing, qtbot
):
    graph = Graph()
    for place in range(MANY + 1):
        graph.apply(AddNode(Node(f"n{place}", "tensor", f"v{place}")))
    editor.show_graph(graph)
    view.tidy()
    showing(NET)
    places = {i: node.position for i, node in editor.graph.nodes.items()}
    qtbot.wait(100)
    assert {i: node.position for i, node in editor.graph.nodes.items()} == places
    assert not editor.stack.canUndo()
