"""The forward pass, stepped by the same keys and buttons as the backward one."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from gradviz.graph import ForwardWalk, Graph, ReplaceNode, compose
from gradviz.program import update
from gradviz_ui import theme
from gradviz_ui.canvas.content import PENDING
from gradviz_ui.canvas.painting import outline
from gradviz_ui.docks.backward_timeline import Timeline

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def forward(window, editor, qtbot):
    """The window on the forward pass of a fan-out, before its first step."""
    graph = Graph()
    graph.apply(update(graph, "squared = x ** 2\ntriple = 3 * x\nJ = squared + triple"))
    editor.show_graph(graph)
    window.show_workspace("backward")
    panel = window.workspaces.shelf.widget("backward")
    qtbot.mouseClick(panel.direction.buttons["forward"], LEFT)
    assert isinstance(editor.track, ForwardWalk)
    qtbot.waitUntil(window.actions_by_name["step"].isEnabled)
    return window


def card(window, name):
    return window.canvas.canvas.cards[window.editor.graph.named(name).id].content


def said(window):
    return window.workspaces.shelf.widget("backward").sentences.accessibleName()


def test_values_come_one_by_one_and_gradients_not_at_all(forward, qtbot):
    names = [forward.editor.graph.node(s.node).name for s in forward.editor.track.steps]
    assert names == ["x", "squared", "triple", "J"]
    for count in range(len(names) + 1):
        shown = {name: card(forward, name).value_text for name in names}
        assert [text != PENDING for text in shown.values()] == [i < count for i in range(4)]
        assert all(card(forward, name).grad_text == PENDING for name in names)
        qtbot.keyClick(forward.canvas, Qt.Key.Key_Right)
    assert forward.editor.moment == 4


def test_what_is_known_is_blue_and_the_step_amber(forward):
    forward.editor.set_moment(3)
    colours = theme.current()
    edges = {
        n: outline(card(forward, n), colours, False)[0] for n in ("x", "squared", "triple", "J")
    }
    assert edges == {
        "x": colours.val, "squared": colours.val, "triple": colours.act, "J": colours.line,
    }  # fmt: skip
    states = {
        forward.editor.graph.node(w.wire.target).name: w.state()
        for w in forward.canvas.canvas.wires.values()
        if forward.editor.graph.node(w.wire.target).name != "J"
    }
    assert states == {"squared": "val", "triple": "active"}


def test_words_list_and_inspector_tell_of_the_same_step(forward, qtbot):
    forward.editor.set_moment(2)
    assert said(forward).startswith("Computing squared")
    steps = forward.workspaces.shelf.widget("steps")
    assert steps.view.currentIndex().row() == 1
    assert steps.model.sent(steps.model.step(1)).startswith("← x 1.000")
    inspector = forward.workspaces.shelf.widget("gradient")
    qtbot.waitUntil(lambda: inspector.name.text() == "squared")
    assert inspector.inputs.words()[0][::2] == ["x", "1.000"]
    assert not inspector.tabs.isVisible()


def test_each_way_keeps_its_moment(forward, qtbot):
    forward.editor.set_moment(3)
    qtbot.keyClick(forward.canvas, Qt.Key.Key_D)
    assert forward.editor.passes.direction == "backward" and forward.editor.moment == 0
    forward.editor.set_moment(2)
    qtbot.keyClick(forward.canvas, Qt.Key.Key_D)
    assert forward.editor.passes.direction == "forward" and forward.editor.moment == 3
    qtbot.keyClick(forward.canvas, Qt.Key.Key_D)
    assert forward.editor.moment == 2


def test_breakpoints_halt_the_forward_pass_too(forward, qtbot):
    triple = forward.editor.graph.named("triple").id
    forward.editor.stops.toggle([triple])
    held = Qt.KeyboardModifier.ControlModifier
    qtbot.waitUntil(forward.actions_by_name["run_on"].isEnabled)
    qtbot.keyClick(forward.canvas, Qt.Key.Key_Right, held)
    assert forward.editor.moment == 3 and said(forward).startswith("Stopped at triple")
    forward.editor.set_moment(4)
    qtbot.waitUntil(forward.actions_by_name["run_back"].isEnabled)
    qtbot.keyClick(forward.canvas, Qt.Key.Key_Left, held)
    assert forward.editor.moment == 3


def test_an_edit_keeps_the_forward_pass_at_its_moment(forward):
    forward.editor.set_moment(2)
    node = forward.editor.graph.named("x")
    after = node.changed(attrs={**node.attrs, "data": np.asarray(3.0, np.float32)})
    assert forward.editor.perform(ReplaceNode(node, after))
    assert forward.editor.moment == 2 and card(forward, "squared").value_text == "9.000"


def test_elsewhere_every_value_is_shown(forward):
    forward.show_workspace("build")
    assert card(forward, "J").value_text == "4.000"


def test_a_shorter_pass_is_walked_from_its_own_end(forward, editor, qtbot):
    editor.set_moment(4)
    editor.perform(compose.delete(editor.graph, [editor.graph.named("J").id]))
    assert len(editor.track) == editor.moment == 3
    timeline = forward.findChild(Timeline)
    assert next(timeline.labels())[0] == 3
    editor.stack.undo()
    editor.set_moment(4)
    assert editor.moment == 4
