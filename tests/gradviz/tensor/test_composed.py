"""Functions that are short programs over operations, devices, and operations on numbers alone."""

from __future__ import annotations

import pytest

import gradviz as gv
from gradviz.ops import OPS
from gradviz.tensor import apply

X = gv.tensor([[3.0, 1.0], [2.0, 4.0]])


def test_variance_and_mean_go_over_the_same_dimensions() -> None:
    variance, mean = gv.var_mean(X, dim=1, correction=0)
    assert variance.tolist() == [1.0, 1.0]
    assert mean.tolist() == [2.0, 3.0]


def test_the_method_where_takes_its_tensor_where_the_condition_holds() -> None:
    x = gv.tensor([3.0, -1.0], requires_grad=True)
    chosen = x.where(x > 0, 0.5)
    chosen.sum().backward()
    assert chosen.tolist() == [3.0, 0.5]
    assert x.grad.tolist() == [1.0, 0.0]


def test_sum_without_nan_sends_nan_no_gradient() -> None:
    x = gv.tensor([float("nan"), 2.0], requires_grad=True)
    x.nansum().backward()
    assert x.grad.tolist() == [0.0, 1.0]


def test_grids_of_coordinates_follow_their_indexing() -> None:
    a, b = gv.tensor([1, 2]), gv.tensor([3, 4, 5])
    assert [g.tolist() for g in gv.meshgrid(a, b, indexing="ij")] == [
        [[1, 1, 1], [2, 2, 2]],
        [[3, 4, 5], [3, 4, 5]],
    ]
    assert gv.meshgrid(a, b, indexing="xy")[0].tolist() == [[1, 2], [1, 2], [1, 2]]


def test_elements_are_repeated_in_a_row() -> None:
    assert gv.repeat_interleave(gv.tensor([7, 8]), gv.tensor([1, 2])).tolist() == [7, 8, 8]
    assert X.repeat_interleave(2, dim=1).tolist() == [[3, 3, 1, 1], [2, 2, 4, 4]]


def test_kronecker_product_puts_the_second_into_each_element_of_the_first() -> None:
    assert gv.kron(gv.eye(2), gv.tensor([[1.0, 2.0]])).tolist() == [[1, 2, 0, 0], [0, 0, 1, 2]]


def test_places_count_from_the_end_where_negative() -> None:
    assert gv.take_along_dim(X, gv.tensor([[-1], [0]]), 1).tolist() == [[1.0], [2.0]]


def test_dimensions_are_added_where_pytorch_adds_them() -> None:
    assert gv.atleast_3d(gv.ones(2, 3)).shape == (2, 3, 1)
    assert gv.atleast_2d(gv.ones(3), gv.tensor(1.0))[1].shape == (1, 1)


def test_there_is_one_device() -> None:
    assert gv.zeros(2, device="cpu").device == gv.device("cpu")
    assert gv.tensor(1, device=gv.device("cpu")).device.type == "cpu"
    with pytest.raises(AssertionError, match="not compiled with CUDA"):
        gv.ones(2, device="cuda")


def test_operations_on_numbers_alone_give_tensors_of_their_types() -> None:
    assert apply(OPS["pow"], (2, 3), {}).dtype is gv.int64
    assert apply(OPS["pow"], (2, 3.0), {}).dtype is gv.float32
    assert apply(OPS["reshape"], (5.0,), {"shape": (1, 1)}).tolist() == [[5.0]]


def test_records_are_named_by_what_they_were_made_from() -> None:
    matrix, vector = gv.ones(2, 2, requires_grad=True), gv.ones(2)
    names = [f.name() for f in ((matrix @ matrix).grad_fn, (matrix @ vector).grad_fn)]
    assert names == ["MmBackward0", "MvBackward0"]
    powers = [(matrix**2).grad_fn, (matrix**vector).grad_fn, (2**matrix).grad_fn]
    assert [f.name() for f in powers] == ["PowBackward0", "PowBackward1", "PowBackward2"]


def test_a_view_requires_gradients_once_its_base_was_written_with_one_that_does() -> None:
    base, source = gv.zeros(3), gv.ones(3, requires_grad=True)
    view = base[:2]
    base.copy_(source)
    assert view.requires_grad
    view.sum().backward()
    assert source.grad.tolist() == [1.0, 1.0, 0.0]


def test_whole_numbers_are_divided_exactly() -> None:
    big = gv.tensor([2**40 + 1, -7])
    assert gv.div(big, 2, rounding_mode="floor").tolist() == [2**39, -4]
    assert gv.div(big, 2, rounding_mode="trunc").tolist() == [2**39, -3]
