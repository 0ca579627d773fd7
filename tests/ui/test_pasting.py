"""Copy and paste as text: between documents and windows, and from what was never a node."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from gradviz_ui.canvas.items import WireItem
from gradviz_ui.editor import Editor
from gradviz_ui.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier
KEY = Qt.Key


def copied(window, qtbot):
    window.editor.select(window.editor.graph.nodes)
    qtbot.waitUntil(window.actions_by_name["copy"].isEnabled)
    qtbot.keyClick(window.canvas, KEY.Key_C, CTRL)


@pytest.fixture
def paste(window, qtbot):
    """A function: paste that text on the canvas by key."""

    def press(text):
        QGuiApplication.clipboard().setText(text)
        qtbot.keyClick(window.canvas, KEY.Key_V, CTRL)

    return press


def names(window):
    return sorted(node.name for node in window.editor.graph.nodes.values())


def test_nodes_go_from_one_tab_to_another(window, qtbot, do):
    copied(window, qtbot)
    before = names(window)
    do("new")
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, KEY.Key_V, CTRL)
    assert names(window) == before and len(window.editor.selection) == len(before)
    assert window.editor.stack.undoText().startswith("Paste")


def test_nodes_go_from_one_window_to_another(window, qtbot, state):
    copied(window, qtbot)
    other = MainWindow(Editor(), state)
    qtbot.addWidget(other, before_close_func=lambda _: other.editor.stack.setClean())
    other.show()
    other.show_document()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    qtbot.keyClick(other.canvas, KEY.Key_V, CTRL)
    assert names(other) == names(window)


def test_a_formula_becomes_nodes_that_read_what_it_names(window, paste, qtbot):
    paste("K = sin(J) + theta1")
    graph = window.editor.graph
    added = {graph.node(i).name for i in window.editor.selection}
    assert added == {"sin1", "K"}
    assert {w.source for w in graph.outputs(graph.named("J").id)}
    qtbot.waitUntil(window.actions_by_name["undo"].isEnabled)
    qtbot.keyClick(window.canvas, KEY.Key_Z, CTRL)
    assert graph.named("K") is None


def test_a_program_becomes_nodes(window, paste):
    paste("import torch\nw = torch.tensor([1.0, 2.0], requires_grad=True)\nL = (w ** 2).sum()")
    value = window.editor.value(window.editor.graph.named("L").id)
    assert value.item() == 5.0


def test_cells_of_a_spreadsheet_become_a_tensor(window, paste):
    paste("1\t2.5\n\N{MINUS SIGN}3\t4e2\n")
    (node,) = window.editor.selection
    assert np.array_equal(window.editor.value(node).array, [[1, 2.5], [-3, 400]])
    assert window.editor.graph.node(node).name == "table"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\nfor i in x: pass", "line 2: a formula has no loops"),
        ("hello world", "a line is"),
        ('{"format": 99}', "clipboard"),
        ("   ", "nothing to paste"),
    ],
)
def test_what_cannot_be_nodes_is_said_and_nothing_is_changed(window, paste, text, said):
    before = names(window)
    paste(text)
    assert said in window.status.message.toolTip() or said in window.status.message.text()
    assert names(window) == before and not window.editor.stack.canUndo()


def test_each_wire_that_is_pasted_is_led_once(window, qtbot, monkeypatch):
    led, route = [], WireItem.route

    def counted(item, *way):
        led.append(item.wire)
        route(item, *way)

    monkeypatch.setattr(WireItem, "route", counted)
    copied(window, qtbot)
    there = set(window.editor.graph.wires)
    qtbot.keyClick(window.canvas, KEY.Key_V, CTRL)
    assert sorted(led) == sorted(set(window.editor.graph.wires) - there)
