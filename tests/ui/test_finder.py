"""Finding nodes: typed in a whole window, and gone to."""

import pytest
from PySide6.QtCore import Qt

from gradviz.program import graph_from_source
from gradviz_ui.chooser import ROW

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
SOURCE = """
W = tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.25]], requires_grad=True)
x = tensor([0.5, -1.5, 2.0])
hidden = W @ x
shifted = hidden - 3.0
bad = sqrt(shifted - 100.0)
wrong = W + tensor([1.0, 2.0])
J = sum(bad)
"""


@pytest.fixture
def finder(window, editor, qtbot):
    editor.show_graph(graph_from_source(SOURCE))
    window.canvas.setFocus()
    qtbot.waitUntil(window.actions_by_name["find"].isEnabled)
    qtbot.keyClick(window.canvas, Qt.Key.Key_F, CTRL)
    qtbot.waitUntil(window.finder.field.hasFocus)
    return window.finder


def typed(finder, qtbot, text: str) -> list[str]:
    finder.field.selectAll()
    qtbot.keyClicks(finder.field, text)
    return [finder.list.item(i).data(ROW).text for i in range(finder.list.count())]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("hidden", {"hidden"}),
        ("matmul", {"hidden"}),
        ("(2, 3)", {"W"}),
        ("6.25", {"W"}),
        ("-1.5", {"x"}),
        ("has error", {"wrong"}),
        ("has nan", {"bad", "J"}),
        ("parameter", {"W"}),
        ("no such thing", {"Nothing fits “no such thing”"}),
    ],
)
def test_a_node_is_found_by_what_is_known_of_it(finder, qtbot, text, names):
    assert set(typed(finder, qtbot, text)) == names


def test_return_goes_there_and_f3_to_the_others(finder, window, editor, qtbot):
    assert set(typed(finder, qtbot, "requires grad")) == {"W", "hidden", "shifted", "bad", "J"} | {
        n.name for n in editor.graph.nodes.values() if n.name.startswith("sub")
    }
    qtbot.keyClick(finder.field, Qt.Key.Key_Return)
    assert not finder.isVisible()
    seen = set()
    for _ in range(6):
        (node,) = editor.selection
        seen.add(editor.graph.node(node).name)
        qtbot.keyClick(window.canvas, Qt.Key.Key_F3)
    assert {"W", "hidden", "shifted", "bad", "J"} <= seen
    last = editor.selection
    qtbot.keyClick(window.canvas, Qt.Key.Key_F3)
    qtbot.keyClick(window.canvas, Qt.Key.Key_F3, SHIFT)
    assert editor.selection == last


def test_it_opens_with_what_was_looked_for(finder, window, editor, qtbot):
    typed(finder, qtbot, "hidden")
    qtbot.keyClick(finder.field, Qt.Key.Key_Escape)
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_F, CTRL)
    qtbot.waitUntil(finder.field.hasFocus)
    assert finder.field.selectedText() == "hidden" and finder.list.count() == 1
