"""Numbers typed on ports, on the canvas by mouse or digits or in the inspector, are constants."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from gradviz.graph import Graph
from gradviz.program import formula, update
from gradviz_ui.docks.inspector import InspectorPanel
from gradviz_ui.docks.inspector_node import NodePage

LEFT = Qt.MouseButton.LeftButton
TEXT = "x = tensor([[1.0, 2.0], [3.0, 4.0]])\na = x + ...\nm = x @ ...\nc = cat([x])"


def graph_of(text: str) -> Graph:
    graph = Graph()
    graph.apply(update(graph, text))
    return graph


@pytest.fixture
def canvas(window, qtbot):
    """The window's canvas over gaps to be filled in, and a way to a port of one."""
    window.editor.show_graph(graph_of(TEXT))
    with qtbot.waitSignal(window.canvas.tidying.finished):
        window.canvas.tidy()
    view = window.canvas

    def port(name: str, index: int):
        card = view.canvas.cards[window.editor.graph.named(name).id]
        return view.mapFromScene(card.port(index, output=False))

    return view, port


def type_into(view, qtbot, text):
    field = view.overlays.field
    qtbot.waitUntil(field.isVisible)
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def literals(editor, name):
    return dict(editor.graph.named(name).literals)


def test_a_double_click_on_a_free_port_takes_a_number(canvas, window, qtbot):
    view, port = canvas
    qtbot.mouseDClick(view.viewport(), LEFT, pos=port("a", 1))
    type_into(view, qtbot, "-2.5")
    assert literals(window.editor, "a") == {1: -2.5}
    window.editor.stack.undo()
    assert literals(window.editor, "a") == {}


def test_digits_over_a_port_begin_a_number_there(canvas, window, qtbot):
    view, port = canvas
    zoom = view.zoom
    qtbot.mouseMove(view.viewport(), port("a", 1))
    qtbot.keyClicks(view, "0")
    assert view.overlays.field.text() == "0" and view.zoom == zoom
    type_into(view, qtbot, ".5")
    assert literals(window.editor, "a") == {1: 0.5}


def test_where_no_number_may_stand_it_becomes_a_constant_with_a_wire(canvas, window, qtbot):
    view, port = canvas
    editor = window.editor
    before = editor.stack.count()
    qtbot.mouseDClick(view.viewport(), LEFT, pos=port("m", 1))
    type_into(view, qtbot, "[[1, 0], [0, 1]]")
    assert "m = x @ [[1, 0], [0, 1]]" in formula(editor.graph) or "m = x @ other" in formula(
        editor.graph
    )
    assert editor.stack.count() == before + 1
    wire = editor.graph.inputs(editor.graph.named("m").id)[1]
    assert np.shape(editor.graph.node(wire.source).setting("data")) == (2, 2)


def test_a_port_for_many_takes_one_more(canvas, window, qtbot):
    view, port = canvas
    qtbot.mouseDClick(view.viewport(), LEFT, pos=port("c", 1))
    type_into(view, qtbot, "[[5, 6]]")
    editor = window.editor
    node = editor.graph.named("c").id
    assert len(editor.graph.inputs(node)) == 2
    assert editor.evaluation.value(node).array.shape == (3, 2)


def test_what_is_no_number_is_said_in_place(canvas, window, qtbot):
    view, port = canvas
    qtbot.mouseDClick(view.viewport(), LEFT, pos=port("a", 1))
    type_into(view, qtbot, "two")
    assert view.overlays.field.isVisible() and "not a number" in view.overlays.field.problem.text()
    assert literals(window.editor, "a") == {}


def test_the_inspector_has_a_field_for_each_free_port_and_a_way_along_each_wire(editor, qtbot):
    editor.show_graph(graph_of(TEXT))
    panel = InspectorPanel(editor)
    qtbot.addWidget(panel)
    panel.resize(340, 900)
    with qtbot.waitExposed(panel):
        panel.show()
    node = editor.graph.named("a").id
    editor.select([node])
    qtbot.waitUntil(lambda: getattr(panel.page, "node_id", None) == node)
    assert isinstance(panel.page, NodePage)
    ports = panel.page.ports
    assert ports.isVisible() and set(ports.fields) == {1} and set(ports.wires) == {0}
    field = ports.fields[1]
    qtbot.mouseClick(field, LEFT)
    qtbot.keyClicks(field, "x1")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert ports.problem.isVisible() and "not a number" in ports.problem.text()
    field.selectAll()
    qtbot.keyClicks(field, "4")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert literals(editor, "a") == {1: 4}
    field.clear()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert literals(editor, "a") == {}
    assert "x" in ports.wires[0].text() and "(2, 2)" in ports.wires[0].text()
    qtbot.mouseClick(ports.wires[0], LEFT)
    assert editor.selection == {editor.graph.named("x").id}
