"""The gradient of a program, by running the operations' rules on symbols.

The order in which contributions are added up is that of a backward pass over a graph evaluated
in order, so that sums are the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gradviz.autograd.sending import fit_array
from gradviz.graph.evaluate import FAILURES
from gradviz.ops.kinds import is_sequence
from gradviz.ops.rules import compiled_rule, rule_value
from gradviz.ops.spec import Shape
from gradviz.ops.symbolic import Untraceable
from gradviz.plan.lowering import fitted
from gradviz.plan.outline import Key, PlanError
from gradviz.plan.symbols import Symbol, wrapped
from gradviz.plan.trace import Entry, Parcel, Program, Stop
from gradviz.plan.values import Builder, Value
from gradviz.plan.whole import (
    ADDED,
    EagerRule,
    OpCall,
    WholeRule,
    call,
    called_eagerly,
    readings,
)


def differentiate(program: Program) -> None:
    """Add the gradient of the loss with respect to each parameter, and to each node, to a program.

    PlanError where a rule refuses.
    """
    builder, loss, seed = program.builder, program.loss, program.outline.seed
    builder.node = "backward"
    start = np.ones(np.shape(loss.example)) if seed is None else seed
    arrived: dict[Key, Any] = {(program.outline.output, 0): start.astype(loss.dtype)}
    for entry in reversed(program.entries):
        name, node_id = entry.node.name, entry.node.id
        upstreams = [arrived.pop((node_id, i), None) for i in range(len(entry.outputs))]
        if any(u is not None for u in upstreams):
            builder.node, known = f"∂{name}", len(builder.values)
            if upstreams[0] is not None:
                program.arrivals[node_id] = as_value(builder, upstreams[0])
            try:
                back = send_back_eagerly if entry.dynamic else send_back
                sent = back(program, entry, upstreams, arrived)
            except FAILURES as problem:
                raise PlanError(f"'{name}': {problem}") from problem
            shown = tuple(None if u is None else as_value(builder, u) for u in upstreams)
            program.stops.append(Stop(node_id, shown, tuple(sent)))
            for value in builder.values[known:]:
                if value.kind == "call" and isinstance(value.settings[0], OpCall):
                    called = value.settings[0].op.name
                    program.fall_back(name, f"{called}, in its gradient, has no form of its own")
    builder.node = "backward"
    for node_id, leaf in program.parameters.items():
        value = arrived.get((node_id, 0))
        if value is not None:
            program.arrivals[node_id] = as_value(builder, value)
        else:
            value = np.zeros(leaf.shape, leaf.dtype)
        program.gradients[node_id] = as_value(builder, value)
    leaves = ((i, g) for (i, _), g in arrived.items() if i in program.parameters)
    program.stops += [Stop(i, (as_value(builder, g),)) for i, g in leaves]


def as_value(builder: Builder, given: Any) -> Value:
    """A gradient as a value."""
    return given if isinstance(given, Value) else builder.constant(given)


def send_back(
    program: Program, entry: Entry, upstreams: list[Any], arrived: dict[Key, Any]
) -> list[Parcel]:
    """Run a call's gradient rules and add what they give to what has arrived."""
    builder, last = program.builder, -1
    results: Any = None
    parcels: list[Parcel] = []
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
        parcels.append(parcel(builder, position, source, np.shape(shown_of(raw)), sent, arrived))
    return parcels


def parcel(
    builder: Builder, position: int, to: Key, raw_shape: Shape, sent: Any, arrived: dict[Key, Any]
) -> Parcel:
    """What has just been sent, to be shown."""
    total = as_value(builder, arrived[to])
    return Parcel(position, to, raw_shape, as_value(builder, sent), total)


def shown_of(raw: Any) -> Any:
    """What a gradient came to where the plan was made."""
    return raw.example if isinstance(raw, Value) else raw


def send_back_eagerly(
    program: Program, entry: Entry, upstreams: list[Any], arrived: dict[Key, Any]
) -> Sequence[Parcel]:
    """:func:`send_back` where shapes are known only in the run: every rule is called on arrays.

    Such a way back is not shown step by step, so no parcels are kept.
    """
    builder, op = program.builder, entry.op
    for position, source in enumerate(entry.sources):
        port = min(position, len(op.ports) - 1)
        rule = compiled_rule(op, port)
        if source is None or rule is None:
            continue
        readers, given = readings(
            op, rule.names, entry.flat, entry.outputs, upstreams, entry.attrs
        )  # fmt: skip
        member = position - port if op.ports[port].variadic else None
        function = EagerRule(op, port, rule, readers, member)
        target: Value = entry.flat[position]
        sent = called_eagerly(builder, function, (target, *given), target.dynamic)
        before = arrived.get(source)
        if before is not None and target.dynamic:
            sent = called_eagerly(builder, ADDED, (before, sent), True)
        elif before is not None:
            sent = builder.make("add", before, sent)
        arrived[source] = sent
    return ()


def ran(program: Program, entry: Entry, port: int, upstreams: list[Any]) -> Any:
    """What the rule of a port gives: values, arrays or numbers."""
    rule = compiled_rule(entry.op, port)
    if rule is None:
        return None
    builder = program.builder
    arguments = tuple(
        rule_value(entry.op, name, entry.flat, entry.outputs, upstreams, entry.attrs)
        for name in rule.names
    )
    try:
        result = rule.function(*(wrapped(builder, plain(a)) for a in arguments))
        return bare(result)
    except (Untraceable, *FAILURES) as problem:
        result = call(builder, WholeRule(entry.op, port, rule.function), arguments, False)
        why = str(problem) if isinstance(problem, Untraceable) else "it works on arrays alone"
        program.fall_back(entry.node.name, f"its gradient rule is called whole: {why}")
        return result


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


def fit(builder: Builder, raw: Any, target: Value) -> Any:
    """A gradient reduced to its input's shape and cast to its type."""
    if not isinstance(raw, Value):
        return fit_array(raw, target.shape, target.dtype)
    if raw.shape == target.shape and raw.dtype == target.dtype:
        return raw
    return builder.make("cast", fitted(builder, raw, target.shape), settings=(target.dtype,))
