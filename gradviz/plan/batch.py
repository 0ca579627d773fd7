"""A program for many points at once: what moves gets an axis of points in front of its own.

The axis is no broadcasting accident: each primitive has a rule by which the result at an index
of the axis is what it would be there alone. A call of an operation that does not work element by
element is made point by point, within the program.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from gradviz.ops.dims import wrap_dim
from gradviz.ops.spec import Array, Shape
from gradviz.plan.primitives import BROADCASTING, REDUCTIONS, Plain, arranged
from gradviz.plan.values import Builder, Value, used

Operand = Any


class Batch:
    """Rewrites values for ``count`` points; ``moving``: leaves of which each has its own."""

    def __init__(self, builder: Builder, count: int, moving: Mapping[int, Value]) -> None:
        self.builder = builder
        self.count = count
        self.found: dict[int, Value] = dict(moving)
        self.notes: list[str] = []

    def rewrite(self, outputs: Sequence[Value]) -> list[Value]:
        """``outputs`` for all points; those that do not move as they are."""
        for value in used(outputs):
            if value.number not in self.found and any(v.number in self.found for v in
                                                      value.values()):  # fmt: skip
                self.builder.node = value.node
                self.found[value.number] = self.many(value)
        return [self.found.get(v.number, v) for v in outputs]

    def moved(self, operand: Operand) -> bool:
        """Whether an operand has the axis of points."""
        return isinstance(operand, Value) and operand.number in self.found

    def of(self, operand: Operand) -> Any:
        """An operand as it is for many points."""
        return self.found.get(operand.number, operand) if isinstance(operand, Value) else operand

    def raised(self, operand: Operand, rank: int) -> Any:
        """An operand with axes of length one before its own, so that it has ``rank`` of them."""
        if not self.moved(operand) or len(operand.shape) == rank:
            return self.of(operand)
        shape = (self.count, *(1,) * (rank - len(operand.shape)), *operand.shape)
        return self.builder.make("reshape", self.of(operand), settings=(shape,))

    def many(self, value: Value) -> Value:
        """One value for all points."""
        if value.kind in BROADCASTING:
            rank = len(value.shape)
            return self.builder.make(value.kind, *(self.raised(v, rank) for v in value.inputs))
        if value.kind in REDUCTIONS:
            axes, keepdims = value.settings
            shifted = tuple(a + 1 for a in axes)
            return self.builder.make(
                value.kind, self.of(value.inputs[0]), settings=(shifted, keepdims)
            )
        return RULES[value.kind](self, value)

    def reshape(self, value: Value) -> Value:
        """Another shape for each."""
        shape = (self.count, *value.settings[0])
        return self.builder.make("reshape", self.of(value.inputs[0]), settings=(shape,))

    def transpose(self, value: Value) -> Value:
        """Another order of its own axes."""
        order = (0, *(a + 1 for a in value.settings[0]))
        return self.builder.make("transpose", self.of(value.inputs[0]), settings=(order,))

    def broadcast(self, value: Value) -> Value:
        """Each stretched."""
        (shape,) = value.settings
        raised = self.raised(value.inputs[0], len(shape))
        return self.builder.make("broadcast", raised, settings=((self.count, *shape),))

    def same(self, value: Value) -> Value:
        """What works alike with the axis and without."""
        return self.builder.make(
            value.kind, *(self.of(v) for v in value.inputs), settings=value.settings
        )

    def matmul(self, value: Value) -> Value:
        """Products of matrices or vectors; one matrix for all points is multiplied once."""
        left, right = value.values()
        make = self.builder.make
        if self.moved(left) and not self.moved(right) and len(right.shape) == 2:
            flat = make("reshape", self.of(left), settings=((-1, left.shape[-1]),))
            product = make("matmul", flat, right)
            return make("reshape", product, settings=((self.count, *value.shape),))
        a, b = self.of(left), self.of(right)
        if len(left.shape) == 1:
            a = make("reshape", a, settings=((*a.shape[:-1], 1, a.shape[-1]),))
        if len(right.shape) == 1:
            b = make("reshape", b, settings=((*b.shape, 1),))
        rank = max(len(left.shape), len(right.shape), 2)
        a, b = self.widened(left, a, rank), self.widened(right, b, rank)
        product = self.product(a, b)
        return make("reshape", product, settings=((self.count, *value.shape),))

    def product(self, a: Value, b: Value) -> Value:
        """Many small products: by elements where they are so small that calls would rule."""
        make, inner = self.builder.make, a.shape[-1]
        if not 0 < inner <= SMALL or a.shape[-2] * b.shape[-1] > SMALL**2:
            return make("matmul", a, b)
        columns = [make("part_of", a, settings=((..., slice(k, k + 1)),)) for k in range(inner)]
        rows = [make("part_of", b, settings=((..., slice(k, k + 1), slice(None)),))
                for k in range(inner)]  # fmt: skip
        total = make("multiply", columns[0], rows[0])
        for column, row in zip(columns[1:], rows[1:], strict=True):
            total = make("add", total, make("multiply", column, row))
        return total

    def widened(self, original: Value, operand: Value, rank: int) -> Value:
        """A factor with as many axes of its own as the other, behind that of the points."""
        if not self.moved(original):
            return operand
        own = operand.shape[1:]
        shape = (self.count, *(1,) * (rank - len(own)), *own)
        return self.builder.make("reshape", operand, settings=(shape,))

    def take(self, value: Value) -> Value:
        """Elements by their places in each."""
        return self.same(value)

    def call(self, value: Value) -> Value:
        """An operation's own function: on all where it works by elements, else on each."""
        function, form, each_element = value.settings
        simple = all(isinstance(p, (int, Plain)) for p in form)
        if each_element and simple and not isinstance(value.example, tuple):
            rank = len(value.shape)
            inputs = [self.raised(v, rank) for v in value.inputs]
            made = self.builder.make("call", *inputs, settings=(function, form, True))
            if made.shape == (self.count, *value.shape) and made.dtype == value.dtype:
                return made
        moved = tuple(self.moved(v) for v in value.inputs)
        alone = OneByOne(function, form, moved, self.count)
        self.notes.append(f"'{value.node}': {function.label} runs point by point")
        flat = tuple(range(len(value.inputs)))
        inputs = [self.of(v) for v in value.inputs]
        return self.builder.make("call", *inputs, settings=(alone, flat, False))


SMALL = 8
"""Products over at most as many terms are taken by elements where there is one a point."""

RULES: Mapping[str, Callable[[Batch, Value], Value]] = {
    "reshape": Batch.reshape, "transpose": Batch.transpose, "broadcast": Batch.broadcast,
    "cast": Batch.same, "part": Batch.same, "take": Batch.take, "matmul": Batch.matmul,
    "call": Batch.call,
}  # fmt: skip


class OneByOne:
    """A function called for each point, and what it gave put together."""

    __slots__ = ("count", "form", "function", "label", "moved")

    def __init__(self, function: Any, form: Any, moved: tuple[bool, ...], count: int) -> None:
        self.function = function
        self.form = form
        self.moved = moved
        self.count = count
        self.label = f"each_{function.label}"

    def __call__(self, *inputs: Array) -> Any:
        results = [self.one(inputs, index) for index in range(self.count)]
        if isinstance(results[0], (tuple, list)):
            return tuple(np.stack(parts) for parts in zip(*results, strict=True))
        return np.stack([np.asarray(r) for r in results])

    def one(self, inputs: Sequence[Array], index: int) -> Any:
        """What it gives at one point."""
        pairs = zip(inputs, self.moved, strict=True)
        return self.function(*arranged(self.form, [v[index, ...] if m else v for v, m in pairs]))


def shape_with(count: int, shape: Shape) -> Shape:
    """A shape with the axis of points in front."""
    return (count, *shape)


__all__ = ["Batch", "wrap_dim"]
