"""Wires cut by Alt, cards dragged over the edge, cards put where none lies, a first word."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from gradviz.graph import compose
from gradviz_ui.canvas.edge_pan import EDGE

ALT = Qt.KeyboardModifier.AltModifier


def test_a_line_drawn_with_alt_cuts_the_wires_it_crosses(view, hand, showing, editor):
    showing("y = a * b\nz = exp(y)")
    wires = len(list(editor.graph.wires))
    between = (hand.output("y") + hand.input("z")) / 2
    hand.drag(between - QPointF(0, 60), between + QPointF(0, 60), keys=ALT)
    assert len(list(editor.graph.wires)) == wires - 1
    assert not editor.graph.inputs(editor.graph.named("z").id)
    editor.stack.undo()
    assert len(list(editor.graph.wires)) == wires


def test_a_line_that_crosses_nothing_is_no_edit(view, hand, editor):
    start = view.canvas.bounds().bottomLeft() + QPointF(10, 30)
    hand.drag(start, start + QPointF(60, 10), keys=ALT)
    assert not editor.stack.count()


def test_escape_gives_a_cut_up(view, hand, editor):
    wires = set(editor.graph.wires)
    place = (hand.output("theta1") + hand.input("pow1")) / 2
    hand.press(place - QPointF(0, 60), keys=ALT)
    hand.move(place + QPointF(0, 60))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    hand.release(place + QPointF(0, 60), keys=ALT)
    assert set(editor.graph.wires) == wires


def test_dragging_a_card_against_the_edge_takes_it_beyond(view, hand, editor, qtbot):
    before = editor.graph.named("J").position
    edge = view.scene_point(QPointF(view.viewport().width() - 3, 300))
    hand.press(hand.title("J"))
    hand.move((hand.title("J") + edge) / 2)
    hand.move(edge)
    card = view.canvas.cards[editor.graph.named("J").id]
    qtbot.waitUntil(lambda: card.body().x() > edge.x() + 200)
    place = QPointF(view.viewport().width() - 2 * EDGE, 300)
    hand.move(view.scene_point(place))
    hand.release(view.scene_point(place))
    assert editor.graph.named("J").position[0] > before[0] + 200
    still = view.scene_point(QPointF())
    qtbot.wait(60)
    assert view.scene_point(QPointF()) == still


def test_a_new_card_lies_on_no_other(view, editor):
    card = view.canvas.cards[editor.graph.named("pow1").id]
    view.overlays.search_at(view.mapFromScene(card.body().center()))
    QTest.keyClicks(view.overlays.popup.field, "tanh")
    QTest.keyClick(view.overlays.popup.field, Qt.Key.Key_Return)
    new = view.canvas.cards[editor.graph.named("tanh").id].body()
    others = [c.body() for i, c in view.canvas.cards.items() if i not in editor.selection]
    assert len(others) == 5 and not any(new.intersects(other) for other in others)


def test_an_empty_canvas_says_how_to_begin(view, editor):
    assert not view.overlays.empty.isVisible()
    editor.perform(compose.delete(editor.graph, set(editor.graph.nodes)))
    assert view.overlays.empty.isVisible()
    assert not view.overlays.overview.isVisible()
    editor.stack.undo()
    assert not view.overlays.empty.isVisible()
