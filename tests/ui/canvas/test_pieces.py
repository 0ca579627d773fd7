"""Curves in short pieces: nothing of a curve is left out, and little beside it is taken in."""

from math import inf

import numpy as np
from PySide6.QtCore import QPointF

from gradviz_ui.canvas.pieces import cut, touching
from gradviz_ui.canvas.wire_paths import cubics, curve

EVERYWHERE = np.array([-inf, -inf, inf, inf])


def along_line(x0, y0, x1, y1):
    """The four points of the cubic curve that is a straight line."""
    return [(x0 + (x1 - x0) * part / 3, y0 + (y1 - y0) * part / 3) for part in range(4)]


def pieces_of(path, longest=20.0, seen=EVERYWHERE):
    return cut(np.array(cubics(path)), seen, longest)


def test_every_point_of_a_curve_lies_in_a_piece_of_it():
    path = curve(QPointF(10, 300), QPointF(400, -50))
    boxes = pieces_of(path).boxes
    for part in np.linspace(0, 1, 200):
        point = path.pointAtPercent(float(part))
        x, y = point.x(), point.y()
        inside = (boxes[:, 0] - 1e-6 <= x) & (x <= boxes[:, 2] + 1e-6)
        assert (inside & (boxes[:, 1] - 1e-6 <= y) & (y <= boxes[:, 3] + 1e-6)).any()


def test_the_pieces_are_short_and_cover_little():
    boxes = pieces_of(curve(QPointF(0, 0), QPointF(1000, 1000))).boxes
    sides = boxes[:, 2:] - boxes[:, :2]
    assert sides.max() <= 20
    assert sides.prod(1).sum() < 1000 * 1000 / 20


def test_what_is_out_of_sight_is_left_out():
    seen = np.array([0.0, -5.0, 100.0, 5.0])
    found = cut(np.array([along_line(0, 0, 1000, 0), along_line(0, 50, 1000, 50)]), seen, 20.0)
    assert set(found.curves.tolist()) == {0}
    assert found.boxes[:, 0].max() <= 100


def test_the_curves_that_a_small_part_shows():
    lines = np.array([along_line(0, 0, 1000, 1000), along_line(0, 40, 1000, 1040)])
    found = cut(lines, EVERYWHERE, 10.0)
    assert found.within(np.array([[500.0, 495.0, 505.0, 505.0]])).tolist() == [0]
    assert found.within(np.array([[0.0, 0.0, 1000.0, 1000.0]])).tolist() == [0, 1]
    assert found.within(np.zeros((0, 4))).tolist() == []


def test_boxes_touch_where_any_area_meets_them():
    boxes = np.array([[0.0, 0, 1, 1], [5, 5, 6, 6], [9, 9, 10, 10]])
    areas = np.array([[0.5, 0.5, 2, 2], [9.5, 9.5, 11, 11]])
    assert touching(boxes, areas).tolist() == [True, False, True]
