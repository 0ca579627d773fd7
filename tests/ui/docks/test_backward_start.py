"""Where a pass starts, from what seed, and calls of backward in a row."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gradviz.graph import Graph
from gradviz.graph.seeds import OneHot, Ones, Weights
from gradviz.program import graph_from_source
from gradviz_ui.canvas.content import content_for
from gradviz_ui.docks.backward import BackwardPanel
from gradviz_ui.editor import Editor

LEFT = Qt.MouseButton.LeftButton
SOURCE = """
x = tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True)
y = x * x
s = sum(y)
"""
FAN_OUT = "x = tensor(2.0, requires_grad=True)\nJ = x * x + x"


def graph(source: str) -> Graph:
    return graph_from_source(source)


@pytest.fixture
def document() -> Graph:
    return graph(SOURCE)


def node(editor: Editor, name: str) -> str:
    found = editor.graph.named(name)
    assert found is not None
    return found.id


def choose_output(panel: BackwardPanel, name: str) -> None:
    menu = panel.start.menu()
    next(a for a in menu.actions() if a.text() == name).trigger()


def test_the_chooser_offers_every_computed_node_that_needs_a_gradient(
    panel: BackwardPanel, editor: Editor
) -> None:
    assert panel.start.output.text() == "from s" and panel.start.seed.text() == "seed 1"
    menu = panel.start.menu()
    assert [(a.text(), a.isChecked()) for a in menu.actions()] == [("s", True), ("y", False)]
    editor.set_moment(2)
    choose_output(panel, "y")
    assert editor.graph.output() == node(editor, "y") and editor.moment == 0
    assert panel.start.output.text() == "from y" and panel.start.seed.text() == "seed ?"


def test_a_tensor_as_output_asks_for_the_seed_and_ones_answer(
    panel: BackwardPanel, editor: Editor, qtbot: QtBot
) -> None:
    choose_output(panel, "y")
    assert editor.walk is None and panel.seed_form.isVisible()
    assert "y has shape (2, 3)" in panel.seed_form.question.text()
    qtbot.mouseClick(panel.seed_form.ones, LEFT)
    assert editor.passes.seed == Ones() and panel.timeline.isVisible()
    assert panel.start.seed.text() == "seed ones"
    assert panel.seed_form.meaning.text() == "Ones: the gradient of the sum of all elements of y."


def test_a_clicked_element_is_a_one_hot_seed(
    panel: BackwardPanel, editor: Editor, qtbot: QtBot
) -> None:
    choose_output(panel, "y")
    heat = panel.seed_form.picker.heat
    qtbot.mouseClick(heat, LEFT, pos=heat.centre_of(1, 2))
    assert editor.passes.seed == OneHot((1, 2)) and editor.walk is not None
    expected = np.zeros((2, 3))
    expected[1, 2] = 12
    assert np.array_equal(editor.walk.gradients[node(editor, "x")], expected)
    assert panel.start.seed.text() == "seed one-hot 1, 2"


def test_typed_numbers_are_a_seed_and_what_does_not_fit_is_said(
    panel: BackwardPanel, editor: Editor, qtbot: QtBot
) -> None:
    choose_output(panel, "y")
    field = panel.seed_form.field
    qtbot.keyClicks(field, "[1, 2]")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert editor.passes.seed is None and "(2, 3)" in panel.seed_form.meaning.text()
    field.clear()
    qtbot.keyClicks(field, "[[1, 0, 0], [0, 0, -2]]")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert isinstance(editor.passes.seed, Weights) and editor.walk is not None
    assert editor.walk.gradients[node(editor, "x")][1, 2] == -24


def test_each_output_keeps_its_own_seed(panel: BackwardPanel, editor: Editor, qtbot: QtBot) -> None:
    choose_output(panel, "y")
    qtbot.mouseClick(panel.seed_form.ones, LEFT)
    choose_output(panel, "s")
    assert editor.passes.seed is None and editor.walk is not None
    choose_output(panel, "y")
    assert editor.passes.seed == Ones()


def test_backward_again_adds_to_what_leaves_hold_and_zero_grad_empties_it(
    panel: BackwardPanel, editor: Editor, qtbot: QtBot
) -> None:
    editor.show_graph(graph(FAN_OUT))
    x = node(editor, "x")
    qtbot.mouseClick(panel.last_button, LEFT)
    assert editor.passes.kept(x) is None and not panel.start.zero.isEnabled()
    qtbot.mouseClick(panel.start.again, LEFT)
    assert editor.moment == 0 and panel.start.zero.isEnabled()
    assert content_for(editor, editor.graph.node(x)).kept == ".grad 5.000"
    qtbot.mouseClick(panel.last_button, LEFT)
    card = content_for(editor, editor.graph.node(x))
    assert (card.grad_text, card.kept) == ("5.000", ".grad 10.00")
    assert "no fan-out" in panel.sentences.accessibleName()
    qtbot.mouseClick(panel.start.zero, LEFT)
    assert content_for(editor, editor.graph.node(x)).kept == ""
    assert not panel.start.zero.isEnabled()


def test_another_document_starts_with_nothing_kept(panel: BackwardPanel, editor: Editor) -> None:
    editor.passes.again()
    editor.show_graph(graph(FAN_OUT))
    assert editor.passes.earlier == 0 and editor.passes.seed is None


@pytest.mark.parametrize("width", [880, 1000, 1119, 1280])
def test_however_narrow_nothing_of_the_header_is_clipped(
    panel: BackwardPanel, editor: Editor, qtbot: QtBot, width: int
) -> None:
    editor.set_moment(2)
    panel.resize(width, 260)
    qtbot.waitUntil(lambda: panel.width() == width)
    buttons = (
        *panel.direction.buttons.values(), panel.start.output, panel.start.seed,
        panel.start.again, panel.start.zero, panel.first_button, panel.run_back_button,
        panel.back_button, panel.step_button, panel.play_button, panel.run_on_button,
        panel.last_button, panel.target_button, panel.speed_button, panel.loop_button,
    )  # fmt: skip

    def whole() -> bool:
        shown = [button for button in buttons if button.isVisible()]
        return all(button.width() >= button.minimumSizeHint().width() for button in shown)

    qtbot.waitUntil(whole)
    assert panel.step_button.isVisible() and panel.start.output.isVisible()


def test_what_a_gradient_graph_calls_its_nodes_reads_as_mathematics(
    panel: BackwardPanel, editor: Editor
) -> None:
    editor.show_graph(graph("x = tensor(2.0, requires_grad=True)\nd_J_d_x = 2 * x"))
    assert panel.start.output.text() == "from ∂J/∂x"
    assert panel.timeline.label(2) == "∂J/∂x"
