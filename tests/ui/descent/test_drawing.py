"""The arithmetic under the pictures."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF

from gradviz.descent import Landscape
from gradviz_ui.descent.chart import extent
from gradviz_ui.descent.contours import arrows, lines
from gradviz_ui.descent.frame import FAR, Frame, cut, path_of
from gradviz_ui.descent.land_layers import nice_ticks
from gradviz_ui.descent.mesh import heights_of

BOX = Frame(QRectF(10, 20, 200, 100), (-1.0, 1.0), (0.0, 4.0))
AXIS = np.linspace(-1.0, 1.0, 41)
BOWL = Landscape(AXIS, AXIS, AXIS[:, None] ** 2 + AXIS**2)


def test_places_and_coordinates_go_both_ways():
    assert BOX.point(-1.0, 0.0) == QPointF(10, 120)
    assert BOX.coordinates(BOX.point(0.25, 3.0)) == pytest.approx((0.25, 3.0))


def test_a_line_that_shoots_off_is_cut_towards_where_it_went():
    kept = cut(np.array([[0.0, 0.0], [100.0, 100.0], [1e9, 2e9], [np.nan, 1.0], [5.0, 5.0]]))
    assert len(kept) == 3
    assert np.abs(kept).max() <= FAR + 1e-6
    way = kept[2] - kept[1]
    assert way[1] / way[0] == pytest.approx(2.0, rel=1e-6)


def test_a_contour_line_keeps_its_height():
    frame = Frame(QRectF(0, 0, 400, 400), (-1.0, 1.0), (-1.0, 1.0))
    path = lines(BOWL, [0.25], frame.pixels)
    elements = [path.elementAt(i) for i in range(path.elementCount())]
    points = [frame.coordinates(QPointF(e.x, e.y)) for e in elements]
    radii = [np.hypot(*p) for p in points]
    assert len(radii) > 20
    np.testing.assert_allclose(radii, 0.5, atol=2e-3)


def test_arrows_point_downhill():
    frame = Frame(QRectF(0, 0, 104, 104), (-1.0, 1.0), (-1.0, 1.0))
    path = arrows(BOWL, frame)
    begin, tip = path.elementAt(0), path.elementAt(1)
    middle = np.array([52.0, 52.0])
    away = [np.hypot(*(np.array([e.x, e.y]) - middle)) for e in (begin, tip)]
    assert away[1] < away[0]


def test_heights_span_the_land_and_cut_its_peaks():
    heights = heights_of(BOWL)
    assert heights.of(np.array([0.0, 2.0, 50.0])).tolist() == [0.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("curves", "low", "high"),
    [
        ([[6.0, 3.0, 1.0]], 1.0, 6.0),
        ([[6.0, 3.0, 0.0], [6.0, 1e9]], 0.0, 9.0),
        ([[2.0, 2.0]], 1.0, 3.0),
        ([[np.nan]], 0.0, 1.0),
        ([], 0.0, 1.0),
    ],
)
def test_a_chart_shows_what_falls_and_cuts_what_shoots_off(curves, low, high):
    found = extent([np.array(c) for c in curves])
    reach = 0.05 * (high - low)
    assert found == (pytest.approx(low, abs=reach), pytest.approx(high, abs=reach))


def test_ticks_are_round_numbers_inside():
    assert nice_ticks(-3.0, 3.0) == [-2.0, 0.0, 2.0]
    assert nice_ticks(0.0, 0.001)[1] == pytest.approx(0.0002)


def test_a_path_is_handed_over_whole_with_its_breaks():
    points = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [6.0, 7.5]])
    path = path_of(points, np.array([0, 2]))
    found = [path.elementAt(i) for i in range(path.elementCount())]
    assert [(e.x, e.y) for e in found] == [tuple(p) for p in points.tolist()]
    assert [e.isMoveTo() for e in found] == [True, False, True, False]
    assert path_of(points[:0]).isEmpty()
    path.lineTo(0.0, 0.0)
    assert path.elementCount() == 5
