import numpy as np
import pytest

from gradviz.bundled import bundled
from gradviz.descent import DescentError, Objective, Runner, parse_runner, prepare_descent
from gradviz.descent import planes as p
from gradviz.descent.curvature import flattened, hessian
from gradviz.files import load
from gradviz.program import graph_from_source


@pytest.fixture(scope="module")
def xor():
    return prepare_descent(load(bundled("samples") / "mlp_xor.gradviz")).objective


@pytest.fixture(scope="module")
def path(xor):
    runner = Runner(xor, parse_runner("Adam lr=0.1"), xor.start())
    runner.advance(60)
    return runner.trajectory


def test_the_shares_of_principal_components_are_numpy_s(xor, path):
    plane = p.pca_plane(xor, path)
    assert plane.explained is not None
    vectors = p.way_vectors(xor, path)
    values = np.linalg.eigvalsh(np.cov(vectors.T))[::-1]
    np.testing.assert_allclose(plane.explained, values[:2] / values.sum(), rtol=1e-9)
    centred = vectors - vectors.mean(axis=0)
    np.testing.assert_allclose(
        (centred @ plane.across).var() / centred.var(axis=0).sum(), plane.explained[0], rtol=1e-9
    )


def test_places_in_a_plane_and_points_belong_together(xor, path):
    for plane in (p.pca_plane(xor, path), p.random_plane(xor, xor.start(), 3)):
        places = np.array([[0.3, -1.2], [0.0, 0.0], [2.0, 0.5]])
        np.testing.assert_allclose(plane.coordinates(plane.vectors(places)), places, atol=1e-12)


def test_the_loss_over_a_plane_is_the_loss_at_its_points(xor, path):
    plane = p.pca_plane(xor, path)
    ways = [p.way_vectors(xor, path)]
    land = p.plane_landscape(xor, plane, p.ranges_around(plane, ways), 9)
    assert land is not None
    for row, column in ((0, 0), (4, 7), (8, 8)):
        place = np.array([[land.xs[column], land.ys[row]]])
        there = xor.value(p.pointed(xor, plane.vectors(place)[0]))
        assert land.values[row, column] == pytest.approx(there, rel=1e-5)
    low, high = p.ranges_around(plane, ways)[0]
    assert low < plane.coordinates(ways[0])[:, 0].min()
    assert high > plane.coordinates(ways[0])[:, 0].max()
    assert p.plane_landscape(xor, plane, ((-1, 1), (-1, 1)), 9, lambda: True) is None


def test_how_far_a_way_departs_from_a_plane(xor, path):
    good = p.departure(xor, p.pca_plane(xor, path), path)
    bad = p.departure(xor, p.random_plane(xor, path.points[-1]), path)
    assert 0 <= bad.share < good.share <= 1
    np.testing.assert_allclose(good.true, path.losses)
    assert good.off[-1] == pytest.approx(0.0, abs=1e-6), "it goes through the last point"
    assert good.shown[-1] == pytest.approx(good.true[-1], rel=1e-4)
    assert np.abs(good.shown - good.true).max() > 1e-3
    np.testing.assert_allclose(good.along, p.pca_plane(xor, path).explained or (), rtol=1e-9)
    assert max(bad.along) < good.along[0]


def test_of_two_numbers_random_directions_are_drawn_until_they_span_the_plane():
    text = "x = tensor({}, requires_grad=True)\ny = tensor({}, requires_grad=True)\nJ = x*x + y*y"
    land = Objective(graph_from_source(text.format(1.5, -2.0)))
    for seed in range(20):
        plane = p.random_plane(land, land.start(), seed)
        np.testing.assert_allclose(np.abs(plane.across), [1.5, 2.0])
        assert abs(np.linalg.det([plane.across, plane.up])) > 1.0
    nowhere = Objective(graph_from_source(text.format(0.0, 2.0)))
    with pytest.raises(DescentError, match="fewer than two of those differ from 0"):
        p.random_plane(nowhere, nowhere.start())
    between = p.plane_between(nowhere, nowhere.start(), {"n1": np.array(0.0), "n2": np.array(3.0)})
    np.testing.assert_allclose(between.coordinates(np.array([0.0, 3.0])), [[1.0, 0.0]])
    assert abs(between.up[0]) == pytest.approx(1.0), "of another length than 0 where filters are 0"


def test_where_the_loss_is_no_number_there_is_no_hessian_to_look_along():
    text = "x = tensor(0.0, requires_grad=True)\ny = tensor(1.0, requires_grad=True)\nJ = log(x)*y"
    land = Objective(graph_from_source(text))
    with pytest.raises(DescentError, match="no second derivatives here"):
        p.hessian_plane(land, land.start())


def test_random_directions_have_filters_as_long_as_the_weights_and_follow_the_seed(xor):
    start = xor.start()
    plane = p.random_plane(xor, start, 5)
    way = p.pointed(xor, plane.across)
    for node, weights in start.items():
        rows = weights.reshape(len(weights), -1) if weights.ndim > 1 else weights.reshape(1, -1)
        np.testing.assert_allclose(
            np.linalg.norm(way[node].reshape(rows.shape), axis=1),
            np.linalg.norm(rows, axis=1), rtol=1e-5,
        )  # fmt: skip
    np.testing.assert_array_equal(plane.across, p.random_plane(xor, start, 5).across)
    assert not np.allclose(plane.across, p.random_plane(xor, start, 6).across)


def test_from_here_to_another_point(xor, path):
    plane = p.plane_between(xor, path.points[0], path.points[-1])
    ends = np.array([flattened(xor, path.points[0]), flattened(xor, path.points[-1])])
    np.testing.assert_allclose(plane.coordinates(ends), [[0, 0], [1, 0]], atol=1e-9)
    assert plane.across @ plane.up == pytest.approx(0.0, abs=1e-9)
    with pytest.raises(DescentError, match="both points are the same"):
        p.plane_between(xor, path.points[0], path.points[0])


def test_the_hessian_s_directions_curve_the_most(xor, path):
    point = path.points[5]
    plane = p.hessian_plane(xor, point)
    assert plane.explained is not None
    matrix = hessian(xor, point)
    values = np.linalg.eigvalsh(matrix)
    np.testing.assert_allclose(np.abs(plane.explained), np.sort(np.abs(values))[::-1][:2])
    np.testing.assert_allclose(matrix @ plane.up, plane.explained[1] * plane.up, atol=1e-8)
    vector = np.random.default_rng(0).normal(size=len(matrix))
    np.testing.assert_allclose(p.hessian_product(xor, point)(vector), matrix @ vector, atol=1e-9)


def test_of_many_parameters_products_are_enough():
    text = "W = linspace(0.5, 1.5, 150, requires_grad=True)\nJ = sum(W**4) + 50 * W[3]**2"
    land = Objective(graph_from_source(text))
    plane = p.hessian_plane(land, land.start())
    assert plane.explained is not None
    assert abs(plane.across[3]) == pytest.approx(1.0, abs=1e-6)
    assert plane.explained[0] == pytest.approx(100 + 12 * land.start()["n1"][3] ** 2, rel=1e-5)


def test_what_has_no_plane_is_refused(xor):
    runner = Runner(xor, parse_runner("SGD lr=0.1"), xor.start())
    with pytest.raises(DescentError, match="path of two steps at least"):
        p.pca_plane(xor, runner.trajectory)
    one = Objective(graph_from_source("x = tensor(1.0, requires_grad=True)\nJ = x**2"))
    with pytest.raises(DescentError, match="but one parameter"):
        p.hessian_plane(one, one.start())
