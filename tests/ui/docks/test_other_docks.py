import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from gradviz.graph import compose
from gradviz_ui.docks import DOCKS, docks_of
from gradviz_ui.docks.code import CodePanel
from gradviz_ui.docks.history import ROW, HistoryPanel


@pytest.fixture
def shown(qtbot):
    def show(panel):
        qtbot.addWidget(panel)
        panel.resize(340, 500)
        panel.show()
        qtbot.waitExposed(panel)
        return panel

    return show


def shapes_that_clash(editor):
    for name, size in (("theta1", 2), ("theta2", 3)):
        node = editor.graph.named(name)
        editor.perform(compose.set_value(editor.graph, node.id, np.ones(size, np.float32)))


def test_history_lists_edits_and_a_click_goes_back(shown, editor, qtbot):
    panel = shown(HistoryPanel(editor))
    for name in ("a", "b"):
        editor.perform(compose.rename(editor.graph, editor.graph.output(), name))
    assert panel.list.model().rowCount() == 3
    place = QPoint(60, ROW + ROW // 2)
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert editor.graph.named("a") is not None
    assert editor.stack.index() == 1


def test_code_shows_the_program_follows_and_copies(shown, editor, qtbot):
    panel = shown(CodePanel(editor))
    assert "J = theta1 ** 2 + theta2 ** 2" in panel.view.toPlainText()
    editor.perform(compose.rename(editor.graph, editor.graph.output(), "K"))
    qtbot.waitUntil(lambda: "K = theta1 ** 2" in panel.view.toPlainText())
    panel.copy()
    assert QGuiApplication.clipboard().text() == panel.view.toPlainText()


def test_code_says_what_an_unfinished_graph_lacks(shown, editor, qtbot):
    panel = shown(CodePanel(editor))
    editor.perform(compose.add(editor.graph, "sin"))
    said = "# 'sin' lacks its input 'input': wire it first"
    qtbot.waitUntil(lambda: panel.view.toPlainText() == said)
    editor.stack.undo()
    qtbot.waitUntil(lambda: "J = theta1 ** 2" in panel.view.toPlainText())


def test_the_table_names_each_dock_once_and_every_workspace_has_some():
    assert len({dock.name for dock in DOCKS}) == len(DOCKS)
    assert [dock.name for dock in docks_of("backward", "bottom")] == ["backward"]
    assert docks_of("build", "left") and docks_of("descend", "left")


@pytest.mark.parametrize("dock", DOCKS, ids=lambda dock: dock.name)
def test_every_dock_shows_any_document_in_both_themes(shown, editor, dock):
    from gradviz.graph import Graph
    from gradviz_ui import theme

    panel = shown(dock.make(editor))
    shapes_that_clash(editor)
    theme.source().set_theme("dark")
    panel.grab()
    editor.show_graph(Graph())
    theme.source().set_theme("light")
    assert not panel.grab().isNull()
