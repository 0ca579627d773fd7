"""From an outline to a program: every node's value in terms of what a plan computes itself.

A node that has no such form runs by its operation's own function, it alone; so does one whose
shape depends on values, and what reads that shape.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from gradviz.graph.document import Node
from gradviz.graph.evaluate import FAILURES
from gradviz.ops.kinds import is_sequence, is_tuple
from gradviz.ops.spec import Array, Op, Shape
from gradviz.ops.symbolic import Untraceable
from gradviz.plan.outline import Key, Outline, Output, PlanError
from gradviz.plan.symbols import apply, call_whole
from gradviz.plan.values import Builder, Value
from gradviz.plan.whole import Eager, OpCall, called_eagerly
from gradviz.tensor.dispatch import flatten, prepare


@dataclass(frozen=True, slots=True)
class Entry:
    """One node's call as it was taken down, for the way back.

    ``sources``: for each flat input where a gradient is to be sent to, or None.
    """

    node: Node
    op: Op
    attrs: Mapping[str, Any]
    flat: list[Any]
    outputs: tuple[Value, ...]
    sources: tuple[Key | None, ...]

    @property
    def dynamic(self) -> bool:
        """Whether shapes are known only when the program runs."""
        values = [v for v in (*self.flat, *self.outputs) if isinstance(v, Value)]
        return any(v.dynamic for v in values)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one flat input of a node is sent on the way back: where ``to``, and what it adds up to.

    ``raw_shape`` is the shape before broadcasting was summed away.
    """

    position: int
    to: Key
    raw_shape: Shape
    value: Value
    accumulated: Value


@dataclass(frozen=True, slots=True)
class Stop:
    """A node on the way back: what arrived at each of its outputs, and what it sends on."""

    node: str
    upstreams: tuple[Value | None, ...]
    sent: tuple[Parcel, ...] = ()


@dataclass(slots=True)
class Program:
    """A graph as values, by node id; ``fallbacks``: by node's name, what runs eagerly and why.

    ``gradients`` has the parameters', ``arrivals`` what arrives at each node, and ``stops`` the
    whole way back, leaves last, once :func:`gradviz.plan.gradients.differentiate` has run.
    """

    builder: Builder
    outline: Outline
    parameters: dict[str, Value]
    leaves: dict[str, Value]
    nodes: dict[str, tuple[Value, ...]]
    entries: list[Entry] = field(default_factory=list[Entry])
    fallbacks: dict[str, str] = field(default_factory=dict[str, str])
    gradients: dict[str, Value] = field(default_factory=dict[str, Value])
    arrivals: dict[str, Value] = field(default_factory=dict[str, Value])
    stops: list[Stop] = field(default_factory=list[Stop])

    @property
    def loss(self) -> Value:
        """The value at the output."""
        return self.nodes[self.outline.output][0]

    @property
    def names(self) -> Mapping[str, str]:
        """Each node's name."""
        return self.outline.names

    def fall_back(self, name: str, why: str) -> None:
        """Note that part of a node's work is done eagerly."""
        before = self.fallbacks.get(name)
        if before is None or why not in before:
            self.fallbacks[name] = why if before is None else f"{before}; {why}"


class Prepared:
    """A value as the engine's promotion reads it."""

    __slots__ = ("array", "value")

    def __init__(self, value: Value) -> None:
        self.value = value
        self.array: Array = value.example


def trace(outline: Outline, unsettled: Collection[str] = ()) -> Program:
    """The outline's calls as a program; ``unsettled``: nodes, by name, whose shapes vary."""
    builder = Builder()
    given = {**outline.parameters, **outline.arguments}
    leaves = {i: builder.leaf(outline.names[i], a) for i, a in given.items()}
    found: dict[str, tuple[Value, ...]] = {i: (leaf,) for i, leaf in leaves.items()}
    for node_id, arrays in outline.constants.items():
        builder.node = outline.names[node_id]
        found[node_id] = tuple(builder.constant(a) for a in arrays)
    parameters = {i: leaves[i] for i in outline.parameters}
    program = Program(builder, outline, parameters, leaves, found)
    differentiable = {(i, 0) for i, v in parameters.items() if v.dtype.kind == "f"}
    for node, wired in outline.calls:
        found[node.id] = take_down(program, node, wired, differentiable, unsettled)
    return program


def take_down(
    program: Program, node: Node, wired: tuple[Any, ...], differentiable: set[Key],
    unsettled: Collection[str],
) -> tuple[Value, ...]:  # fmt: skip
    """One node's call as values."""
    builder, op = program.builder, node.spec
    builder.node, known = node.name, len(builder.values)
    inputs = tuple(value_at(program.nodes, v) for v in wired)
    attrs = {**op.defaults, **node.attrs}
    flat = flatten(inputs) if op.variadic else list(inputs)
    dynamic = node.name in unsettled
    if dynamic or any(type(v) is Value and v.dynamic for v in flat):
        outputs = eagerly(program, node, Eager(op, attrs), inputs, dynamic)
    else:
        outputs = lowered(program, node, inputs, attrs)
        if any(v.kind == "call" and isinstance(v.settings[0], OpCall)
               for v in builder.values[known:]):  # fmt: skip
            program.fall_back(node.name, f"{op.name} has no form of its own in a plan")
    sources = sources_of(op, wired, differentiable)
    if any(sources):
        differentiable |= {(node.id, i) for i, v in enumerate(outputs) if v.dtype.kind == "f"}
        program.entries.append(Entry(node, op, attrs, flat, outputs, sources))
    return outputs


def lowered(
    program: Program, node: Node, inputs: tuple[Any, ...], attrs: Mapping[str, Any]
) -> tuple[Value, ...]:  # fmt: skip
    """A node in the plan's own terms; by its own function where that fails."""
    builder, op = program.builder, node.spec
    try:
        ready = promoted(builder, op, inputs)
        try:
            made = apply(builder, op, ready, attrs)
        except (Untraceable, *FAILURES) as problem:
            made = call_whole(builder, op, ready, attrs)
            program.fall_back(node.name, f"its form in a plan fails ({problem})")
    except FAILURES as problem:
        raise PlanError(f"'{node.name}': {problem}") from problem
    several = made if is_tuple(made) else (made,)
    return tuple(v if isinstance(v, Value) else builder.constant(v) for v in several)


def eagerly(
    program: Program, node: Node, function: Eager, inputs: tuple[Any, ...], dynamic: bool
) -> tuple[Value, ...]:
    """A node as the engine runs it, whatever shapes come in.

    What then has no axes is taken to be so always, until that proves wrong.
    """
    program.fall_back(
        node.name,
        "the shape of its result depends on values" if dynamic
        else "it reads what has a shape that depends on values",
    )  # fmt: skip
    shown = function(*examples_of(inputs))
    count = len(shown) if is_sequence(shown) else 0
    parts = [function.part(i) for i in range(count)] if count else [function]
    arrays = list(shown) if count else [shown]
    return tuple(
        called_eagerly(program.builder, part, inputs, dynamic or bool(getattr(a, "shape", ())))
        for part, a in zip(parts, arrays, strict=True)
    )


def examples_of(values: Any) -> tuple[Any, ...]:
    """What values came to where the plan was made."""
    return tuple(
        examples_of(v) if is_sequence(v) else v.example if isinstance(v, Value) else v
        for v in values
    )


def value_at(found: Mapping[str, tuple[Value, ...]], wired: Any) -> Any:
    """The value that an input is wired to; numbers and what is absent as they are."""
    if is_sequence(wired):
        return tuple(value_at(found, v) for v in wired)
    return found[wired.key[0]][wired.key[1]] if isinstance(wired, Output) else wired


def sources_of(op: Op, wired: tuple[Any, ...], differentiable: set[Key]) -> tuple[Key | None, ...]:
    """For each flat input where a gradient is sent to, or None."""
    flat = flatten(wired) if op.variadic else wired
    return tuple(
        [
            v.key
            if isinstance(v, Output) and v.key in differentiable and takes_gradient(op, i)
            else None
            for i, v in enumerate(flat)
        ]
    )


def takes_gradient(op: Op, position: int) -> bool:
    """Whether a gradient can flow back through a flat input."""
    return op.takes_gradient[min(position, len(op.ports) - 1)]


def promoted(builder: Builder, op: Op, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """The inputs brought to one type as the engine does before it runs an operation."""
    if op.promotion != "none" and alike(inputs):
        return inputs
    shown = tuple(as_prepared(v) for v in inputs)
    arrays = prepare(op, shown)
    return tuple(cast_like(builder, v, a) for v, a in zip(inputs, arrays, strict=True))


def alike(inputs: tuple[Any, ...]) -> bool:
    """Whether inputs are of one floating-point type, or plain numbers, and so stay as they are."""
    kind: Any = None
    for value in inputs:
        if isinstance(value, Value):
            if kind is not None and value.dtype is not kind:
                return False
            kind = value.dtype
        elif type(value) is not float and type(value) is not int:
            return False
    return kind is not None and kind.kind == "f"


def as_prepared(value: Any) -> Any:
    """An input as :func:`prepare` takes it."""
    if is_sequence(value):
        return tuple(as_prepared(v) for v in value)
    return Prepared(value) if isinstance(value, Value) else value


def cast_like(builder: Builder, value: Any, array: Any) -> Any:
    """``value`` in the type its example was brought to."""
    if is_sequence(value):
        return tuple(cast_like(builder, v, a) for v, a in zip(value, array, strict=True))
    if not isinstance(value, Value):
        return array
    return builder.make("cast", value, settings=(array.dtype,))
