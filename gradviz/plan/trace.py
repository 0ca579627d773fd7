"""From a graph to a program: its loss, and its gradient by running the rules on symbols.

The order in which contributions are added up is that of a backward pass over a graph evaluated
in order, so that sums are the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradviz.autograd.steps import fit_array
from gradviz.graph.document import Graph, Node
from gradviz.graph.evaluate import Evaluation, gather
from gradviz.ops.kinds import is_sequence
from gradviz.ops.rules import compiled_rule, name_sources
from gradviz.ops.spec import Array, Op
from gradviz.plan.lowering import fitted
from gradviz.plan.symbols import Symbol, Untraceable, apply, call, wrapped
from gradviz.plan.values import Builder, Value
from gradviz.tensor.dispatch import flatten, prepare


class PlanError(ValueError):
    """Why a graph cannot be compiled, or at which node a plan failed."""


@dataclass(frozen=True, slots=True)
class Output:
    """One output of a node: where gradients arrive, even if its value is another node's too."""

    node: str
    index: int


@dataclass(slots=True)
class Entry:
    """One node's call as it was taken down, for the way back.

    ``sources``: for each flat input the output that a gradient is to be sent to, or None.
    """

    node: Node
    op: Op
    attrs: Mapping[str, Any]
    flat: list[Any]
    outputs: tuple[Value, ...]
    sources: tuple[Output | None, ...]


@dataclass(slots=True)
class Program:
    """A graph as values: ``parameters`` and ``gradients`` by node id."""

    builder: Builder
    parameters: dict[str, Value]
    loss: Value
    output: str
    names: dict[str, str]
    entries: list[Entry] = field(default_factory=list[Entry])
    notes: list[str] = field(default_factory=list[str])
    gradients: dict[str, Value] = field(default_factory=dict[str, Value])


class Prepared:
    """A value as the engine's promotion reads it."""

    __slots__ = ("array", "value")

    def __init__(self, value: Value) -> None:
        self.value = value
        self.array: Array = value.example


def trace(
    graph: Graph, evaluation: Evaluation, output: str, parameters: tuple[str, ...],
    order: Sequence[str],
) -> Program:  # fmt: skip
    """The loss at ``output`` as a program over ``parameters``; PlanError where it has none."""
    needed = graph.upstream([output])
    moving = graph.downstream(parameters) & needed
    builder = Builder()
    found: dict[str, tuple[Value, ...]] = {}
    for node_id in parameters:
        found[node_id] = (builder.leaf(node_id, value_of(graph, evaluation, node_id)),)
    if output not in found and output not in moving:
        name = graph.node(output).name
        raise PlanError(f"'{name}' depends on no parameter")
    for node_id in needed - moving - set(parameters):
        result = evaluation.results[node_id]
        found[node_id] = tuple(builder.constant(t.array) for t in result.outputs)
    names = {i: graph.node(i).name for i in needed}
    leaves = {i: found[i][0] for i in parameters}
    program = Program(builder, leaves, leaves[parameters[0]], output, names)
    differentiable = {Output(i, 0) for i in parameters if found[i][0].dtype.kind == "f"}
    for node_id in order:
        if node_id in moving and node_id not in parameters:
            value_of(graph, evaluation, node_id)
            found[node_id] = take_down(graph, program, node_id, found, differentiable)
    program.loss, program.output = found[output][0], output
    return program


def value_of(graph: Graph, evaluation: Evaluation, node_id: str) -> Array:
    """What a node came to; PlanError where it has no value."""
    value = evaluation.value(node_id)
    if value is None:
        raise PlanError(f"'{graph.node(node_id).name}' has no value")
    return value.array


def take_down(
    graph: Graph, program: Program, node_id: str, found: Mapping[str, tuple[Value, ...]],
    differentiable: set[Output],
) -> tuple[Value, ...]:  # fmt: skip
    """One node's call as values."""
    node, builder = graph.node(node_id), program.builder
    op = node.spec
    builder.node, known = node.name, len(builder.values)
    given: dict[int, Any] = dict(node.literals)
    given |= {p: Output(w.source, w.output) for p, w in graph.inputs(node_id).items()}
    wired, _ = gather(op, given)
    inputs = tuple(value_at(found, v) for v in wired)
    attrs = {**op.defaults, **node.attrs}
    made = apply(builder, op, promoted(builder, op, inputs), attrs)
    outputs = tuple(
        v if isinstance(v, Value) else builder.constant(v)
        for v in (made if isinstance(made, tuple) else (made,))  # pyright: ignore[reportUnknownVariableType]
    )
    sources = sources_of(op, wired, differentiable)
    if any(sources):
        flat = flatten(inputs) if op.variadic else list(inputs)
        differentiable |= {Output(node_id, i) for i, v in enumerate(outputs) if v.dtype.kind == "f"}
        program.entries.append(Entry(node, op, attrs, flat, outputs, sources))
    if any(v.kind == "call" and v.node == node.name for v in builder.values[known:]):
        program.notes.append(f"'{node.name}': {op.name} runs as it is")
    return outputs


def value_at(found: Mapping[str, tuple[Value, ...]], wired: Any) -> Any:
    """The value that an input is wired to; numbers and what is absent as they are."""
    if is_sequence(wired):
        return tuple(value_at(found, v) for v in wired)
    return found[wired.node][wired.index] if isinstance(wired, Output) else wired


def sources_of(
    op: Op, wired: tuple[Any, ...], differentiable: set[Output]
) -> tuple[Output | None, ...]:
    """For each flat input the output that a gradient is sent to, or None."""
    flat = flatten(wired) if op.variadic else wired
    return tuple(
        [
            v if isinstance(v, Output) and v in differentiable and takes_gradient(op, i) else None
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


def differentiate(program: Program) -> None:
    """Add the gradient of the loss with respect to each parameter to a program."""
    builder, loss = program.builder, program.loss
    builder.node = "backward"
    arrived: dict[Output, Any] = {Output(program.output, 0): np.ones(loss.shape, loss.dtype)}
    for entry in reversed(program.entries):
        upstreams = [arrived.pop(Output(entry.node.id, i), None) for i in range(len(entry.outputs))]
        if any(u is not None for u in upstreams):
            builder.node = f"∂{entry.node.name}"
            send_back(program, entry, upstreams, arrived)
    builder.node = "backward"
    for node_id, leaf in program.parameters.items():
        value = arrived.get(Output(node_id, 0))
        if value is None:
            value = np.zeros(leaf.shape, leaf.dtype)
        program.gradients[node_id] = value if isinstance(value, Value) else builder.constant(value)


def send_back(
    program: Program, entry: Entry, upstreams: list[Any], arrived: dict[Output, Any]
) -> None:
    """Run a call's gradient rules and add what they give to what has arrived."""
    builder, last = program.builder, -1
    results: Any = None
    for position, source in enumerate(entry.sources):
        if source is None:
            continue
        port = min(position, len(entry.op.ports) - 1)
        if port != last:
            results, last = ran(program, entry, port, upstreams), port
        raw: Any = results[position - port] if entry.op.ports[port].variadic else results
        if raw is None:
            continue
        sent = fit(builder, raw, entry.flat[position])
        before = arrived.get(source)
        arrived[source] = sent if before is None else builder.make("add", before, sent)


def ran(program: Program, entry: Entry, port: int, upstreams: list[Any]) -> Any:
    """What the rule of a port gives: values, arrays or numbers."""
    rule = compiled_rule(entry.op, port)
    if rule is None:
        return None
    builder = program.builder
    arguments = tuple(read(entry, name, upstreams) for name in rule.names)
    try:
        result = rule.function(*(wrapped(builder, plain(a)) for a in arguments))
        return bare(result)
    except Untraceable as problem:
        program.notes.append(f"the rule of '{entry.node.name}' is called whole: {problem}")
        return call(builder, WholeRule(entry.op, port, rule.function), arguments, False)


class WholeRule:
    """A gradient rule called on arrays where it cannot be followed."""

    __slots__ = ("function", "label")

    def __init__(self, op: Op, port: int, function: Any) -> None:
        self.function = function
        self.label = f"rule_of_{op.name.replace('.', '_')}_{op.ports[port].name}"

    def __call__(self, *arguments: Any) -> Any:
        """What the rule gives on arrays."""
        return self.function(*arguments)


def plain(value: Any) -> Any:
    """Constants as the arrays they are, so that rules compute with them at once."""
    if type(value) is Value:
        return value.example if value.kind == "constant" else value
    if isinstance(value, tuple):
        return tuple(plain(v) for v in value)  # pyright: ignore[reportUnknownVariableType]
    return value


def bare(value: Any) -> Any:
    """What a rule gave, without the symbols."""
    if type(value) is Symbol:
        return value.value
    if is_sequence(value):
        return tuple(bare(v) for v in value)
    return value


def read(entry: Entry, name: str, upstreams: list[Any]) -> Any:
    """What a name of a rule stands for."""
    kind, index = name_sources(entry.op)[name]
    flat, outputs = entry.flat, entry.outputs
    if kind == "upstream":
        given = upstreams[index]
        return np.zeros(outputs[index].shape, outputs[index].dtype) if given is None else given
    if kind == "upstreams":
        return tuple(upstreams)
    if kind == "saved":
        return flat[index] if index < len(flat) else None
    if kind == "members":
        return tuple(flat[index:])
    if kind == "output":
        return outputs[index]
    if kind == "setting":
        return entry.attrs[name]
    if kind == "shape":
        return shape_of(flat[index]) if index < len(flat) else ()
    if kind == "shapes":
        return tuple(shape_of(v) for v in flat[index:])
    return outputs[0].shape if kind == "out_shape" else tuple(v.shape for v in outputs)


def shape_of(value: Any) -> tuple[int, ...]:
    """The shape of an input of a call; that of a number is ()."""
    return value.shape if isinstance(value, Value) else ()


def fit(builder: Builder, raw: Any, target: Value) -> Any:
    """A gradient reduced to its input's shape and cast to its type."""
    if not isinstance(raw, Value):
        return fit_array(raw, target.shape, target.dtype)
    return builder.make("cast", fitted(builder, raw, target.shape), settings=(target.dtype,))
