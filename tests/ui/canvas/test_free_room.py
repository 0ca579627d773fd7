"""Where there is room for what a key makes."""

import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF

from gradviz.graph import AddNode, Batch, Graph, Node, decorating, grouping
from gradviz_ui.canvas.free_room import GAP, STEP, free_room

SIZE = QSizeF(240, 100)


@pytest.fixture
def scene(view, editor):
    """Nine cards close together, about 600 wide and 400 high."""
    graph = Graph()
    places = [(190.0 * (i % 3), 150.0 * (i // 3)) for i in range(9)]
    nodes = (Node(f"n{i}", "tensor", f"x{i}", {"data": 1.0}, {}, at) for i, at in enumerate(places))
    graph.apply(Batch(tuple(AddNode(node) for node in nodes)))
    editor.show_graph(graph)
    return view.canvas


def clear(scene, room: QRectF) -> bool:
    wide = room.adjusted(1 - GAP, 1 - GAP, GAP - 1, GAP - 1)
    return not any(card.body().intersects(wide) for card in scene.cards.values())


def test_where_nothing_is_it_lies_just_there(scene):
    wanted = QPointF(-2000, 300)
    assert free_room(scene, wanted, SIZE).center() == wanted


def test_over_cards_it_goes_to_the_nearest_free_place(scene):
    wanted = scene.cards["n1"].body().center()
    room = free_room(scene, wanted, SIZE)
    assert room.size() == SIZE and clear(scene, room)
    assert room.bottom() <= scene.bounds().top()
    nearer = room.translated(0, STEP)
    assert not clear(scene, nearer)


def test_it_is_in_sight_where_it_can_be_though_that_be_farther(scene):
    wanted = scene.cards["n1"].body().center()
    seen = QRectF(-100, -20, 800, 900)
    room = free_room(scene, wanted, SIZE, seen)
    assert seen.contains(room) and clear(scene, room)
    assert free_room(scene, wanted, SIZE, QRectF(0, 0, 200, 200)) == free_room(scene, wanted, SIZE)


def test_notes_and_titles_of_frames_count_and_the_ground_of_a_frame_does_not(scene, editor):
    wanted = QPointF(-2000, 300)
    editor.perform(decorating.add_frame(editor.graph, (-2300, 200), (600, 400), "far"))
    assert free_room(scene, wanted, SIZE).center() == wanted
    editor.perform(decorating.add_note(editor.graph, (-2050, 280), (100, 60), "taken"))
    room = free_room(scene, wanted, SIZE)
    items = scene.scenery.items.values()
    assert not any(item.handle().intersects(room) for item in items)


def test_the_ground_of_an_open_group_is_left_free(view, editor):
    graph = Graph()
    nodes = [Node(f"n{x}", "tensor", f"x{x}", {"data": 1.0}, {}, (x, 0.8 * x)) for x in (0, 1000)]
    graph.apply(Batch(tuple(AddNode(node) for node in nodes)))
    editor.show_graph(graph)
    middle = QPointF(600, 300)
    assert free_room(view.canvas, middle, SIZE).center() == middle
    editor.perform(grouping.make_group(graph, {"n0", "n1000"}, "wide"))
    (ground,) = view.canvas.groups.frames
    room = free_room(view.canvas, middle, SIZE)
    assert ground.body().contains(middle) and not ground.body().intersects(room)


def test_among_cards_without_end_it_goes_beside_them_all(view, editor):
    graph, nodes = Graph(), []
    for i in range(900):
        at = (170.0 * (i % 30), 100.0 * (i // 30))
        nodes.append(Node(f"n{i}", "tensor", f"x{i}", {"data": 1.0}, {}, at))
    graph.apply(Batch(tuple(AddNode(node) for node in nodes)))
    editor.show_graph(graph)
    scene = view.canvas
    wanted = scene.bounds().center() + QPointF(0, 300)
    room = free_room(scene, wanted, SIZE)
    assert clear(scene, room) and room.top() >= scene.bounds().bottom()
    assert room.center().x() == wanted.x()
