"""The form of a group's ports, and the marks of groups of the same structure."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from gradviz.files import dumps
from gradviz.graph import compose, group_ports, grouping
from gradviz.graph.pieces import duplicate

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def grouped(editor, view, showing):
    """A collapsed group of a product and its sine."""
    graph = showing("p = a * b\nq = sin(p)\ny = exp(q)")
    editor.perform(grouping.make_group(graph, [graph.named(n).id for n in "pq"], "wave"))
    editor.perform(grouping.collapse(graph, ["g1"]))
    editor.stack.clear()
    return graph


def names(graph, side) -> list[str]:
    return [port.name for port in group_ports.shown_ports(graph, "g1", side)]


def tick(listed, row: int) -> None:
    box = listed.visualItemRect(listed.item(row))
    QTest.mouseClick(listed.viewport(), LEFT, pos=box.topLeft() + QPointF(14, 15).toPoint())


def test_ports_are_named_moved_and_shown_as_one_step(view, editor, grouped, qtbot, assert_true):
    before = dumps(grouped)
    view.overlays.edit_ports("g1")
    form = view.overlays.port_form
    inputs, outputs = form.lists["inputs"], form.lists["outputs"]
    assert form.isVisible() and form.title.text() == "Ports of wave"
    assert [inputs.item(n).text() for n in range(inputs.count())] == ["input", "other"]
    QTest.keyClick(inputs, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    inputs.setCurrentRow(0)
    QTest.keyClick(inputs, Qt.Key.Key_F2)
    field = inputs.findChild(QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, "factor")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: inputs.item(0).text() == "factor")
    assert form.isVisible()
    assert [outputs.item(n).text() for n in range(outputs.count())] == ["q", "p"]
    tick(outputs, 1)
    QTest.mouseClick(form.done, LEFT)
    assert not form.isVisible() and view.hasFocus()
    assert names(grouped, "inputs") == ["factor", "input"]
    assert names(grouped, "outputs") == ["q", "p"]
    assert len(view.canvas.groups.card_of(grouped.named("p").id).plan.outputs) == 2
    assert_true()
    editor.stack.undo()
    assert dumps(grouped) == before and not editor.stack.canUndo()
    assert_true()


def test_a_hidden_port_that_no_wire_comes_to_is_gone_from_the_card(view, editor, grouped):
    for wire in [w for w in grouped.wires if w.target == grouped.named("p").id]:
        editor.perform(compose.disconnect(grouped, wire))
    view.overlays.edit_ports("g1")
    form = view.overlays.port_form
    tick(form.lists["inputs"], 0)
    QTest.keyClick(form, Qt.Key.Key_Return)
    assert names(grouped, "inputs") == ["other"]
    view.overlays.edit_ports("g1")
    listed = form.lists["inputs"]
    assert [listed.item(n).text() for n in range(listed.count())] == ["other", "input"]
    assert listed.item(1).checkState() == Qt.CheckState.Unchecked


def test_nothing_changed_is_no_step_and_escape_takes_nothing(view, editor, grouped):
    view.overlays.edit_ports("g1")
    form = view.overlays.port_form
    QTest.mouseClick(form.done, LEFT)
    view.overlays.edit_ports("g1")
    tick(form.lists["outputs"], 1)
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert not form.isVisible() and not editor.stack.canUndo()


def test_groups_of_the_same_structure_are_marked_by_selecting_or_pointing_at_one(
    view, editor, hand, grouped
):
    members = grouped.groups["g1"].members
    editor.perform(duplicate(grouped, members, (0.0, 300.0)))
    (other,) = set(grouped.groups) - {"g1"}
    view.fit()
    assert not editor.alike.marked
    card = view.canvas.groups.card_of(grouped.named("p").id)
    hand.click(card.body().center())
    assert editor.alike.marked == {other}
    shot = view.viewport().grab().toImage()
    hand.move(view.canvas.groups.card_of(min(grouped.groups[other].members)).body().center())
    assert editor.alike.marked == {"g1"}
    assert view.viewport().grab().toImage() != shot
    editor.select(())
    hand.move(view.canvas.bounds().bottomRight() + QPointF(20, 20))
    assert not editor.alike.marked
    editor.select(members)
    sine = next(i for i in grouped.groups[other].members if grouped.node(i).op == "sin")
    editor.perform(compose.replaced(grouped.node(sine), "Change", op="cos"))
    assert not editor.alike.marked
