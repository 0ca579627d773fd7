"""What the keys of the menu Edit do to what is selected, in a whole window."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from gradviz.files import dumps
from gradviz.program import formula, graph_from_source

CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def chain(window, editor):
    """A window over ``J = exp(y + 2)`` with ``y = sin(a)``; a way to select by name."""
    editor.show_graph(graph_from_source("y = sin(a)\nz = y + 2\nJ = exp(z)"))
    window.canvas.setFocus()

    def select(*names: str) -> None:
        editor.select(editor.graph.ids_by_name[name] for name in names)

    return select


def test_a_duplicate_reads_what_its_original_does(chain, editor, press):
    chain("y", "z")
    press("duplicate", Qt.Key.Key_D, CTRL)
    assert {"y1 = sin(a)", "z1 = y1 + 2"} <= set(formula(editor.graph).splitlines())
    assert {editor.graph.node(i).name for i in editor.selection} == {"y1", "z1"}
    before = [editor.graph.named(n).position for n in ("y", "y1")]
    assert before[0] != before[1]


def test_what_is_deleted_by_ctrl_delete_is_bridged_and_by_delete_not(chain, editor, press):
    before = dumps(editor.graph)
    chain("z")
    press("bridge", Qt.Key.Key_Delete, CTRL)
    assert formula(editor.graph).splitlines() == ["y = sin(a)", "J = exp(y)"]
    editor.stack.undo()
    assert dumps(editor.graph) == before
    chain("z")
    press("delete", Qt.Key.Key_Delete, NONE)
    assert "exp(...)" in formula(editor.graph)


def test_equally_spaced_numbers_are_a_leaf_whose_ends_are_typed(window, editor, qtbot):
    popup = window.canvas.overlays.popup
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_Space)
    qtbot.keyClicks(popup.field, "linspace")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    node = editor.graph.named("linspace")
    assert editor.selection == {node.id}
    panel = window.workspaces.shelf.widget("inspector")
    qtbot.waitUntil(lambda: getattr(panel.page, "node_id", None) == node.id)
    fields = {field.attr.name: field.editor for field in panel.page.form.fields}
    for name, typed in (("start", "-1"), ("end", "1"), ("steps", "5")):
        fields[name].setFocus()
        fields[name].selectAll()
        qtbot.keyClicks(fields[name], typed)
        qtbot.keyClick(fields[name], Qt.Key.Key_Return)
    np.testing.assert_allclose(editor.value(node.id).array, [-1, -0.5, 0, 0.5, 1])


def test_a_leafs_card_shows_whether_it_is_a_parameter_and_of_which_type(
    window, editor, press, qtbot
):
    leaf = editor.graph.named("theta1")
    card = window.canvas.canvas.cards[leaf.id]
    window.canvas.setFocus()
    editor.select([leaf.id])
    assert (card.content.category, card.content.new_type) == ("leaf", "")
    press("requires_grad", Qt.Key.Key_T, NONE)
    assert card.content.category == "const" and card.content.grad_text == "no grad"
    panel = window.workspaces.shelf.widget("inspector")
    qtbot.waitUntil(lambda: getattr(panel.page, "node_id", None) == leaf.id)
    box = next(f.editor for f in panel.page.form.fields if f.attr.name == "dtype")
    box.setFocus()
    qtbot.keyClicks(box, "float64")
    qtbot.waitUntil(lambda: card.content.new_type == "float64")
