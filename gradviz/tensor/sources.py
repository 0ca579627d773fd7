"""Tensors from what Python and NumPy hold: shared where that can be, and the older constructors.

``asarray`` and ``frombuffer``, ``x.new_tensor`` and its kin, ``Tensor([1, 2])``, ``FloatTensor``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradviz.ops import dtypes
from gradviz.ops.dtypes import DTYPES, dtype
from gradviz.ops.kinds import is_array, is_scalar, is_sequence
from gradviz.ops.spec import Array
from gradviz.tensor.create import from_numpy, tensor
from gradviz.tensor.device import check_device
from gradviz.tensor.layouts import check_words
from gradviz.tensor.tensor import Tensor


def asarray(
    obj: Any, *, dtype: dtype | None = None, device: Any = None, copy: bool | None = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """``obj`` as a tensor, on its memory where it has some of the right type.

    ``copy``: True for a copy in any case, False for none in any. See
    https://docs.pytorch.org/docs/stable/generated/torch.asarray.html.
    """
    if device is not None:
        check_device(device)
    shared = on_memory_of(obj, dtype)
    if shared is None:
        if copy is False:
            raise ValueError("can't alias arbitrary sequence into a tensor.")
        return tensor(obj, dtype=dtype, requires_grad=requires_grad)
    if dtype is not None and shared.dtype is not dtype:
        if copy is False:
            raise ValueError(
                f"can't alias tensor with dtype '{shared.dtype.legacy_name}' into dtype "
                f"'{dtype.legacy_name}'."
            )
        shared = shared.to(dtype)
    elif copy:
        shared = shared.clone()
    if shared.requires_grad and not requires_grad:
        return shared.detach()
    return shared.requires_grad_() if requires_grad else shared


def on_memory_of(obj: Any, kind: dtype | None) -> Any:
    """A tensor on the memory of ``obj``; None where it has none to share."""
    if isinstance(obj, Tensor):
        return obj
    if is_array(obj):
        return from_numpy(obj)
    if is_scalar(obj) or is_sequence(obj):
        return None
    try:
        memoryview(obj)
    except TypeError:
        return None
    return frombuffer(obj, dtype=kind or dtypes.get_default_dtype())


def frombuffer(
    buffer: Any, *, dtype: dtype, count: int = -1, offset: int = 0, requires_grad: bool = False
) -> Tensor:
    """A vector on the memory of bytes: ``count`` elements (-1: all) from byte ``offset`` on.

    See https://docs.pytorch.org/docs/stable/generated/torch.frombuffer.html.
    """
    try:
        size, each = memoryview(buffer).nbytes, dtype.itemsize
    except TypeError:
        raise ValueError("object does not implement Python buffer protocol.") from None
    if not size or not count:
        raise ValueError(f"both buffer length ({size}) and count ({count}) must not be 0")
    if not 0 <= offset < size:
        raise ValueError(
            f"offset ({offset} bytes) must be non-negative and no greater than buffer length "
            f"({size} bytes) minus 1"
        )
    if count < 0 and (size - offset) % each:
        raise ValueError(
            f"buffer length ({size - offset} bytes) after offset ({offset} bytes) must be a "
            f"multiple of element size ({each})"
        )
    if count > 0 and offset + count * each > size:
        raise ValueError(
            f"requested buffer length ({count} * {each} bytes) after offset ({offset} bytes) must "
            f"not be greater than actual buffer length ({size} bytes)"
        )
    made = Tensor.wrap(np.frombuffer(buffer, dtype.numpy, max(count, -1), offset))
    return made.requires_grad_() if requires_grad else made


def new_tensor(
    self: Tensor, data: Any, *, dtype: dtype | None = None, requires_grad: bool = False,
    **words: Any,
) -> Tensor:  # fmt: skip
    """A tensor with a copy of ``data``, of this one's type."""
    check_words(words)
    return tensor(data, dtype=dtype or self.dtype, requires_grad=requires_grad)


def new_empty(
    self: Tensor, *shape: Any, size: Any = (), dtype: dtype | None = None,
    requires_grad: bool = False, **words: Any,
) -> Tensor:  # fmt: skip
    """A tensor of this shape and this one's type, with nothing in it yet."""
    check_words(words)
    sizes = tuple(shape[0]) if len(shape) == 1 and is_sequence(shape[0]) else shape or size
    made = Tensor.wrap(np.zeros(sizes, (dtype or self.dtype).numpy))
    return made.requires_grad_() if requires_grad else made


def new_empty_strided(
    self: Tensor, size: Any, stride: Any, *, dtype: dtype | None = None,
    requires_grad: bool = False, **words: Any,
) -> Tensor:  # fmt: skip
    """A tensor of this shape and this one's type, with these steps between its elements."""
    check_words(words)
    kind = (dtype or self.dtype).numpy
    reach = sum((n - 1) * step for n, step in zip(size, stride, strict=True)) + 1
    memory = np.zeros(max(reach, 0) if 0 not in size else 0, kind)
    steps = [step * kind.itemsize for step in stride]
    made = Tensor.wrap(np.lib.stride_tricks.as_strided(memory, tuple(size), steps))
    return made.requires_grad_() if requires_grad else made


def new(self: Tensor, *args: Any) -> Tensor:
    """A tensor of this one's type from data, or of a shape."""
    return constructed(self.dtype, args)


def constructed(kind: dtype, args: tuple[Any, ...]) -> Tensor:
    """What ``FloatTensor(*args)`` gives: sizes, or data; nothing makes an empty tensor."""
    return Tensor.wrap(elements(kind, args))


def elements(kind: dtype, args: tuple[Any, ...]) -> Array:
    """The elements of a tensor that an older constructor makes."""
    if len(args) == 1 and not isinstance(args[0], int):
        (data,) = args
        if isinstance(data, Tensor):
            return data.array if data.dtype is kind else data.array.astype(kind.numpy)
        if not is_sequence(data) and not is_array(data):
            raise TypeError(f"new(): data must be a sequence (got {type(data).__name__})")
        if not hasattr(data, "numel"):
            return tensor(data, dtype=kind).array
        args = tuple(data)
    for value in args:
        if not isinstance(value, int):
            raise TypeError(
                f"new(): argument 'size' must be tuple of ints, not {type(value).__name__}"
            )
    return np.zeros(args or (0,), kind.numpy)


def initialise(self: Any, *args: Any) -> None:
    """Make a tensor of the default type: ``Tensor([1, 2])``, or ``Tensor(2, 3)`` of a shape."""
    made = Tensor.wrap(elements(dtypes.get_default_dtype(), args))
    for name in MADE:
        setattr(self, name, getattr(made, name))


MADE = (
    "_counter", "_grad", "_hooks", "_node", "_output", "_post_hooks", "_requires_grad", "_retains",
    "_seen", "_view", "array",
)  # fmt: skip


class LegacyType(type):
    """The type of ``FloatTensor`` and its kin: called, it makes tensors; they are its instances."""

    kind: dtype

    def __call__(cls, *args: Any) -> Any:
        """A tensor of this type from data, or of a shape."""
        return constructed(cls.kind, args)

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, Tensor) and instance.dtype is cls.kind

    def __repr__(cls) -> str:
        return f"<class 'torch.{cls.__name__}'>"


def legacy_type(name: str) -> Any:
    """The constructor called ``name`` (``FloatTensor``)."""
    kind = LEGACY[name]
    return LegacyType(name, (), {"kind": kind, "__doc__": f"Tensors of {kind.name}."})


LEGACY = {f"{kind.legacy_name}Tensor": kind for kind in DTYPES.values()}
METHODS: tuple[Callable[..., Tensor], ...] = (new, new_tensor, new_empty, new_empty_strided)


def install_sources() -> None:
    """Give tensors these methods, and their type its constructor."""
    for method in METHODS:
        setattr(Tensor, method.__name__, method)
    Tensor.__init__ = initialise
