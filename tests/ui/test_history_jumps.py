"""The history in the window: a click goes to any moment of the document, and all views follow."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from gradviz.files import dumps
from gradviz.graph import compose
from gradviz_ui.docks.history import ROW

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def states(window):
    """The text of the file after each of some edits, the first being that before them."""
    editor, found = window.editor, [dumps(window.editor.graph)]

    def edit(made):
        assert editor.perform(made)
        found.append(dumps(editor.graph))

    theta = editor.graph.named("theta1")
    edit(compose.rename(editor.graph, editor.graph.output(), "K"))
    edit(compose.set_value(editor.graph, theta.id, np.float32(3)))
    edit(compose.add(editor.graph, "sin", (400.0, 300.0)))
    edit(compose.delete(editor.graph, [theta.id]))
    return found


def test_a_click_goes_to_a_moment_and_every_view_follows(window, qtbot, states):
    window.workspaces.show_dock("history")
    panel = window.workspaces.shelf.widget("history")
    qtbot.waitUntil(panel.isVisible)
    editor = window.editor
    for place in (0, 4, 2, 3, 1, 4):
        row = QPoint(60, ROW * place + ROW // 2)
        qtbot.mouseClick(panel.list.viewport(), LEFT, pos=row)
        assert dumps(editor.graph) == states[place] and editor.stack.index() == place
        assert window.canvas.canvas.cards.keys() == editor.graph.nodes.keys()
        assert set(editor.evaluation.results) == set(editor.graph.nodes)
        assert window.status.nodes.text() == f"{len(editor.graph.nodes)} nodes"
        named = "K" if place else "J"
        qtbot.waitUntil(lambda: f"{named} =" in window.formula_bar.rest.toolTip())  # noqa: B023


def test_keys_go_there_too(window, qtbot, states):
    window.workspaces.show_dock("history")
    panel = window.workspaces.shelf.widget("history")
    panel.list.setFocus()
    for _ in range(3):
        qtbot.keyClick(panel.list, Qt.Key.Key_Up)
    assert dumps(window.editor.graph) == states[1]
    qtbot.keyClick(panel.list, Qt.Key.Key_Home)
    assert dumps(window.editor.graph) == states[0]
