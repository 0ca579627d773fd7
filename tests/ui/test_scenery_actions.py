"""Frames, notes, colours and dots by the menus and the keys of a whole window."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from gradviz.graph import decorating
from gradviz.graph.scenery import Frame, dots

NONE, SHIFT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


@pytest.fixture
def chosen(editor):
    """The ids of the two parameters, selected."""
    ids = {editor.graph.named(name).id for name in ("theta1", "theta2")}
    editor.select(ids)
    return ids


def the_menu(qtbot) -> QMenu:
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def framed(window, editor):
    editor.perform(decorating.add_frame(editor.graph, (-400, -300), (300, 200), "Aside"))
    return "s1"


def test_a_key_frames_the_selection_and_has_it_titled(window, editor, press, chosen, qtbot):
    press("add_frame", Qt.Key.Key_F, SHIFT)
    field = window.canvas.overlays.field
    assert field.isVisible()
    QTest.keyClicks(field, "Parameters")
    QTest.keyClick(field, Qt.Key.Key_Return)
    (frame,) = editor.graph.scenery.values()
    assert isinstance(frame, Frame) and frame.title == "Parameters"
    editor.stack.undo()
    editor.stack.undo()
    assert not editor.graph.scenery


def test_a_key_has_a_note_typed(window, editor, press):
    press("add_note", Qt.Key.Key_N, NONE)
    QTest.keyClicks(window.canvas.overlays.note, "a bowl")
    QTest.keyClick(window.canvas.overlays.note, Qt.Key.Key_Return, CTRL)
    (note,) = editor.graph.scenery.values()
    assert note.text == "a bowl"
    assert editor.boxes.ids == {note.id}


def test_colours_are_chosen_from_a_menu_by_keys(window, editor, press, chosen, qtbot):
    press("colour", Qt.Key.Key_C, NONE)
    menu = the_menu(qtbot)
    assert [a.text() for a in menu.actions()] == [
        "No Colour", "Slate", "Teal", "Moss", "Rose", "Clay",
    ]  # fmt: skip
    assert menu.actions()[0].isChecked()
    for _ in range(2):
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert {editor.graph.node(i).colour for i in chosen} == {"teal"}
    card = window.canvas.canvas.cards[min(chosen)]
    assert card.content.colour == "teal"
    editor.select({min(chosen)})
    assert "coloured teal" in window.canvas.accessibleDescription()
    editor.stack.undo()
    assert {editor.graph.node(i).colour for i in chosen} == {""}


def test_copy_paste_and_delete_take_frames_and_notes_too(window, editor, press, chosen):
    made = framed(window, editor)
    editor.boxes.choose({made}, chosen)
    press("copy", Qt.Key.Key_C, CTRL)
    assert '"frames"' in QGuiApplication.clipboard().text()
    press("paste", Qt.Key.Key_V, CTRL)
    assert len(editor.graph.scenery) == 2
    assert editor.boxes.ids == {"s2"} and len(editor.selection) == 2
    press("duplicate", Qt.Key.Key_D, CTRL)
    assert editor.boxes.ids == {"s3"}
    press("delete", Qt.Key.Key_Delete, NONE)
    assert set(editor.graph.scenery) == {"s1", "s2"}
    assert editor.boxes.ids == frozenset()
    editor.stack.undo()
    assert set(editor.graph.scenery) == {"s1", "s2", "s3"}


def test_a_frame_alone_can_be_deleted_and_its_nodes_stay(window, editor, press):
    editor.boxes.choose({framed(window, editor)})
    count = len(editor.graph.nodes)
    press("delete", Qt.Key.Key_Delete, NONE)
    assert editor.graph.scenery == {} and len(editor.graph.nodes) == count
    assert editor.stack.undoText() == "Delete a frame"


def test_keys_put_dots_on_the_wires_of_the_selection_and_take_them_away(
    window, editor, press, chosen
):
    joined = editor.graph.named("J").id
    editor.select({joined})
    press("add_dot", Qt.Key.Key_R, NONE)
    wires = list(editor.graph.inputs(joined).values())
    assert all(len(dots(editor.graph, wire)) == 1 for wire in wires)
    press("straighten", Qt.Key.Key_R, SHIFT)
    assert editor.graph.scenery == {}
    editor.stack.undo()
    editor.stack.undo()
    assert editor.graph.scenery == {}


def ask_menu(window, point: QPointF) -> None:
    canvas = window.canvas
    place = canvas.viewportTransform().map(point).toPoint()
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, place, canvas.viewport().mapToGlobal(place)
    )
    QApplication.sendEvent(canvas.viewport(), event)


def test_a_menu_on_a_wire_puts_the_dot_where_it_was_asked_for(window, editor, qtbot):
    wire = next(iter(editor.graph.wires))
    point = window.canvas.canvas.wires[wire].path.pointAtPercent(0.3)
    ask_menu(window, point)
    menu = the_menu(qtbot)
    (entry,) = [a for a in menu.actions() if a.text() == "Add Reroute Dot"]
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())
    ((x, y),) = dots(editor.graph, wire)
    assert (QPointF(x, y) - point).manhattanLength() < 6


def test_a_menu_on_a_frame_selects_it_and_offers_its_colour_and_title(window, editor, qtbot):
    made = framed(window, editor)
    window.canvas.fit()
    ask_menu(window, window.canvas.canvas.scenery.items[made].handle().center())
    menu = the_menu(qtbot)
    said = [a.text() for a in menu.actions() if a.text()]
    assert {"Edit Note or Title", "Colour…", "Delete", "Copy"} <= set(said)
    assert editor.boxes.ids == {made}
    menu.close()


def test_the_grid_is_remembered_and_drags_go_to_it(window, editor, do, state, qtbot):
    do("grid")
    assert state.on_grid and window.canvas.on_grid
    do("grid")
    assert not state.on_grid


def test_a_key_goes_from_one_frame_or_note_to_the_next_and_enter_edits_it(window, editor, press):
    framed(window, editor)
    editor.perform(decorating.add_note(editor.graph, (4000, 3000), (200, 60), "far off"))
    for wanted in ("s1", "s2", "s1", "s2"):
        press("next_box", Qt.Key.Key_N, SHIFT)
        assert editor.boxes.ids == {wanted}
    canvas = window.canvas
    seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    assert seen.contains(canvas.canvas.scenery.items["s2"].body())
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert canvas.overlays.note.toPlainText() == "far off"
