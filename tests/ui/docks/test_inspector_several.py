"""Several nodes in the inspector: what they share is shown, and edited in all of them at once."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox

from gradviz.graph import Graph, compose
from gradviz.graph.grouping import make_group
from gradviz.program import update
from gradviz_ui.docks.inspector import InspectorPanel
from gradviz_ui.docks.inspector_several import SeveralPage
from gradviz_ui.forms import Entry

TEXT = (
    "a = tensor(1.0, requires_grad=True)\nb = tensor(2.0)\n"
    "m = softmax(tensor([[1.0, 2.0], [3.0, 4.0]]), dim=1)\n"
    "n = log_softmax(tensor([[1.0, 2.0], [3.0, 4.0]]), dim=0)\nc = a * b"
)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def several(qtbot, editor):
    """Select nodes by name, and give the page that shows them."""
    graph = Graph()
    graph.apply(update(graph, TEXT))
    editor.show_graph(graph)
    panel = InspectorPanel(editor)
    qtbot.addWidget(panel)
    panel.resize(340, 900)
    with qtbot.waitExposed(panel):
        panel.show()

    def show(*names: str) -> SeveralPage:
        editor.select(graph.ids_by_name[name] for name in names)
        qtbot.waitUntil(lambda: isinstance(panel.page, SeveralPage))
        page = panel.page
        assert isinstance(page, SeveralPage)
        return page

    return show


def setting(editor, name, attr):
    return editor.graph.named(name).setting(attr)


def field(page, name, kind):
    found = next(f for f in page.form.fields if f.attr.name == name).editor
    assert isinstance(found, kind)
    return found


def test_a_mixed_switch_is_half_on_and_one_click_sets_all_as_one_step(several, editor, qtbot):
    page = several("a", "b")
    switch = field(page, "requires_grad", QCheckBox)
    assert switch.checkState() is Qt.CheckState.PartiallyChecked and switch.text() == "mixed"
    before = editor.stack.count()
    qtbot.mouseClick(switch, LEFT, pos=QPoint(8, switch.height() // 2))
    assert setting(editor, "a", "requires_grad") and setting(editor, "b", "requires_grad")
    assert editor.stack.count() == before + 1
    qtbot.waitUntil(lambda: switch.checkState() is Qt.CheckState.Checked)
    editor.stack.undo()
    assert not setting(editor, "b", "requires_grad")
    qtbot.waitUntil(lambda: switch.checkState() is Qt.CheckState.PartiallyChecked)


def test_nodes_of_different_operations_share_what_has_one_name_and_kind(several, editor, qtbot):
    page = several("m", "n")
    entry = field(page, "dim", Entry)
    assert (entry.text(), entry.placeholderText()) == ("", "mixed")
    assert "mul" not in page.kinds.figure.text() and page.shapes.figure.text() == "(2, 2)"
    qtbot.mouseClick(entry, LEFT)
    qtbot.keyClicks(entry, "-1")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert setting(editor, "m", "dim") == setting(editor, "n", "dim") == -1
    qtbot.waitUntil(lambda: entry.text().replace("−", "-") == "-1")


def test_a_mixed_entry_that_is_only_visited_changes_nothing(several, editor, qtbot):
    page = several("m", "n")
    entry = field(page, "dim", Entry)
    before = editor.stack.count()
    qtbot.mouseClick(entry, LEFT)
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert editor.stack.count() == before and setting(editor, "m", "dim") == 1


def test_numbers_are_set_together(several, editor, qtbot):
    page = several("a", "b")
    assert page.value_state.text() == "mixed"
    qtbot.mouseClick(page.scalar, LEFT)
    qtbot.keyClicks(page.scalar, "3.5")
    qtbot.keyClick(page.scalar, Qt.Key.Key_Return)
    assert editor.evaluation.value(editor.graph.named("c").id).item() == 12.25
    qtbot.waitUntil(lambda: page.value_state.text() == "")


def test_a_number_that_one_of_them_cannot_hold_changes_none(several, editor, qtbot):
    node = editor.graph.named("b").id
    editor.perform(compose.set_value(editor.graph, node, np.array(2)))
    page = several("a", "b")
    qtbot.mouseClick(page.scalar, LEFT)
    qtbot.keyClicks(page.scalar, "3.5")
    qtbot.keyClick(page.scalar, Qt.Key.Key_Return)
    assert "'b' is int64, which holds whole numbers only" in page.scalar.toolTip()
    assert [setting(editor, name, "data").item() for name in "ab"] == [1, 2]


def test_a_choice_says_mixed_and_sets_a_type(several, editor, qtbot):
    page = several("a", "b")
    box = field(page, "dtype", QComboBox)
    assert box.currentText() == "default"
    box.setFocus()
    qtbot.keyClicks(box, "float64")
    box.activated.emit(box.currentIndex())
    values = [editor.evaluation.value(editor.graph.named(n).id) for n in "abc"]
    assert {value.dtype.name for value in values} == {"float64"}


def test_nodes_with_nothing_in_common_have_no_form(several):
    page = several("a", "c")
    assert page.settings.isHidden() and page.scalar_row.isHidden()
    assert page.title.text() == "2 nodes"


def test_a_key_makes_the_selected_leaves_parameters_and_constants(window, qtbot, press):
    editor = window.editor
    editor.perform(update(editor.graph, TEXT))
    names = editor.graph.ids_by_name
    editor.select([names["a"], names["b"], names["c"]])
    none = Qt.KeyboardModifier.NoModifier
    press("requires_grad", Qt.Key.Key_T, none)
    assert setting(editor, "a", "requires_grad") and setting(editor, "b", "requires_grad")
    qtbot.waitUntil(window.actions_by_name["requires_grad"].isChecked)
    press("requires_grad", Qt.Key.Key_T, none)
    assert not setting(editor, "a", "requires_grad")
    editor.stack.undo()
    assert setting(editor, "a", "requires_grad") and setting(editor, "b", "requires_grad")


def test_a_group_that_is_chosen_whole_is_called_by_its_name(several, editor):
    page = several("a", "b", "c")
    assert page.title.text() == "3 nodes"
    editor.perform(make_group(editor.graph, editor.selection, "product"))
    page.show_nodes(tuple(map(editor.graph.node, sorted(editor.selection))))
    assert page.title.text() == "product"
    assert page.names.text() == "group of 3 nodes: a, b, c"
