"""Forward mode in the window: stepped as other passes are, along a direction chosen or typed."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from gradviz.graph import Graph
from gradviz.graph.directions import AllOnes, Along, Uphill
from gradviz.graph.forward_mode import ForwardPass
from gradviz.program import update
from gradviz_ui import theme
from gradviz_ui.canvas.content import FIXED, PENDING
from gradviz_ui.canvas.painting import outline
from gradviz_ui.docks.backward_along import AlongForm

LEFT = Qt.MouseButton.LeftButton
SOURCE = "double = 2 * x\nproduct = double * y\nJ = product + double"


@pytest.fixture
def pushed(window, editor, qtbot):
    """The window on forward mode of a fan-out, before its first step."""
    graph = Graph()
    graph.apply(update(graph, SOURCE))
    editor.show_graph(graph)
    window.show_workspace("backward")
    qtbot.mouseClick(panel(window).direction.buttons["tangents"], LEFT)
    assert isinstance(editor.track, ForwardPass)
    assert editor.passes.tangents.direction == Along(editor.graph.named("x").id)
    editor.passes.move_along(AllOnes())
    qtbot.waitUntil(window.actions_by_name["step"].isEnabled)
    return window


def panel(window):
    return window.workspaces.shelf.widget("backward")


def node(window, name):
    return window.editor.graph.named(name).id


def card(window, name):
    return window.canvas.canvas.cards[node(window, name)].content


def said(window):
    return panel(window).sentences.accessibleName()


def test_tangents_come_one_by_one_in_a_line_of_their_own_word(pushed, qtbot):
    names = [pushed.editor.graph.node(s.node).name for s in pushed.editor.track.steps]
    assert names == ["x", "y", "double", "product", "J"]
    for count in range(len(names) + 1):
        shown = [card(pushed, name) for name in names]
        assert {c.line for c in shown} == {"tangent"}
        assert [c.grad_text != PENDING for c in shown] == [i < count for i in range(5)]
        qtbot.keyClick(pushed.canvas, Qt.Key.Key_Right)
    assert pushed.editor.moment == 5
    qtbot.waitUntil(pushed.actions_by_name["first"].isEnabled)
    qtbot.keyClick(pushed.canvas, Qt.Key.Key_Home)
    assert pushed.editor.moment == 0


def test_what_moved_has_the_tangents_colour_on_cards_wires_and_line(pushed):
    pushed.editor.set_moment(3)
    colours = theme.current()
    assert outline(card(pushed, "x"), colours, False)[0] == colours.parameter
    assert outline(card(pushed, "double"), colours, False)[0] == colours.act
    pushed.editor.set_moment(4)
    into = {w.wire.target: w.state() for w in pushed.canvas.canvas.wires.values()}
    assert into[node(pushed, "double")] == "parameter"
    assert into[node(pushed, "product")] == "active"
    assert into[node(pushed, "J")] == "idle"


def test_sentence_inspector_and_list_say_the_same(pushed, qtbot):
    pushed.editor.set_moment(4)
    product = pushed.editor.track.tangents[node(pushed, "product")]
    assert "Tangent of product" in said(pushed)
    inspector = pushed.workspaces.shelf.widget("gradient")
    qtbot.waitUntil(lambda: len(inspector.tangents.table.words()) == 2)
    terms = [float(line[3].replace("−", "-")) for line in inspector.tangents.table.words()]
    assert sum(terms) == pytest.approx(float(product), rel=1e-3)
    steps = pushed.workspaces.shelf.widget("steps")
    assert steps.model.sent(pushed.editor.step).startswith("← double ")


def test_reverse_mode_stands_beside_with_what_both_cost(pushed, qtbot):
    pushed.editor.set_moment(5)
    assert ": the same." in said(pushed)
    inspector = pushed.workspaces.shelf.widget("gradient")
    qtbot.waitUntil(lambda: "· · ·" not in inspector.tangents.modes.words()[0])
    slope, every, visits = inspector.tangents.modes.words()
    assert slope[1] == slope[2]
    assert every[1:] == ["2 passes", "1 pass"]
    assert visits[1:] == ["10", "5"]


def test_the_direction_is_chosen_with_the_mouse_or_typed(pushed, qtbot):
    bar, tangents = panel(pushed).along, pushed.editor.passes.tangents
    assert tangents.direction == AllOnes()
    qtbot.mouseClick(bar.button, LEFT)
    form = bar.popup.findChild(AlongForm)
    qtbot.mouseClick(form.leaves[node(pushed, "y")], LEFT)
    assert tangents.direction == Along(node(pushed, "y"))
    assert bar.button.text() == "along y"
    pushed.editor.set_moment(2)
    assert card(pushed, "x").grad_text == FIXED
    assert card(pushed, "double").grad_text == FIXED
    assert [s.kind for s in pushed.editor.track.steps] == ["leaf", "node", "node"]
    qtbot.mouseClick(form.uphill, LEFT)
    assert tangents.direction == Uphill()
    walk = pushed.editor.walk
    pushed.editor.set_moment(99)
    squares = sum(float(np.sum(g**2)) for i, g in walk.gradients.items() if i in tangents.leaves)
    assert float(pushed.editor.track.steps[-1].tangent) == pytest.approx(squares)
    form.field.clear()
    qtbot.keyClicks(form.field, "x = 2, y = 0")
    qtbot.keyClick(form.field, Qt.Key.Key_Return)
    assert bar.button.text().startswith("along x = 2")
    form.field.clear()
    qtbot.keyClicks(form.field, "z")
    qtbot.keyClick(form.field, Qt.Key.Key_Return)
    assert "'z' is no parameter of this pass" in form.note.text()
    bar.popup.hide()


def test_another_document_is_walked_along_a_parameter_of_its_own(pushed, editor):
    graph = Graph()
    graph.apply(update(graph, "a = 3\nb = a * 2"))
    editor.show_graph(graph)
    pushed.show_workspace("backward")
    assert editor.passes.tangents.direction == Along(editor.graph.named("a").id)


def test_each_way_keeps_its_moment_and_a_key_turns(pushed, qtbot):
    pushed.editor.set_moment(2)
    pushed.editor.passes.set_direction("backward")
    pushed.editor.set_moment(3)
    qtbot.keyClick(pushed.canvas, Qt.Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    assert pushed.editor.passes.direction == "tangents"
    assert pushed.editor.moment == 2
    qtbot.keyClick(pushed.canvas, Qt.Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    assert (pushed.editor.passes.direction, pushed.editor.moment) == ("backward", 3)


def test_runs_halt_at_breakpoints_on_the_way(pushed):
    pushed.editor.stops.toggle([node(pushed, "product")])
    panel(pushed).run_on()
    assert pushed.editor.moment == 4
    assert "stopped at product" in said(pushed).lower()
