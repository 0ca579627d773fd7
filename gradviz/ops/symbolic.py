"""What stands for a value while a gradient rule is run only to see what it computes."""

from __future__ import annotations

from typing import Any, NoReturn


class Untraceable(TypeError):
    """A rule asked for what is only known when there are numbers."""


class Symbolic:
    """The base of such values: what they cannot answer, they refuse."""

    __slots__ = ()
    __array_ufunc__ = None

    def __bool__(self) -> NoReturn:
        raise Untraceable("the rule asks whether a number is zero")

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        raise Untraceable("the rule asks for an array")

    def __float__(self) -> NoReturn:
        raise Untraceable("the rule asks for a number")
