"""The ledger of a step: upstream × local = contribution, for each input of the node."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gradviz.autograd.record import Record
from gradviz.autograd.steps import RuleValues
from gradviz.explain.labels import label
from gradviz.explain.local import local_rule
from gradviz.explain.model import LedgerRow
from gradviz.graph.evaluate import Evaluation
from gradviz.graph.walk import Sent, WalkStep
from gradviz.numbers import short
from gradviz.ops.dual import broadcast_axes
from gradviz.ops.spec import Array


def ledger(evaluation: Evaluation, step: WalkStep) -> Iterator[LedgerRow]:
    """A row for each input of the step's node, in port order."""
    graph = evaluation.graph
    node = graph.node(step.node)
    sent = {c.port: c for c in step.sent}
    ports = sorted({*graph.inputs(node.id), *node.literals})
    for port in ports:
        wire = graph.inputs(node.id).get(port)
        source = None if wire is None else wire.source
        if source is None:
            shown = short(node.literals[port])
        else:
            shown = label(graph, source)
        if port in sent:
            yield row_of(evaluation, step, port, shown, source, sent[port])
        else:
            yield LedgerRow(port, shown, source, step.upstream)


def row_of(
    evaluation: Evaluation, step: WalkStep, port: int, name: str, source: str | None, sent: Sent
) -> LedgerRow:
    """The row of an input that is sent something."""
    op = evaluation.graph.node(step.node).spec
    rule = local_rule(op, port)
    return LedgerRow(
        port, name, source, step.upstream,
        rule="" if rule is None else rule.text,
        local=local_value(evaluation, step, port) if rule is not None and rule.product else None,
        contribution=sent.value, raw_shape=sent.raw_shape,
        summed_axes=broadcast_axes(sent.raw_shape, sent.value.shape)
        if len(sent.raw_shape) >= sent.value.ndim else (),
        accumulated=sent.accumulated, term=sent.term, terms=sent.terms,
    )  # fmt: skip


def local_value(evaluation: Evaluation, step: WalkStep, port: int) -> Array | None:
    """The local derivative as numbers: the running rule with ones for the upstream gradient."""
    value = evaluation.value(step.node)
    record = None if value is None else value.grad_fn
    if not isinstance(record, Record) or record.freed:
        return None
    with np.errstate(all="ignore"):
        found: Any = RuleValues(record, [np.ones_like(step.upstream)], False).apply(port)
    return np.asarray(found)
