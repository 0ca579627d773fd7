"""Losses and gradients at many points, in parts that stay in the processor's cache."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from gradviz.ops.spec import Array
from gradviz.plan.batch import Batch
from gradviz.plan.function import Function
from gradviz.plan.trace import Program
from gradviz.plan.values import Value, used

Point = Mapping[str, Any]
PART = 32_768
NUMBERS = 65_536
"""How many numbers the largest value of a part has, points and elements taken together."""

Fill = Callable[[str, Array, int, int], Array | None]
"""Writes a parameter of the points from one number to another into an array, points last.

Where it has them as such an array already it may give that instead.
"""


class Many:
    """A function of many points: ``count`` of them at a time, ``moving`` parameters their own."""

    def __init__(
        self, program: Program, outputs: Sequence[Value], moving: Sequence[str], count: int
    ) -> None:
        builder = program.builder
        leaves = {
            i: builder.leaf(program.names[i], np.repeat(leaf.example[..., None], count, -1))
            if i in moving else leaf
            for i, leaf in program.leaves.items()
        }  # fmt: skip
        batch = Batch(builder, count, {program.leaves[i].number: leaves[i] for i in moving})
        with np.errstate(all="ignore"):
            results = batch.rewrite(outputs)
        self.count = count
        self.moving = tuple(moving)
        self.spread = [r.number != o.number for r, o in zip(results, outputs, strict=True)]
        self.function = Function("many", program.names, leaves, results)
        self.own = {i: np.array(leaves[i].example) for i in moving if i in self.function.given}
        self.notes = batch.notes

    def run(
        self, total: int, base: Point, fill: Fill, first: int = 0
    ) -> Iterator[tuple[int, int, list[Array]]]:
        """Part by part: from which point to which, and the outputs there, points last.

        The outputs are the function's own arrays and used again for the next part.
        """
        with self.function.lock:
            yield from self.parts(total, base, fill, first)

    def parts(
        self, total: int, base: Point, fill: Fill, first: int
    ) -> Iterator[tuple[int, int, list[Array]]]:
        """:meth:`run` while nobody else does."""
        function = self.function
        point = {i: base[i] for i in function.given if i not in self.moving}
        for node_id, array in {**function.arrays, **self.own}.items():
            given = np.asarray(base[node_id])
            if node_id not in self.moving:
                np.copyto(array, given)
            elif given.ndim:
                np.copyto(array, given[..., None])
        for begin in range(first, total, self.count):
            end = min(begin + self.count, total)
            for node_id in self.moving:
                own = self.own.get(node_id)
                array = function.arrays[node_id] if own is None else own
                given = fill(node_id, array[..., : end - begin], begin, end)
                if given is not None and given.shape != array.shape:
                    np.copyto(array[..., : end - begin], given)
                    given = None
                point[node_id] = array if given is None else given
            found = function.compiled(
                function.handed(point, False), lambda: function.handed(point, True)
            )
            yield begin, end, [
                np.asarray(f)[..., : end - begin] if s
                else np.broadcast_to(np.asarray(f)[..., None], (*np.shape(f), end - begin))
                for f, s in zip(found, self.spread, strict=True)
            ]  # fmt: skip


def part_size(outputs: Sequence[Value], moving: Sequence[Value], total: int) -> int:
    """How many points to take at a time."""
    numbers = {v.number for v in moving}
    largest = max((v.example.size for v in moving), default=1)
    for value in used(outputs):
        if any(v.number in numbers for v in value.reads):
            numbers.add(value.number)
            if not isinstance(value.example, tuple):
                largest = max(largest, value.example.size)
    most = max(1, min(PART, NUMBERS // max(largest, 1)))
    return min(most, 1 << max(0, total - 1).bit_length())


def given_points(points: Mapping[str, Array]) -> Fill:
    """Points as arrays by parameter, a row each."""

    def fill(node_id: str, array: Array, begin: int, end: int) -> Array | None:
        part = np.asarray(points[node_id])[begin:end]
        if part.ndim == 1 and part.dtype == array.dtype:
            return part
        np.copyto(array, np.moveaxis(part, 0, -1))
        return None

    return fill
