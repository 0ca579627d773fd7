import pytest
from PySide6.QtCore import QPoint, Qt

from gradviz.graph import Graph, compose
from gradviz.program import formula, update
from gradviz_ui.docks.problems import MOST, ProblemsPanel

CLASH = "x = tensor([[1.0, 2.0, 3.0]])\nw = tensor([[4.0, 5.0, 6.0]])\nc = x @ w\nd = exp(c)"
WARNED = "x = tensor([[1.0, 2.0], [3.0, 4.0]])\ns = softmax(x, dim=0)"
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot, editor):
    made = ProblemsPanel(editor)
    qtbot.addWidget(made)
    made.resize(312, 500)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def written(editor, panel, qtbot):
    """Makes the document say something else, and waits for what is found in it."""

    def write(text: str, count: int) -> None:
        editor.perform(update(editor.graph, text))
        qtbot.waitUntil(lambda: len(panel.rows) == count)

    return write


def test_errors_come_first_then_what_waits_and_a_click_goes_there(panel, editor, written, qtbot):
    assert panel.none.isVisible()
    written(CLASH, 2)
    assert [row.look for row in panel.rows] == ["error", "waiting"]
    assert panel.rows[0].words.startswith("c: mat1 and mat2 shapes")
    assert panel.rows[1].words == "d waits for c"
    with qtbot.waitSignal(editor.reveal_wanted):
        qtbot.mouseClick(panel.rows[0], LEFT, pos=QPoint(60, 12))
    assert editor.selection == {editor.graph.named("c").id}
    editor.stack.undo()
    qtbot.waitUntil(panel.none.isVisible)


def test_a_fix_is_one_click_and_one_step_to_undo(panel, editor, written, qtbot):
    written(CLASH, 2)
    button = panel.rows[0].buttons[0]
    assert button.text() == "Transpose w"
    steps = editor.stack.index()
    qtbot.mouseClick(button, LEFT)
    qtbot.waitUntil(panel.none.isVisible)
    assert "c = x @ w.T" in formula(editor.graph)
    assert editor.stack.index() == steps + 1
    assert editor.stack.undoText() == "Transpose w"
    editor.stack.undo()
    qtbot.waitUntil(lambda: len(panel.rows) == 2)


def test_what_lacks_an_input_is_said_and_can_be_given_one(panel, editor, qtbot):
    editor.perform(compose.add(editor.graph, "exp", name="e"))
    qtbot.waitUntil(lambda: len(panel.rows) == 1)
    (row,) = panel.rows
    assert (row.look, row.words) == ("missing", "e needs a wire or a number on input")
    qtbot.mouseClick(row.buttons[0], LEFT)
    # It has a value now, and does not yet lead anywhere.
    qtbot.waitUntil(lambda: [row.look for row in panel.rows] == ["warning"])
    assert editor.value(editor.graph.named("e").id) is not None


def test_a_warning_is_another_mark_and_its_fix_mends_it(panel, editor, written, qtbot):
    written(WARNED, 1)
    (row,) = panel.rows
    assert row.look == "warning"
    assert row.accessibleName().startswith("Warning: s makes the columns of x [2, 2]")
    qtbot.mouseClick(row.buttons[0], LEFT)
    qtbot.waitUntil(panel.none.isVisible)
    assert editor.graph.named("s").setting("dim") == -1


def test_everything_in_a_row_is_reached_by_keys(panel, editor, written, qtbot):
    written(CLASH, 2)
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    first, second = panel.rows
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert second.hasFocus()
    qtbot.keyClick(second, Qt.Key.Key_Up)
    assert first.hasFocus()
    qtbot.keyClick(first, Qt.Key.Key_Return)
    assert editor.selection == {editor.graph.named("c").id}
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert first.buttons[0].hasFocus()
    qtbot.keyClick(first.buttons[0], Qt.Key.Key_Space)
    qtbot.waitUntil(panel.none.isVisible)


def test_a_fix_that_came_too_late_is_refused_and_said(panel, editor, written, qtbot):
    written(CLASH, 2)
    fix = editor.advice.about(editor.graph.named("c").id)[0].fixes[0]
    editor.perform(compose.delete(editor.graph, [editor.graph.named("c").id]))
    with qtbot.waitSignal(editor.refused) as said:
        editor.advice.apply(fix)
    assert "no longer fits" in said.args[0]


def test_a_renamed_node_is_called_by_its_name(panel, editor, written, qtbot):
    written(CLASH, 2)
    editor.perform(compose.rename(editor.graph, editor.graph.named("w").id, "weights"))
    label = lambda: panel.rows[0].buttons[0].accessibleName()  # noqa: E731
    qtbot.waitUntil(lambda: label() == "Transpose weights")


def test_long_names_are_elided_within_the_panel(panel, written):
    name = "a_name_that_is_much_longer_than_the_panel_is_wide_at_its_usual_width"
    written(CLASH.replace("w", name), 2)
    button = panel.rows[0].buttons[0]
    right = button.mapTo(panel, button.rect().bottomRight()).x()
    assert right < panel.width()
    assert "…" in button.text()
    assert button.toolTip() == f"Transpose {name}"


def test_of_very_many_only_the_first_are_listed(panel, editor, qtbot):
    lines = "\n".join(f"c{i} = x @ w" for i in range(MOST + 5))
    editor.perform(update(editor.graph, CLASH.rpartition("\nc")[0] + "\n" + lines))
    qtbot.waitUntil(lambda: len(panel.rows) == MOST)


P = "p = tensor([1.0, 2.0, 4.0], requires_grad=True)\n"
TWO = "x = tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)\n"
MENDED = [
    ("x = tensor([[1.0, 2.0, 3.0]])\nw = tensor([[4.0, 5.0, 6.0]])\nc = x @ w", "Transpose w"),
    ("x = ones(2, 3)\nw = ones(2, 2)\nc = x @ w", "Swap inputs"),
    ("a = ones(3)\nb = ones(3, 2)\nc = a + b", "Unsqueeze a to [3, 1]"),
    ("p = tensor([0.5, 0.2])\nt = tensor([0, 1])\nc = binary_cross_entropy(p, t)",
     "Cast t to float32"),
    (P + "y = tensor([[1.0], [2.0], [3.0]])\nc = mse_loss(p, y)", "Reshape y to [3]"),
    (TWO + "c = sum(softmax(x, dim=0))", "dim = -1"),
    (P + "c = sum(sqrt(p - 1))", "Add 1e-12 first"),
    (P + "q = tensor(2.0, requires_grad=True)\nc = sum(p)", "Delete q"),
    (P + "q = tensor(2.0, requires_grad=True)\nc = sum(p)", "requires_grad off"),
    ("a = tensor(7)\nb = tensor(2)\nc = a // b", "Use / instead"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "label"), MENDED)
def test_one_click_mends_it_and_one_step_takes_that_back(panel, editor, qtbot, text, label):
    editor.show_graph(Graph())
    editor.perform(update(editor.graph, text))
    qtbot.waitUntil(lambda: any(row.buttons for row in panel.rows))
    before = formula(editor.graph)
    buttons = {button.accessibleName(): button for row in panel.rows for button in row.buttons}
    panel.grab()
    qtbot.mouseClick(buttons[label], LEFT)
    qtbot.waitUntil(panel.none.isVisible)
    assert editor.stack.undoText() == label
    editor.stack.undo()
    assert formula(editor.graph) == before
    qtbot.waitUntil(lambda: bool(panel.rows))


def test_a_fix_by_key_leaves_the_focus_in_the_panel(panel, editor, written, qtbot):
    written("x = ones(2, 3)\nw = ones(2, 3)\nc = x @ w", 1)
    row = panel.rows[0]
    row.buttons[0].setFocus()
    qtbot.keyClick(row.buttons[0], Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not panel.rows)
    assert panel.none.hasFocus()
