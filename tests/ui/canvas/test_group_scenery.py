"""Frames and notes within groups on the canvas: hidden, shown, moved and made with their group."""

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtTest import QTest

from gradviz.files import dumps
from gradviz.graph import decorating, grouping
from gradviz_ui.canvas import box_editing, box_words
from gradviz_ui.canvas.folding import open_groups
from gradviz_ui.canvas.moving import held
from gradviz_ui.canvas.picture import Page

MOVE = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
RESIZE = MOVE | Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
KEY = Qt.Key


@pytest.fixture
def grouped(view, editor, showing):
    """``block`` of p and q with a note below them and a frame round q; its id."""
    graph = showing("p = sin(a)\nq = cos(p)\ny = q * b")
    ids = [graph.named(name).id for name in "pq"]
    editor.perform(grouping.make_group(graph, ids, "block"))
    below = view.canvas.cards[ids[0]].body().bottomLeft() + QPointF(0, 60)
    box_editing.add_note(view.canvas, below, "what it does")
    editor.select(ids[1:])
    box_editing.add_frame(view.canvas, QPointF())
    editor.boxes.clear()
    edit = decorating.change(graph, "s1", "Into", group="g1")
    editor.perform(edit)
    editor.stack.clear()
    view.fit()
    return "g1"


def group_frame(view):
    (frame,) = view.canvas.groups.frames
    return frame


def shown(view):
    return set(view.canvas.scenery.items)


def test_what_is_made_within_an_open_group_belongs_to_it_and_its_ground_goes_round(
    view, editor, grouped
):
    items = view.canvas.scenery.items
    assert {box.box.group for box in items.values()} == {"g1"}
    assert all(group_frame(view).body().contains(item.body()) for item in items.values())
    box_editing.add_note(view.canvas, group_frame(view).body().bottomLeft(), "below")
    assert decorating.box(editor.graph, "s3").group is None
    box_editing.add_note(view.canvas, group_frame(view).body().center() - QPointF(120, 30), "in")
    assert decorating.box(editor.graph, "s4").group == "g1"


def test_a_collapsed_group_hides_them_an_entered_one_shows_its_own(
    view, editor, grouped, assert_true
):
    note = box_editing.add_note(view.canvas, QPointF(0, 900), "of none")
    editor.boxes.choose({"s1", note})
    editor.perform(grouping.collapse(editor.graph, [grouped]))
    assert shown(view) == {note} and editor.boxes.ids == {note}
    editor.entering.enter(grouped)
    assert shown(view) == {"s1", "s2"} and editor.boxes.ids == frozenset()
    pins = view.canvas.groups.pins
    boxes = [item.body() for item in view.canvas.scenery.items.values()]
    assert not any(pin.body().intersects(body) for pin in pins for body in boxes)
    assert_true()
    before = dumps(editor.graph)
    made = box_editing.add_note(view.canvas, QPointF(0, 500), "inside")
    assert made is not None and decorating.box(editor.graph, made).group == grouped
    editor.stack.undo()
    assert dumps(editor.graph) == before
    editor.entering.leave()
    assert shown(view) == {note}
    editor.stack.undo()
    assert shown(view) == {"s1", "s2", note}
    assert_true()


def test_they_go_along_with_an_open_group_and_with_the_card_of_a_collapsed_one(
    view, editor, hand, grouped
):
    title = group_frame(view).title().center()
    before = {i: box.at for i, box in editor.graph.scenery.items()}
    hand.press(title)
    hand.move(title + QPointF(20, 20))
    hand.move(title + QPointF(56, 84))
    items = view.canvas.scenery.items
    assert all(group_frame(view).body().contains(item.body()) for item in items.values())
    hand.release(title + QPointF(56, 84))
    now = editor.graph.scenery
    (by,) = {(now[i].at[0] - at[0], now[i].at[1] - at[1]) for i, at in before.items()}
    assert by != (0, 0)
    editor.stack.undo()
    assert {i: box.at for i, box in now.items()} == before
    editor.perform(grouping.collapse(editor.graph, [grouped]))
    card = view.canvas.groups.card_of(editor.graph.named("p").id).body()
    hand.drag(card.center(), card.center() + QPointF(100, 150))
    (by,) = {(now[i].at[0] - at[0], now[i].at[1] - at[1]) for i, at in before.items()}
    assert by != (0, 0)


def test_a_note_of_a_group_moves_alone_and_its_ground_follows(view, editor, hand, grouped):
    note = view.canvas.scenery.items["s1"]
    start = note.body().center()
    q = editor.graph.named("q").position
    hand.press(start)
    hand.move(start + QPointF(0, 40))
    hand.move(start + QPointF(-90, 130))
    assert group_frame(view).body().contains(note.body())
    hand.release(start + QPointF(-90, 130))
    assert group_frame(view).body().contains(note.body())
    assert editor.graph.named("q").position == q


def test_a_group_opened_in_place_makes_room_among_notes_and_within_a_frame(view, editor, grouped):
    graph = editor.graph
    editor.perform(grouping.collapse(graph, [grouped]))
    card = view.canvas.groups.card_of(graph.named("p").id).body()
    right = box_editing.add_note(view.canvas, card.topRight() + QPointF(30, 0), "beside")
    editor.boxes.clear()
    editor.select(graph.groups[grouped].members)
    around = box_editing.add_frame(view.canvas, QPointF())
    assert around is not None and decorating.box(graph, around).group is None
    editor.boxes.clear()
    before = dumps(graph)
    open_groups(view.canvas, [grouped])
    items, ground = view.canvas.scenery.items, group_frame(view).body()
    assert not items[right].body().intersects(ground)
    assert items[around].body().contains(ground)
    editor.stack.undo()
    assert dumps(graph) == before


def test_arrows_lead_to_frames_and_notes_and_back_and_each_is_described(view, editor, grouped):
    graph, card = editor.graph, view.canvas.cards
    p, q = graph.named("p").id, graph.named("q").id
    editor.select({p})
    QTest.keyClick(view, KEY.Key_Down)
    assert editor.boxes.ids == {"s1"} and not editor.selection
    assert view.accessibleDescription() == "Note: what it does. In the group block."
    QTest.keyClick(view, KEY.Key_Up)
    assert editor.boxes.ids == frozenset() and editor.selection == {p}
    editor.select({q})
    QTest.keyClick(view, KEY.Key_Up)
    assert editor.boxes.ids == {"s2"}
    said = "Frame without a title, round q. In the group block."
    assert view.accessibleDescription() == said
    QTest.keyClick(view, KEY.Key_Down, SHIFT)
    assert editor.boxes.ids == {"s2"} and editor.selection == {q}
    assert card[q].body().isValid()


def test_keys_move_resize_word_and_delete_what_is_chosen(view, editor, grouped):
    graph = editor.graph
    start = dumps(graph)
    editor.boxes.choose({"s1"})
    (x, y), (width, _) = graph.scenery["s1"].at, graph.scenery["s1"].size
    tall = view.canvas.scenery.items["s1"].body().height()
    for _ in range(2):
        QTest.keyClick(view, KEY.Key_Right, MOVE)
    QTest.keyClick(view, KEY.Key_Up, MOVE)
    assert graph.scenery["s1"].at == (x + 56, y - 28)
    QTest.keyClick(view, KEY.Key_Right, RESIZE)
    QTest.keyClick(view, KEY.Key_Down, RESIZE)
    assert graph.scenery["s1"].size == (width + 28, tall + 28)
    QTest.keyClick(view, KEY.Key_Left, RESIZE)
    QTest.keyClick(view, KEY.Key_Return)
    QTest.keyClicks(view.overlays.note, ", in short")
    QTest.keyClick(view.overlays.note, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert graph.scenery["s1"].text == "what it does, in short"
    assert "in short" in view.accessibleDescription()
    assert editor.stack.count() == 3
    while editor.stack.canUndo():
        editor.stack.undo()
    assert dumps(graph) == start
    editor.select({graph.named("y").id})
    QTest.keyClick(view, KEY.Key_Left, RESIZE)
    assert dumps(graph) == start
    where = graph.named("y").position
    QTest.keyClick(view, KEY.Key_Left, MOVE)
    assert graph.named("y").position == (where[0] - 28, where[1])


def test_a_picture_shows_those_of_open_groups_and_not_those_of_collapsed_ones(
    view, editor, grouped
):
    def seen():
        page = Page(editor)
        found = set(page._scene.scenery.items)
        page.close()
        return found

    assert seen() == {"s1", "s2"}
    editor.entering.enter(grouped)
    assert seen() == {"s1", "s2"}
    editor.entering.leave()
    editor.perform(grouping.collapse(editor.graph, [grouped]))
    assert seen() == set()


def test_tidying_keeps_those_of_an_open_group_on_its_ground(view, editor, grouped, assert_true):
    view.tidy()
    view.tidying.cancel()
    items = view.canvas.scenery.items
    assert all(group_frame(view).body().contains(item.body()) for item in items.values())
    cards = [QRectF(card.body()) for card in view.canvas.cards.values()]
    assert not any(items["s1"].body().intersects(card) for card in cards)
    assert_true()


def test_what_a_frame_holds_is_looked_for_once_to_describe_it(view, editor, grouped, monkeypatch):
    looked: list[str] = []
    monkeypatch.setattr(
        box_words, "held", lambda scene, frame: looked.append(frame.id) or held(scene, frame)
    )
    editor.boxes.choose({"s2"})
    assert view.accessibleDescription() == "Frame without a title, round q. In the group block."
    assert looked == ["s2"]
