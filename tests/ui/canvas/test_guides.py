"""What a dragged card is drawn to: edges, middles, equal spaces, the grid."""

import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from gradviz.graph import compose
from gradviz_ui.canvas.guides import GRID, Aligner

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def box(x, y, width=100.0, height=50.0):
    return QRectF(x, y, width, height)


@pytest.mark.parametrize(
    ("moving", "lands"),
    [
        (box(3, 200), (0, 200)),
        (box(103, 200, 60), (100, 200)),
        (box(22, 200, 60), (20, 200)),
        (box(42, 200, 60), (40, 200)),
        (box(300, 4, 100, 80), (300, 0)),
        (box(300, -13, 100, 80), (300, -15)),
        (box(300.4, 200.6), (300, 201)),
    ],
)
def test_edges_and_middles_draw(moving, lands):
    found = Aligner([box(0, 0)]).guides(moving, 5.0)
    there = moving.translated(found.by)
    assert (there.x(), there.y()) == lands


def test_a_line_goes_through_all_that_lies_in_line():
    found = Aligner([box(0, 0), box(0, 400), box(700, 90)]).guides(box(2, 200), 5.0)
    (line,) = found.lines
    assert line.x1() == line.x2() == 0
    assert line.y1() < 0 and line.y2() > 450


def test_equal_spaces_are_found_between_and_beyond():
    between = Aligner([box(0, 0), box(400, 0)]).guides(box(198, 9), 5.0)
    assert between.by.x() == 2
    assert sorted(space.length() for space in between.spaces) == [100, 100]
    beyond = Aligner([box(0, 0), box(140, 0)]).guides(box(283, 9), 5.0)
    assert beyond.by.x() == -3
    before = Aligner([box(0, 0), box(140, 0)]).guides(box(-138, 9), 5.0)
    assert before.by.x() == -2
    assert not Aligner([box(0, 0), box(140, 0)]).guides(box(283, 300), 5.0).spaces


def test_the_grid_draws_what_nothing_else_does():
    found = Aligner([]).guides(box(GRID + 9, 2 * GRID - 9), 5.0, grid=True)
    assert found.by == QPointF(-9, 9)


@pytest.fixture
def apart(editor, view):
    """The two parameters with room between them and about them."""
    graph = editor.graph
    places = {graph.named("theta1").id: (0.0, 0.0), graph.named("theta2").id: (260.0, 300.0)}
    editor.perform(compose.move(graph, places))
    view.fit()


def drop(hand, by, held=Qt.KeyboardModifier.NoModifier):
    """Drag a card by its title, with keys held from the first movement on."""
    start, end = hand.title("theta2"), hand.title("theta2") + by
    hand.press(start)
    hand.move(start + by / 2)
    place = QPointF(hand.at(end))
    port = hand.view.viewport()
    there = QPointF(port.mapToGlobal(hand.at(end)))
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    moved = QMouseEvent(QEvent.Type.MouseMove, place, there, none, left, held)
    QApplication.sendEvent(port, moved)
    hand.release(end, keys=held)


def test_a_card_dragged_near_a_line_lands_on_it(view, editor, hand, apart):
    drop(hand, QPointF(-257, 20))
    assert editor.graph.named("theta2").position[0] == 0.0


@pytest.mark.parametrize("held", [ALT, CTRL])
def test_alt_or_ctrl_holds_it_off(view, editor, hand, apart, held):
    drop(hand, QPointF(-257, 20), held)
    assert editor.graph.named("theta2").position[0] != 0.0
    assert editor.graph.named("theta2").position[0] == pytest.approx(3.0, abs=2)


def test_the_grid_by_hand(view, editor, hand, apart):
    view.on_grid = True
    drop(hand, QPointF(95, 133))
    x, y = editor.graph.named("theta2").position
    assert x % GRID == 0 and y % GRID == 0
