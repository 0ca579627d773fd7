"""Parameters: tensors that a module learns, and buffers it keeps beside them."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np

from gradviz.tensor import Tensor

Kind = TypeVar("Kind", bound=Tensor)


def on_memory(kind: type[Kind], array: Any, requires_grad: bool) -> Kind:
    """A tensor of a kind of its own, as a new leaf on ``array``."""
    made = object.__new__(kind)
    plain = Tensor.wrap(array, requires_grad)
    for base in Tensor.__mro__:
        for name in getattr(base, "__slots__", ()):
            if name != "__weakref__" and hasattr(plain, name):
                setattr(made, name, getattr(plain, name))
    return made


class Kept(Tensor):
    """A tensor that a module knows for its own; what is computed from it is a plain one."""

    __slots__ = ()

    def __init__(self, *_: Any, **__: Any) -> None:
        """Nothing: it is made already."""

    @classmethod
    def wrap(
        cls, array: Any, requires_grad: bool = False, node: Any = None, output: int = 0
    ) -> Any:
        """A plain tensor."""
        return Tensor.wrap(array, requires_grad, node, output)


class Parameter(Kept):
    """A leaf tensor that a :class:`~gradviz.nn.Module` finds among its attributes.

    It shares memory with ``data``. What is computed from it is a plain tensor.
    """

    __slots__ = ("__dict__",)

    def __new__(cls, data: Tensor | None = None, requires_grad: bool = True) -> Parameter:
        """A parameter on the memory of ``data`` (empty by default)."""
        if data is not None and not isinstance(data, Tensor):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(
                "Creating a Parameter from an instance of type "
                f"{type(data).__name__} requires that detach() returns an instance of the same type"
            )
        array = np.zeros(0, np.float32) if data is None else data.array
        if requires_grad and array.dtype.kind != "f":
            raise RuntimeError(
                "Only Tensors of floating point and complex dtype can require gradients"
            )
        return on_memory(cls, array, requires_grad)

    def __deepcopy__(self, memo: dict[int, Any]) -> Parameter:
        if id(self) not in memo:
            memo[id(self)] = Parameter(Tensor.wrap(self.array.copy()), self.requires_grad)
        return memo[id(self)]

    def __reduce_ex__(self, protocol: Any) -> Any:
        return rebuilt, (self.array, self.requires_grad)

    def __repr__(self) -> str:
        return f"Parameter containing:\n{super().__repr__()}"


def rebuilt(array: Any, requires_grad: bool) -> Parameter:
    """A parameter from what :mod:`copy` took apart."""
    return Parameter(Tensor.wrap(array), requires_grad)


class Buffer(Kept):
    """A tensor that a module keeps and saves, but does not learn."""

    __slots__ = ("persistent",)

    persistent: bool

    def __new__(cls, data: Tensor | None = None, *, persistent: bool = True) -> Buffer:
        """A buffer on the memory of ``data``; ``persistent``: part of the saved state."""
        array = np.zeros(0, np.float32) if data is None else data.array
        made = on_memory(cls, array, False)
        made.persistent = persistent
        return made
