"""Frames and notes in a whole window: made by keys on free places, and taken along by groups."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QSignalSpy, QTest

from gradviz.files import dumps, load
from gradviz.graph import decorating
from gradviz.graph.scenery import boxes

CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)
KEY = Qt.Key


def write(window, press, text: str) -> str:
    """A note written by keys; its id."""
    before = set(boxes(window.editor.graph))
    press("add_note", KEY.Key_N, NONE)
    assert window.canvas.overlays.note.hasFocus()
    QTest.keyClicks(window.canvas.overlays.note, text)
    QTest.keyClick(window.canvas.overlays.note, KEY.Key_Return, CTRL)
    (made,) = set(boxes(window.editor.graph)) - before
    return made


def test_notes_made_by_a_key_lie_near_and_on_no_card_nor_each_other(window, editor, press):
    scene = window.canvas.canvas
    for place in (QPointF(80, 40), QPointF(80, 40), QPointF(300, 60)):
        window.canvas.aimed = window.canvas.mapFromScene(place)
        write(window, press, "words")
        window.canvas.fit()
    notes = [item.body() for item in scene.scenery.items.values()]
    assert len(notes) == 3
    taken = [card.body() for card in scene.cards.values()]
    for number, note in enumerate(notes):
        others = taken + notes[:number] + notes[number + 1 :]
        assert not any(note.intersects(other) for other in others)
        assert min((note.center() - body.center()).manhattanLength() for body in taken) < 500


def test_while_a_note_is_typed_its_field_covers_no_card(window, editor, press):
    canvas = window.canvas
    canvas.zoom_by(0.6)
    canvas.aimed = canvas.mapFromScene(next(iter(canvas.canvas.cards.values())).body().center())
    press("add_note", KEY.Key_N, NONE)
    field = canvas.overlays.note.geometry()
    cards = [canvas.mapFromScene(c.body()).boundingRect() for c in canvas.canvas.cards.values()]
    assert canvas.viewport().rect().contains(field)
    assert not any(field.intersects(card) for card in cards)
    QTest.keyClick(canvas.overlays.note, KEY.Key_Escape)
    assert not editor.stack.canUndo()


def test_a_frame_with_nothing_selected_is_put_where_nothing_is(window, editor, press):
    editor.select(())
    press("add_frame", KEY.Key_F, SHIFT)
    scene = window.canvas.canvas
    (frame,) = scene.scenery.items.values()
    assert not any(frame.body().intersects(card.body()) for card in scene.cards.values())


def test_a_group_takes_notes_and_frames_along_through_all_that_is_done_to_it(chain, press, qtbot):
    editor, graph, canvas = chain.editor, chain.editor.graph, chain.canvas
    chosen = editor.selection
    press("add_frame", KEY.Key_F, SHIFT)
    QTest.keyClick(canvas.overlays.field, KEY.Key_Return)
    note = write(chain, press, "both")
    editor.boxes.choose({note}, chosen)
    before = dumps(graph)
    press("group", KEY.Key_G, CTRL)
    QTest.keyClick(canvas.overlays.field, KEY.Key_Return)
    assert {box.group for box in boxes(graph).values()} == {"g1"}
    press("fold", KEY.Key_E, CTRL)
    assert not canvas.canvas.scenery.items
    press("duplicate", KEY.Key_D, CTRL)
    assert sorted(str(box.group) for box in boxes(graph).values()) == ["g1", "g1", "g2", "g2"]
    press("copy", KEY.Key_C, CTRL)
    press("paste", KEY.Key_V, CTRL)
    assert len(boxes(graph)) == 6
    press("delete", KEY.Key_Delete, NONE)
    assert set(graph.groups) == {"g1", "g2"} and len(boxes(graph)) == 4
    editor.select(graph.groups["g2"].members)
    press("ungroup", KEY.Key_G, CTRL | SHIFT)
    assert [box.group for box in boxes(graph).values()].count(None) == 2
    assert len(canvas.canvas.scenery.items) == 2
    editor.select(graph.groups["g1"].members)
    press("enter_group", KEY.Key_Down, Qt.KeyboardModifier.AltModifier)
    inside = write(chain, press, "within")
    assert decorating.box(graph, inside).group == "g1"
    assert len(canvas.canvas.scenery.items) == 3
    press("select_all", KEY.Key_A, CTRL)
    assert editor.boxes.ids == canvas.canvas.scenery.items.keys()
    press("leave_group", KEY.Key_Up, Qt.KeyboardModifier.AltModifier)
    after = dumps(graph)
    count = editor.stack.count()
    while dumps(graph) != before:
        assert editor.stack.canUndo()
        editor.stack.undo()
    while editor.stack.canRedo():
        editor.stack.redo()
    assert dumps(graph) == after and editor.stack.count() == count


def test_a_kept_group_keeps_its_notes_and_what_is_taken_out_leaves_alone(
    chain, press, do, own_library
):
    editor, graph = chain.editor, chain.editor.graph
    chosen = editor.selection
    note = write(chain, press, "kept")
    editor.boxes.choose({note}, chosen)
    press("group", KEY.Key_G, CTRL)
    QTest.keyClick(chain.canvas.overlays.field, KEY.Key_Return)
    editor.select(chosen)
    do("keep_group")
    (path,) = own_library.glob("*.gradviz")
    kept = load(path)
    assert [box.group for box in boxes(kept).values()] == list(kept.groups)
    editor.boxes.choose({note})
    do("take_out")
    assert decorating.box(graph, note).group is None and graph.groups["g1"].members == chosen


def test_what_is_selected_beside_a_group_is_taken_into_it(chain, press, qtbot, do):
    editor, graph, actions = chain.editor, chain.editor.graph, chain.actions_by_name
    press("group", KEY.Key_G, CTRL)
    QTest.keyClick(chain.canvas.overlays.field, KEY.Key_Return)
    inside = graph.groups["g1"].members
    editor.select(inside)
    actions.refresh()
    assert not actions["add_to_group"].isEnabled()
    chain.canvas.aimed = chain.canvas.mapFromScene(QPointF(0, 700))
    note = write(chain, press, "apart")
    assert decorating.box(graph, note).group is None
    before = dumps(graph)
    editor.boxes.choose({note}, inside | {graph.named("x").id})
    do("add_to_group")
    assert decorating.box(graph, note).group == "g1"
    assert graph.groups["g1"].members == inside | {graph.named("x").id}
    editor.stack.undo()
    assert dumps(graph) == before


def test_a_screen_reader_is_told_of_what_is_chosen(chain, press, editor):
    note = write(chain, press, "the $x$ axis")
    QAccessible.setActive(True)
    spy = QSignalSpy(chain.page.announcer.said)
    editor.boxes.clear()
    press("next_box", KEY.Key_N, SHIFT)
    assert spy.at(spy.count() - 1)[0] == "Note: the $x$ axis."
    editor.boxes.choose({note}, editor.graph.nodes)
    assert spy.at(spy.count() - 1)[0] == "4 nodes and 1 note selected"
    QAccessible.setActive(False)
