"""The ledger of a step: upstream × local = contribution, for each input of the node."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gradviz.autograd.reading import RuleValues
from gradviz.explain.formulas import local_formula, symbols
from gradviz.explain.kinks import kink
from gradviz.explain.labels import label, number, port_default
from gradviz.explain.local import local_rule_at
from gradviz.explain.model import LedgerRow
from gradviz.explain.vjp import record_of
from gradviz.graph.document import Node
from gradviz.graph.evaluate import Evaluation
from gradviz.graph.walk import Sent, Walk, WalkStep
from gradviz.ops.dual import broadcast_axes
from gradviz.ops.spec import Array

EARLIER = 5
"""How many of the terms before this one a row keeps."""


def ledger(evaluation: Evaluation, walk: Walk, step: WalkStep) -> Iterator[LedgerRow]:
    """A row for each input of the step's node, in port order."""
    graph = evaluation.graph
    node = graph.node(step.node)
    sent = {c.port: c for c in step.sent}
    wires = graph.inputs(node.id)
    for port in sorted({*wires, *node.literals}):
        wire = wires.get(port)
        if port in sent and wire is not None:
            yield row_of(evaluation, walk, step, label(graph, wire.source), sent[port])
        elif wire is not None:
            yield LedgerRow(port, label(graph, wire.source), wire.source, step.upstream)
        else:
            yield LedgerRow(port, number(node.literals[port]), None, step.upstream)


def row_of(evaluation: Evaluation, walk: Walk, step: WalkStep, name: str, sent: Sent) -> LedgerRow:
    """The row of an input that is sent something."""
    node = evaluation.graph.node(step.node)
    values = values_of(evaluation, step)
    rule = local_rule_at(node.spec, sent.port, values, numbers_in(node))
    product = rule is not None and rule.product and step.upstreams[0] is not None
    local = local_value(values, sent.port) if product else None
    replace = symbols(evaluation.graph, node)
    symbol = "" if rule is None else rule.latex(replace)
    return LedgerRow(
        sent.port, name, sent.to, step.upstream,
        symbol=symbol,
        local_formula=local_formula(evaluation.graph, node, sent.to, symbol, local),
        local=local,
        contribution=sent.value, raw_shape=sent.raw_shape,
        summed_axes=broadcast_axes(sent.raw_shape, sent.value.shape)
        if len(sent.raw_shape) >= sent.value.ndim else (),
        accumulated=sent.accumulated, term=sent.term, terms=sent.terms,
        earlier=earlier_terms(walk, sent),
        kink="" if local is None else kink(evaluation, node, sent.port, local),
    )  # fmt: skip


def earlier_terms(walk: Walk, sent: Sent) -> tuple[Array, ...]:
    """The last few contributions that reached the same place before this one."""
    before = walk.terms(sent.to, sent.output)[: sent.term - 1]
    return tuple(c.value for _, c in before[-EARLIER:])


def numbers_in(node: Node) -> dict[str, float]:
    """The numbers that stand for names of a rule: settings, and numbers typed on ports."""
    settings = {a.name: node.attrs.get(a.name, a.default) for a in node.spec.attrs}
    typed = {
        port.name: node.literals.get(index, port_default(node, index))
        for index, port in enumerate(node.spec.ports)
        if not port.variadic
    }
    found: dict[str, float] = {}
    for name, value in (*settings.items(), *typed.items()):
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            found[name] = value
    return found


def values_of(evaluation: Evaluation, step: WalkStep) -> RuleValues:
    """What the rules of a step's node name, with ones for the gradients that arrived."""
    ones = [None if g is None else np.ones_like(g) for g in step.upstreams]
    return RuleValues(record_of(evaluation, step.node), ones, False)


def local_value(values: RuleValues, port: int) -> Array:
    """The local derivative as numbers: the running rule with ones for the upstream gradient."""
    with np.errstate(all="ignore"):
        found: Any = values.apply(port)
    array = np.asarray(found)
    return array if array.dtype.kind == "f" else array.astype(float)
