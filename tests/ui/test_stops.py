"""Stops set and run to by keys, in a whole window: canvas, line, list and words follow."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from gradviz.graph import Graph
from gradviz.graph.group_edits import ChangeGroups
from gradviz.graph.groups import Group
from gradviz.graph.stops import GradientIs, GroupBorder
from gradviz.program import update
from gradviz_ui.docks.backward import BackwardPanel
from gradviz_ui.docks.backward_steps import StepList

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
FAN_OUT = "squared = x ** 2\ntriple = 3 * x\nJ = squared + triple"


def fan_out() -> Graph:
    graph = Graph()
    graph.apply(update(graph, FAN_OUT))
    return graph


@pytest.fixture
def walked(window, editor, qtbot):
    """The window with a fan-out in Backward, before the first step."""
    editor.show_graph(fan_out())
    window.show_workspace("backward")
    qtbot.waitUntil(window.actions_by_name["step"].isEnabled)
    return window


@pytest.fixture
def press(walked, qtbot):
    """Press a key on the canvas, once what it stands for can be done."""

    def key(name: str, code: Qt.Key, held=Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.waitUntil(walked.actions_by_name[name].isEnabled)
        qtbot.keyClick(walked.canvas, code, held)

    return key


def node(window, name):
    return window.editor.graph.named(name).id


def said(window):
    panel = window.workspaces.shelf.widget("backward")
    assert isinstance(panel, BackwardPanel)
    return panel.sentences.accessibleName()


def test_b_marks_the_selected_node_and_runs_halt_there_both_ways(walked, press):
    editor = walked.editor
    editor.select([node(walked, "triple")])
    press("breakpoint", Qt.Key.Key_B)
    assert editor.stops.breakpoints == {node(walked, "triple")}
    assert walked.canvas.canvas.cards[node(walked, "triple")].content.breakpoint
    press("run_on", Qt.Key.Key_Right, CTRL)
    assert editor.moment == editor.walk.moment_of(node(walked, "triple"))
    assert said(walked).startswith("Stopped at triple")
    press("last", Qt.Key.Key_End)
    assert not said(walked).startswith("Stopped")
    press("run_back", Qt.Key.Key_Left, CTRL)
    assert editor.moment == editor.walk.moment_of(node(walked, "triple"))
    assert said(walked).startswith("Stopped at triple")
    press("breakpoint", Qt.Key.Key_B)
    assert not editor.stops.all


def test_without_a_selection_b_marks_the_node_of_the_step(walked, press):
    walked.editor.set_moment(2)
    press("breakpoint", Qt.Key.Key_B)
    assert walked.editor.stops.breakpoints == {walked.editor.step.node}


def test_without_a_stop_ahead_a_run_goes_to_the_end_and_says_so(walked, press):
    press("run_on", Qt.Key.Key_Right, CTRL)
    assert walked.editor.moment == len(walked.editor.walk)
    assert said(walked).startswith("No stop was met on the way to the end.")
    press("run_back", Qt.Key.Key_Left, CTRL)
    assert walked.editor.moment == 0


def test_a_runs_to_the_next_accumulation_and_shift_a_back(walked, press):
    editor = walked.editor
    press("next_sum", Qt.Key.Key_A)
    assert [(sent.to, sent.term) for sent in editor.step.sent] == [(node(walked, "x"), 2)]
    assert "term 2 of 2" in said(walked)
    there = editor.moment
    press("last", Qt.Key.Key_End)
    press("previous_sum", Qt.Key.Key_A, SHIFT)
    assert editor.moment == there


def test_g_goes_to_the_step_of_the_selected_node(walked, press):
    walked.editor.select([node(walked, "x")])
    press("go_to_selected", Qt.Key.Key_G)
    assert walked.editor.moment == len(walked.editor.walk)


def test_a_condition_is_typed_and_halts_a_run_either_way(walked, press, qtbot):
    press("add_stop", Qt.Key.Key_B, CTRL)
    field = walked.focusWidget()
    assert isinstance(field, QLineEdit)
    qtbot.keyClicks(field, "|grad| > 4")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert walked.editor.stops.all == (GradientIs(">", 4.0),) and not field.text()
    assert walked.canvas.hasFocus()
    moment = walked.editor.moment
    qtbot.keyClick(walked.focusWidget(), Qt.Key.Key_Right)
    assert walked.editor.moment == moment + 1
    qtbot.keyClick(walked.focusWidget(), Qt.Key.Key_Left)
    press("run_on", Qt.Key.Key_Right, CTRL)
    there = walked.editor.moment
    assert "|grad| = 5.000 > 4" in said(walked)
    press("last", Qt.Key.Key_End)
    press("run_back", Qt.Key.Key_Left, CTRL)
    assert walked.editor.moment == there


def test_a_condition_that_cannot_be_read_says_what_would_be_right(walked, qtbot):
    walked.page.type_stop()
    field = walked.focusWidget()
    qtbot.keyClicks(field, "q changes")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    panel = walked.workspaces.shelf.widget("steps")
    assert isinstance(panel, StepList)
    assert not walked.editor.stops.all and "no node called 'q'" in panel.stops.problem.text()
    assert field.hasFocus()
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert panel.stops.problem.isHidden() and field.text() == "q change"


def test_stops_are_listed_with_where_they_hold_and_go_with_a_click(walked, qtbot):
    editor = walked.editor
    walked.workspaces.show_dock("steps")
    panel = walked.workspaces.shelf.widget("steps")
    editor.stops.toggle([node(walked, "squared")])
    editor.stops.add(GradientIs(">", 100.0))
    assert panel.stops.words() == ["at squared", "|grad| > 100"]
    qtbot.mouseClick(panel.stops.removers()[0], Qt.MouseButton.LeftButton)
    assert panel.stops.words() == ["|grad| > 100"]
    qtbot.waitUntil(walked.actions_by_name["clear_stops"].isEnabled)
    qtbot.keyClick(walked.canvas, Qt.Key.Key_B, SHIFT)
    assert panel.stops.words() == []


def test_a_click_at_the_edge_of_the_list_marks_the_step(walked, qtbot):
    walked.workspaces.show_dock("steps")
    panel = walked.workspaces.shelf.widget("steps")
    row = panel.view.visualRect(panel.model.index(2))
    place = row.topLeft()
    place.setX(5)
    place.setY(row.center().y())
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    marked = walked.editor.walk.steps[2].node
    assert walked.editor.stops.breakpoints == {marked} and walked.editor.moment == 0


def test_playing_halts_at_a_stop(walked, qtbot):
    panel = walked.workspaces.shelf.widget("backward")
    walked.editor.stops.toggle([node(walked, "triple")])
    panel.player.set_speed(4.0)
    qtbot.keyClick(walked.canvas, Qt.Key.Key_Space)
    assert panel.player.playing
    qtbot.waitUntil(lambda: not panel.player.playing, timeout=6000)
    assert walked.editor.moment == walked.editor.walk.moment_of(node(walked, "triple"))
    assert said(walked).startswith("Stopped at triple")


def test_another_document_has_no_stops(walked):
    walked.editor.stops.toggle([node(walked, "x")])
    walked.editor.show_graph(fan_out())
    assert not walked.editor.stops.all


def test_the_stop_of_a_deleted_node_rests_until_the_node_is_back(walked, do):
    editor = walked.editor
    editor.stops.toggle([node(walked, "squared")])
    editor.select([node(walked, "squared")])
    do("delete")
    assert not editor.stops.all and not editor.stops.moments()
    do("undo")
    assert len(editor.stops.all) == 1


def test_a_run_halts_where_it_leaves_a_group(walked, qtbot):
    graph = walked.editor.graph
    members = frozenset((node(walked, "squared"), node(walked, "triple")))
    graph.apply(ChangeGroups((), (Group("g1", "terms", members),)))
    walked.page.type_stop()
    field = walked.focusWidget()
    qtbot.keyClicks(field, "leave terms")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert walked.editor.stops.all == (GroupBorder("leave", "terms", members),)
    walked.editor.stops.run(True)
    last = max(walked.editor.walk.moment_of(member) for member in members)
    assert walked.editor.moment == last and "behind the group terms" in said(walked)
