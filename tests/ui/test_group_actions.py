"""Groups made, named, folded and taken apart by keys, in a whole window."""

from PySide6.QtCore import Qt

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_a_selection_is_grouped_named_folded_opened_and_ungrouped(chain, press, qtbot):
    graph = chain.editor.graph
    press("group", Qt.Key.Key_G, CTRL)
    field = chain.canvas.overlays.field
    assert field.isVisible()
    qtbot.keyClicks(field, "middle")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    (group,) = graph.groups.values()
    assert group.name == "middle" and group.members == chain.editor.selection
    press("fold", Qt.Key.Key_E, CTRL)
    assert graph.groups[group.id].collapsed and len(chain.canvas.canvas.cards) == 3
    press("fold", Qt.Key.Key_E, CTRL)
    assert not graph.groups[group.id].collapsed and len(chain.canvas.canvas.cards) == 4
    press("ungroup", Qt.Key.Key_G, CTRL | SHIFT)
    assert not graph.groups
    for _ in range(5):
        chain.editor.stack.undo()
    assert not graph.groups and not chain.editor.stack.canUndo()


def test_a_node_is_taken_out_and_nothing_is_offered_where_there_is_no_group(chain, press, qtbot):
    actions = chain.actions_by_name
    actions.refresh()
    assert not any(actions[name].isEnabled() for name in ("ungroup", "fold", "take_out"))
    press("group", Qt.Key.Key_G, CTRL)
    graph = chain.editor.graph
    chain.editor.select([graph.named("a").id])
    qtbot.waitUntil(actions["take_out"].isEnabled)
    actions["take_out"].trigger()
    (group,) = graph.groups.values()
    assert group.members == {graph.named("b").id}


def test_a_group_that_cannot_be_one_card_says_why(chain, press, qtbot):
    graph, reasons = chain.editor.graph, []
    chain.editor.refused.connect(reasons.append)
    chain.editor.select(graph.named(name).id for name in ("a", "J"))
    press("group", Qt.Key.Key_G, CTRL)
    qtbot.keyClick(chain.canvas.overlays.field, Qt.Key.Key_Return)
    press("fold", Qt.Key.Key_E, CTRL)
    assert len(reasons) == 1 and "take 'b' into the group" in reasons[0]


def test_a_group_is_entered_and_left_by_keys_and_identical_ones_are_selected(chain, press, qtbot):
    editor, graph = chain.editor, chain.editor.graph
    press("group", Qt.Key.Key_G, CTRL)
    qtbot.keyClick(chain.canvas.overlays.field, Qt.Key.Key_Return)
    press("fold", Qt.Key.Key_E, CTRL)
    press("duplicate", Qt.Key.Key_D, CTRL)
    one, other = graph.groups
    editor.select(graph.groups[one].members)
    qtbot.waitUntil(chain.actions_by_name["select_alike"].isEnabled)
    chain.actions_by_name["select_alike"].trigger()
    assert editor.selection == graph.groups[one].members | graph.groups[other].members
    editor.select(graph.groups[one].members)
    alt = Qt.KeyboardModifier.AltModifier
    press("enter_group", Qt.Key.Key_Down, alt)
    assert editor.entering.group == one and len(chain.canvas.canvas.cards) == 2
    press("select_all", Qt.Key.Key_A, CTRL)
    assert editor.selection == graph.groups[one].members
    chain.actions_by_name.refresh()
    assert not chain.actions_by_name["ungroup"].isEnabled()
    assert chain.actions_by_name["group_ports"].isEnabled()
    press("leave_group", Qt.Key.Key_Up, alt)
    assert editor.entering.group is None and editor.selection == graph.groups[one].members


def test_a_group_entered_by_return_is_left_by_its_key(chain, press, qtbot):
    press("group", Qt.Key.Key_G, CTRL)
    qtbot.keyClick(chain.canvas.overlays.field, Qt.Key.Key_Return)
    press("fold", Qt.Key.Key_E, CTRL)
    assert not chain.actions_by_name["leave_group"].isEnabled()
    qtbot.wait(50)
    qtbot.keyClick(chain.canvas, Qt.Key.Key_Return)
    assert chain.editor.entering.group is not None
    press("leave_group", Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert chain.editor.entering.group is None
