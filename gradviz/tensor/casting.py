"""Casts of tensors: ``to`` in its many forms, ``float()``, ``long()``, ``type()`` and their kin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradviz.ops.casting import clone, to
from gradviz.ops.dtypes import DTYPES, dtype, dtype_named
from gradviz.tensor.device import check_device
from gradviz.tensor.tensor import Tensor, apply

WORDS = {
    "float": "float32", "double": "float64", "half": "float16", "bool": "bool", "byte": "uint8",
    "char": "int8", "short": "int16", "int": "int32", "long": "int64",
}  # fmt: skip


def cast(tensor: Tensor, kind: dtype, copy: bool = False) -> Any:
    """``tensor`` in the type ``kind``; itself where it has that type already."""
    if tensor.array.dtype == kind.numpy:
        return apply(clone, (tensor,), clone.defaults) if copy else tensor
    return apply(to, (tensor,), {"dtype": kind})


def to_method(self: Tensor, *args: Any, **kwargs: Any) -> Any:
    """The tensor in another type: ``to(dtype)``, ``to(device, dtype)`` or ``to(other)``.

    There is one device, ``"cpu"``. The tensor itself is returned where nothing changes, unless
    ``copy`` is true. See https://docs.pytorch.org/docs/stable/generated/torch.Tensor.to.html.
    """
    kind, copy = self.dtype, bool(kwargs.pop("copy", False))
    kwargs.pop("non_blocking", None)
    kwargs.pop("memory_format", None)
    switches = [value for value in args if isinstance(value, bool)]
    copy = copy or (len(switches) > 1 and switches[1])
    for value in (*args, *(kwargs.pop(n, None) for n in ("device", "dtype", "other"))):
        if isinstance(value, dtype):
            kind = value
        elif isinstance(value, Tensor):
            kind = value.dtype
        elif value is not None and not isinstance(value, bool):
            check_device(value)
    if kwargs:
        raise TypeError(f"to() got an unexpected keyword argument '{next(iter(kwargs))}'")
    return cast(self, kind, copy)


def to_cuda(self: Tensor, *args: Any, **kwargs: Any) -> Any:
    """Refused, as by a PyTorch without CUDA."""
    check_device("cuda")


def type_method(self: Tensor, dtype: Any = None) -> Any:
    """The name of the tensor's type (``torch.FloatTensor``), or the tensor in another type."""
    if dtype is None:
        return f"torch.{self.dtype.legacy_name}Tensor"
    if not isinstance(dtype, str):
        return cast(self, dtype)
    legacy = {f"torch.{d.legacy_name}Tensor": d for d in DTYPES.values()}
    return cast(self, legacy[dtype] if dtype in legacy else dtype_named(dtype))


def type_as(self: Tensor, other: Tensor) -> Any:
    """The tensor in the type of another."""
    return cast(self, other.dtype)


def cast_method(word: str) -> Callable[..., Any]:
    """``x.float()`` and its like."""
    kind = DTYPES[WORDS[word]]

    def method(self: Tensor, memory_format: Any = None) -> Any:
        return cast(self, kind)

    method.__name__ = word
    method.__doc__ = f"The tensor as ``{kind.name}``."
    return method


def contiguous(self: Tensor, memory_format: Any = None) -> Any:
    """The tensor with its elements in order in memory: itself where they are, else a copy."""
    if self.array.flags.c_contiguous:
        return self
    copied = apply(clone, (self,), clone.defaults)
    copied.array = np.ascontiguousarray(copied.array)
    return copied


def is_contiguous(self: Tensor, memory_format: Any = None) -> bool:
    """Whether the elements stand in order in memory, without gaps."""
    return self.array.flags.c_contiguous


def install_casts() -> None:
    """Give tensors their casts."""
    for word in WORDS:
        setattr(Tensor, word, cast_method(word))
    methods = {
        "to": to_method, "cuda": to_cuda, "type": type_method, "type_as": type_as,
        "contiguous": contiguous, "is_contiguous": is_contiguous,
    }  # fmt: skip
    for name, method in methods.items():
        setattr(Tensor, name, method)
