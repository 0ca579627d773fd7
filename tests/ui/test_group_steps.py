"""Over a group, back over it and into it, in a whole window."""

import pytest
from PySide6.QtCore import Qt

from gradviz.graph import Graph, grouping
from gradviz.program import update

SHIFT, NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def walked(window, editor, qtbot):
    """A chain with a collapsed group in the middle, in Backward, at the group's door."""
    graph = Graph()
    graph.apply(update(graph, "a = sin(x)\nb = cos(a)\nc = tanh(b)\nJ = exp(c)"))
    editor.show_graph(graph)
    made = grouping.make_group(graph, [graph.ids_by_name[name] for name in "abc"], "middle")
    editor.perform(made)
    editor.perform(grouping.collapse(graph, list(graph.groups)))
    window.show_workspace("backward")
    editor.set_moment(editor.walk.moment_of(graph.ids_by_name["J"]))
    return window


def step_name(window) -> str:
    return window.editor.graph.node(window.editor.step.node).name


def test_a_collapsed_group_is_one_step_either_way(walked, press):
    editor = walked.editor
    start = editor.moment
    press("over_group", Qt.Key.Key_Right, SHIFT)
    assert step_name(walked) == "a" and editor.moment == start + 3
    assert editor.stops.reason == "stopped behind the group middle"
    card = walked.canvas.canvas.groups.card_of(editor.graph.named("b").id)
    assert card.content.active and card.content.travelled == "grad"
    press("back_over_group", Qt.Key.Key_Left, SHIFT)
    assert editor.moment == start
    assert editor.stops.reason == "stopped before the group middle"
    press("step", Qt.Key.Key_Right, NONE)
    assert editor.moment == start + 1 and card.content.active


def test_outside_groups_it_is_a_plain_step(walked, press):
    editor = walked.editor
    start = editor.moment
    press("back_over_group", Qt.Key.Key_Left, SHIFT)
    assert editor.moment == start - 1
    press("over_group", Qt.Key.Key_Right, SHIFT)
    assert editor.moment == start


def test_stepping_into_a_group_opens_it(walked, press):
    editor = walked.editor
    press("into_group", Qt.Key.Key_I, NONE)
    (group,) = editor.graph.groups.values()
    assert not group.collapsed and step_name(walked) == "c"
    walked.actions_by_name.refresh()
    assert not walked.actions_by_name["into_group"].isEnabled()
    press("over_group", Qt.Key.Key_Right, SHIFT)
    assert step_name(walked) == "a"


def test_inside_a_group_that_was_entered_its_own_groups_are_stepped_over_and_into(walked, press):
    editor, graph = walked.editor, walked.editor.graph
    (middle,) = graph.groups
    inner = [graph.ids_by_name[name] for name in "ab"]
    editor.perform(grouping.make_group(graph, inner, "inner"))
    head = next(i for i, g in graph.groups.items() if g.name == "inner")
    editor.perform(grouping.collapse(graph, [head]))
    editor.entering.enter(middle)
    press("step", Qt.Key.Key_Right, NONE)
    assert step_name(walked) == "c"
    press("over_group", Qt.Key.Key_Right, SHIFT)
    assert step_name(walked) == "a" and editor.stops.reason == "stopped behind the group inner"
    press("back_over_group", Qt.Key.Key_Left, SHIFT)
    assert step_name(walked) == "c"
    press("into_group", Qt.Key.Key_I, NONE)
    assert step_name(walked) == "b" and editor.entering.group == middle
    assert graph.groups[middle].collapsed and not graph.groups[head].collapsed
