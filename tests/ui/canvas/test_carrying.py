"""Many cards dragged at once: what is seen on the way is what is there once they are let go."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage

from gradviz.graph import AddNode, AddWire, Graph, Node, Wire, compose, decorating, grouping
from gradviz_ui.canvas.items import WireItem

SIDE = 10
BY = QPointF(120, -60)


def grid() -> Graph:
    """A hundred cards, ten chains side by side."""
    graph = Graph()
    for place in range(SIDE * SIDE):
        row, column = divmod(place, SIDE)
        op = "sin" if column else "tensor"
        attrs = {} if column else {"data": 0.5, "requires_grad": True}
        at = (column * 230.0, row * 130.0)
        graph.apply(AddNode(Node(f"n{place}", op, f"v{place}", attrs, {}, at)))
        if column:
            graph.apply(AddWire(Wire(f"n{place - 1}", f"n{place}", 0)))
    return graph


def shot(view, qapp) -> np.ndarray:
    qapp.processEvents()
    image = view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return pixels[..., :3].astype(int)


@pytest.fixture
def shown(view, editor, hand):
    """The grid, looked at from a zoom; and the ids of its right half."""

    def show(zoom: float) -> set[str]:
        graph = grid()
        graph.apply(grouping.make_group(graph, {"n4", "n5", "n14", "n15"}, "g"))
        editor.show_graph(graph)
        view.zoom_by(zoom / view.zoom)
        view.look(zoom, QPointF(1000, 600), QPointF(view.viewport().rect().center()))
        return {i for i, node in graph.nodes.items() if node.position[0] > 1000}

    return show


@pytest.mark.parametrize("zoom", [0.8, 0.2])
def test_many_cards_are_seen_on_their_way_where_they_then_are(
    view, editor, hand, shown, qapp, assert_true, zoom
):
    right = shown(zoom)
    editor.select(right)
    start = view.canvas.cards["n45"].body().topLeft() + QPointF(60, 12)
    hand.press(start)
    hand.move(start + QPointF(40, 0))
    before = shot(view, qapp)
    hand.move(start + BY)
    assert view.canvas.carried is not None
    on_the_way = shot(view, qapp)
    hand.release(start + BY)
    assert view.canvas.carried is None
    assert_true()
    assert editor.graph.node("n45").position != (1150.0, 520.0)
    there = shot(view, qapp)
    # The lines that show what a card is in line with, and the edges of strokes.
    assert np.mean(np.abs(there - on_the_way).max(2) > 40) < 0.01
    assert np.mean(np.abs(there - before).max(2) > 40) > 0.02
    assert editor.stack.count() == 1


def test_escape_leaves_many_cards_where_they_were(view, editor, hand, shown, qtbot, assert_true):
    editor.select(shown(0.8))
    start = view.canvas.cards["n45"].body().topLeft() + QPointF(60, 12)
    hand.press(start)
    hand.move(start + BY)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.canvas.carried is None and editor.stack.count() == 0
    assert_true()
    hand.release(start + BY)
    assert_true()


def test_what_was_out_of_sight_comes_into_it_as_it_is_dragged(view, editor, hand, shown, qapp):
    shown(0.8)
    editor.select(editor.graph.nodes)
    view.look(0.8, QPointF(1700, 600), QPointF(view.viewport().rect().center()))
    start = view.canvas.cards["n47"].body().topLeft() + QPointF(60, 12)
    hand.press(start)
    hand.move(start + QPointF(-20, 0))
    shot(view, qapp)
    for way in (-150, -300, -450):
        hand.move(start + QPointF(way, 0))
        on_the_way = shot(view, qapp)
    hand.release(start + QPointF(-450, 0))
    assert np.mean(np.abs(shot(view, qapp) - on_the_way).max(2) > 40) < 0.01


@pytest.mark.parametrize("flow", ["right", "down"])
def test_wires_at_the_edge_run_on_the_way_as_they_do_then(view, editor, hand, shown, flow):
    right = shown(0.8)
    editor.perform(compose.set_flow(editor.graph, flow))
    editor.perform(decorating.lead(editor.graph, Wire("n34", "n35", 0), [(1000.0, 480.0)], "Lead"))
    editor.select(right)
    start = view.canvas.cards["n45"].body().topLeft() + QPointF(60, 12)
    hand.press(start)
    hand.move(start + BY)
    carried = view.canvas.carried
    everywhere = QRectF(-1e5, -1e5, 2e5, 2e5)
    ways = {item.wire: path for item, path in carried.edge.ways(carried.by, everywhere)}
    far = carried.edge.lines(carried.by)
    hand.release(start + BY)
    assert len(ways) >= 8 and Wire("n34", "n35", 0) in ways
    assert all(view.canvas.wires[wire].path == path for wire, path in ways.items())
    lines = [line for wire in ways for line in view.canvas.wires[wire].lines]
    points = [(e.x, e.y) for e in map(far.elementAt, range(far.elementCount()))]
    drawn = {(*points[k], *points[k + 1]) for k in range(0, len(points), 2)}
    assert drawn == {(*line.p1().toTuple(), *line.p2().toTuple()) for line in lines}


def test_no_wire_is_led_anew_while_many_cards_are_carried(view, editor, hand, shown, monkeypatch):
    editor.select(shown(0.8))
    start = view.canvas.cards["n45"].body().topLeft() + QPointF(60, 12)
    hand.press(start)
    monkeypatch.setattr(WireItem, "route", lambda *_: pytest.fail("a wire was led"))
    hand.move(start + BY / 2)
    hand.move(start + BY)
    monkeypatch.undo()
    hand.release(start + BY)
    assert editor.graph.node("n45").position != (1150.0, 520.0)
