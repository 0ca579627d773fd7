"""What a plan calls as it is, because it has no form of its own there.

Each is one node's work: its operation's function, or its gradient rule. ``why`` is said in the
plan's text beside the line that calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from gradviz.autograd.sending import fit_array
from gradviz.ops.kinds import is_array, is_sequence
from gradviz.ops.rules import CompiledRule, name_sources
from gradviz.ops.spec import Array, Op
from gradviz.plan.primitives import Plain, arranged
from gradviz.plan.values import Builder, Value
from gradviz.tensor.dispatch import prepare


class OpCall:
    """An operation with its settings, as a function of its inputs; two alike are equal."""

    __slots__ = ("attrs", "key", "op")

    def __init__(self, op: Op, attrs: Mapping[str, Any]) -> None:
        self.op = op
        self.attrs = attrs
        self.key: tuple[Any, ...] = (op.name, *(
            (k, id(v) if is_array(v) else repr(v)) for k, v in sorted(attrs.items())
        ))  # fmt: skip

    def __call__(self, *inputs: Any) -> Any:
        """What the operation's ``forward`` gives."""
        return self.op.forward(*inputs, **self.attrs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OpCall) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def label(self) -> str:
        """As the plan's text names it."""
        return self.op.name.replace(".", "_")

    @property
    def why(self) -> str:
        """Why it is called."""
        return f"eager: {self.op.name} as it is"


class Eager(OpCall):
    """A node's call as the engine makes it: promotion, checks, and whatever shape comes out.

    ``index``: which of several outputs it gives; None: all there are.
    """

    __slots__ = ("index",)

    def __init__(self, op: Op, attrs: Mapping[str, Any], index: int | None = None) -> None:
        super().__init__(op, attrs)
        self.index = index
        self.key = ("eager", index, *self.key)

    def part(self, index: int) -> Eager:
        """The call that gives one output."""
        return Eager(self.op, self.attrs, index)

    def __call__(self, *inputs: Any) -> Any:
        """What the operation gives."""
        result = self.op.forward(*prepare(self.op, inputs), **self.attrs)
        return result if self.index is None else result[self.index]

    @property
    def why(self) -> str:
        """Why it is called."""
        return f"eager: {self.op.name} as it is, for a shape that depends on values"


class WholeRule:
    """A gradient rule called on arrays where it cannot be followed."""

    __slots__ = ("function", "label", "why")

    def __init__(self, op: Op, port: int, function: Any) -> None:
        self.function = function
        self.label = f"rule_of_{op.name.replace('.', '_')}_{op.ports[port].name}"
        self.why = f"eager: the rule of {op.name} as it is"

    def __call__(self, *arguments: Any) -> Any:
        """What the rule gives on arrays."""
        return self.function(*arguments)


class EagerRule:
    """A gradient rule, its result fitted to its input, where shapes are known only in the run.

    ``readers``: how each of the rule's names is read from what stands for it. ``member``: which
    of a variadic port's gradients is meant; None where the port has one input.
    """

    __slots__ = ("function", "label", "member", "readers", "why")

    def __init__(
        self, op: Op, port: int, rule: CompiledRule, readers: Sequence[Any], member: int | None
    ) -> None:
        whole = WholeRule(op, port, rule.function)
        self.function, self.label = whole.function, whole.label
        self.why = f"{whole.why}, for a shape that depends on values"
        self.readers = tuple(readers)
        self.member = member

    def __call__(self, target: Array, *arguments: Any) -> Array:
        """The gradient of ``target``."""
        pairs = zip(self.readers, arguments, strict=True)
        raw = self.function(*[a if read is None else read(a) for read, a in pairs])
        raw = raw if self.member is None else raw[self.member]
        if raw is None:
            return np.zeros_like(target)
        return fit_array(raw, np.shape(target), target.dtype)


class Added:
    """The sum of gradients of a shape known only in the run."""

    label = "added"
    why = "eager: for a shape that depends on values"

    def __call__(self, first: Array, second: Array) -> Array:
        """Both together."""
        return first + second


ADDED = Added()


class OneByOne:
    """A function called for each point, and what it gave put together, points last.

    ``listed``: which inputs are a list of arrays by point. ``dynamic``: whether what it gives is
    left as such a list, for it may have another shape at each point.
    """

    __slots__ = ("count", "dynamic", "form", "function", "label", "listed", "moved", "shape", "why")

    def __init__(
        self, function: Any, form: Any, moved: tuple[bool, ...], listed: tuple[bool, ...],
        count: int, like: Value,
    ) -> None:  # fmt: skip
        self.function = function
        self.form = form
        self.moved = moved
        self.listed = listed
        self.count = count
        self.dynamic = like.dynamic
        self.shape = None if isinstance(like.example, tuple) else like.shape
        self.label = f"each_{function.label}"
        self.why = f"{function.why}, point by point"

    def __call__(self, *inputs: Any) -> Any:
        """The results of all points."""
        results = [self.one(inputs, index) for index in range(self.count)]
        if self.dynamic:
            return tuple(np.array(r) for r in results)
        if self.shape is None:
            return tuple(np.stack(parts, -1) for parts in zip(*results, strict=True))
        for result in results:
            expect(result, self.shape)
        return np.stack([np.asarray(r) for r in results], -1)

    def one(self, inputs: Sequence[Any], index: int) -> Any:
        """What it gives at one point."""
        values = [
            v[index] if listed else v[..., index] if moved else v
            for v, moved, listed in zip(inputs, self.moved, self.listed, strict=True)
        ]
        return self.function(*arranged(self.form, values))


class ShapeChanged(ValueError):
    """An operation gave another shape than at the point the plan was made at."""


def expect(result: Any, shape: tuple[int, ...]) -> Any:
    """``result``, if it has the shape that the plan was made for."""
    if np.shape(result) != shape:
        raise ShapeChanged(f"a result of shape {shape} has become {np.shape(result)}")
    return result


def call(b: Builder, function: Any, inputs: tuple[Any, ...], each_element: bool) -> Any:
    """A call of ``function`` in the program; its outputs."""
    values: list[Value] = []
    form = tuple(placed(b, v, values) for v in inputs)
    made = b.make("call", *values, settings=(function, form, each_element))
    outputs: Any = made.example
    if not is_sequence(outputs):
        return made
    return tuple(b.make("part", made, settings=(i,)) for i in range(len(outputs)))


def called_eagerly(b: Builder, function: Any, inputs: tuple[Any, ...], dynamic: bool) -> Value:
    """A call with one output, whose shape may be another in each run (``dynamic``)."""
    values: list[Value] = []
    form = tuple(placed(b, v, values) for v in inputs)
    return b.make("call", *values, settings=(function, form, False), dynamic=dynamic)


def placed(b: Builder, argument: Any, values: list[Value]) -> Any:
    """Where an argument is found among ``values``, to which what it holds is added."""
    if is_sequence(argument) and any(isinstance(v, Value) for v in argument):
        return tuple(placed(b, v, values) for v in argument)
    if is_array(argument):
        argument = b.constant(argument)
    if isinstance(argument, Value):
        values.append(argument)
        return len(values) - 1
    return Plain(argument)


def shapes_of(values: Sequence[Any]) -> tuple[tuple[int, ...], ...]:
    """The shape of each."""
    return tuple(np.shape(v) for v in values)


READERS: Mapping[str, Callable[[Any], Any]] = {
    "shape": np.shape, "out_shape": np.shape, "shapes": shapes_of, "out_shapes": shapes_of,
}  # fmt: skip


def readings(
    op: Op, names: Sequence[str], flat: Sequence[Any], outputs: Sequence[Value],
    upstreams: Sequence[Any], attrs: Mapping[str, Any],
) -> tuple[list[Any], list[Any]]:  # fmt: skip
    """For each name of a rule how it is read in the run, and what stands for it."""
    readers: list[Any] = []
    given: list[Any] = []
    for name in names:
        kind, index = name_sources(op)[name]
        reader: Any = READERS.get(kind)
        if kind == "upstream":
            value = upstreams[index]
            if value is None:
                reader, value = np.zeros_like, outputs[index]
        elif kind == "upstreams":
            value = tuple(upstreams)
        elif kind in ("members", "shapes"):
            value = tuple(flat[index:])
        elif kind in ("saved", "shape"):
            value = flat[index] if index < len(flat) else None
        elif kind == "setting":
            value = attrs[name]
        elif kind == "out_shapes":
            value = tuple(outputs)
        elif kind == "aside":
            value = None
        else:
            value = outputs[index]
        readers.append(reader)
        given.append(value)
    return readers, given
