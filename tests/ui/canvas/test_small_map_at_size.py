"""The small map and ten thousand cards: it is drawn once, and a drag in it moves the view."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from gradviz.graph import AddNode, Graph, Node
from gradviz_ui.motion import motion

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def large(view, editor):
    graph = Graph()
    for number in range(10_000):
        place = (220.0 * (number % 100), 140.0 * (number // 100))
        graph.apply(AddNode(Node(f"n{number}", "tensor", f"t{number}", position=place)))
    editor.show_graph(graph)
    motion().choose(True)
    view.zoom_reset()
    return view


def middle(view):
    return view.scene_point(QPointF(view.viewport().rect().center()))


def test_a_drag_in_the_small_map_moves_the_view_all_over(large, qtbot):
    overview = large.overlays.overview
    qtbot.waitUntil(overview.isVisible)
    edge = QPoint(12, overview.height() // 2)
    qtbot.mousePress(overview, LEFT, pos=edge)
    places = [middle(large).x()]
    for x in range(24, overview.width() - 8, 24):
        qtbot.mouseMove(overview, QPoint(x, edge.y()))
        places.append(middle(large).x())
    qtbot.mouseRelease(overview, LEFT, pos=QPoint(overview.width() - 12, edge.y()))
    assert places == sorted(places)
    width = large.canvas.bounds().width()
    assert places[-1] - places[0] > 0.6 * width
    # However the view moves, the boxes are drawn once.
    overview.grab()
    drawn = overview._map
    for _ in range(5):
        large.pan(QPointF(40, 30))
        overview.grab()
    assert drawn is not None and overview._map is drawn
