"""From tensors to Python and NumPy values, and questions about their size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gradviz.ops.spec import Array
from gradviz.tensor.device import device
from gradviz.tensor.printing import tensor_text
from gradviz.tensor.size import Size
from gradviz.tensor.tensor import Tensor


def item(self: Tensor) -> Any:
    """The only element as a Python number."""
    if self.array.size != 1:
        raise RuntimeError(
            f"a Tensor with {self.array.size} elements cannot be converted to Scalar"
        )
    return self.array.item()


def as_float(self: Tensor) -> float:
    """The only element as a Python float."""
    return float(item(self))


def as_int(self: Tensor) -> int:
    """The only element as a Python int."""
    return int(item(self))


def tolist(self: Tensor) -> Any:
    """The elements as nested lists, or a number where there are no dimensions."""
    return self.array.tolist()


def numpy(self: Tensor, *, force: bool = False) -> Array:
    """The elements as a NumPy array on the same memory."""
    if self.requires_grad and not force:
        raise RuntimeError(
            "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."
        )
    return self.array


def size(self: Tensor, dim: int | None = None) -> Any:
    """The shape, or the size of one dimension."""
    return Size.of(self.array.shape) if dim is None else self.array.shape[dim]


def dim(self: Tensor) -> int:
    """How many dimensions there are."""
    return self.array.ndim


def numel(self: Tensor) -> int:
    """How many elements there are."""
    return self.array.size


def length(self: Tensor) -> int:
    """The size of the first dimension."""
    if not self.array.ndim:
        raise TypeError("len() of a 0-d tensor")
    return self.array.shape[0]


def truth(self: Tensor) -> bool:
    """Whether the only element is not zero."""
    if self.array.size > 1:
        raise RuntimeError("Boolean value of Tensor with more than one value is ambiguous")
    if not self.array.size:
        raise RuntimeError("Boolean value of Tensor with no values is ambiguous")
    return bool(self.array.item())


def iterate(self: Any) -> Iterator[Any]:
    """The tensor's rows, along its first dimension."""
    if not self.array.ndim:
        raise TypeError("iteration over a 0-d tensor")
    return (self[i] for i in range(len(self)))


def as_array(self: Tensor, dtype: Any = None, copy: bool | None = None) -> Array:
    """What NumPy makes of the tensor."""
    array = numpy(self)
    return np.array(array, dtype, copy=copy) if dtype is not None or copy else array


def is_floating_point(self: Tensor) -> bool:
    """Whether the elements are floating-point numbers."""
    return self.dtype.is_floating_point


def format_tensor(self: Tensor, spec: str) -> str:
    """The only element in a format, or the tensor's text."""
    return format(self.array.item(), spec) if self.array.ndim == 0 and spec else tensor_text(self)


def where(self: Tensor) -> device:
    """Where the tensor lives: always ``device("cpu")``."""
    return device("cpu")


METHODS: dict[str, Any] = {
    "item": item, "tolist": tolist, "numpy": numpy, "size": size, "dim": dim, "ndimension": dim,
    "numel": numel, "nelement": numel, "is_floating_point": is_floating_point,
    "__len__": length, "__bool__": truth, "__iter__": iterate, "__array__": as_array,
    "__repr__": tensor_text, "__format__": format_tensor,
    "__float__": as_float, "__int__": as_int, "__index__": as_int, "ndim": property(dim),
    "device": property(where),
}  # fmt: skip


def install_conversions() -> None:
    """Give tensors their conversions."""
    for name, method in METHODS.items():
        setattr(Tensor, name, method)
