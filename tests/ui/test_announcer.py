"""What a screen reader is told of the canvas, and how every node is reached by keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QSignalSpy

from gradviz.graph import compose

ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
KEY = Qt.Key
WAYS = {KEY.Key_Left: ALT, KEY.Key_Right: ALT, KEY.Key_Up: ALT | SHIFT, KEY.Key_Down: ALT | SHIFT}


@pytest.fixture
def spoken(window):
    """What is said from here on, as by a screen reader that listens."""
    QAccessible.setActive(True)
    spy = QSignalSpy(window.page.announcer.said)
    yield lambda: [spy.at(i)[0] for i in range(spy.count())]
    QAccessible.setActive(False)


def chosen(window):
    return [window.editor.graph.node(i).name for i in window.editor.selection]


def test_a_chosen_node_is_told_with_what_it_reads_and_what_reads_it(window, spoken):
    graph = window.editor.graph
    window.editor.select([graph.named("theta1").id])
    window.editor.select([graph.output()])
    window.editor.select(graph.nodes)
    first, second, third = spoken()
    assert first.startswith("theta1, parameter, value 1") and "Read by pow1" in first
    assert "Reads pow1, pow2. Read by nothing. The output" in second
    assert third == "5 nodes selected"
    found = QAccessible.queryAccessibleInterface(window.canvas)
    assert found.text(QAccessible.Text.Name) == "Graph canvas"
    assert found.text(QAccessible.Text.Description)


def test_an_error_is_told_in_full(window, spoken):
    window.editor.perform(compose.add(window.editor.graph, "matmul", (0.0, 400.0)))
    added = next(n for n in window.editor.graph.nodes.values() if n.op == "matmul")
    window.editor.select([added.id])
    assert spoken()[-1].startswith("matmul") and "input" in spoken()[-1]


def test_a_step_is_told_in_its_sentences_once_it_rests(window, spoken, qtbot):
    window.show_workspace("backward")
    window.editor.set_moment(1)
    window.editor.set_moment(2)
    qtbot.waitUntil(lambda: len(spoken()) > 0)
    assert len(spoken()) == 1 and spoken()[0].startswith("Through J (add). ")
    assert "it is sent 1.000 × 1.000 = 1.000." in spoken()[0]


def test_what_is_refused_is_told(window, spoken):
    window.editor.refused.emit("there is nothing to paste")
    assert spoken() == ["There is nothing to paste"]


def test_nobody_listens_and_nothing_is_said(window):
    spy = QSignalSpy(window.page.announcer.said)
    window.editor.select(window.editor.graph.nodes)
    assert spy.count() == 0


@pytest.mark.parametrize("workspace", ["build", "backward", "descend"])
def test_keys_go_along_wires_in_every_workspace(window, qtbot, workspace):
    window.show_workspace(workspace)
    qtbot.waitUntil(window.actions_by_name["to_input"].isEnabled)
    window.editor.select([window.editor.graph.output()])
    path = []
    for key in (KEY.Key_Left, KEY.Key_Down, KEY.Key_Left, KEY.Key_Right, KEY.Key_Up, KEY.Key_Up):
        qtbot.keyClick(window.canvas, key, WAYS[key])
        path += chosen(window)
    assert path == ["pow1", "pow2", "theta2", "pow2", "pow1", "pow2"]
    if window.descend is not None:
        window.descend.close()


def test_every_node_of_a_large_sample_is_reached_by_keys_alone(window, qtbot, tmp_path):
    from gradviz_ui import file_actions, paths

    assert file_actions.open_path(window, paths.sample("attention.gradviz"), sample=True)
    editor = window.editor
    qtbot.waitUntil(window.actions_by_name["to_input"].isEnabled)
    reached, waiting = set(), [editor.graph.output()]
    while waiting:
        start = waiting.pop()
        if start in reached:
            continue
        reached.add(start)
        for key in WAYS:
            editor.select([start])
            qtbot.keyClick(window.canvas, key, WAYS[key])
            waiting += editor.selection
    assert reached == set(editor.graph.nodes)
