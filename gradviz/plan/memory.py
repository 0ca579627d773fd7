"""Where tensors of a program live: arrays made once, used again as soon as nothing reads them.

Views of them (a transpose, a shape) are made once too, and cost nothing when the program runs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from gradviz.ops.spec import Array
from gradviz.plan.primitives import BROADCASTING
from gradviz.plan.values import Value

SHOWS = ("reshape", "transpose", "broadcast", "one")
IN_PLACE = BROADCASTING - {"where"}


def root(value: Value) -> Value:
    """The value whose memory a view shows."""
    while value.kind in SHOWS:
        value = value.reads[0]
    return value


def last_reads(order: Sequence[Value]) -> dict[int, int]:
    """For each root the position in ``order`` of the last value that reads it."""
    last: dict[int, int] = {}
    for position, value in enumerate(order):
        for read in value.reads:
            last[root(read).number] = position
    return last


class Memory:
    """Hands out arrays for a program's tensors and takes them back after their last use."""

    def __init__(self, order: Sequence[Value], pinned: Sequence[Value]) -> None:
        self.last = last_reads(order)
        self.pinned = {root(v).number for v in pinned}
        self.free: dict[Any, list[Array]] = defaultdict(list)
        self.held: dict[int, Array] = {}
        self.bytes = 0

    def hold(self, value: Value, position: int, dying: Sequence[Value]) -> Array:
        """An array for ``value``; that of an operand that dies here where it may be."""
        if value.kind in IN_PLACE:
            self.release(dying, position)
        key = (value.shape, value.dtype.str)
        array = self.free[key].pop() if self.free[key] else None
        if array is None:
            array = np.zeros(value.shape, value.dtype)
            self.bytes += array.nbytes
        self.held[value.number] = array
        return array

    def release(self, operands: Sequence[Value], position: int) -> None:
        """Take back the arrays that nothing after ``position`` reads."""
        for operand in operands:
            if operand.scalar and operand.kind not in SHOWS:
                continue
            number = root(operand).number
            if number in self.pinned or self.last.get(number, -1) > position:
                continue
            array = self.held.pop(number, None)
            if array is not None:
                self.free[(array.shape, array.dtype.str)].append(array)
