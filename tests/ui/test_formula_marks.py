from PySide6.QtCore import QPoint, Qt

from gradviz.graph import Evaluation, Graph
from gradviz.graph.advice import advise
from gradviz.program import update
from gradviz_ui.formula_marks import marked_lines
from gradviz_ui.theme import current, qcolor

TEXT = (
    "x = tensor([[1.0, 2.0]])\n"
    "w = tensor([[1.0, 2.0]])\n"
    "h = tanh(x @ w)\n"
    "y = tensor([[1.0, 2.0], [3.0, 4.0]])\n"
    "s = sum(softmax(y, dim=0))\n"
    "J = h + s"
)


def test_lines_are_marked_whose_nodes_are_wrong_named_or_not():
    graph = Graph()
    graph.apply(update(graph, TEXT))
    found = advise(graph, Evaluation(graph))
    findings = [f for each in found.values() for f in each]
    assert marked_lines(TEXT, graph, findings) == {2: True, 4: False}
    assert marked_lines(TEXT.replace("h = ", "z == "), graph, findings) == {5: True, 4: False}
    assert marked_lines(TEXT, graph, []) == {}


def test_the_field_underlines_what_is_wrong_while_it_is_typed_in(window, qtbot):
    editor, bar = window.editor, window.formula_bar
    editor.perform(update(editor.graph, TEXT))
    qtbot.waitUntil(lambda: len(editor.advice.all) == 2)
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(80, 16))
    assert bar.editing
    qtbot.waitUntil(lambda: len(bar.field.extraSelections()) == 2)
    shown = {
        s.cursor.selectedText()[0]: s.format.underlineColor() for s in bar.field.extraSelections()
    }
    assert shown == {"h": qcolor(current().error), "s": qcolor(current().warn)}
    fix = editor.advice.all[0].fixes[0]
    editor.advice.apply(fix)
    qtbot.waitUntil(lambda: len(bar.field.extraSelections()) == 1)


CLASH = "x = tensor([[1.0, 2.0, 3.0]])\nw = tensor([[4.0, 5.0, 6.0]])\nc = x @ w\ns = exp(x)"


def test_below_the_field_it_says_why_with_shapes_and_a_click_mends_it(window, qtbot):
    editor, bar = window.editor, window.formula_bar
    editor.show_graph(Graph())
    editor.perform(update(editor.graph, CLASH))
    qtbot.waitUntil(lambda: len(editor.advice.all) == 1)
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(80, 16))
    qtbot.waitUntil(bar.advice.isVisible)
    assert "x [1, 3]" in bar.advice.words.text() and "w [1, 3]" in bar.advice.words.text()
    assert bar.height() >= bar.advice.geometry().bottom()
    bar.grab()
    button = bar.advice.buttons[0]
    assert button.text() == "Transpose w"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "c = x @ w.T" in bar.field.toPlainText())
    assert bar.editing and editor.stack.undoText() == "Transpose w"
    qtbot.waitUntil(bar.advice.isHidden)


def test_the_line_of_the_cursor_comes_first(window, qtbot):
    editor, bar = window.editor, window.formula_bar
    editor.perform(update(editor.graph, TEXT))
    qtbot.waitUntil(lambda: len(editor.advice.all) == 2)
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(80, 16))
    lines = bar.field.toPlainText().splitlines()
    row = next(n for n, line in enumerate(lines) if line.startswith("s ="))
    qtbot.keyClick(bar.field, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    for _ in range(row):
        qtbot.keyClick(bar.field, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: "add up to 1" in bar.advice.words.text())
