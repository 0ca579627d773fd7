"""Cards dropped on wires: led through them, with room made, by real events."""

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gradviz.files import dumps
from gradviz.graph import compose
from gradviz_ui.canvas.dropping import MIME
from gradviz_ui.theme import current, qcolor

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def graph(view, editor, showing, hand):
    """A wire from ``y`` to ``z``, and a tanh beside them that nothing is wired to."""
    made = showing("y = sin(a)\nz = exp(y)")
    beside = hand.card("y").body().x(), view.canvas.bounds().bottom() + 60
    made.apply(compose.add(made, "tanh", beside))
    editor.show_graph(made)
    view.fit()
    return made


def source(graph, name):
    wire = graph.inputs(graph.named(name).id).get(0)
    return None if wire is None else graph.node(wire.source).name


def on_wire(hand) -> QPointF:
    """Where the title of the tanh is pressed so that its middle comes to lie on the wire."""
    body = hand.card("tanh").body()
    return (hand.output("y") + hand.input("z")) / 2 - body.center() + hand.title("tanh")


def apart(view) -> bool:
    bodies = [card.body() for card in view.canvas.cards.values()]
    return not any(a.intersects(b) for a in bodies for b in bodies if a is not b)


def test_a_card_dropped_on_a_wire_is_led_through_it_and_neighbours_make_room(
    view, editor, hand, graph, assert_true
):
    before = dumps(graph)
    hand.drag(hand.title("tanh"), on_wire(hand))
    assert (source(graph, "tanh"), source(graph, "z")) == ("y", "tanh")
    ways = [(hand.output("y"), hand.input("tanh")), (hand.output("tanh"), hand.input("z"))]
    assert all(end.x() - start.x() >= 20 for start, end in ways) and apart(view)
    assert_true()
    assert editor.stack.count() == 1 and editor.stack.undoText() == "Insert tanh"
    editor.stack.undo()
    assert dumps(graph) == before


def test_the_wire_is_marked_on_the_way(view, editor, hand, graph):
    place = on_wire(hand)
    theme = current().sel
    hand.press(hand.title("tanh"))
    hand.move(place - QPointF(0, 90))
    wire = hand.at(hand.output("y") + QPointF(8, 0))
    off = view.viewport().grab().toImage().pixelColor(wire).name()
    hand.move(place)
    on = view.viewport().grab().toImage().pixelColor(wire).name()
    assert on == qcolor(theme).name() != off
    QTest.keyClick(view, Qt.Key.Key_Escape)
    hand.release(place)
    assert source(graph, "z") == "y" and not editor.stack.count()


def test_alt_holds_it_off(view, editor, hand, graph):
    place = on_wire(hand)
    hand.press(hand.title("tanh"))
    for at in (place - QPointF(0, 20), place):
        spot = QPointF(hand.at(at))
        held = QMouseEvent(
            QEvent.Type.MouseMove, spot, view.viewport().mapToGlobal(spot),
            Qt.MouseButton.NoButton, LEFT, Qt.KeyboardModifier.AltModifier,
        )  # fmt: skip
        QApplication.sendEvent(view.viewport(), held)
    hand.release(place)
    assert source(graph, "z") == "y" and editor.stack.undoText().startswith("Move")


@pytest.mark.parametrize("name", ["a", "z"])
def test_what_is_wired_or_takes_nothing_is_only_moved(view, editor, hand, graph, name):
    wires = set(graph.wires)
    middle = (hand.output("y") + hand.input("z")) / 2
    body = hand.card(name).body()
    hand.drag(hand.title(name), middle - body.center() + hand.title(name))
    assert set(graph.wires) == wires and editor.stack.count() == 1


def test_an_operation_of_the_library_dropped_on_a_wire_goes_in(view, editor, hand, graph):
    data = QMimeData()
    data.setData(MIME, b"cos")
    place = QPointF(hand.at((hand.output("y") + hand.input("z")) / 2))
    copy = Qt.DropAction.CopyAction
    for event in (
        QDragEnterEvent(place.toPoint(), copy, data, LEFT, NONE),
        QDropEvent(place, copy, data, LEFT, NONE),
    ):
        QApplication.sendEvent(view.viewport(), event)
    assert (source(graph, "cos"), source(graph, "z")) == ("y", "cos") and apart(view)
    editor.stack.undo()
    assert source(graph, "z") == "y" and graph.named("cos") is None


def test_top_down_they_make_room_below(view, editor, hand, graph, qtbot):
    view.run_wires("down")
    view.fit()
    place = on_wire(hand)
    hand.drag(hand.title("tanh"), place)
    assert (source(graph, "tanh"), source(graph, "z")) == ("y", "tanh")
    assert hand.input("z").y() - hand.output("tanh").y() >= 20 and apart(view)
