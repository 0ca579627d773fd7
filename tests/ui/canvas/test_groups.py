"""Groups on the canvas: collapsed to one card and opened in place, by mouse and keys."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from gradviz.graph import compose, grouping, pieces
from gradviz_ui.canvas import folding

TEXT = "h = sin(a * b)\nk = cos(h)\ny = h + k * c"


@pytest.fixture
def grouped(editor, view, showing):
    """A group of two nodes of a small graph; its id."""
    graph = showing(TEXT)
    ids = [graph.named(name).id for name in ("h", "k")]
    editor.perform(grouping.make_group(graph, ids, "pair"))
    (group_id,) = graph.groups
    return group_id


def collapse(editor, group_id) -> None:
    assert editor.perform(grouping.collapse(editor.graph, [group_id]))


def named(editor, name: str) -> str:
    return editor.graph.named(name).id


def test_a_collapsed_group_is_one_card_with_the_value_of_its_output(
    view, editor, hand, grouped, assert_true
):
    value = hand.card("k").content.value_text
    collapse(editor, grouped)
    card = view.canvas.groups.card_of(named(editor, "k"))
    assert card is view.canvas.groups.card_of(named(editor, "h"))
    assert card.content.title == "pair" and card.content.stacked
    assert len(card.plan.inputs) == 1 and len(card.plan.outputs) == 2
    assert value in card.content.value_text
    assert_true()


def test_a_group_opens_in_place_and_its_arrow_folds_it(view, editor, hand, grouped, assert_true):
    collapse(editor, grouped)
    folding.toggle(view.canvas, grouped)
    assert not editor.graph.groups[grouped].collapsed
    assert_true()
    (frame,) = view.canvas.groups.frames
    hand.click(frame.fold().center())
    assert editor.graph.groups[grouped].collapsed
    editor.stack.undo()
    assert not editor.graph.groups[grouped].collapsed
    assert_true()


def test_a_name_is_typed_on_the_frame(view, editor, hand, grouped):
    (frame,) = view.canvas.groups.frames
    hand.double_click(QPointF(frame.title().x() + 10, frame.title().center().y()))
    QTest.keyClicks(view.overlays.field, "twins")
    QTest.keyClick(view.overlays.field, Qt.Key.Key_Return)
    assert editor.graph.groups[grouped].name == "twins"
    assert view.canvas.groups.frames[0].name == "twins"


@pytest.mark.parametrize("folded", [True, False])
def test_a_group_is_moved_as_one(view, editor, hand, grouped, folded, assert_true):
    if folded:
        collapse(editor, grouped)
        start = view.canvas.groups.card_of(named(editor, "h")).body().center()
    else:
        title = view.canvas.groups.frames[0].title()
        start = QPointF(title.x() + 8, title.center().y())
    before = {i: n.position for i, n in editor.graph.nodes.items()}
    hand.drag(start, start + QPointF(60, 150))
    moved = {i for i, n in editor.graph.nodes.items() if n.position != before[i]}
    assert moved == editor.graph.groups[grouped].members
    ways = {
        (n.position[0] - before[i][0], n.position[1] - before[i][1])
        for i, n in editor.graph.nodes.items()
        if i in moved
    }
    assert len(ways) == 1
    assert_true()


def test_wires_are_drawn_from_and_to_the_card_of_a_group(
    view, editor, hand, grouped, showing, assert_true
):
    collapse(editor, grouped)
    graph = editor.graph
    h, product = named(editor, "h"), graph.inputs(named(editor, "h"))[0].source
    card = view.canvas.groups.card_of(h)
    port = card.port_of(h, 0, output=False)
    hand.drag(port, port + QPointF(0, 220))
    assert not graph.inputs(h)
    assert_true()
    card = view.canvas.groups.card_of(h)
    assert card.content.failed or card.content.message
    source = view.canvas.groups.card_of(product).port(0, output=True)
    hand.drag(source, card.port_of(h, 0, output=False))
    assert graph.inputs(h)[0].source == product
    assert_true()


def test_tidy_moves_a_collapsed_group_as_one_box(view, editor, grouped):
    collapse(editor, grouped)
    ids = editor.graph.groups[grouped].members
    editor.perform(compose.move(editor.graph, {i: (900.0, 900.0 + n) for n, i in enumerate(ids)}))
    before = {i: editor.graph.node(i).position for i in ids}
    view.tidy()
    view.tidying.cancel()
    ways = {
        tuple(round(a - b) for a, b in zip(editor.graph.node(i).position, before[i], strict=True))
        for i in ids
    }
    assert len(ways) == 1 and ways != {(0, 0)}
    bodies = [card.body() for card in view.canvas.cards.values()]
    assert not any(a.intersects(b) for n, a in enumerate(bodies) for b in bodies[n + 1 :])


def test_deleting_a_collapsed_group_deletes_all_of_it(view, editor, hand, grouped, assert_true):
    collapse(editor, grouped)
    ids = editor.graph.groups[grouped].members
    hand.click(view.canvas.groups.card_of(named(editor, "h")).body().center())
    editor.perform(compose.delete(editor.graph, editor.selection))
    assert not editor.graph.groups and not ids & editor.graph.nodes.keys()
    assert_true()
    editor.stack.undo()
    assert_true()


def test_an_error_within_is_said_on_the_card(view, editor, showing):
    graph = showing("a = [1.0, 2.0]\nb = [1.0, 2.0, 3.0]\ns = a + b\ny = exp(s)")
    editor.perform(grouping.make_group(graph, [graph.named(n).id for n in "sy"], "sum"))
    collapse(editor, next(iter(graph.groups)))
    content = view.canvas.groups.card_of(graph.named("s").id).content
    assert content.failed and content.message.startswith("s: ")


def random_edit(graph, rng):
    ids = list(graph.nodes)
    one, other = rng.choice(ids), rng.choice(ids)
    place = (rng.randrange(900), rng.randrange(600))
    group = rng.choice([*graph.groups, "g1"])
    return rng.choice(
        [
            lambda: compose.add(graph, rng.choice(["mul", "sin", "tensor", "stack"]), place),
            lambda: compose.connect(graph, one, 0, other, rng.randrange(2)),
            lambda: compose.move(graph, {one: place}),
            lambda: compose.delete(graph, {one}) if len(ids) > 3 else compose.move(graph, {}),
            lambda: compose.disconnect(graph, rng.choice(list(graph.wires))),
            lambda: pieces.duplicate(graph, {one, other}),
            lambda: grouping.make_group(graph, {one, other}),
            lambda: grouping.collapse(graph, [group]),
            lambda: grouping.expand(graph, [group]),
            lambda: grouping.ungroup(graph, [group]),
            lambda: grouping.add_to_group(graph, group, [one]),
        ]
    )()


@pytest.mark.parametrize("seed", range(4))
def test_the_scene_follows_any_edits_of_groups(edit_at_random, seed, assert_true):
    edit_at_random(seed, random_edit, assert_true)


def test_a_card_grows_where_a_hidden_node_is_wired_to_it(view, editor, grouped, assert_true):
    collapse(editor, grouped)
    before = set(editor.graph.nodes)
    editor.perform(compose.add(editor.graph, "stack", (900, 400)))
    (stack,) = set(editor.graph.nodes) - before
    height = len(view.canvas.cards[stack].plan.inputs)
    editor.perform(compose.connect(editor.graph, named(editor, "h"), 0, stack, 0))
    assert len(view.canvas.cards[stack].plan.inputs) == height + 1
    assert_true()


def test_cards_make_room_for_a_group_that_opens_and_undo_puts_them_back(view, editor, showing):
    graph = showing("a = sin(x)\nb = cos(a)\nc = tanh(b)\ny = exp(c)")
    editor.perform(grouping.make_group(graph, [graph.named(n).id for n in "abc"], "middle"))
    (group_id,) = graph.groups
    collapse(editor, group_id)
    view.tidy()
    view.tidying.cancel()
    before = {i: n.position for i, n in graph.nodes.items()}
    steps = editor.stack.count()
    folding.toggle(view.canvas, group_id)
    (frame,) = view.canvas.groups.frames
    others = [view.canvas.cards[graph.named(n).id].body() for n in "xy"]
    assert not any(frame.body().intersects(body) for body in others)
    assert others[0].right() < frame.body().left() < frame.body().right() < others[1].left()
    assert editor.stack.count() == steps + 1
    editor.stack.undo()
    assert {i: n.position for i, n in graph.nodes.items()} == before


def test_a_group_of_one_node_opens_to_the_nodes_own_card(view, editor, grouped, assert_true):
    collapse(editor, grouped)
    editor.perform(compose.delete(editor.graph, [named(editor, "k")]))
    editor.perform(grouping.expand(editor.graph, [grouped]))
    (frame,) = view.canvas.groups.frames
    assert frame.ids == {named(editor, "h")}
    assert view.canvas.cards[named(editor, "h")].content.title == "h"
    assert_true()


def test_ports_of_a_card_follow_places_and_numbers_within(view, editor, showing, assert_true):
    graph = showing("h = sin(a)\nk = cos(b)\ny = h + k")
    editor.perform(grouping.make_group(graph, [graph.named(n).id for n in "hk"], "pair"))
    collapse(editor, next(iter(graph.groups)))
    h, k = named(editor, "h"), named(editor, "k")
    editor.perform(compose.move(graph, {h: (0.0, 0.0), k: (0.0, 200.0)}))
    assert [i for i, _ in view.canvas.groups.card_of(h).border.outputs] == [h, k]
    editor.perform(compose.move(graph, {h: (0.0, 400.0)}))
    assert [i for i, _ in view.canvas.groups.card_of(h).border.outputs] == [k, h]
    assert_true()
    editor.perform(compose.disconnect(graph, graph.inputs(h)[0]))
    count = len(view.canvas.groups.card_of(h).plan.inputs)
    editor.perform(compose.set_literal(graph, h, 0, 2.0))
    assert len(view.canvas.groups.card_of(h).plan.inputs) == count - 1
    assert_true()
