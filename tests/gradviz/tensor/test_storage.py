"""Strides, offsets and addresses, and giving a tensor another shape in place."""

from typing import Any

import pytest

import gradviz

gv: Any = gradviz


def test_strides_and_offsets_are_counted_in_elements() -> None:
    x = gv.arange(12.0).reshape(3, 4)
    assert x.stride() == (4, 1)
    assert x.t().stride() == (1, 4)
    assert x[1:, 2].stride() == (4,)
    assert x[1:, 2].storage_offset() == 6
    assert x.stride(0) == 4
    assert x[1].data_ptr() - x.data_ptr() == 16
    assert (x.element_size(), x.itemsize, x.nbytes) == (4, 4, 48)
    assert x.t().dim_order() == (1, 0)


def test_a_smaller_shape_keeps_the_memory_and_a_larger_one_gets_it_back() -> None:
    x = gv.arange(6.0)
    part = x[2:4]
    assert x.resize_(2, 2).tolist() == [[0.0, 1.0], [2.0, 3.0]]
    x.mul_(10)
    assert part.tolist() == [20.0, 30.0]
    assert x.resize_(6).tolist() == [0.0, 10.0, 20.0, 30.0, 4.0, 5.0]
    assert x.resize_(8).tolist()[:6] == [0.0, 10.0, 20.0, 30.0, 4.0, 5.0]


def test_gradients_forbid_it() -> None:
    with pytest.raises(RuntimeError, match="cannot resize variables that require grad"):
        gv.ones(2, requires_grad=True).resize_(3)


def test_other_shapes_and_other_memory() -> None:
    x = gv.ones(3)
    assert x.resize_as_(gv.ones(2, 2)).shape == (2, 2)
    other = gv.zeros(2)
    assert x.set_(other).is_set_to(other)
    assert x.set_().shape == (0,)
    with pytest.raises(RuntimeError, match="Could not set tensor of type int64"):
        x.set_(gv.arange(3))
