"""The short way through a write: an operation that computes straight into a tensor's memory.

Most writes change a parameter by something of its type where nothing is recorded. They need no
result beside the tensor itself, and no place on the tape. Whatever is not like that is left to
:func:`gradviz.tensor.inplace.write`, which does the same at length.
"""

# A write marks the memory's version.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gradviz.autograd.mode import STATE
from gradviz.ops.spec import Op

Into = Callable[..., None]


def into_of(op: Op) -> Into | None:
    """What computes ``op`` into the array it is given first; None where nothing does."""
    forward = op.forward
    if op.into is not None or not isinstance(forward, np.ufunc):
        return op.into

    def into(*arrays: Any) -> None:
        forward(*arrays, out=arrays[0])

    return into


KNOWN: dict[Op, Into | None] = {}


def overwritten(op: Op, inputs: tuple[Any, ...], attrs: Mapping[str, Any]) -> bool:
    """Whether ``op`` was computed into its first input's memory; if not, nothing has happened."""
    into = KNOWN[op] if op in KNOWN else KNOWN.setdefault(op, into_of(op))
    target = inputs[0]
    array = target.array
    kind, counter, recording = array.dtype, target._counter, STATE.enabled
    # Another counter than a list is that of inference mode; a stride of 0 puts many in one place.
    if into is None or kind.kind != "f" or type(counter) is not list or 0 in array.strides:
        return False
    if recording and target.requires_grad:
        return False
    arrays = [array]
    for value in inputs[1:]:
        other = getattr(value, "array", None)
        if other is None:
            if type(value) is not float and type(value) is not int:
                return False
            other = value
        elif other.dtype is not kind or (recording and value.requires_grad):
            return False
        arrays.append(other)
    try:
        STATE.quiet(into, *arrays, **attrs)
    except (OverflowError, ValueError):
        return False
    counter[0] += 1
    return True
