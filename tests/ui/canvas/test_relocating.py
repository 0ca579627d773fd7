"""Many cards put elsewhere by one edit: all is as if the scene had been built with them there."""

import random

import pytest
from PySide6.QtCore import QPointF, QRectF

from gradviz.graph import AddNode, AddWire, Graph, Node, Wire, compose, decorating, grouping
from gradviz_ui.canvas.relocating import MANY

PLACES = random.Random(7)


def chains() -> Graph:
    """More cards than are moved one by one, in rows of ten, each reading the one before it."""
    graph = Graph()
    for place in range(MANY + 100):
        row, column = divmod(place, 10)
        op = "sin" if column else "tensor"
        at = (column * 230.0, row * 130.0)
        graph.apply(AddNode(Node(f"n{place}", op, f"v{place}", {}, {}, at)))
        if column:
            graph.apply(AddWire(Wire(f"n{place - 1}", f"n{place}", 0)))
    return graph


def geometry(scene) -> dict[object, object]:
    """Where everything in a scene is, as far as Qt and the view from afar are told."""
    shapes = scene.shapes
    found: dict[object, object] = {i: (c.pos(), c.body()) for i, c in scene.cards.items()}
    found |= {
        wire: (item.lines, item.dots, item.boundingRect(), item.path)
        for wire, item in scene.wires.items()
    }
    found |= {("afar", wire): line for wire, line in shapes.lines.items()}
    found |= {("box", i): box for i, box in shapes.boxes.items()}
    found |= {("mark", i): mark for marks in shapes.marks.values() for i, mark in marks.items()}
    bent = {("bent", wire): lines for wire, lines in shapes.bent.items()}
    return found | bent | {"bounds": scene.bounds()}


@pytest.fixture(params=["right", "down"])
def opened(view, editor, request):
    """Rows with a folded group, and a wire through a dot."""
    graph = chains()
    graph.apply(compose.set_flow(graph, request.param))
    graph.apply(grouping.make_group(graph, ["n3", "n4"]))
    graph.apply(grouping.collapse(graph, graph.groups))
    graph.apply(decorating.lead(graph, graph.inputs("n16")[0], [(1500.0, 180.0)]))
    editor.show_graph(graph)
    return view.canvas


def strewn(graph: Graph) -> dict[str, tuple[float, float]]:
    return {i: (PLACES.uniform(-4e3, 4e3), PLACES.uniform(-4e3, 4e3)) for i in graph.nodes}


def test_all_is_where_a_scene_built_anew_has_it(opened, editor):
    for act in (
        lambda: editor.perform(compose.move(editor.graph, strewn(editor.graph))),
        editor.stack.undo,
        editor.stack.redo,
    ):
        act()
        followed = geometry(opened)
        opened.build()
        assert followed == geometry(opened)


def test_what_moved_is_found_at_its_new_place_only(opened, editor):
    node = editor.graph.node("n25")
    before, inside = QPointF(*node.position) + QPointF(20, 8), QRectF(0, 0, 4, 4)
    card = opened.cards["n25"]
    assert card in opened.items(inside.translated(before))
    nodes = editor.graph.nodes.values()
    away = {n.id: (n.position[0] + 9e4, n.position[1]) for n in nodes}
    editor.perform(compose.move(editor.graph, away))
    assert card not in opened.items(inside.translated(before))
    assert card in opened.items(inside.translated(before + QPointF(9e4, 0)))
    assert opened.hit(before + QPointF(9e4, 0)).card is card
    wire = editor.graph.inputs("n26")[0]
    middle = opened.wires[wire].path.pointAtPercent(0.5)
    assert opened.wires[wire] in opened.items(inside.translated(middle - QPointF(2, 2)))
