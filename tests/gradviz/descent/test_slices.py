import numpy as np
import pytest

from gradviz.bundled import bundled
from gradviz.descent import (
    AxesSlice,
    DescentError,
    DescentSettings,
    PlaneSlice,
    PlaneSpec,
    Runner,
    SavedPoint,
    parse_runner,
    pictured,
    place_of,
    prepare_descent,
)
from gradviz.descent.curvature import flattened
from gradviz.descent.planes import way_vectors
from gradviz.descent.setup import Descent
from gradviz.descent.slices import laid
from gradviz.files import load


@pytest.fixture(scope="module")
def xor():
    return prepare_descent(load(bundled("samples") / "mlp_xor.gradviz")).objective


@pytest.fixture(scope="module")
def path(xor):
    runner = Runner(xor, parse_runner("Adam lr=0.1"), xor.start())
    runner.advance(30)
    return runner.trajectory


def planes(path):
    point = SavedPoint("end", place_of(path.points[-1]))
    specs = (
        PlaneSpec("random", seed=2), PlaneSpec("random", around="end"), PlaneSpec("pca"),
        PlaneSpec("between", to="end"), PlaneSpec("hessian", origin=place_of(path.points[3])),
    )  # fmt: skip
    return [DescentSettings(plane=spec, points=(point,)) for spec in specs]


def test_a_plane_s_coordinates_are_those_of_flattened_points(xor, path):
    for settings in planes(path):
        piece = laid(xor, settings, [path])
        np.testing.assert_allclose(
            piece.coordinates(path.points), piece.plane.coordinates(way_vectors(xor, path)),
            atol=1e-9,
        )  # fmt: skip
        assert piece.coordinates([]).shape == (0, 2)


def test_a_point_moved_in_a_plane_is_where_it_was_put(xor, path):
    for settings in planes(path):
        piece = laid(xor, settings, [path])
        there = piece.moved(xor.start(), (0.25, -0.5))
        assert {i: a.dtype for i, a in there.items()} == {
            i: a.dtype for i, a in xor.start().items()
        }
        np.testing.assert_allclose(piece.coordinates([there]), [[0.25, -0.5]], atol=1e-5)


def test_planes_go_through_the_point_that_is_asked_for(xor, path):
    start, _, pca, between, hessian = [laid(xor, s, [path]).plane for s in planes(path)]
    np.testing.assert_array_equal(start.origin, flattened(xor, xor.start()))
    np.testing.assert_array_equal(laid(xor, planes(path)[1], [path]).plane.origin, pca.origin)
    np.testing.assert_array_equal(hessian.origin, flattened(xor, path.points[3]))
    np.testing.assert_allclose(between.across, flattened(xor, path.points[-1]) - start.origin)


def test_the_extent_holds_the_paths_whole(xor, path):
    for settings in planes(path):
        piece, ranges = pictured(Descent(xor, settings, None), [path])
        assert ranges is not None and isinstance(piece, PlaneSlice)
        places = piece.coordinates(path.points)
        for (low, high), column in zip(ranges, places.T, strict=True):
            assert low < column.min() and column.max() < high
        land = piece.landscape(ranges, 5)
        assert land is not None and np.isfinite(land.values).all()


def test_a_path_that_left_all_bounds_does_not_stretch_the_extent():
    descent = prepare_descent(load(bundled("samples") / "bowl.gradviz"))
    runner = Runner(descent.objective, parse_runner("SGD lr=2.5"), descent.objective.start())
    runner.advance(60)
    assert runner.stopped
    settings = DescentSettings(plane=PlaneSpec("random"))
    _, ranges = pictured(Descent(descent.objective, settings, None), [runner.trajectory])
    assert ranges is not None
    assert max(abs(v) for ends in ranges for v in ends) < 1e5


def test_along_axes_it_is_as_the_document_says():
    descent = prepare_descent(load(bundled("samples") / "bowl.gradviz"))
    piece, ranges = pictured(descent, [])
    assert isinstance(piece, AxesSlice)
    assert piece.names == ("theta1", "theta2")
    assert ranges == descent.ranges
    np.testing.assert_array_equal(piece.coordinates([descent.objective.start()]), [[1.5, -2.0]])


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        (PlaneSpec("pca", runner=4), "there is no runner 5"),
        (PlaneSpec("between"), "choose a saved point"),
        (PlaneSpec("between", to="nowhere"), "no point is saved as 'nowhere'"),
        (PlaneSpec("random", around="other"), "'other' was saved with other parameters: it has no"),
        (PlaneSpec("between", to="here"), "both points are the same"),
        (PlaneSpec("hessian", origin=place_of({"n2": np.zeros(3)})), "the point the plane goes"),
    ],
)
def test_what_there_is_no_plane_for_is_said(xor, path, spec, reason):
    points = (
        SavedPoint("other", place_of({"n1": np.zeros(2)})),
        SavedPoint("here", place_of(xor.start())),
    )
    with pytest.raises(DescentError, match=reason):
        laid(xor, DescentSettings(plane=spec, points=points), [path])
