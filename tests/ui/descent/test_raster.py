"""Pictures worked out a pixel at a time: the land from above, and what is seen of its surface."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from gradviz.descent import Landscape
from gradviz_ui.descent.contours import band_field, land_image
from gradviz_ui.descent.frame import Frame
from gradviz_ui.descent.mesh import View, heights_of, mesh_of
from gradviz_ui.descent.raster import blended, image_of, line_share, sampled
from gradviz_ui.descent.relief import relief

AXIS = np.linspace(-1.0, 1.0, 65)
BOWL = Landscape(AXIS, AXIS, AXIS[:, None] ** 2 + AXIS**2)
ABOVE = View(0.0, 1.5)


def seen(values, view, points=128):
    land = Landscape(AXIS, AXIS, values)
    found = relief(mesh_of(land, heights_of(land), 65), view, 100.0, (200, 200), points)
    assert found is not None
    return found


def test_a_grid_is_linear_between_its_points():
    grid = np.array([[0.0, 10.0], [20.0, 30.0]])
    wide = sampled(grid, np.array([0.25, 1.0]), 1)
    found = sampled(wide, np.array([0.0, 0.5, 1.0]), 0)
    np.testing.assert_allclose(found, [[2.5, 10.0], [12.5, 20.0], [22.5, 30.0]])


def test_a_line_runs_where_a_field_is_whole_and_is_as_wide_as_asked():
    slope = np.broadcast_to(np.arange(41) / 10, (9, 41))
    for width in (1.0, 2.0):
        found = line_share(slope, width)[0]
        assert found.sum() == pytest.approx(4 * width, rel=0.02)
        assert found.argmax() % 10 == 0


def test_a_plain_is_no_line_though_it_be_whole_all_over():
    assert not line_share(np.full((5, 5), 3.0), 1.0).any()
    assert not line_share(np.full((5, 5), np.nan), 1.0).any()


def test_crowded_lines_do_not_fill_the_picture():
    crowded = np.broadcast_to(np.arange(60) * 0.9, (9, 60))
    assert line_share(crowded, 1.0).mean() < 0.5


def test_pixels_become_a_picture(qapp):
    colours = blended([QColor("black"), QColor("blue")], QColor("white"), 3)
    image = image_of(colours)
    assert [image.pixelColor(x, 1).name() for x in range(3)] == ["#0000ff", "#8080ff", "#ffffff"]


def test_bands_are_whole_numbers_at_the_heights_and_none_without_a_loss():
    field = band_field(
        np.array([[1.0, 3.0, 4.0, -50.0, 50.0, np.nan, np.inf]]), np.array([1.0, 3.0, 5.0])
    )
    np.testing.assert_allclose(field[0, :3], [0.0, 1.0, 1.5])
    np.testing.assert_allclose(field[0, 3:5], [-0.5, 2.5])
    assert np.isnan(field[0, 5:]).all()


def test_the_land_is_darkest_where_it_is_lowest_and_ends_where_it_was_worked_out(qapp):
    frame = Frame(QRectF(0, 0, 200, 100), (-1.0, 3.0), (-1.0, 1.0))
    image, twice = land_image(BOWL, frame, 1.0), land_image(BOWL, frame, 2.0)
    assert image is not None and twice is not None
    assert (image.width(), image.height()) == (200, 100)
    assert twice.width() == 400
    beyond = image.pixelColor(150, 50)
    assert beyond == image.pixelColor(190, 5)
    assert image.pixelColor(50, 50) != beyond
    left, right = image.pixelColor(26, 50), image.pixelColor(73, 50)
    assert left == right


def test_a_land_without_losses_has_no_picture(qapp):
    frame = Frame(QRectF(0, 0, 20, 20), (-1.0, 1.0), (-1.0, 1.0))
    assert land_image(Landscape(AXIS, AXIS, np.full((65, 65), np.nan)), frame, 1.0) is None


def test_from_above_the_surface_is_the_square_with_its_heights():
    found = seen(BOWL.values, ABOVE, 128)
    assert found.left == pytest.approx(50, abs=2)
    assert found.heights.shape[1] == pytest.approx(100, abs=3)
    row, column = np.unravel_index(np.nanargmin(found.heights), found.heights.shape)
    assert column + found.left == pytest.approx(100, abs=4)
    assert row + found.top > 100


def test_what_is_in_front_hides_what_is_behind():
    wall = np.where(AXIS[:, None] < -0.5, 1.0, 0.0) + 0.0 * AXIS
    found = seen(wall, View(0.0, 0.2), 256)
    middle = found.heights[:, found.heights.shape[1] // 2]
    shown = middle[np.isfinite(middle)]
    assert (shown > 0.9).mean() < 0.4
    assert shown[0] > 0.9, "the wall's top edge stands above the plain behind it"


@pytest.mark.parametrize("yaw", [0.0, math.pi / 2, -math.pi, 0.7, 100.0])
def test_it_turns_all_the_way_round(yaw):
    found = seen(BOWL.values, View(yaw, 0.5), 64)
    assert np.isfinite(found.heights).sum() > 2000
    assert 0.0 <= np.nanmin(found.bright) <= np.nanmax(found.bright) <= 1.0


def test_holes_stay_open():
    values = np.array(BOWL.values)
    whole = np.isfinite(seen(values, ABOVE, 128).heights).sum()
    values[20:40, 20:40] = np.nan
    holed = np.isfinite(seen(values, ABOVE, 128).heights).sum()
    assert 0.85 * whole < holed < 0.95 * whole


def test_no_land_no_picture():
    land = Landscape(AXIS, AXIS, np.full((65, 65), np.nan))
    assert relief(mesh_of(land, heights_of(land), 65), ABOVE, 100.0, (200, 200), 64) is None
