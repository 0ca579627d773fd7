import pytest
from PySide6.QtCore import Qt

from gradviz.graph import Graph
from gradviz_ui.formula_bar import LIVE, REST


@pytest.fixture
def field(window, qtbot):
    qtbot.mouseClick(window.formula_bar, Qt.MouseButton.LeftButton)
    found = window.formula_bar.field
    qtbot.waitUntil(found.hasFocus)
    return found


def retype(qtbot, field, text):
    qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(field, text)


def test_at_rest_it_shows_the_graph(window):
    assert window.formula_bar.rest.text() == "J = theta1 ** 2 + theta2 ** 2"
    assert window.formula_bar.state.text() == "✓ 5 nodes"


def test_it_says_how_many_nodes_lack_an_input(window, qtbot):
    window.canvas.setFocus()
    window.editor.select((window.editor.graph.named("theta2").id,))
    qtbot.waitUntil(window.actions_by_name["delete"].isEnabled)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Delete)
    assert window.formula_bar.state.text() == "1 needs an input"


def test_typing_changes_the_graph_without_enter(window, qtbot, field):
    retype(qtbot, field, "J = theta1 * theta2")
    qtbot.waitUntil(lambda: len(window.editor.graph.nodes) == 3, timeout=10 * LIVE)
    assert window.editor.graph.named("J").op == "mul"
    assert field.hasFocus()


def test_a_burst_of_typing_is_one_undo_step(window, qtbot, field):
    before = dict(window.editor.graph.nodes)
    for extra in (" + theta1", " + theta2", " * 3"):
        qtbot.keyClick(field, Qt.Key.Key_End)
        qtbot.keyClicks(field, extra)
        assert window.formula_bar.take()
    assert window.editor.stack.count() == 1
    qtbot.keyClick(field, Qt.Key.Key_Return)
    window.editor.stack.undo()
    assert dict(window.editor.graph.nodes) == before


def test_what_is_wrong_is_said_marked_and_not_taken(window, qtbot, field):
    before = dict(window.editor.graph.nodes)
    retype(qtbot, field, "J = sinn(theta1)")
    qtbot.waitUntil(window.formula_bar.problem.isVisible, timeout=10 * LIVE)
    assert "sinn" in window.formula_bar.problem.text()
    (mark,) = field.extraSelections()
    assert mark.cursor.selectedText() == "sinn"
    assert dict(window.editor.graph.nodes) == before


def test_escape_gives_up_what_could_not_be_taken(window, qtbot, field):
    retype(qtbot, field, "J = ((")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert window.formula_bar.rest.isVisible()
    assert window.formula_bar.rest.text() == "J = theta1 ** 2 + theta2 ** 2"


def test_a_new_line_makes_it_grow(window, qtbot, field):
    small = window.formula_bar.height()
    qtbot.keyClick(field, Qt.Key.Key_End)
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(field, "K = J * 2")
    assert window.formula_bar.height() > small
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert window.editor.graph.named("K") is not None
    rest = window.formula_bar.rest
    assert rest.text().split(";  ")[-1] == "K = J * 2"
    window.resize(880, 560)
    qtbot.waitUntil(lambda: rest.text().split("      ") == ["K = J * 2", "+ 1 more"])
    assert window.formula_bar.height() == 32


def test_an_edit_of_the_graph_rewrites_the_text(window, qtbot, do):
    window.editor.select([window.editor.graph.named("theta2").id])
    do("delete")
    bar = window.formula_bar
    qtbot.waitUntil(lambda: "theta2" not in bar.rest.text())


def test_an_edit_of_the_graph_leaves_what_is_being_typed(window, qtbot, field, do):
    qtbot.keyClick(field, Qt.Key.Key_End)
    qtbot.keyClicks(field, " +")
    window.editor.select([window.editor.graph.named("theta2").id])
    do("duplicate")
    qtbot.wait(2 * REST)
    assert field.toPlainText().endswith(" +")


def overlapping(window) -> list[tuple[str, str]]:
    """The pairs of cards that lie on each other."""
    bodies = [(i, card.body()) for i, card in window.canvas.canvas.cards.items()]
    return [(i, j) for i, a in bodies for j, b in bodies if i < j and a.intersects(b)]


def test_cards_of_matrices_have_room_once_typing_is_over(window, qtbot):
    editor = window.editor
    editor.show_graph(Graph())
    qtbot.mouseClick(window.formula_bar, Qt.MouseButton.LeftButton)
    field = window.formula_bar.field
    for line in ("A = randn(4, 4)", "B = randn(4, 4)", "c = randn(4, 4)", "J = sum(A @ B + c)"):
        qtbot.keyClicks(field, line)
        key = Qt.Key.Key_Return
        more = not line.startswith("J")
        keys = Qt.KeyboardModifier.ShiftModifier if more else Qt.KeyboardModifier.NoModifier
        qtbot.keyClick(field, key, keys)
    assert len(editor.graph.nodes) == 6 and not overlapping(window)
    seen = window.canvas.mapToScene(window.canvas.viewport().rect()).boundingRect()
    assert seen.contains(window.canvas.canvas.bounds())
    places = {n.name: n.position for n in editor.graph.nodes.values()}
    qtbot.mouseClick(window.formula_bar, Qt.MouseButton.LeftButton)
    qtbot.keyClick(field, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(field, "K = randn(4, 4) @ randn(4, 4).T")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert editor.graph.named("K") is not None and not overlapping(window)
    assert all(editor.graph.named(name).position == place for name, place in places.items())
    while editor.stack.canUndo():
        editor.stack.undo()
    assert editor.stack.count() == 2 and not editor.graph.nodes
