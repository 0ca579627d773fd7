"""Where a tensor's elements lie: the memory behind it, its strides, and giving it another shape.

The memory a tensor shares with others is what NumPy calls the base of its array.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradviz.ops.kinds import is_array, is_sequence
from gradviz.ops.spec import Array, Shape
from gradviz.tensor.tensor import Tensor

NOT_WITH_GRADIENTS = "cannot resize variables that require grad"


def owner(array: Array) -> Array | None:
    """The array that owns an array's memory, where that is a row of its elements."""
    whole = array
    while is_array(whole.base):
        whole = whole.base
    return whole if whole.flags.c_contiguous and whole.dtype == array.dtype else None


def memory_behind(array: Array) -> Array:
    """The whole memory that an array lies in, as a row; a copy where it is none."""
    whole = owner(array)
    return array.reshape(-1) if whole is None else whole.reshape(-1)


def address(array: Array) -> int:
    """Where an array begins in memory."""
    return array.__array_interface__["data"][0]


def stride(self: Tensor, dim: int | None = None) -> Any:
    """How many elements further in memory the next along each dimension lies, or along one."""
    steps = tuple(step // self.array.itemsize for step in self.array.strides)
    return steps if dim is None else steps[dim]


def storage_offset(self: Tensor) -> int:
    """How many elements of the memory lie before this tensor's first."""
    whole = owner(self.array)
    if whole is None or not self.array.size:
        return 0
    return (address(self.array) - address(whole)) // self.array.itemsize


def data_ptr(self: Tensor) -> int:
    """The address of the first element; 0 where there are none."""
    return address(self.array) if self.array.size else 0


def is_set_to(self: Tensor, tensor: Tensor) -> bool:
    """Whether another tensor is on the same elements in the same order."""
    mine, theirs = self.array, tensor.array
    alike = mine.shape == theirs.shape and mine.strides == theirs.strides
    return alike and address(mine) == address(theirs)


def resize_(self: Tensor, *sizes: Any, memory_format: Any = None) -> Tensor:
    """Give the tensor another shape, over the memory it has where that is large enough.

    Elements that are new hold nothing in particular.
    """
    shape: Shape = tuple(sizes[0]) if len(sizes) == 1 and is_sequence(sizes[0]) else sizes
    if self.requires_grad:
        raise RuntimeError(NOT_WITH_GRADIENTS)
    self.array = resized(self.array, tuple(int(n) for n in shape))
    return self


def resized(array: Array, shape: Shape) -> Array:
    """An array of another shape, beginning with the same memory."""
    count = math.prod(shape)
    memory = memory_behind(array)
    start = (address(array) - address(memory)) // array.itemsize if array.size else 0
    if start + count <= memory.size and np.may_share_memory(memory, array):
        return memory[start : start + count].reshape(shape)
    made: Array = np.empty(count, array.dtype)
    kept = memory[start : start + count]
    made[: kept.size] = kept
    return made.reshape(shape)


def resize_as_(self: Tensor, the_template: Tensor, *, memory_format: Any = None) -> Tensor:
    """Give the tensor another's shape."""
    return resize_(self, the_template.array.shape)


def set_(self: Tensor, source: Tensor | None = None, *_: Any) -> Tensor:
    """Have the tensor stand on another's memory, in its shape; on none without one."""
    if _:
        raise NotImplementedError("set_() takes a tensor; give it a view with the wanted strides")
    if source is not None and source.array.dtype != self.array.dtype:
        raise RuntimeError(
            f"Could not set tensor of type {source.dtype.name} to a tensor of type "
            f"{self.dtype.name}"
        )
    self.array = np.empty(0, self.array.dtype) if source is None else source.array
    return self


def dim_order(self: Tensor, ambiguity_check: bool = False) -> tuple[int, ...]:
    """The dimensions from the one with the widest stride to the one with the narrowest."""
    steps = stride(self)
    return tuple(sorted(range(len(steps)), key=lambda axis: -steps[axis]))


def element_size(self: Tensor) -> int:
    """How many bytes an element takes."""
    return self.array.itemsize


def nbytes(self: Tensor) -> int:
    """How many bytes the elements take."""
    return self.array.nbytes


def is_same_size(self: Tensor, other: Tensor) -> bool:
    """Whether another tensor has the same shape."""
    return self.array.shape == other.array.shape


METHODS: dict[str, Any] = {
    "stride": stride, "storage_offset": storage_offset, "data_ptr": data_ptr,
    "const_data_ptr": data_ptr, "is_set_to": is_set_to, "resize_": resize_,
    "resize_as_": resize_as_, "set_": set_, "dim_order": dim_order,
    "element_size": element_size, "itemsize": property(element_size), "nbytes": property(nbytes),
    "is_same_size": is_same_size,
}  # fmt: skip


def install_storage() -> None:
    """Give tensors these questions and methods."""
    for name, method in METHODS.items():
        setattr(Tensor, name, method)
