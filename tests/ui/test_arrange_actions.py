"""Cards lined up, spaced out, wired and swapped by keys, in a whole window."""

import pytest
from PySide6.QtCore import QRectF, Qt

from gradviz.graph import Graph, compose
from gradviz.program import update

KEYS = Qt.KeyboardModifier
LINE_UP, NONE = KEYS.ControlModifier | KEYS.AltModifier, KEYS.NoModifier


@pytest.fixture
def cards(window, editor):
    """The window over four cards, of which the operations are selected."""
    graph = Graph()
    graph.apply(update(graph, "a = sin(x)\nb = cos(a)\nJ = b - a"))
    places = {"a": (200, 30), "b": (430, 160), "J": (900, 80)}
    ids = graph.ids_by_name
    graph.apply(compose.move(graph, {ids[name]: at for name, at in places.items()}))
    editor.show_graph(graph)
    editor.select(ids[name] for name in places)
    window.canvas.setFocus()
    return window


def bodies(window) -> list:
    scene, graph = window.canvas.canvas, window.editor.graph
    return [scene.cards[graph.ids_by_name[name]].body() for name in "abJ"]


def test_cards_line_up_at_an_edge_and_go_back(cards, press):
    before = [b.topLeft() for b in bodies(cards)]
    press("align_top", Qt.Key.Key_Up, LINE_UP)
    assert {b.top() for b in bodies(cards)} == {30}
    press("align_left", Qt.Key.Key_Left, LINE_UP)
    assert {b.left() for b in bodies(cards)} == {200}
    assert cards.editor.stack.undoText() == "Align left"
    while cards.editor.stack.canUndo():
        cards.editor.stack.undo()
    assert [b.topLeft() for b in bodies(cards)] == before


@pytest.mark.parametrize(
    ("edge", "key", "place"),
    [
        ("left", Qt.Key.Key_Left, QRectF.left),
        ("right", Qt.Key.Key_Right, QRectF.right),
        ("top", Qt.Key.Key_Up, QRectF.top),
        ("bottom", Qt.Key.Key_Down, QRectF.bottom),
        ("centre", Qt.Key.Key_C, lambda b: b.center().x()),
        ("middle", Qt.Key.Key_M, lambda b: b.center().y()),
    ],
)
def test_each_edge_and_middle_can_be_lined_up(cards, press, edge, key, place):
    before = {place(b) for b in bodies(cards)}
    press(f"align_{edge}", key, LINE_UP)
    found = [place(b) for b in bodies(cards)]
    assert max(found) - min(found) <= 1 < max(before) - min(before)


def test_the_gaps_below_each_other_become_equal(cards, press):
    graph, ids = cards.editor.graph, cards.editor.graph.ids_by_name
    places = {ids["a"]: (0.0, 0.0), ids["b"]: (30.0, 130.0), ids["J"]: (10.0, 700.0)}
    cards.editor.perform(compose.move(graph, places))
    press("distribute_down", Qt.Key.Key_V, LINE_UP)
    a, b, j = bodies(cards)
    assert abs((b.top() - a.bottom()) - (j.top() - b.bottom())) <= 1


def test_the_gaps_between_cards_become_equal(cards, press):
    press("distribute_across", Qt.Key.Key_H, LINE_UP)
    a, b, j = bodies(cards)
    assert abs((b.left() - a.right()) - (j.left() - b.right())) <= 1
    assert (a.left(), j.left()) == (200, 900)


def test_inputs_are_swapped(cards, press):
    editor = cards.editor
    difference = editor.graph.named("J")
    editor.select([difference.id])
    before = float(editor.value(difference.id).array)
    press("swap_inputs", Qt.Key.Key_X, NONE)
    assert float(editor.value(difference.id).array) == -before


def test_a_selection_is_wired_by_one_key_and_says_why_where_it_cannot(cards, press, qtbot):
    editor = cards.editor
    graph = Graph()
    for op, left in (("tensor", 0), ("tensor", 0), ("mul", 250), ("exp", 500)):
        graph.apply(compose.add(graph, op, (left, 100.0 * len(graph.nodes))))
    editor.show_graph(graph)
    editor.select(graph.nodes)
    cards.canvas.setFocus()
    press("connect", Qt.Key.Key_J, NONE)
    assert len(list(editor.graph.wires)) == 3
    assert editor.value(editor.graph.output()) is not None
    with qtbot.waitSignal(editor.refused) as said:
        press("connect", Qt.Key.Key_J, NONE)
    assert said.args[0].startswith("Nothing to connect")
