"""What the table of operations gives tensors when the package loads, said to type checkers.

They see no attribute that a loop sets; here its type stands, and nothing of it exists at run time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

Unary = Callable[[Any], Any]
Binary = Callable[[Any, Any], Any]


class Declared:
    """Operators and methods that :mod:`gradviz.tensor.methods` and its kin install."""

    __slots__ = ()

    if TYPE_CHECKING:
        __add__: ClassVar[Binary]
        __radd__: ClassVar[Binary]
        __sub__: ClassVar[Binary]
        __rsub__: ClassVar[Binary]
        __mul__: ClassVar[Binary]
        __rmul__: ClassVar[Binary]
        __truediv__: ClassVar[Binary]
        __rtruediv__: ClassVar[Binary]
        __floordiv__: ClassVar[Binary]
        __rfloordiv__: ClassVar[Binary]
        __mod__: ClassVar[Binary]
        __rmod__: ClassVar[Binary]
        __pow__: ClassVar[Binary]
        __rpow__: ClassVar[Binary]
        __matmul__: ClassVar[Binary]
        __rmatmul__: ClassVar[Binary]
        __and__: ClassVar[Binary]
        __or__: ClassVar[Binary]
        __xor__: ClassVar[Binary]
        __lt__: ClassVar[Binary]
        __le__: ClassVar[Binary]
        __gt__: ClassVar[Binary]
        __ge__: ClassVar[Binary]
        __neg__: ClassVar[Unary]
        __abs__: ClassVar[Unary]
        __invert__: ClassVar[Unary]
        __getitem__: ClassVar[Binary]
        __setitem__: ClassVar[Callable[[Any, Any, Any], None]]
        __len__: ClassVar[Callable[[Any], int]]
        __float__: ClassVar[Callable[[Any], float]]
        __int__: ClassVar[Callable[[Any], int]]
        __index__: ClassVar[Callable[[Any], int]]
        __iter__: ClassVar[Callable[[Any], Any]]

        def __getattr__(self, name: str) -> Any: ...
