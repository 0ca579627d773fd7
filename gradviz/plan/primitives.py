"""What a plan can compute: NumPy's element-wise functions, sums, products, views, and calls.

Few enough that the emitter and the batching rules can cover them all; everything else an
operation may do is a ``call`` of its own ``forward``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gradviz.ops.spec import Array

UFUNCS = frozenset(
    name for name, found in vars(np).items() if isinstance(found, np.ufunc) and found.nout == 1
    and found.signature is None
)  # fmt: skip
FOUND: dict[str, np.ufunc] = {name: getattr(np, name) for name in UFUNCS}
BROADCASTING = UFUNCS | {"where"}
"""What works element by element and stretches its operands to one shape."""
VIEWS = frozenset({"reshape", "transpose", "broadcast", "cast"})
"""What shows the elements it is given in another way; the first setting says how."""
REDUCTIONS: dict[str, np.ufunc] = {"sum": np.add, "largest": np.maximum, "smallest": np.minimum}


def _reduced(name: str) -> Callable[..., Any]:
    ufunc = REDUCTIONS[name]

    def run(array: Array, axes: tuple[int, ...], keepdims: bool) -> Any:
        return ufunc.reduce(array, axis=axes, keepdims=keepdims)

    return run


def call(*inputs: Any) -> Any:
    """Run ``function`` (last but two of the arguments) on inputs arranged as ``form`` says."""
    *values, function, form, _ = inputs
    return function(*arranged(form, values))


def arranged(form: Any, values: Sequence[Any]) -> list[Any]:
    """Arguments from flat values: a number stands for a value, a tuple for a sequence of such.

    Anything else is wrapped in :class:`Plain` and stands for itself.
    """
    return [
        values[part] if isinstance(part, int)
        else part.value if isinstance(part, Plain)
        else tuple(arranged(part, values))
        for part in form
    ]  # fmt: skip


class Plain:
    """An argument of a call that is no value of the program."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def taken(array: Array, places: Array) -> Array:
    """Elements of a vector, or of many side by side, by their places."""
    return np.take(array, places, axis=0)


def one_of(array: Array, place: tuple[int, int]) -> Array:
    """The part of length one at an index of an axis counted from behind; a view."""
    axis, index = place
    return array[(..., slice(index, index + 1), *(slice(None),) * (-axis - 1))]


def converted(array: Any, kind: np.dtype[Any]) -> Array:
    """In another type."""
    return np.asarray(array).astype(kind)


def part_of(outputs: Sequence[Array], index: int) -> Array:
    """One of the outputs of a call."""
    return outputs[index]


def points_first(array: Array) -> Array:
    """A copy with the last axis in front."""
    return np.ascontiguousarray(np.moveaxis(array, -1, 0))


RUN: dict[str, Callable[..., Any]] = {
    **{name: _reduced(name) for name in REDUCTIONS},
    "where": np.where,
    "matmul": np.matmul,
    "reshape": np.reshape,
    "transpose": np.transpose,
    "broadcast": np.broadcast_to,
    "cast": converted,
    "call": call,
    "part": part_of,
    "take": taken,
    "one": one_of,
    "packed": points_first,
}


def run_primitive(kind: str, inputs: Sequence[Any], settings: tuple[Any, ...]) -> Any:
    """What a primitive gives; an array, or a tuple of arrays from a call with several outputs."""
    ufunc = FOUND.get(kind)
    if ufunc is not None:
        return np.asarray(ufunc(*inputs))
    run = RUN[kind]
    result = run(*inputs, *settings)
    if isinstance(result, (tuple, list)):
        return tuple(np.asarray(r) for r in result)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return np.asarray(result)
