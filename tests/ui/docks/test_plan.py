import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextCursor

from gradviz.graph import Graph, ReplaceNode, compose
from gradviz_ui.docks.plan import PlanPanel


@pytest.fixture
def panel(qtbot, editor):
    made = PlanPanel(editor)
    qtbot.addWidget(made)
    made.resize(340, 500)
    made.show()
    qtbot.waitExposed(made)
    return made


def click_on(qtbot, view, words):
    """Click the first line that ends with these words."""
    block = view.document().firstBlock()
    while not block.text().endswith(words):
        block = block.next()
    place = view.cursorRect(QTextCursor(block)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def marked(view):
    return [mark.cursor.block().text() for mark in view.extraSelections()]


def set_value(editor, name, value):
    node = editor.graph.named(name)
    editor.perform(compose.set_value(editor.graph, node.id, value))


def test_the_plan_is_shown_with_the_time_it_took(panel, editor):
    assert "def gradient(p0, p1):" in panel.view.toPlainText()
    assert "  # J" in panel.view.toPlainText()
    assert panel.figures.text().startswith("compiled in ")
    assert "not compiled" not in panel.eager.text()


def test_it_follows_the_document_and_stays_while_values_move(panel, editor, qtbot):
    kept = editor.plans.plan()
    set_value(editor, "theta1", 2.5)
    assert editor.plans.plan() is kept
    editor.perform(compose.rename(editor.graph, editor.graph.output(), "K"))
    qtbot.waitUntil(lambda: "  # K" in panel.view.toPlainText())
    assert "  # J" not in panel.view.toPlainText()


def test_a_click_on_a_line_goes_to_its_node(panel, editor, qtbot):
    with qtbot.waitSignal(editor.reveal_wanted):
        click_on(qtbot, panel.view, "  # pow2")
    assert editor.selection == {editor.graph.named("pow2").id}
    assert marked(panel.view) and all(line.endswith("pow2") for line in marked(panel.view))
    click_on(qtbot, panel.view, ", theta1")
    assert editor.selection == {editor.graph.named("theta1").id}


def test_the_lines_of_selected_nodes_are_marked(panel, editor, qtbot):
    editor.select((editor.graph.named("pow1").id,))
    assert marked(panel.view)
    assert {line.rpartition("  # ")[2] for line in marked(panel.view)} == {"pow1", "∂pow1"}
    editor.select(())
    assert not marked(panel.view)


def test_it_says_what_the_engine_runs_and_why(panel, editor, qtbot):
    formula(editor, "J = (theta1 * arange(4)).sort()[0].sum()")
    qtbot.waitUntil(lambda: "sort1" in panel.eager.text())
    assert panel.eager.text().startswith("Run by the engine, not compiled:")
    qtbot.mouseClick(panel.copy_button, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("# ") and panel.view.toPlainText() in copied


def test_it_says_why_changes_of_a_node_are_the_engine_s(panel, editor, qtbot):
    formula(editor, "J = (theta1 * n) ** 3 + sum(theta1 * ones(2), dim=0)")
    node = editor.graph.named("n")
    editor.perform(ReplaceNode(node, node.changed(attrs={"data": np.asarray(2)})))
    qtbot.waitUntil(lambda: "n: whole numbers" in panel.eager.text())
    assert "pow1, ones1, sum1: numbers typed in or set" in panel.eager.text()
    for value in (3, 4):
        set_value(editor, "n", value)
    said = "What moved last was evaluated by the engine: 'n' holds whole numbers"
    qtbot.waitUntil(lambda: said in panel.eager.text())
    editor.perform(compose.set_literal(editor.graph, editor.graph.named("pow1").id, 1, 2.0))
    qtbot.waitUntil(lambda: "a setting of 'pow1' is another" in panel.eager.text())


def test_it_says_why_there_is_no_plan(panel, editor, qtbot):
    editor.show_graph(Graph())
    qtbot.waitUntil(lambda: "empty" in panel.eager.text())
    assert panel.eager.isVisible() and not panel.view.toPlainText()
    assert not panel.copy_button.isEnabled()


def formula(editor, words):
    from gradviz.program import update

    graph = Graph()
    graph.apply(update(graph, words))
    editor.show_graph(graph)


def test_view_plan_brings_it_to_the_front(window, qtbot):
    from gradviz_ui.docks.plan import PlanPanel

    window.show_workspace("backward")
    window.actions_by_name["plan"].trigger()
    panel = window.workspaces.shelf.widget("plan")
    assert isinstance(panel, PlanPanel)
    qtbot.waitUntil(panel.isVisible)
    assert window.shows("build")
