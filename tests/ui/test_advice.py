"""Advice in the window: the formula's count, the keys that go to problems, cards and menus."""

from PySide6.QtCore import QPoint, Qt

from gradviz.graph import compose
from gradviz.program import formula, update
from gradviz_ui.canvas.content import content_for
from gradviz_ui.canvas.hovering import details

CLASH = "x = tensor([[1.0, 2.0, 3.0]])\nw = tensor([[4.0, 5.0, 6.0]])\nc = x @ w"
WARNED = "x = tensor([[1.0, 2.0], [3.0, 4.0]])\ns = softmax(x, dim=0)\nl = log(s)"
LEFT = Qt.MouseButton.LeftButton


def write(window, qtbot, text: str) -> None:
    editor = window.editor
    editor.perform(update(editor.graph, text))
    qtbot.waitUntil(lambda: bool(editor.advice.all))


def test_the_formula_counts_what_is_wrong_and_a_click_on_it_lists_it(window, qtbot):
    bar = window.formula_bar
    write(window, qtbot, WARNED)
    qtbot.waitUntil(lambda: bar.state.text() == "2 warnings")
    qtbot.mouseClick(bar, LEFT, pos=bar.state.geometry().center())
    assert not bar.editing
    assert window.workspaces.shelf.widget("problems").isVisible()
    write(window, qtbot, f"{WARNED}\nw = tensor([1.0, 2.0, 3.0])\nc = x @ w")
    qtbot.waitUntil(lambda: bar.state.text() == "1 error · 2 warnings")


def test_a_key_goes_from_problem_to_problem_and_round(window, qtbot):
    write(window, qtbot, WARNED)
    ids = window.editor.graph.ids_by_name
    qtbot.waitUntil(window.actions_by_name["next_problem"].isEnabled)
    for name in ("s", "l", "s"):
        qtbot.keyClick(window, Qt.Key.Key_F8)
        assert window.editor.selection == {ids[name]}
    qtbot.keyClick(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert window.editor.selection == {ids["l"]}
    assert window.workspaces.shelf.widget("problems").isVisible()


def test_a_key_applies_the_first_fix_of_the_selected_node(window, qtbot):
    write(window, qtbot, CLASH)
    editor = window.editor
    qtbot.waitUntil(window.actions_by_name["next_problem"].isEnabled)
    assert not window.actions_by_name["fix"].isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_F8)
    qtbot.waitUntil(window.actions_by_name["fix"].isEnabled)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert editor.value(editor.graph.named("c").id) is not None
    assert editor.stack.undoText() == "Transpose w"


def test_a_warned_card_says_why(window, qtbot):
    write(window, qtbot, WARNED)
    editor = window.editor
    graph, node = editor.graph, editor.graph.named("s")
    assert content_for(editor, node).warned
    assert "add up to 1" in details(editor, node.id)
    assert not content_for(editor, graph.named("x")).warned


def test_the_menu_of_a_node_offers_its_fixes(window, qtbot):
    write(window, qtbot, CLASH)
    editor = window.editor
    editor.select({editor.graph.named("c").id})
    menu = window.actions_by_name.context_menu("node", window)
    fixes = [a for a in menu.actions() if a.text().startswith("Fix: ")]
    assert [a.text() for a in fixes] == ["Fix: Transpose w", "Fix: Transpose x"]
    menu.popup(QPoint(0, 0))
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(fixes[0]).center())
    assert "c = x @ w.T" in formula(editor.graph)
    editor.stack.undo()
    assert "c = x @ w" in formula(editor.graph).splitlines()


def test_a_warning_that_only_flashes_by_is_not_given(window, qtbot):
    editor = window.editor
    editor.perform(update(editor.graph, "t = tensor(1.0, requires_grad=True)\nJ = sqrt(t)"))
    editor.advice.refresh()
    node = editor.graph.named("t").id
    heard: list[object] = []
    editor.advice.changed.connect(heard.append)
    for value in (0.0, 2.0):
        editor.perform(compose.set_value(editor.graph, node, value))
    qtbot.wait(200)
    assert heard == []
    editor.perform(compose.set_value(editor.graph, node, 0.0))
    qtbot.waitUntil(lambda: heard == [{editor.graph.named("J").id}])


def test_the_menu_of_a_node_has_what_can_be_done_with_it_and_nothing_else(window):
    editor = window.editor
    editor.perform(update(editor.graph, "y = x * 2"))
    editor.select({editor.graph.named("y").id})
    menu = window.actions_by_name.context_menu("node", window)
    texts = [action.text() for action in menu.actions()]
    assert "Delete" in texts and "Ungroup" not in texts
    assert all(a.isEnabled() for a in menu.actions() if not a.isSeparator())
    pairs = zip(menu.actions(), menu.actions()[1:], strict=False)
    assert not any(a.isSeparator() and b.isSeparator() for a, b in pairs)
