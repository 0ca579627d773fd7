"""A way on the screen, thinned out, up to any step."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from gradviz_ui.descent.polyline import Polyline, Polylines


def ends(path):
    found = [path.elementAt(i) for i in range(path.elementCount())]
    pairs = zip(found[::2], found[1::2], strict=True)
    return [((a.x, a.y), (b.x, b.y)) for a, b in pairs]


def test_it_reaches_as_far_as_one_looks():
    line = Polyline(np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]]))
    assert ends(line.path(0)) == []
    assert ends(line.path(1)) == [((0, 0), (10, 0))]
    assert ends(line.path(2)) == ends(line.path()) == [((0, 0), (10, 0)), ((10, 0), (10, 10))]
    assert line.place(2) == QPointF(10, 10)
    assert line.place(3) is None


def test_what_is_there_already_is_not_drawn_again():
    swings = np.array([[0.0, 0.0], [50.0, 20.0]] * 5000)
    line = Polyline(swings)
    assert len(line) == 1
    assert ends(line.path(9000)) == [((0, 0), (50, 20))]
    assert line.place(9001) == QPointF(50, 20)
    still = Polyline(np.full((1000, 2), 7.0))
    assert len(still) == 0
    assert still.spots(999, 2.0) == [QPointF(7, 7)]


def test_spots_that_others_cover_are_left_out():
    line = Polyline(np.column_stack([np.arange(100) * 0.5, np.zeros(100)]))
    assert 24 <= len(line.spots(99, 2.0)) <= 27
    assert line.spots(0, 2.0) == [QPointF(0, 0)]
    assert len(line.spots(20, 2.0)) < len(line.spots(99, 2.0))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_it_ends_where_there_is_no_number(bad):
    line = Polyline(np.array([[0.0, 0.0], [5.0, 5.0], [bad, 1.0], [9.0, 9.0]]))
    assert line.last == 1
    assert len(ends(line.path())) == 1
    assert Polyline(np.full((3, 2), bad)).place(0) is None


def test_a_line_is_kept_while_its_key_stays():
    lines = Polylines()
    first = lines.of(0, "a", lambda: np.zeros((2, 2)))
    assert lines.of(0, "a", lambda: np.ones((3, 2))) is first
    assert lines.of(0, "b", lambda: np.ones((3, 2))).last == 2
