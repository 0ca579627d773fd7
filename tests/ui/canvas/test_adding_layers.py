"""Layers put in by search, library and palette: asked for their sizes, wired, one step to undo."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent

from gradviz.files import dumps
from gradviz.graph import Graph, compose
from gradviz.graph.borders import border_of
from gradviz.graph.groups import hidden_in
from gradviz_ui.canvas.dropping import MIME
from gradviz_ui.forms import Entry


@pytest.fixture
def data(editor, view):
    """A document of one matrix ``x`` of shape (2, 6)."""
    graph = Graph()
    x = np.arange(12.0, dtype=np.float32).reshape(2, 6)
    graph.apply(compose.add(graph, "tensor", (0.0, 0.0), name="x", attrs={"data": x}))
    editor.show_graph(graph)
    view.zoom_reset()
    return graph


def typed(view, qtbot, text: str) -> None:
    """Choose what fits the letters best in the open search."""
    qtbot.keyClicks(view.overlays.popup.field, text)
    qtbot.keyClick(view.overlays.popup.field, Qt.Key.Key_Return)


def field(view, name: str) -> Entry:
    form = view.overlays.layer_form.form
    found = next(f.editor for f in form.fields if f.attr.name == name)
    assert isinstance(found, Entry)
    return found


def accept(view, qtbot) -> None:
    qtbot.mouseClick(view.overlays.layer_form.insert, Qt.MouseButton.LeftButton)


def only_group(graph):
    (group,) = (g for g in graph.groups.values() if g.parent is None)
    return group


def test_a_layer_dropped_on_empty_space_is_sized_for_the_wire_and_wired(
    view, editor, data, hand, qtbot, assert_true
):
    before = dumps(data)
    hand.drag(hand.output("x"), hand.output("x") + QPointF(150, 40))
    typed(view, qtbot, "MultiheadA")
    form = view.overlays.layer_form
    assert form.isVisible() and "x (2, 6)" in form.source.text()
    assert field(view, "embed_dim").text() == "6" and field(view, "num_heads").text() == "2"
    qtbot.keyClick(field(view, "embed_dim"), Qt.Key.Key_Return)
    assert not form.isVisible() and view.hasFocus()
    group = only_group(data)
    assert group.name == "MultiheadAttention" and group.collapsed
    found = border_of(data, group.id)
    x = data.named("x").id
    assert [source for source, _ in found.inputs] == [(x, 0)] * 3
    assert found.names[0] == ("query", "key", "value")
    node, output = found.outputs[0]
    assert editor.evaluation.results[node].outputs[output].array.shape == (2, 6)
    assert editor.selection == set(hidden_in(data.groups))
    assert_true()
    editor.stack.undo()
    assert dumps(data) == before and not editor.stack.canUndo()


def test_settings_are_typed_and_what_cannot_be_is_said_in_the_form(view, editor, data, hand, qtbot):
    hand.drag(hand.output("x"), hand.output("x") + QPointF(150, 40))
    typed(view, qtbot, "MultiheadA")
    form, heads = view.overlays.layer_form, field(view, "num_heads")
    heads.setFocus()
    heads.selectAll()
    qtbot.keyClicks(heads, "4")
    qtbot.keyClick(heads, Qt.Key.Key_Return)
    assert form.isVisible() and "divisible" in form.problem.text()
    heads.setFocus()
    heads.selectAll()
    qtbot.keyClicks(heads, "x")
    accept(view, qtbot)
    assert form.isVisible() and not data.groups
    heads.setFocus()
    heads.selectAll()
    qtbot.keyClicks(heads, "3")
    accept(view, qtbot)
    assert not form.isVisible() and data.groups


def test_escape_leaves_the_form_with_nothing_put_in(view, editor, data, hand, qtbot):
    hand.drag(hand.output("x"), hand.output("x") + QPointF(150, 40))
    typed(view, qtbot, "Conv1d")
    qtbot.keyClick(field(view, "in_channels"), Qt.Key.Key_Escape)
    assert not view.overlays.layer_form.isVisible() and view.hasFocus() and not data.groups


def test_a_layer_is_put_in_the_middle_of_a_wire(view, editor, showing, hand, qtbot, assert_true):
    graph = showing("y = sin(x * 2)")
    wire = next(w for w in graph.wires if w.target == graph.named("y").id)
    middle = view.canvas.wires[wire].path.pointAtPercent(0.5)
    view.overlays.search_on(hand.at(middle), wire)
    typed(view, qtbot, "PReLU")
    accept(view, qtbot)
    found = border_of(graph, only_group(graph).id)
    assert found.inputs[0][0] == (wire.source, 0)
    assert graph.inputs(wire.target)[0].source == found.outputs[0][0]
    assert_true()


def test_a_wire_from_the_input_of_a_layer_brings_another_layer_to_all_that_reads_it(
    view, editor, data, hand, qtbot
):
    view.overlays.put("nn.TransformerEncoderLayer")
    accept(view, qtbot)
    encoder = only_group(data)
    card = view.canvas.groups.card_of(min(hidden_in(data.groups)))
    port = card.port(0, output=False)
    hand.drag(port, port - QPointF(120, 100))
    typed(view, qtbot, "Embedding")
    accept(view, qtbot)
    ((source, ends),) = border_of(data, encoder.id).inputs
    assert source is not None and len(ends) == 4
    assert data.groups[data.group_of[source[0]]].name == "Embedding"


def test_a_layer_dragged_from_the_library_is_asked_for_where_it_was_dropped(view, data, qtbot):
    carried = QMimeData()
    carried.setData(MIME, b"nn.Linear")
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    view.dropEvent(
        QDropEvent(QPointF(400, 300), action, carried, button, Qt.KeyboardModifier.NoModifier)
    )
    assert view.overlays.layer_form.isVisible()
    accept(view, qtbot)
    view.overlays.put("nn.Linear")
    accept(view, qtbot)
    assert sorted(g.name for g in data.groups.values()) == ["Linear", "Linear 2"]
    bodies = [card.body() for card in view.canvas.cards.values()]
    assert not any(a.intersects(b) for n, a in enumerate(bodies) for b in bodies[n + 1 :])


@pytest.mark.parametrize("name", ["Linear", "Conv2d", "LSTM"])
def test_a_layer_searched_for_is_one_card_with_its_parameters_in_it(
    view, editor, data, qtbot, assert_true, name
):
    qtbot.keyClick(view, Qt.Key.Key_Space)
    typed(view, qtbot, name)
    accept(view, qtbot)
    group = only_group(data)
    assert group.name == name and group.collapsed
    assert len(view.canvas.cards) == 2
    leaves = [data.nodes[i] for i in hidden_in(data.groups) if data.nodes[i].is_parameter]
    assert leaves and all(editor.evaluation.results[leaf.id].ok for leaf in leaves)
    assert_true()
    card = view.canvas.groups.card_of(min(hidden_in(data.groups)))
    middle = view.mapFromScene(card.body().center())
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert editor.entering.group == group.id
    assert_true()


def test_a_layer_dropped_on_a_wire_goes_into_it(view, editor, showing, qtbot, hand, assert_true):
    graph = showing("y = sin(x * 2)")
    wire = next(w for w in graph.wires if w.target == graph.named("y").id)
    spot = QPointF(hand.at(view.canvas.wires[wire].path.pointAtPercent(0.5)))
    carried = QMimeData()
    carried.setData(MIME, b"nn.PReLU")
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    view.dropEvent(QDropEvent(spot, action, carried, button, Qt.KeyboardModifier.NoModifier))
    accept(view, qtbot)
    found = border_of(graph, only_group(graph).id)
    assert found.inputs[0][0] == (wire.source, 0)
    assert graph.inputs(wire.target)[0].source == found.outputs[0][0]
    bodies = [card.body() for card in view.canvas.cards.values()]
    assert not any(a.intersects(b) for n, a in enumerate(bodies) for b in bodies[n + 1 :])
    assert_true()
    editor.stack.undo()
    assert not graph.groups and not editor.stack.canUndo()


def test_no_card_of_a_layer_lies_on_another_and_all_are_in_sight(view, editor, data, hand, qtbot):
    right = view.scene_point(QPointF(view.viewport().rect().topRight()) + QPointF(-8, 60))
    hand.drag(hand.output("x"), right)
    qtbot.keyClicks(view.overlays.popup.field, "linear")
    qtbot.keyClick(view.overlays.popup.field, Qt.Key.Key_Return)
    out = field(view, "out_features")
    out.selectAll()
    qtbot.keyClicks(out, "4")
    accept(view, qtbot)
    group = only_group(editor.graph)
    card = view.canvas.groups.card_of(next(iter(group.members)))
    seen = view.mapToScene(view.viewport().rect()).boundingRect()
    assert seen.contains(card.body())
    editor.entering.enter(group.id)
    bodies = [card.body() for card in view.canvas.cards.values()]
    assert len(bodies) == 3
    assert not any(a.intersects(b) for a in bodies for b in bodies if a is not b)
