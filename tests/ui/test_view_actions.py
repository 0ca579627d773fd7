"""Laying out and turning by keys, and what has no key of its own by the palette, in a window."""

import pytest
from PySide6.QtCore import Qt

from gradviz.files import dumps
from gradviz.graph import compose
from gradviz.program import update
from gradviz_ui.motion import motion

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def at_once():
    motion().choose(True)
    yield
    motion().choose(None)


@pytest.fixture
def palette(window, qtbot):
    """Types words in the palette, and takes what comes first."""

    def take(words: str) -> None:
        qtbot.keyClick(window.canvas, Qt.Key.Key_K, CTRL)
        qtbot.waitUntil(window._palette.field.hasFocus)
        qtbot.keyClicks(window._palette.field, words)
        qtbot.keyClick(window._palette.field, Qt.Key.Key_Return)

    return take


@pytest.fixture
def heap(window, editor):
    """All cards on one heap."""
    graph = editor.graph
    editor.perform(compose.move(graph, {i: (n * 8.0, 0.0) for n, i in enumerate(graph.nodes)}))
    window.canvas.setFocus()
    return dumps(graph)


def crowded(window) -> set[str]:
    cards = window.canvas.canvas.cards
    return {
        i for i, a in cards.items() for j, b in cards.items()
        if i != j and a.body().intersects(b.body())
    }  # fmt: skip


def test_a_key_lays_all_cards_out_and_undo_heaps_them_again(window, editor, heap, press):
    assert crowded(window)
    press("tidy", Qt.Key.Key_T, CTRL)
    assert not crowded(window)
    editor.stack.undo()
    assert dumps(editor.graph) == heap


def test_the_key_leads_wires_round_cards_and_one_undo_takes_it_back(window, editor, press):
    graph = editor.graph
    editor.perform(update(graph, "b = sin(a)\nc = cos(b)\nd = exp(c)\nJ = d * a + b * c"))
    scene = window.canvas.canvas
    editor.perform(compose.move(graph, {i: (n * 8.0, 0.0) for n, i in enumerate(graph.nodes)}))
    before, count = dumps(graph), editor.stack.count()
    window.canvas.setFocus()
    press("tidy", Qt.Key.Key_T, CTRL)
    assert any(item.dots for item in scene.wires.values())
    for wire, item in scene.wires.items():
        way = [item.path.pointAtPercent(n / 200) for n in range(201)]
        ends = scene.cards[wire.source], scene.cards[wire.target]
        others = (card for card in scene.cards.values() if card not in ends)
        assert not any(card.body().contains(point) for card in others for point in way)
    assert editor.stack.count() == count + 1
    editor.stack.undo()
    assert dumps(graph) == before


def test_another_lays_out_the_selection_alone(window, editor, heap, press):
    ids = editor.graph.ids_by_name
    chosen = {ids["theta1"], ids["pow1"]}
    before = {i: n.position for i, n in editor.graph.nodes.items()}
    editor.select(chosen)
    press("tidy_selection", Qt.Key.Key_T, SHIFT)
    moved = {i for i, n in editor.graph.nodes.items() if n.position != before[i]}
    bodies = [window.canvas.canvas.cards[i].body() for i in sorted(chosen)]
    assert moved and moved <= chosen and not bodies[0].intersects(bodies[1])


def test_top_down_is_chosen_in_the_palette(window, editor, heap, palette):
    palette("top-down")
    assert editor.graph.settings.flow == "down" and not crowded(window)
    wires = window.canvas.canvas.wires.values()
    assert all(item.ends[0].y() < item.ends[1].y() for item in wires)
    palette("top-down")
    assert editor.graph.settings.flow == "right"


def test_a_group_is_kept_and_its_likes_are_selected_by_the_palette(
    window, editor, palette, press, own_library, qtbot
):
    ids = editor.graph.ids_by_name
    window.canvas.setFocus()
    for name in ("pow1", "pow2"):
        editor.select([ids[name]])
        press("group", Qt.Key.Key_G, CTRL)
        qtbot.keyClick(window.canvas.overlays.field, Qt.Key.Key_Return)
    editor.select([ids["pow1"]])
    palette("keep in my library")
    assert len(list(own_library.iterdir())) == 1
    editor.select([ids["pow1"]])
    palette("select identical")
    assert editor.selection == {ids["pow1"], ids["pow2"]}
