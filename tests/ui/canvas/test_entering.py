"""Groups entered: what is in one fills the canvas, between its ports, and one goes out again."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from gradviz.files import dumps
from gradviz.graph import compose, grouping
from gradviz.graph.borders import border_of
from gradviz_ui.canvas.picture import Page
from gradviz_ui.canvas.pins import spread
from gradviz_ui.editor import Editor

TEXT = "p = sin(a * b)\nq = cos(p)\nr = exp(q)\ny = r + p * c"


@pytest.fixture
def nested(editor, view, showing):
    """``head`` (q) within ``block`` (p, q, r), both collapsed; their ids."""
    graph = showing(TEXT)
    ids = {name: graph.named(name).id for name in "pqr"}
    editor.perform(grouping.make_group(graph, [ids["q"], ids["r"]], "head"))
    editor.perform(grouping.make_group(graph, ids.values(), "block"))
    head, block = (next(i for i, g in graph.groups.items() if g.name == n) for n in
                   ("head", "block"))  # fmt: skip
    editor.perform(grouping.collapse(graph, [head, block]))
    editor.stack.clear()
    return block, head


def centre(view, node_id: str) -> QPointF:
    return view.canvas.groups.card_of(node_id).body().center()


def pins(view, side: str):
    return [pin for pin in view.canvas.groups.pins if pin.side == side]


def said(view) -> list[str]:
    crumb = view.overlays.breadcrumb
    return [part.text() for part in crumb.parts] + [crumb.here.text()]


def test_a_double_click_goes_into_a_group_and_a_click_on_the_breadcrumb_goes_out(
    view, editor, hand, nested, qtbot, assert_true
):
    block, head = nested
    graph, before = editor.graph, dumps(editor.graph)
    crumb = view.overlays.breadcrumb
    assert not crumb.isVisible()
    hand.double_click(centre(view, graph.named("p").id))
    assert editor.entering.group == block and len(view.canvas.cards) == 2
    assert crumb.isVisible() and said(view) == ["Document", "block"]
    assert_true()
    hand.double_click(centre(view, graph.named("q").id))
    assert editor.entering.group == head and said(view) == ["Document", "block", "head"]
    assert_true()
    qtbot.mouseClick(crumb.parts[1], Qt.MouseButton.LeftButton)
    assert editor.entering.group == block and editor.selection == graph.groups[head].members
    qtbot.mouseClick(crumb.parts[0], Qt.MouseButton.LeftButton)
    assert editor.entering.group is None and not crumb.isVisible()
    assert_true()
    assert dumps(graph) == before and not editor.stack.canUndo()


def test_enter_goes_in_and_escape_goes_out_once_nothing_is_selected(view, editor, hand, nested):
    block, _ = nested
    hand.click(centre(view, editor.graph.named("p").id))
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert editor.entering.group == block
    hand.click(centre(view, editor.graph.named("p").id))
    assert editor.selection
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not editor.selection and editor.entering.group == block
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert editor.entering.group is None


def test_each_level_keeps_where_it_looked(view, editor, hand, nested):
    block, _ = nested
    view.zoom_by(1.4)
    look = view.zoom, view.scene_point(QPointF(0, 0))
    editor.entering.enter(block)
    assert view.fitted
    editor.entering.leave()
    now = view.scene_point(QPointF(0, 0))
    assert view.zoom == look[0] and (now - look[1]).manhattanLength() < 3


def test_ports_at_the_edges_say_where_wires_come_from_and_go_to(view, editor, nested):
    block, head = nested
    editor.entering.enter(block)
    product = editor.graph.inputs(editor.graph.named("p").id)[0].source
    name = editor.graph.node(product).name
    assert [pin.said for pin in pins(view, "inputs")] == [f"from {name}"]
    assert all(pin.body().right() < centre(view, editor.graph.named("p").id).x()
               for pin in pins(view, "inputs"))  # fmt: skip
    assert len(pins(view, "outputs")) == 2
    editor.entering.enter(head)
    assert [pin.said for pin in pins(view, "inputs")] == ["from p"]


def test_what_is_added_inside_belongs_to_the_group_in_the_same_step(
    view, editor, hand, nested, qtbot, assert_true
):
    block, _ = nested
    graph, before = editor.graph, dumps(editor.graph)
    editor.entering.enter(block)
    hand.double_click(view.canvas.bounds().center() + QPointF(0, 150))
    qtbot.keyClicks(view.overlays.popup.field, "tanh")
    qtbot.keyClick(view.overlays.popup.field, Qt.Key.Key_Return)
    made = graph.named("tanh").id
    assert graph.group_of[made] == block and made in view.canvas.cards
    assert [pin.said for pin in pins(view, "inputs")][-1] == "not wired yet"
    assert_true()
    view.overlays.put("nn.Linear")
    qtbot.mouseClick(view.overlays.layer_form.insert, Qt.MouseButton.LeftButton)
    linear = next(g for g in graph.groups.values() if g.name == "Linear")
    assert linear.parent == block
    assert_true()
    editor.stack.undo()
    editor.stack.undo()
    assert dumps(graph) == before and editor.entering.group == block
    assert_true()


def test_a_group_made_of_all_that_is_inside_lies_inside(view, editor, nested, assert_true):
    block, head = nested
    graph = editor.graph
    editor.entering.enter(block)
    inside = list(editor.entering.shown())
    editor.perform(grouping.make_group(graph, inside, "all", editor.entering.group))
    made = next(g for g in graph.groups.values() if g.name == "all")
    assert made.parent == block and graph.groups[head].parent == made.id
    assert editor.entering.group == block
    assert_true()


def test_unfolding_inside_leaves_the_groups_around_as_they_are(view, editor, nested, assert_true):
    from gradviz_ui.canvas import folding

    block, head = nested
    editor.entering.enter(block)
    folding.open_groups(view.canvas, [head])
    assert editor.graph.groups[block].collapsed and not editor.graph.groups[head].collapsed
    assert [frame.group_id for frame in view.canvas.groups.frames] == [head]
    assert_true()


def test_a_group_that_goes_away_is_left(view, editor, nested, assert_true):
    block, head = nested
    editor.entering.enter(head)
    editor.perform(grouping.ungroup(editor.graph, [head]))
    assert editor.entering.group == block
    assert_true()
    editor.stack.undo()
    assert editor.entering.group == block
    editor.perform(compose.delete(editor.graph, list(editor.entering.shown())))
    assert editor.entering.group is None
    assert_true()


def test_what_is_selected_or_gone_to_elsewhere_is_brought_into_sight(view, editor, nested):
    block, head = nested
    editor.entering.enter(head)
    editor.select([editor.graph.named("p").id])
    assert editor.entering.group == block
    editor.select([editor.graph.named("y").id])
    assert editor.entering.group is None


def test_a_port_is_named_in_place_moved_and_hidden(view, editor, hand, nested, qtbot, assert_true):
    block, _ = nested
    editor.entering.enter(block)
    (pin,) = pins(view, "inputs")
    hand.double_click(pin.body().center())
    QTest.keyClicks(view.overlays.field, "signal")
    QTest.keyClick(view.overlays.field, Qt.Key.Key_Return)
    assert [port.name for port in editor.graph.groups[block].inputs] == ["signal"]
    assert pins(view, "inputs")[0].name == "signal"
    first, second = (pin.name for pin in pins(view, "outputs"))
    choose(view, hand, pins(view, "outputs")[1], "Move Up")
    assert [pin.name for pin in pins(view, "outputs")] == [second, first]
    assert_true()
    editor.perform(compose.delete(editor.graph, [editor.graph.named("y").id]))
    choose(view, hand, pins(view, "outputs")[0], "Hide")
    assert [pin.name for pin in pins(view, "outputs")] == [first]
    assert_true()


def choose(view, hand, pin, words: str) -> None:
    """Take a line of the menu of a port."""
    from PySide6.QtGui import QContextMenuEvent
    from PySide6.QtWidgets import QApplication

    place = hand.at(pin.body().center())
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(
        view.viewport(), QContextMenuEvent(reason, place, view.viewport().mapToGlobal(place))
    )
    menu = next(m for m in view.findChildren(QMenu) if m.isVisible())
    action = next(a for a in menu.actions() if a.text() == words)
    assert action.isEnabled()
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())


def test_a_port_is_led_on_to_another_node_within(view, editor, hand, nested, assert_true):
    block, _ = nested
    graph = editor.graph
    editor.entering.enter(block)
    editor.perform(compose.add(graph, "tanh", (0.0, 400.0)))
    view.fit()
    (pin,) = (p for p in pins(view, "inputs") if p.source is not None)
    made = graph.named("tanh").id
    hand.drag(pin.dot(), view.canvas.cards[made].port(0, output=False))
    assert graph.inputs(made)[0].source == pin.source[0]
    found = border_of(graph, block)
    assert len(found.inputs) == 1 and len(found.inputs[0][1]) == 2
    assert_true()
    editor.stack.undo()
    assert not graph.inputs(made)
    assert_true()


def test_arrows_stay_inside_and_tidy_moves_only_what_is_inside(view, editor, nested, assert_true):
    block, _ = nested
    editor.entering.enter(block)
    places = {i: n.position for i, n in editor.graph.nodes.items()}
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Up) * 2:
        QTest.keyClick(view, key)
        assert editor.selection <= set(editor.entering.shown())
    assert editor.entering.group == block
    view.tidy()
    view.tidying.cancel()
    moved = {i for i, n in editor.graph.nodes.items() if n.position != places[i]}
    assert moved <= set(editor.entering.shown())
    assert_true()


def test_where_wires_run_down_ports_stand_above_and_below(view, editor, nested, assert_true):
    editor.entering.enter(nested[0])
    view.run_wires("down")
    view.tidying.cancel()
    cards = view.canvas.shapes.bounds()
    assert all(pin.body().bottom() < cards.top() for pin in pins(view, "inputs"))
    assert all(pin.body().top() > cards.bottom() for pin in pins(view, "outputs"))
    assert_true()


def test_what_leaves_the_group_that_was_entered_is_selected_no_longer(
    view, editor, nested, hand, assert_true
):
    editor.entering.enter(nested[0])
    editor.select(editor.entering.shown())
    gone = editor.graph.named("p").id
    editor.perform(grouping.take_out(editor.graph, [gone]))
    assert gone not in editor.selection and editor.selection
    other = view.canvas.groups.card_of(min(editor.selection)).body()
    hand.drag(QPointF(other.x() + 60, other.y() + 18), QPointF(other.x() + 60, other.y() + 90))
    assert editor.stack.undoText().startswith("Move")
    assert_true()


def test_all_in_the_group_that_was_entered_is_deleted_and_comes_back(
    view, editor, nested, assert_true
):
    editor.entering.enter(nested[0])
    ids = list(editor.entering.shown())
    editor.perform(grouping.rename_group(editor.graph, nested[0], "other"))
    editor.select(ids)
    editor.perform(compose.delete(editor.graph, ids))
    assert editor.entering.group is None and not editor.selection
    assert_true()
    editor.stack.undo()
    assert nested[0] in editor.graph.groups
    assert_true()


def test_ports_turn_with_the_wires_though_the_one_card_within_stays(view, editor, showing):
    graph = showing("y = sin(a)\nz = exp(y)")
    editor.perform(grouping.make_group(graph, [graph.named("y").id], "one"))
    editor.entering.enter("g1")
    view.tidy()
    for flow, low in (("down", True), ("right", False), ("down", True)):
        view.run_wires(flow)
        card = view.canvas.shapes.bounds()
        (pin,) = pins(view, "inputs")
        assert (pin.body().bottom() < card.top(), pin.body().right() < card.left()) == (
            low,
            not low,
        )


def test_backward_steps_within_what_was_entered_and_says_where_the_step_is_else(
    view, editor, nested, qtbot
):
    block, _ = nested
    editor.set_workspace("backward")
    for name in "abc":
        editor.perform(compose.set_attr(editor.graph, editor.graph.named(name).id,
                                        "requires_grad", True))  # fmt: skip
    editor.entering.enter(block)
    crumb = view.overlays.breadcrumb
    seen = set()
    for moment in range(1, len(editor.track) + 1):
        editor.set_moment(moment)
        inside = editor.entering.shows(editor.step.node)
        assert crumb.elsewhere.isVisible() == (not inside)
        seen.add(inside)
        view.viewport().grab()
    assert seen == {True, False} and editor.entering.group == block
    assert {pin.state() for pin in view.canvas.groups.pins} - {"idle"}
    editor.set_moment(1)
    qtbot.mouseClick(crumb.elsewhere, Qt.MouseButton.LeftButton)
    assert editor.entering.group is None and editor.selection == {editor.step.node}


def test_a_picture_shows_the_whole_document_whatever_was_entered(view, editor, nested):
    whole = Page(editor)
    editor.entering.enter(nested[0])
    inside = Page(editor)
    assert inside.size == whole.size
    whole.close()
    inside.close()
    other = Editor()
    other.show_graph(editor.graph)
    assert other.entering.group is None
    other.deleteLater()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [([0.0, 500.0], [0.0, 500.0]), ([100.0, 100.0], [75.0, 125.0]), ([50.0, 0.0], [0.0, 50.0])],
)
def test_ports_keep_their_order_and_a_distance(wanted, found):
    assert spread(wanted) == found


def test_a_group_may_go_with_all_that_is_selected_in_it(editor):
    graph = editor.graph
    ids = [graph.named(name).id for name in ("pow1", "pow2")]
    editor.perform(grouping.make_group(graph, ids, "block"))
    editor.entering.enter(next(iter(graph.groups)))
    editor.perform(compose.add(graph, "tensor", (0.0, 300.0)))
    editor.select(members := set(next(iter(graph.groups.values())).members))
    asked = []
    editor.selection_changed.connect(lambda _: asked.append([*editor.entering.shown()]))
    editor.perform(compose.delete(graph, members))
    assert asked and editor.entering.group is None and not graph.groups
