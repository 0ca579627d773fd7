"""A program for many points at once: what moves gets an axis of points behind its own axes.

The axis is no broadcasting accident: each primitive has a rule by which the result at an index
of the axis is what it would be there alone. It comes last because NumPy's loops then run along
it, however small a tensor itself may be. A call of an operation that does not work element by
element is made point by point, within the program.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from gradviz.ops.kinds import is_tuple
from gradviz.plan.primitives import BROADCASTING, REDUCTIONS, Plain
from gradviz.plan.values import Builder, Value, used
from gradviz.plan.whole import OneByOne

SMALL = 512
"""A product of matrices that each point has its own of is taken by elements up to this size."""


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
            if value.number in self.found or not any(map(self.moved, value.reads)):
                continue
            self.builder.node = value.node
            self.found[value.number] = self.many(value)
        return [self.of(v) for v in outputs]

    def moved(self, operand: Any) -> bool:
        """Whether an operand has the axis of points."""
        return isinstance(operand, Value) and operand.number in self.found

    def of(self, operand: Any) -> Any:
        """An operand as it is for many points."""
        return self.found.get(operand.number, operand) if isinstance(operand, Value) else operand

    def beside(self, operand: Any) -> Any:
        """An operand as it meets others: with an axis for all points alike where it has its own."""
        if self.moved(operand) or not isinstance(operand, Value) or operand.scalar:
            return self.of(operand)
        return self.builder.make("reshape", operand, settings=((*operand.shape, 1),))

    def many(self, value: Value) -> Value:
        """One value for all points."""
        if value.kind in BROADCASTING:
            return self.builder.make(value.kind, *map(self.beside, value.inputs))
        if value.kind in REDUCTIONS or value.kind in ("cast", "part"):
            source = self.of(value.inputs[0])
            return self.builder.make(value.kind, source, settings=value.settings)
        return RULES[value.kind](self, value)

    def reshape(self, value: Value) -> Value:
        """Another shape for each."""
        return self.shaped(self.of(value.inputs[0]), value.settings[0])

    def shaped(self, value: Value, shape: tuple[int, ...]) -> Value:
        """What has the axis of points, each in another shape."""
        return self.builder.make("reshape", value, settings=((*shape, self.count),))

    def transpose(self, value: Value) -> Value:
        """Another order of its own axes."""
        (order,) = value.settings
        source = self.of(value.inputs[0])
        return self.builder.make("transpose", source, settings=((*order, len(order)),))

    def broadcast(self, value: Value) -> Value:
        """Each stretched."""
        source, (shape,) = self.of(value.inputs[0]), value.settings
        return self.builder.make("broadcast", source, settings=((*shape, self.count),))

    def take(self, value: Value) -> Value:
        """Elements of each by their places."""
        source, (places,) = self.of(value.inputs[0]), value.settings
        return self.builder.make("take", source, settings=(places,))

    def matmul(self, value: Value) -> Value:
        """Products of matrices or vectors; a factor that all points share is used for all at once.

        Where ``x`` is a matrix for each point and ``R`` is not, ``x @ R`` is ``Rᵀ`` times the
        rows of ``x`` with the points as columns.
        """
        left, right = value.reads
        make, ranks = self.builder.make, (len(left.shape), len(right.shape))
        if not self.moved(right) and ranks[1] <= 2:
            turned = right
            if ranks[1] == 2:
                turned = make("transpose", right, settings=((1, 0),))
            else:
                turned = make("reshape", right, settings=((1, *right.shape),))
            return self.shaped(make("matmul", turned, self.of(left)), value.shape)
        if not self.moved(left) and ranks[1] <= 2:
            columns = self.count * prod(right.shape[1:])
            flat = make("reshape", self.of(right), settings=((right.shape[0], columns),))
            return self.shaped(make("matmul", left, flat), value.shape)
        return self.shaped(self.own_products(left, right), value.shape)

    def own_products(self, left: Value, right: Value) -> Value:
        """Products in which both factors may be each point's own."""
        a, b = self.beside(left), self.beside(right)
        make = self.builder.make
        if len(left.shape) == 1:
            a = make("reshape", a, settings=((1, *a.shape),))
        if len(right.shape) == 1:
            b = make("reshape", b, settings=((b.shape[0], 1, b.shape[1]),))
        inner = a.shape[-2]
        if 0 < inner <= 32 and a.shape[-3] * inner * b.shape[-2] <= SMALL:
            return self.by_elements(a, b, inner)
        a, b = (make("packed", v, settings=()) for v in (a, b))
        product = make("matmul", a, b)
        rank = len(product.shape)
        return make("transpose", product, settings=((*range(1, rank), 0),))

    def by_elements(self, a: Value, b: Value, inner: int) -> Value:
        """A product as the sum of each column times each row."""
        make = self.builder.make
        total: Value | None = None
        for k in range(inner):
            column = make("one", a, settings=((-2, k),))
            term = make("multiply", column, make("one", b, settings=((-3, k),)))
            total = term if total is None else make("add", total, term)
        assert total is not None
        return total

    def call(self, value: Value) -> Value:
        """An operation's own function: on all where it works by elements, else on each."""
        function, form, each_element = value.settings
        simple = not value.dynamic and all(isinstance(p, (int, Plain)) for p in form)
        if each_element and simple and not isinstance(value.example, tuple):
            inputs = [self.beside(v) for v in value.inputs]
            made = self.builder.make("call", *inputs, settings=(function, form, True))
            if made.shape == (*value.shape, self.count) and made.dtype == value.dtype:
                return made
        moved = tuple(map(self.moved, value.inputs))
        listed = tuple(m and v.dynamic for m, v in zip(moved, value.inputs, strict=True))
        alone = OneByOne(function, form, moved, listed, self.count, value)
        self.notes.append(f"'{value.node}': {function.label} runs point by point")
        inputs = tuple(map(self.of, value.inputs))
        settings = (alone, tuple(range(len(inputs))), False)
        example = repeated(value, self.count)
        return self.builder.known("call", inputs, settings, example, value.dynamic)


RULES: Mapping[str, Callable[[Batch, Value], Value]] = {
    "reshape": Batch.reshape, "transpose": Batch.transpose, "broadcast": Batch.broadcast,
    "take": Batch.take, "matmul": Batch.matmul, "call": Batch.call,
}  # fmt: skip


def repeated(value: Value, count: int) -> Any:
    """What a call comes to at many points that are all the one its plan was made at."""
    example: Any = value.example
    if value.dynamic:
        return (example,) * count
    if is_tuple(example):
        return tuple(np.repeat(e[..., None], count, -1) for e in example)
    return np.repeat(example[..., None], count, -1)
