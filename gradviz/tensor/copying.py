"""Copies of tensors by :mod:`copy`, and taking them apart for :mod:`pickle`.

Tensors that shared memory share it after a deep copy or a round trip, as PyTorch's do.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.spec import Array, Shape
from gradviz.tensor.storage import owner
from gradviz.tensor.tensor import Tensor

ONLY_LEAVES = (
    "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at "
    "the moment.  If you were attempting to deepcopy a module, this may be because of a "
    "torch.nn.utils.weight_norm usage, see https://github.com/pytorch/pytorch/pull/103001"
)


def deep_copy(self: Tensor, memo: dict[int, Any]) -> Tensor:
    """A leaf like this one on memory of its own, with a copy of its gradient."""
    if not self.is_leaf:
        raise RuntimeError(ONLY_LEAVES)
    if id(self) in memo:
        return memo[id(self)]
    memory, first, shape, strides = parts(self.array)
    shared: dict[Any, Array] = memo.setdefault(id(deep_copy), {})  # pyright: ignore[reportAssignmentType, reportArgumentType]
    key = memory.__array_interface__["data"][0], memory.shape, memory.dtype.str
    if key not in shared:
        shared[key] = memory.copy()
    made = placed(shared[key], first, shape, strides)
    made._requires_grad = self.requires_grad  # pyright: ignore[reportPrivateUsage]
    memo[id(self)] = made
    if self._grad is not None:  # pyright: ignore[reportPrivateUsage]
        made._grad = deep_copy(self._grad.detach(), memo)  # pyright: ignore[reportPrivateUsage]
    return made


def parts(array: Array) -> tuple[Array, int, Shape, Shape]:
    """The memory behind an array, and its place there: first element, shape, strides."""
    whole = owner(array)
    if whole is None:
        whole = np.ascontiguousarray(array)
        return whole, 0, array.shape, whole.strides
    start = whole.__array_interface__["data"][0] if array.size else 0
    first = (array.__array_interface__["data"][0] - start) // array.itemsize if array.size else 0
    return whole, first, array.shape, array.strides


def placed(memory: Array, first: int, shape: Shape, strides: Shape) -> Tensor:
    """A tensor on part of some memory."""
    if memory.shape == shape and memory.strides == strides:
        return Tensor.wrap(memory)
    row = memory.reshape(-1)[first:]
    return Tensor.wrap(np.lib.stride_tricks.as_strided(row, shape, strides))


def rebuilt(memory: Array, first: int, shape: Shape, strides: Shape, requires_grad: bool) -> Tensor:
    """A tensor from what was taken apart."""
    return placed(memory, first, shape, strides).requires_grad_(requires_grad)


def taken_apart(self: Tensor, protocol: Any) -> Any:
    """The memory and the tensor's place in it; its history and gradient stay behind."""
    return rebuilt, (*parts(self.array), self.requires_grad)


def shallow_copy(self: Tensor) -> Tensor:
    """A leaf on the same memory."""
    return Tensor.wrap(self.array).requires_grad_(self.requires_grad)


def install_copying() -> None:
    """Have :mod:`copy` and :mod:`pickle` know tensors."""
    Tensor.__deepcopy__ = deep_copy  # pyright: ignore[reportAttributeAccessIssue]
    Tensor.__copy__ = shallow_copy  # pyright: ignore[reportAttributeAccessIssue]
    Tensor.__reduce_ex__ = taken_apart  # pyright: ignore[reportAttributeAccessIssue]
