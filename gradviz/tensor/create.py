"""``tensor`` and its kin: tensors from Python and NumPy data."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops import dtypes
from gradviz.ops.creation import as_dtype
from gradviz.ops.kinds import is_array, is_scalar, is_sequence
from gradviz.ops.spec import Array
from gradviz.tensor.device import check_device
from gradviz.tensor.tensor import Tensor


def tensor(
    data: Any,
    *,
    dtype: dtypes.dtype | None = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """A new tensor with a copy of ``data``: a number, nested sequences, a NumPy array or tensor.

    Floats become the default type, whole numbers ``int64``, unless ``dtype`` says otherwise.
    See https://docs.pytorch.org/docs/stable/generated/torch.tensor.html.
    """
    if device is not None:
        check_device(device)
    array = elements_of(data, dtype)
    if requires_grad and array.dtype.kind != "f":
        raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")
    return Tensor.wrap(array, requires_grad)


def elements_of(data: Any, dtype: dtypes.dtype | None) -> Array:
    """A fresh array of ``data`` with PyTorch's choice of type."""
    if isinstance(data, Tensor):
        data = data.array
    if is_array(data) or is_scalar(data):
        found: Array = np.asarray(data)
        kind = dtypes.of_numpy(found.dtype)
        return np.array(found, as_dtype(dtype, kind))
    check_even(data, 0)
    plain = plain_numbers(data)
    with np.errstate(all="ignore"):
        try:
            array = np.array(plain)
            if array.dtype.kind == "O":
                raise OverflowError
        except OverflowError:
            raise ValueError("Overflow when unpacking long long") from None
        if array.dtype.kind == "u" and array.dtype.itemsize == 8:
            raise ValueError("Overflow when unpacking long long")
        if array.dtype.kind not in "biuf":
            raise TypeError(f"new(): invalid data type '{leaf_type(data)}'")
        empty_or_float = array.dtype.kind == "f"
        default = dtypes.get_default_dtype() if empty_or_float else dtypes.of_numpy(array.dtype)
        return array.astype(as_dtype(dtype, default))


def plain_numbers(data: Any) -> Any:
    """Nested sequences with tensors among them turned into numbers and lists."""
    if isinstance(data, Tensor):
        return data.array.tolist()
    if is_sequence(data):
        return [plain_numbers(item) for item in data]
    return data.item() if is_scalar(data) else data


def check_even(data: Any, dim: int) -> None:
    """Refuse sequences of unequal length side by side."""
    if not is_sequence(data) or not data:
        return
    expected = _length(data[0])
    for item in data:
        found = _length(item)
        if found != expected:
            raise uneven(item, expected, found, dim + 1)
        check_even(item, dim + 1)


def uneven(item: Any, expected: int, found: int, dim: int) -> Exception:
    """PyTorch's complaint about an item that differs in length from the first."""
    if expected < 0:
        return TypeError(f"must be real number, not {type(item).__name__}")
    if found < 0:
        return TypeError(f"expected a sequence at dim {dim}, got {type(item).__name__}")
    return ValueError(f"expected sequence of length {expected} at dim {dim} (got {found})")


def _length(item: Any) -> int:
    return len(item) if is_sequence(item) else -1


def leaf_type(data: Any) -> str:
    """The type name of the first element that is not a sequence."""
    while is_sequence(data) and data:
        data = data[0]
    return type(data).__name__


def from_numpy(ndarray: Array) -> Tensor:
    """A tensor on the very memory of a NumPy array."""
    if not is_array(ndarray):
        raise TypeError(f"expected np.ndarray (got {type(ndarray).__name__})")
    dtypes.of_numpy(ndarray.dtype)
    if any(step < 0 for step in ndarray.strides):
        raise ValueError(
            "At least one stride in the given numpy array is negative, and tensors with negative "
            "strides are not currently supported. (You can probably work around this by making a "
            "copy of your array  with array.copy().) "
        )
    return Tensor.wrap(ndarray)


def as_tensor(data: Any, dtype: dtypes.dtype | None = None) -> Tensor:
    """``data`` as a tensor, without a copy where its type allows."""
    if isinstance(data, Tensor) and dtype in (None, data.dtype):
        return data
    if is_array(data) and dtype in (None, dtypes.of_numpy(data.dtype)):
        return from_numpy(data)
    return tensor(data, dtype=dtype)
