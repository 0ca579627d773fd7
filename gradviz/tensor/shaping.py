"""Shape changes written as properties, or after another tensor's shape: ``x.T``, ``view_as``."""

from __future__ import annotations

import warnings
from typing import Any

from gradviz.ops.table import OPS
from gradviz.tensor.binding import resolve
from gradviz.tensor.tensor import Tensor, apply

DEPRECATED_T = (
    "The use of `x.T` on tensors of dimension other than 2 to reverse their shape is deprecated "
    "and it will throw an error in a future release. Consider `x.mT` to transpose batches of "
    "matrices or `x.permute(*torch.arange(x.ndim - 1, -1, -1))` to reverse the dimensions of a "
    "tensor."
)


def warn_of_number(name: str) -> None:
    """PyTorch's warning that a tensor without dimensions has none to swap."""
    instead = "Consider using x.conj()."
    if not name.endswith("H"):
        instead = "This function is the identity in these cases."
    warnings.warn(
        f"Tensor.{name} is deprecated on 0-D tensors. {instead}", UserWarning, stacklevel=3
    )


def reversed_dims(self: Tensor) -> Any:
    """The tensor with its dimensions in reverse: a matrix transposed."""
    rank = self.array.ndim
    if rank == 0:
        warn_of_number("T")
    elif rank != 2:
        warnings.warn(DEPRECATED_T, UserWarning, stacklevel=2)
    if rank == 2:
        return apply(OPS["t"], (self,), {})
    return apply(OPS["permute"], (self,), {"dims": tuple(range(rank - 1, -1, -1))})


def matrices_transposed(self: Tensor, name: str = "mT") -> Any:
    """The tensor with its last two dimensions swapped: each matrix of a stack transposed."""
    rank = self.array.ndim
    if rank == 0:
        warn_of_number(name)
        return self
    if rank == 1:
        raise RuntimeError(
            f"tensor.{name} is only supported on matrices or batches of matrices. "
            f"Got {rank}-D tensor."
        )
    return apply(OPS["transpose"], (self,), {"dim0": -2, "dim1": -1})


def matrix_transposed(self: Tensor) -> Any:
    """A matrix transposed."""
    rank = self.array.ndim
    if rank not in (0, 2):
        raise RuntimeError(
            f"tensor.H is only supported on matrices (2-D tensors). Got {rank}-D tensor. "
            "For batches of matrices, consider using tensor.mH"
        )
    return matrices_transposed(self, "H")


def expand_as(self: Tensor, other: Tensor) -> Any:
    """The tensor stretched to another's shape."""
    return apply(OPS["expand"], (self,), {"size": other.array.shape})


def view_as(self: Tensor, other: Tensor) -> Any:
    """A view in another tensor's shape."""
    return apply(OPS["view"], (self,), {"size": other.array.shape})


def reshape_as(self: Tensor, other: Tensor) -> Any:
    """The elements in another tensor's shape."""
    return apply(OPS["reshape"], (self,), {"shape": other.array.shape})


def view(self: Tensor, *args: Any, **kwargs: Any) -> Any:
    """The same memory in another shape (``view(2, 3)``), or read as another type of element."""
    op, (inputs, attrs) = resolve("view", (self, *args), kwargs)
    result = apply(op, inputs, attrs)
    if op is OPS["view.dtype"]:
        result._counter = self._counter  # pyright: ignore[reportPrivateUsage]
    return result


def install_shapes() -> None:
    """Give tensors these properties and methods."""
    Tensor.T = property(reversed_dims)  # pyright: ignore[reportAttributeAccessIssue]
    Tensor.mT = property(matrices_transposed)  # pyright: ignore[reportAttributeAccessIssue]
    Tensor.H = property(matrix_transposed)  # pyright: ignore[reportAttributeAccessIssue]
    Tensor.mH = property(lambda self: matrices_transposed(self, "mH"))  # pyright: ignore[reportAttributeAccessIssue]
    for method in (expand_as, view_as, reshape_as, view):
        setattr(Tensor, method.__name__, method)
