"""Brackets: which elements are taken, where gradients go, what is written, what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import gradviz as gv


def matrix(**options):
    return gv.tensor(np.arange(12.0).reshape(3, 4), **options)


@pytest.mark.parametrize(
    "key",
    [
        0, -1, (1, 2), slice(1, 3), (slice(None), 0), (Ellipsis, 1), None,
        (0, None, slice(1, 4, 2)),
        [0, 2], ([0, 1], [2, 3]), (slice(None), [3, 0, 3]), ([True, False, True],), (1, [0, 1]), (),
    ],
    ids=str,
)  # fmt: skip
def test_takes_what_numpy_takes(key):
    taken = matrix()[key]
    assert np.array_equal(taken.array, matrix().array[key])
    assert isinstance(taken.array, np.ndarray)


def test_a_number_among_index_tensors_is_taken_first():
    x = gv.tensor(np.arange(24.0).reshape(2, 3, 4))
    assert x[0, :, [0, 1]].shape == (3, 2)
    assert x[[0, 1], :, [0, 1]].shape == (2, 3)


def test_truth_values_add_a_dimension():
    assert matrix()[True].shape == (1, 3, 4)
    assert matrix()[False].shape == (0, 3, 4)
    assert matrix()[gv.tensor(1)].shape == (4,)


def test_repeated_places_add_up_their_gradients():
    x = gv.tensor([1.0, 2.0, 3.0], requires_grad=True)
    x[[0, 0, 1]].sum().backward()
    assert x.grad.tolist() == [2.0, 1.0, 0.0]


def test_second_gradients_flow_through_masks_and_index_tensors():
    x = matrix(requires_grad=True)
    y = (x[x > 5] ** 3).sum() + (x[gv.tensor([1]), 2] ** 3).sum()
    (first,) = gv.autograd.grad(y, x, create_graph=True)
    (second,) = gv.autograd.grad(first.sum(), x)
    expected = np.where(x.array > 5, 6 * x.array, 0.0)
    expected[1, 2] *= 2
    assert np.allclose(second.array, expected)


def test_numbers_and_slices_are_views_and_index_tensors_are_not():
    x = matrix()
    assert np.shares_memory(x[1:, 2].array, x.array)
    assert not np.shares_memory(x[[0, 1]].array, x.array)


def test_setting_part_of_a_result_moves_the_gradient():
    x = gv.tensor([1.0, 2.0], requires_grad=True)
    value = gv.tensor(5.0, requires_grad=True)
    y = x * 1
    y[0] = value
    (y * gv.tensor([3.0, 4.0])).sum().backward()
    assert x.grad.tolist() == [0.0, 4.0]
    assert value.grad.item() == 3.0


def test_setting_part_of_a_plain_tensor_puts_it_on_the_tape():
    value = gv.tensor([5.0, 6.0], requires_grad=True)
    buffer = gv.zeros((2, 2))
    buffer[:, 1] = value
    buffer[[0]] = value * 2
    (buffer.sum()).backward()
    assert buffer.tolist() == [[10.0, 12.0], [0.0, 6.0]]
    assert value.grad.tolist() == [2.0, 3.0]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (0, 7.0), ((slice(None), 1), 2), ((slice(1, 3), [0, 2]), -1.0), (Ellipsis, 3.0),
        (([0, 2],), [[1.0, 2.0, 3.0, 4.0]]), ((0, slice(None, None, 2)), [8.0, 9.0]),
    ],
    ids=str,
)  # fmt: skip
def test_sets_what_numpy_sets(key, value):
    x, expected = matrix(), matrix().array
    x[key] = gv.tensor(np.array(value)) if isinstance(value, list) else value
    expected[key] = value
    assert np.array_equal(x.array, expected)


def test_a_mask_sets_elements():
    x = matrix()
    x[x > 3] = 0.0
    assert x.array.sum() == 6


def test_adding_at_repeated_places_counts_once_but_index_put_can_accumulate():
    x = gv.zeros(3)
    x[[0, 0, 1]] += 1
    assert x.tolist() == [1.0, 1.0, 0.0]
    x.index_put_((gv.tensor([0, 0, 1]),), gv.ones(3), accumulate=True)
    assert x.tolist() == [3.0, 2.0, 0.0]


@pytest.mark.parametrize(
    ("key", "error", "message"),
    [
        (3, IndexError, "index 3 is out of bounds for dimension 0 with size 3"),
        ((0, -5), IndexError, "index -5 is out of bounds for dimension 1 with size 4"),
        ((0, 0, 0), IndexError, "too many indices for tensor of dimension 2"),
        (slice(None, None, -1), ValueError, "step must be greater than zero"),
        (slice(None, None, 0), ValueError, "slice step cannot be zero"),
        (1.5, IndexError, "only integers, slices"),
        (gv.tensor([0.5]), IndexError, "tensors used as indices must be long, int, byte or bool"),
        (gv.tensor([True, False]), IndexError, r"The shape of the mask \[2\] at index 0"),
        (
            ([0, 1], [0, 1, 2]),
            IndexError,
            r"could not be broadcast together with shapes \[2\], \[3\]",
        ),
        ([5], IndexError, "index 5 is out of bounds for dimension 0 with size 3"),
    ],
    ids=str,
)
def test_refusals_when_taking(key, error, message):
    with pytest.raises(error, match=message):
        matrix()[key]


@pytest.mark.parametrize(
    ("key", "value", "error", "message"),
    [
        (0, gv.ones(5), RuntimeError, r"The expanded size of the tensor \(4\) must match"),
        (
            [0, 1],
            gv.ones(5, dtype=gv.float64),
            RuntimeError,
            r"shape mismatch: value tensor of shape \[5\]",
        ),
        (
            [0],
            gv.tensor([1, 2, 3, 4]),
            RuntimeError,
            "Index put requires the source and destination",
        ),
        (0, [1.0], TypeError, "can't assign a list to a torch.DoubleTensor"),
    ],
    ids=str,
)
def test_refusals_when_setting(key, value, error, message):
    with pytest.raises(error, match=message):
        matrix()[key] = value


def test_a_leaf_that_requires_gradients_cannot_be_set():
    x = matrix(requires_grad=True)
    with pytest.raises(RuntimeError, match="a view of a leaf Variable that requires grad"):
        x[0] = 1.0
    with gv.no_grad():
        x[0] = 1.0
    assert x[0].tolist() == [1.0] * 4


def test_a_tensor_without_dimensions_cannot_be_indexed():
    with pytest.raises(IndexError, match="invalid index of a 0-dim tensor"):
        gv.tensor(1.0)[0]
