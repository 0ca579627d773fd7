"""Arguments of functions written in Python, held against what their annotations say.

PyTorch refuses a number where a tensor belongs before anything is computed. Operations of the
table are bound by :mod:`gradviz.tensor.binding`; functions made of several have this.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cache, wraps
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from gradviz.ops.kinds import is_sequence
from gradviz.tensor.complaints import no_way, wrong_kind
from gradviz.tensor.tensor import Tensor


def _is_integer(value: Any) -> bool:
    if isinstance(value, Tensor):
        return not value.array.ndim and value.array.dtype.kind in "iu"
    return hasattr(value, "__index__") and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return not value.array.ndim if isinstance(value, Tensor) else isinstance(value, NUMBERS)


NUMBERS = (int, float, np.number)
KINDS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "Tensor": ("Tensor", lambda v: isinstance(v, Tensor)),
    "float": ("Number", _is_number),
    "int": ("int", _is_integer),
    "Sequence[int]": ("tuple of ints", lambda v: is_sequence(v) and all(map(_is_integer, v))),
    "None": ("None", lambda v: v is None),
}
"""Annotations that are checked: PyTorch's word for each, and whether a value is of the kind."""


class Argument(NamedTuple):
    """An argument that is checked."""

    name: str
    options: tuple[str, ...]

    def takes(self, value: Any) -> bool:
        """Whether ``value`` is of one of the kinds."""
        return any(KINDS[option][1](value) for option in self.options)

    @property
    def forms(self) -> list[str]:
        """The ways to give it: ``Tensor other``."""
        return [f"{KINDS[option][0]} {self.name}" for option in self.options if option != "None"]


@cache
def arguments_of(function: Callable[..., Any]) -> tuple[Argument | None, ...]:
    """The arguments of ``function`` in order, with None for those of kinds that are not checked."""
    found: list[Argument | None] = []
    for name, parameter in inspect.signature(function).parameters.items():
        options = tuple(str(parameter.annotation).split(" | "))
        several = parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        known = all(option in KINDS for option in options) and not several
        found.append(Argument(name, options) if known else None)
    return tuple(found)


def checked(function: Callable[..., Any], place: str = "") -> Callable[..., Any]:
    """``function``, refusing arguments of the wrong kind as ``torch.<place>`` does."""
    name = f"{place}_{function.__name__}" if place else function.__name__

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        arguments = arguments_of(function)
        for position, (argument, value) in enumerate(zip(arguments, args, strict=False)):
            if argument is not None and not argument.takes(value):
                raise TypeError(complaint(name, arguments, args, kwargs, argument, position))
        if kwargs:
            for argument in arguments:
                if argument is None or argument.name not in kwargs:
                    continue
                if not argument.takes(kwargs[argument.name]):
                    raise TypeError(complaint(name, arguments, args, kwargs, argument, None))
        return function(*args, **kwargs)

    return call


def complaint(
    called: str, arguments: Sequence[Argument | None], args: Sequence[Any],
    kwargs: Mapping[str, Any], wrong: Argument, position: int | None,
) -> str:  # fmt: skip
    """What is wrong where there is one way to call; else what was given, and all the ways."""
    ways = list(product(*(a.forms for a in arguments if a is not None)))
    if len(ways) > 1:
        return no_way(called, [f"({', '.join(way)})" for way in ways], args, kwargs)
    value = kwargs[wrong.name] if position is None else args[position]
    wanted = KINDS[wrong.options[0]][0].replace("Number", "float")
    return wrong_kind(called, wrong.name, position, wanted, value)
