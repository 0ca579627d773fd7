"""Frames, notes and dots on wires by the mouse and the keyboard, on the canvas alone."""

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gradviz.graph import decorating
from gradviz.graph.scenery import dots
from gradviz_ui import theme
from gradviz_ui.canvas import box_editing
from gradviz_ui.canvas.note_text import note_text

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def framed(editor, view):
    """A frame round the two parameters, and a note in it."""
    editor.select({editor.graph.named(n).id for n in ("theta1", "theta2")})
    made = box_editing.add_frame(view.canvas, QPointF())
    assert made is not None
    editor.perform(decorating.change(editor.graph, made, "", title="Inputs"))
    editor.boxes.choose(())
    view.fit()
    return made


def body(view, box_id) -> QRectF:
    return view.canvas.scenery.items[box_id].body()


def place(editor, name):
    return editor.graph.named(name).position


def top(view, box_id) -> QPointF:
    return body(view, box_id).topLeft() + QPointF(90, 12)


def test_a_frame_lies_round_what_was_selected(view, hand, framed):
    for name in ("theta1", "theta2"):
        assert body(view, framed).contains(hand.card(name).body())
    assert not body(view, framed).intersects(hand.card("J").body())


def test_dragging_a_frame_by_its_title_takes_its_cards_along(view, editor, hand, framed):
    before = place(editor, "theta1"), place(editor, "J"), body(view, framed).topLeft()
    start = top(view, framed)
    hand.drag(start, start + QPointF(-131, 67), keys=Qt.KeyboardModifier.NoModifier)
    by = body(view, framed).topLeft() - before[2]
    assert by.manhattanLength() > 100
    assert place(editor, "theta1") == (before[0][0] + by.x(), before[0][1] + by.y())
    assert place(editor, "J") == before[1]
    assert editor.boxes.ids == {framed}
    editor.stack.undo()
    assert place(editor, "theta1") == before[0]
    assert body(view, framed).topLeft() == before[2]


def test_a_card_dropped_in_a_frame_goes_along_from_then_on(view, editor, hand, framed):
    start = hand.title("J")
    inside = body(view, framed).center() + QPointF(20, 0)
    hand.drag(start, inside, keys=Qt.KeyboardModifier.NoModifier)
    before = place(editor, "J")
    start = top(view, framed)
    hand.drag(start, start + QPointF(0, 83))
    assert place(editor, "J")[1] > before[1] + 60


def test_a_drag_within_a_frame_selects_as_it_does_on_bare_ground(view, editor, hand, framed):
    room = body(view, framed)
    hand.drag(QPointF(room.left() + 10, room.top() + 40), room.bottomRight() - QPointF(9, 9))
    assert len(editor.selection) == 2
    assert editor.boxes.ids == set()


def test_an_edge_and_a_corner_resize_it_and_esc_takes_that_back(view, editor, hand, framed):
    before = body(view, framed)
    right = QPointF(before.right(), before.center().y())
    hand.drag(right, right + QPointF(60, 5))
    assert body(view, framed).width() == pytest.approx(before.width() + 60, abs=2)
    assert body(view, framed).topLeft() == before.topLeft()
    corner = before.topLeft()
    hand.press(corner)
    hand.move(corner - QPointF(40, 30))
    assert body(view, framed).top() < before.top() - 20
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert body(view, framed).topLeft() == before.topLeft()
    editor.stack.undo()
    assert body(view, framed) == before


def test_its_title_is_typed_in_place(view, editor, hand, framed):
    hand.double_click(top(view, framed))
    field = view.overlays.field
    assert field.isVisible() and field.text() == "Inputs"
    QTest.keyClicks(field, "The data")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert editor.graph.scenery[framed].title == "The data"
    assert editor.stack.undoText() == "Rename a frame"


def test_a_note_is_typed_in_place_and_set(view, editor, hand, qtbot):
    box_editing.write_note(view, QPointF(0, 300))
    note = view.overlays.note
    assert note.isVisible() and note.hasFocus()
    QTest.keyClicks(note, "the rate $\\eta$")
    QTest.keyClick(note, Qt.Key.Key_Return)
    QTest.keyClicks(note, "is small")
    QTest.keyClick(note, Qt.Key.Key_Return, CTRL)
    assert not note.isVisible()
    (made,) = editor.graph.scenery.values()
    assert made.text == "the rate $\\eta$\nis small"
    assert editor.stack.count() == 1
    assert "\ufffc" in view.canvas.scenery.items[made.id].text.toPlainText()
    hand.double_click(body(view, made.id).center())
    assert note.toPlainText() == made.text
    QTest.keyClick(note, Qt.Key.Key_Escape)
    assert editor.stack.count() == 1


def test_a_note_left_empty_is_none_and_one_emptied_goes(view, editor, hand):
    box_editing.write_note(view, QPointF(0, 300))
    QTest.keyClick(view.overlays.note, Qt.Key.Key_Return, CTRL)
    assert editor.graph.scenery == {} and not editor.stack.count()
    made = box_editing.add_note(view.canvas, QPointF(0, 300), "words")
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert view.overlays.note.isVisible()
    QTest.keyClick(view.overlays.note, Qt.Key.Key_A, CTRL)
    QTest.keyClick(view.overlays.note, Qt.Key.Key_Delete)
    hand.click(QPointF(40, -150))
    assert made not in editor.graph.scenery
    editor.stack.undo()
    assert made in editor.graph.scenery


def test_a_note_is_as_high_as_its_text_and_no_wider(view, editor):
    made = box_editing.add_note(view.canvas, QPointF(), "short")
    assert made is not None
    low = body(view, made).height()
    long = "many words " * 40 + r"$$\sum_i " + r"x_i + " * 40 + "x$$"
    editor.perform(decorating.change(editor.graph, made, "", text=long))
    assert body(view, made).height() > 2 * low
    text = view.canvas.scenery.items[made].text
    assert text.idealWidth() <= body(view, made).width() - 20


def test_what_is_no_formula_stays_as_written_and_nothing_is_loaded(qapp, tmp_path):
    picture = tmp_path / "a.png"
    wrong = note_text(f"$5 and $6, $\\frac{{a$ and ![x]({picture}) <b>bold</b>", 300.0)
    said = wrong.toPlainText()
    assert "$5 and $6" in said
    assert r"$\frac{a$" in said
    assert "<b>" in said
    assert wrong.loadResource(2, picture.as_uri()) is None


def test_notes_follow_the_theme(qapp, view):
    made = box_editing.add_note(view.canvas, QPointF(), "words $x$")
    item = view.canvas.scenery.items[made]
    light = item.text
    theme.apply(qapp, "dark")
    assert item.text is not light
    theme.apply(qapp, "light")
    assert item.text is light


def the_wire(editor):
    return next(w for w in editor.graph.wires if editor.graph.node(w.target).name == "J")


def test_a_double_click_puts_a_dot_on_a_wire_and_another_takes_it_away(view, editor, hand):
    wire = the_wire(editor)
    point = view.canvas.wires[wire].path.pointAtPercent(0.5)
    hand.double_click(point)
    (dot,) = dots(editor.graph, wire)
    assert (QPointF(*dot) - point).manhattanLength() < 4
    start, end = view.canvas.wires[wire].ends
    assert start == hand.output(editor.graph.node(wire.source).name)
    hand.double_click(QPointF(*dot))
    assert dots(editor.graph, wire) == ()
    assert view.canvas.wires[wire].ends == (start, end)


def test_alt_click_does_the_same_and_alt_drag_still_cuts(view, editor, hand):
    wire = the_wire(editor)
    point = view.canvas.wires[wire].path.pointAtPercent(0.4)
    hand.click(point, keys=ALT)
    assert len(dots(editor.graph, wire)) == 1
    hand.click(QPointF(*dots(editor.graph, wire)[0]), keys=ALT)
    assert dots(editor.graph, wire) == ()
    hand.drag(point - QPointF(0, 60), point + QPointF(0, 60), keys=ALT)
    assert wire not in editor.graph.wires


def test_a_dragged_dot_leads_the_wire_through_where_it_is_dropped(view, editor, hand):
    wire = the_wire(editor)
    value = editor.value(wire.target).item()
    hand.double_click(view.canvas.wires[wire].path.pointAtPercent(0.5))
    before = QPointF(*dots(editor.graph, wire)[0])
    goal = before + QPointF(10, 120)
    hand.drag(before, goal)
    ((x, y),) = dots(editor.graph, wire)
    assert (QPointF(x, y) - goal).manhattanLength() < 4
    path = view.canvas.wires[wire].path
    assert min((path.pointAtPercent(k / 200) - goal).manhattanLength() for k in range(201)) < 8
    assert editor.value(wire.target).item() == value
    editor.stack.undo()
    assert dots(editor.graph, wire) == ((before.x(), before.y()),)


def test_a_second_dot_comes_to_lie_where_it_was_put_along_the_wire(view, editor, hand):
    wire = the_wire(editor)
    for part in (0.7, 0.25):
        hand.double_click(view.canvas.wires[wire].path.pointAtPercent(part))
    first, second = dots(editor.graph, wire)
    assert first[0] < second[0]


def test_dots_go_along_with_both_ends_of_their_wire(view, editor, hand):
    wire = the_wire(editor)
    hand.double_click(view.canvas.wires[wire].path.pointAtPercent(0.5))
    before = dots(editor.graph, wire)[0]
    editor.select(editor.graph.nodes)
    hand.drag(hand.title("J"), hand.title("J") + QPointF(37, 61))
    after = dots(editor.graph, wire)[0]
    moved = editor.graph.named("J").position
    editor.stack.undo()
    was = editor.graph.named("J").position
    assert (after[0] - before[0], after[1] - before[1]) == (moved[0] - was[0], moved[1] - was[1])


def test_a_rubber_band_selects_notes_it_touches_and_frames_it_holds(view, editor, hand, framed):
    made = box_editing.add_note(view.canvas, body(view, framed).bottomLeft() + QPointF(0, 40), "x")
    view.fit()
    room = body(view, framed).united(body(view, made)).adjusted(-12, -12, 12, 12)
    hand.drag(room.topLeft(), room.bottomRight() - QPointF(4, 4))
    assert editor.boxes.ids == {framed, made}
    hand.drag(room.bottomLeft(), QPointF(room.left() + 40, body(view, made).center().y()))
    assert editor.boxes.ids == {made}
    hand.click(room.topLeft() - QPointF(3, 3))
    assert editor.boxes.ids == set()


def test_nothing_written_on_a_wire_covers_its_dots_or_a_note(view, editor, hand, showing):
    graph = showing("a = [1.0, 2.0]\nJ = sin(a)")
    (wire,) = graph.wires
    point = view.canvas.wires[wire].path.pointAtPercent(0.5)
    (before,) = view.canvas.labels.placed(view.canvas.bounds())
    assert before[0].contains(point)
    hand.double_click(point)
    labels = view.canvas.labels.placed(view.canvas.bounds())
    assert not any(area.contains(point) for area, _, _ in labels)


def test_the_field_of_a_long_note_and_its_hint_are_in_sight(view, editor):
    text = "\n".join(f"line {n}" for n in range(40))
    room = view.scene_point(QPointF(view.width() - 40, 60))
    made = box_editing.add_note(view.canvas, room, text)
    view.overlays.edit_box(made)
    note = view.overlays.note
    assert view.rect().contains(note.geometry())
    hint = next(c for c in view.findChildren(QLabel) if "Ctrl+Enter" in c.text())
    assert hint.isVisible() and view.rect().contains(hint.geometry())
