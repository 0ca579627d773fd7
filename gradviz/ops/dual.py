"""Operations that serve arrays and tensors alike, for gradient rules to be written in.

Given arrays they compute at once; given tensors they record, so that one rule serves both the
plain backward pass and the one whose result is to be differentiated again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from inspect import signature
from typing import Any

import numpy as np

from gradviz.ops.kinds import is_sequence
from gradviz.ops.spec import Array, Op, Shape


def is_plain(value: Any) -> bool:
    """Whether ``value`` is an array or number rather than a recording tensor."""
    return not hasattr(value, "__gradviz_apply__")


def call(op: Op, *arguments: Any, **settings: Any) -> Any:
    """Run ``op`` on arrays directly, or on tensors with recording: whichever is given."""
    if op.arguments:
        settings |= dict(zip(op.arguments, arguments, strict=False))
        inputs = tuple(settings.pop(port.name) for port in op.ports)
        attrs = {**op.defaults, **settings}
    else:
        count = len(op.ports)
        inputs, attrs = arguments[:count], op.defaults
        if settings or len(arguments) > count:
            given = zip([a.name for a in op.attrs], arguments[count:], strict=False)
            attrs = {**attrs, **dict(given), **settings}
    for value in inputs:
        if type(value) is np.ndarray:
            continue
        for member in value if is_sequence(value) else (value,):
            apply: Any = getattr(member, "__gradviz_apply__", None)
            if apply is not None:
                return apply(op, inputs, attrs)
    return op.forward(*inputs, **attrs)


PLAIN_TYPES = frozenset([np.ndarray, np.float32, np.float64, float, int, bool])


def dual(op: Op) -> Callable[..., Any]:
    """``op`` as a function for use in rules (see :func:`call`)."""
    count, forward, defaults = len(op.ports), op.forward, op.defaults
    names = [attr.name for attr in op.attrs]
    direct = not op.arguments

    def function(*arguments: Any, **settings: Any) -> Any:
        # Most calls give arrays and numbers alone, which need not be asked one by one.
        inputs = arguments[:count] if names else arguments
        if settings or not direct or not PLAIN_TYPES.issuperset(map(type, inputs)):
            return call(op, *arguments, **settings)
        if len(arguments) == count:
            return forward(*inputs, **defaults)
        given = dict(zip(names, arguments[count:], strict=False))
        return forward(*inputs, **{**defaults, **given})

    function.__name__ = op.name
    return function


def plain(op: Op) -> Callable[..., Any]:
    """``op`` as a function of arrays and numbers alone."""
    if op.arguments:
        return dual(op)
    if not op.attrs:
        return op.forward
    count, forward, defaults = len(op.ports), op.forward, op.defaults
    names = [attr.name for attr in op.attrs]
    whole = count + len(names)
    in_order = [*signature(forward).parameters] == [*[port.name for port in op.ports], *names]

    def function(*arguments: Any, **settings: Any) -> Any:
        if in_order and len(arguments) == whole:
            return forward(*arguments, **settings)
        given = dict(zip(names, arguments[count:], strict=False))
        return forward(*arguments[:count], **{**defaults, **given, **settings})

    return function


MANY = 512
"""From how many elements on a product with ones adds up rows faster than NumPy's sum."""
BLAS = (np.dtype(np.float32), np.dtype(np.float64))


def by_product(whole: Shape, shape: Shape, kind: np.dtype[Any]) -> bool:
    """Whether rows of ``whole`` are added up to one of ``shape`` by a product with ones."""
    if len(shape) != 1 or len(whole) != 2 or whole[0] * whole[1] < MANY:
        return False
    return whole[1] == shape[0] and kind in BLAS


@lru_cache(maxsize=16)
def ones(count: int, kind: np.dtype[Any]) -> Array:
    """A row of ones, to be read only."""
    row = np.ones(count, kind)
    row.setflags(write=False)
    return row


def sum_to_shape(array: Array, shape: Shape) -> Array:
    """Sum away the axes that broadcasting from ``shape`` added."""
    if array.shape == shape:
        return array
    extra = array.ndim - len(shape)
    if array.shape[extra:] == shape:
        if by_product(array.shape, shape, array.dtype):
            return ones(len(array), array.dtype).dot(array)
        return np.add.reduce(array, axis=0 if extra == 1 else tuple(range(extra)))
    return np.add.reduce(array, axis=broadcast_axes(array.shape, shape), keepdims=True).reshape(
        shape
    )


def broadcast_axes(wide: Shape, shape: Shape) -> tuple[int, ...]:
    """The axes of ``wide`` over which a gradient is summed to come back to ``shape``."""
    extra = len(wide) - len(shape)
    return (*range(extra), *(i + extra for i, n in enumerate(shape) if n == 1 != wide[i + extra]))
