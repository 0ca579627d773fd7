"""Joining tensors, and taking and writing elements by tensors of places: edges and refusals."""

from __future__ import annotations

import pytest

import gradviz as gv


def test_joining_promotes_types():
    whole, real = gv.tensor([1, 2]), gv.tensor([1.0, 2.0])
    assert gv.cat([whole, real]).dtype is gv.float32
    assert gv.stack([whole, real]).dtype is gv.float32


def test_each_joined_tensor_gets_its_part_of_the_gradient_in_its_type():
    a = gv.ones((2, 1), requires_grad=True)
    b = gv.ones((2, 2), dtype=gv.float64, requires_grad=True)
    weights = gv.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    (gv.cat([a, b], dim=-1) * weights).sum().backward()
    assert a.grad.tolist() == [[1.0], [4.0]]
    assert b.grad.tolist() == [[2.0, 3.0], [5.0, 6.0]]
    assert (a.grad.dtype, b.grad.dtype) == (gv.float32, gv.float64)


def test_the_empty_vector_joins_with_anything():
    assert gv.cat([gv.tensor([]), gv.ones((2, 2))], 1).shape == (2, 2)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: gv.cat([]), ValueError, "expected a non-empty list of Tensors"),
        (lambda: gv.cat([gv.tensor(1.0)]), RuntimeError, "zero-dimensional tensor"),
        (
            lambda: gv.cat([gv.ones((2, 3)), gv.ones((2, 4))]),
            RuntimeError,
            "Expected size 3 but got size 4 for tensor number 1 in the list",
        ),
        (lambda: gv.cat([gv.ones(2), 5]), TypeError, "expected Tensor as element 1"),
        (
            lambda: gv.stack([gv.ones(2), gv.ones(3)]),
            RuntimeError,
            r"got \[2\] at entry 0 and \[3\]",
        ),
    ],
)
def test_joining_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_repeated_places():
    x = gv.tensor([1.0, 2.0, 3.0], requires_grad=True)
    places = gv.tensor([0, 0, 2])
    x.gather(0, places).sum().backward()
    assert x.grad.tolist() == [2.0, 0.0, 1.0]
    source = gv.tensor([1.0, 2.0, 10.0], requires_grad=True)
    added = gv.zeros(3).scatter_add(0, places, source)
    assert added.tolist() == [3.0, 0.0, 10.0]
    (added * gv.tensor([1.0, 0.0, 5.0])).sum().backward()
    assert source.grad.tolist() == [1.0, 1.0, 5.0]


def test_scatter_takes_a_number_or_a_tensor():
    places = gv.tensor([[0, 2]])
    assert gv.zeros((1, 3)).scatter(1, places, 7.0).tolist() == [[7.0, 0.0, 7.0]]
    source = gv.tensor([[1.0, 2.0]])
    assert gv.zeros((1, 3)).scatter_(1, places, source).tolist() == [[1.0, 0.0, 2.0]]
    assert gv.ones((1, 3)).scatter(1, places, 7.0, reduce="add").tolist() == [[8.0, 1.0, 8.0]]


def test_filling_by_mask_sends_the_number_all_it_replaced():
    x = gv.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    number = gv.tensor(9.0, requires_grad=True)
    filled = x.masked_fill(gv.tensor([True, False]), number)
    filled.sum().backward()
    assert x.grad.tolist() == [[0.0, 1.0], [0.0, 1.0]]
    assert number.grad.item() == 2.0


def test_masked_select_of_a_broadcast_mask():
    x = gv.tensor([[1.0], [2.0]], requires_grad=True)
    taken = x.masked_select(gv.tensor([True, False, True]))
    taken.sum().backward()
    assert taken.tolist() == [1.0, 1.0, 2.0, 2.0]
    assert x.grad.tolist() == [[2.0], [2.0]]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda x: x.gather(0, gv.tensor([0.0])),
            RuntimeError,
            "Expected dtype int32/int64 for index",
        ),
        (
            lambda x: x.gather(0, gv.tensor([3])),
            RuntimeError,
            "index 3 is out of bounds for dimension 0",
        ),
        (lambda x: x.index_select(0, gv.tensor([3])), IndexError, "index out of range in self"),
        (lambda x: x.take(gv.tensor([7])), IndexError, "tried to access index 7 on a tensor of 3"),
        (
            lambda x: x.masked_fill(gv.tensor([1, 0, 1]), 0.0),
            RuntimeError,
            "only supports boolean masks",
        ),
        (lambda x: x.scatter(0, gv.tensor([5]), 1.0), RuntimeError, "index 5 is out of bounds"),
        (lambda x: x.index_add(0, gv.tensor([0]), gv.ones(2)), RuntimeError, "Number of indices"),
    ],
)
def test_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call(gv.ones(3))


def test_places_of_what_is_not_zero():
    x = gv.tensor([[0.0, 1.0], [2.0, 0.0]])
    assert x.nonzero().tolist() == [[0, 1], [1, 0]]
    rows, columns = gv.where(x > 0)
    assert (rows.tolist(), columns.tolist()) == ([0, 1], [1, 0])


def test_writing_in_place_cuts_off_the_old_value():
    x = gv.tensor([1.0, 2.0], requires_grad=True)
    source = gv.tensor([5.0, 6.0], requires_grad=True)
    y = x * 2
    y.copy_(source)
    y.sum().backward()
    assert x.grad.tolist() == [0.0, 0.0]
    assert source.grad.tolist() == [1.0, 1.0]
    z = x * 2
    z.fill_(3.0)
    assert z.tolist() == [3.0, 3.0]
    assert z.zero_().tolist() == [0.0, 0.0]
    with pytest.raises(RuntimeError, match="doesn't match the broadcast shape"):
        gv.ones(2).copy_(gv.ones((3, 2)))
