"""Compositions of operations against NumPy's own, or values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

import gradviz as gv

RNG = np.random.default_rng(1)
X = RNG.standard_normal((3, 5))


@pytest.mark.parametrize("order", [0, 1, 2, 7])
def test_differences(order):
    assert np.allclose(gv.diff(gv.tensor(X), order).array, np.diff(X, order))


@pytest.mark.parametrize("edge", [1, 2])
def test_slopes_on_an_uneven_grid(edge):
    places = np.array([0.0, 0.5, 2.0, 2.25, 4.0])
    (found,) = gv.gradient(gv.tensor(X), spacing=(gv.tensor(places),), dim=1, edge_order=edge)
    assert np.allclose(found.array, np.gradient(X, places, axis=1, edge_order=edge))


def test_areas():
    assert np.allclose(gv.trapezoid(gv.tensor(X), dx=0.5).array, np.trapezoid(X, dx=0.5))
    running = gv.cumulative_trapezoid(gv.tensor(X), dim=0).array
    assert np.allclose(running[-1], np.trapezoid(X, axis=0))


@pytest.mark.parametrize("way", ["linear", "lower", "higher", "midpoint", "nearest"])
def test_quantiles(way):
    shares = np.array([0.0, 0.3, 0.5, 1.0])
    found = gv.quantile(gv.tensor(X), gv.tensor(shares), dim=1, interpolation=way)
    assert np.allclose(found.array, np.quantile(X, shares, axis=1, method=way))


def test_a_quantile_passes_over_nan_only_where_asked():
    x = gv.tensor([1.0, float("nan"), 3.0], dtype=gv.float64)
    assert gv.nanquantile(x, 0.5).item() == 2
    assert np.isnan(gv.quantile(x, 0.5).item())
    assert gv.nanmedian(x).item() == 1
    assert gv.nanmean(x).item() == 2


def test_covariance_and_correlation():
    assert np.allclose(gv.cov(gv.tensor(X)).array, np.cov(X))
    assert np.allclose(gv.corrcoef(gv.tensor(X)).array, np.corrcoef(X))


def test_contractions():
    a, b = RNG.standard_normal((2, 3, 4)), RNG.standard_normal((4, 3, 5))
    found = gv.tensordot(gv.tensor(a), gv.tensor(b), dims=([1, 2], [1, 0]))
    assert np.allclose(found.array, np.tensordot(a, b, ([1, 2], [1, 0])))
    with pytest.raises(RuntimeError, match="contracted dimensions need to match"):
        gv.tensordot(gv.tensor(a), gv.tensor(b), dims=1 + 1)


def test_counting():
    values = gv.tensor([3, 1, 1, 2, 3, 3])
    found, inverse, counts = gv.unique(values, return_inverse=True, return_counts=True)
    assert found.tolist() == [1, 2, 3] and counts.tolist() == [2, 1, 3]
    assert found.array[inverse.array].tolist() == values.tolist()
    assert gv.unique_consecutive(values).tolist() == [3, 1, 2, 3]
    assert gv.bincount(values).tolist() == [0, 2, 1, 3]
    assert gv.bucketize(gv.tensor([0.5, 1.0, 9.0]), gv.tensor([0.0, 1.0, 2.0])).tolist() == [
        1,
        1,
        3,
    ]
    assert gv.isin(values, gv.tensor([1, 2])).tolist() == [False, True, True, True, False, False]
    assert gv.histc(gv.tensor([1.0, 2.0, 1.0]), 4, 0, 3).tolist() == [0, 2, 1, 0]


def test_a_slice_replaced_takes_its_gradient_from_what_replaced_it():
    x = gv.tensor(X, requires_grad=True)
    row = gv.tensor(RNG.standard_normal(5), requires_grad=True)
    found = gv.select_scatter(x, row, 0, 1)
    found.sum().backward()
    assert np.array_equal(found.detach().array[1], row.detach().array)
    assert x.grad.array[1].tolist() == [0] * 5 and x.grad.array[0].tolist() == [1] * 5
    assert row.grad.tolist() == [1] * 5


def test_windows_in_a_row_share_memory_and_add_their_gradients_up():
    x = gv.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
    windows = x.unfold(0, 2, 1)
    assert windows.tolist() == [[1, 2], [2, 3], [3, 4]]
    windows.sum().backward()
    assert x.grad.tolist() == [1, 2, 2, 1]


def test_blocks_choices_and_products():
    blocks = gv.block_diag(gv.tensor([[1.0, 2.0]]), gv.tensor(3.0))
    assert blocks.tolist() == [[1, 2, 0], [0, 0, 3]]
    assert gv.combinations(gv.tensor([1, 2, 3])).tolist() == [[1, 2], [1, 3], [2, 3]]
    pairs = gv.cartesian_prod(gv.tensor([1, 2]), gv.tensor([5, 6]))
    assert pairs.tolist() == [[1, 5], [1, 6], [2, 5], [2, 6]]


def test_distances():
    a, b = RNG.standard_normal((4, 3)), RNG.standard_normal((2, 3))
    expected = np.linalg.norm(a[:, None] - b[None], axis=-1)
    assert np.allclose(gv.cdist(gv.tensor(a), gv.tensor(b)).array, expected)


def test_slices_over_a_bound_come_down_to_it():
    found = gv.renorm(gv.tensor(X), 2, 0, 1.0)
    assert (np.linalg.norm(found.array, axis=1) <= 1 + 1e-9).all()
