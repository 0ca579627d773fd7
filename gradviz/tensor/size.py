"""``Size``: a shape as PyTorch hands it out."""

from __future__ import annotations

import math
from collections.abc import Iterable
from operator import index
from typing import Any, SupportsIndex

from gradviz.ops.kinds import is_tuple
from gradviz.ops.spec import Shape


class Size(tuple[int, ...]):
    """The sizes of a tensor's dimensions; a tuple with ``numel``, which its parts are too."""

    __slots__ = ()

    def __new__(cls, sizes: Iterable[Any] = ()) -> Size:
        """A shape from whole numbers."""
        return super().__new__(cls, map(whole, enumerate(sizes)))

    @classmethod
    def of(cls, shape: Shape) -> Size:
        """The shape of a NumPy array, which needs no check."""
        return super().__new__(cls, shape)

    def numel(self) -> int:
        """How many elements a tensor of this shape has."""
        return math.prod(self)

    def __getitem__(self, key: SupportsIndex | slice) -> Any:
        found = super().__getitem__(key)
        return Size(found) if is_tuple(found) else found

    def __add__(self, other: object) -> Any:
        return Size((*self, *other)) if is_tuple(other) else NotImplemented

    def __radd__(self, other: object) -> Any:
        return Size((*other, *self)) if is_tuple(other) else NotImplemented

    def __mul__(self, times: SupportsIndex) -> Any:
        return Size(tuple(self) * index(times))

    __rmul__ = __mul__

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"


def whole(item: tuple[int, Any]) -> int:
    """A size, from its place and what was given; TypeError where that is no whole number."""
    place, value = item
    try:
        return index(value)
    except TypeError:
        raise TypeError(
            f"torch.Size() takes an iterable of 'int' (item {place} is '{type(value).__name__}')"
        ) from None
