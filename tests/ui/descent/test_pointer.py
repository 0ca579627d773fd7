import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF

from gradviz_ui.descent.pointer import nearest


def amber(widget, place):
    """How many pixels round a place are drawn in the colour of now."""
    image = widget.grab().toImage()
    spots = [image.pixelColor(place.x() + x, place.y() + y)
             for x in range(-9, 10) for y in range(-9, 10)]  # fmt: skip
    return sum(c.red() > 200 and 120 < c.green() < 215 and c.blue() < 110 for c in spots)


def test_a_step_pointed_at_in_the_contour_is_marked_everywhere(qtbot, descend):
    workspace = descend("bowl")
    race, contour = workspace.race, workspace.centre.contour
    race.choose(2)
    path = race.coordinates(race.runners[2].trajectory)
    place = contour.frame().point(*path[12]).toPoint()
    before = amber(contour, place)
    qtbot.mouseMove(contour, place + QPoint(1, 1))
    assert race.pointer.position == 12
    assert amber(contour, place) > before + 10
    chart = workspace.loss.chart
    series = chart.series[2].values
    assert amber(chart, chart._frame().point(12, float(series[12])).toPoint()) > 10
    qtbot.mouseMove(contour, QPoint(3, 3))
    assert race.pointer.position is None


def test_a_step_pointed_at_in_a_curve_is_marked_in_contour_and_surface(qtbot, descend):
    workspace = descend("bowl")
    race, contour, surface = workspace.race, workspace.centre.contour, workspace.surface
    chart = workspace.loss.chart
    place = contour.frame().point(*race.coordinates(race.runners[0].trajectory)[4]).toPoint()
    on_surface = surface._line(0, race.runners[0], race.land).place(4).toPoint()
    before = amber(contour, place), amber(surface, on_surface)
    qtbot.mouseMove(chart, QPoint(2, 2))
    qtbot.mouseMove(chart, chart._frame().point(4, 2.0).toPoint())
    assert race.pointer.position == 4
    assert amber(contour, place) > before[0] + 10
    assert amber(surface, on_surface) > before[1] + 10
    assert race.step == 0, "to look is not to go there"


def test_a_step_pointed_at_on_the_surface_is_marked_elsewhere(qtbot, descend):
    workspace = descend("bowl")
    race, surface = workspace.race, workspace.surface
    place = surface._line(2, race.runners[2], race.land).place(7).toPoint()
    qtbot.mouseMove(surface, QPoint(2, 2))
    qtbot.mouseMove(surface, place)
    assert race.pointer.position is not None
    assert race.pointer.position in range(5, 10)


def test_the_nearest_row_within_reach():
    rows = np.array([[0.0, 0.0], [10.0, 0.0], [np.nan, 1.0]])[:2]
    assert nearest(rows, QPointF(9, 1)) == (1, pytest.approx(2**0.5))
    assert nearest(rows, QPointF(50, 50)) is None
    assert nearest(rows[:0], QPointF(0, 0)) is None
