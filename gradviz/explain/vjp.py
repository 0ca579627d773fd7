"""One input's gradient rule run by itself: on a gradient of one's choice, not the pass's.

The rule is linear in the gradient that arrives. Run on one-hot gradients it gives the rows of the
local Jacobian; differentiated with respect to that gradient, its columns.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.autograd.backward import grad
from gradviz.autograd.mode import enable_grad
from gradviz.autograd.reading import RuleValues
from gradviz.autograd.record import Record
from gradviz.autograd.sending import fit_array
from gradviz.autograd.steps import fit
from gradviz.graph.evaluate import Evaluation, called
from gradviz.ops.dual import is_plain
from gradviz.ops.spec import Array
from gradviz.tensor.tensor import Tensor


def record_of(evaluation: Evaluation, node_id: str) -> Record:
    """The call on the tape that a node made; ValueError where there is none, or it was freed."""
    record = called(evaluation.call(node_id))
    if record is None or record.freed:
        raise ValueError(f"the tape no longer holds what node '{node_id}' kept for its rules")
    return record


def part_of(record: Record, values: RuleValues, position: int) -> Any:
    """What the rule of the flat input at ``position`` gives; None where it sends nothing."""
    port = record.port_of(position) if record.op.variadic else position
    found = values.apply(port)
    return found[position - port] if found is not None and record.op.ports[port].variadic else found


def send_back(
    evaluation: Evaluation, node_id: str, output: int, gradient: Array, port: int
) -> Array:
    """What input ``port`` of a node is sent when ``gradient`` alone arrives at ``output``.

    The vector-Jacobian product, in the input's shape; zeros where the rule sends nothing.
    """
    record = record_of(evaluation, node_id)
    upstream: list[Any] = [None] * len(record.out_shapes)
    upstream[output] = gradient
    with np.errstate(all="ignore"):
        raw = part_of(record, RuleValues(record, upstream, False), port)
        shape, kind = record.shapes[port], record.dtypes[port]
        return np.zeros(shape, kind) if raw is None else np.asarray(fit_array(raw, shape, kind))


def influence(
    evaluation: Evaluation, node_id: str, port: int, index: tuple[int, ...]
) -> list[Array]:
    """How far each element of each output of a node moves for a unit of one element of an input.

    A column of the Jacobian, an array for each output: the derivative, with respect to the
    gradient that arrives, of what this element is sent.
    """
    record = record_of(evaluation, node_id)
    arriving: list[Any] = []
    for shape, kind in record.out_shapes:
        ones = Tensor.wrap(np.ones(shape, kind if np.dtype(kind).kind == "f" else float))
        ones.requires_grad = True
        arriving.append(ones)
    with enable_grad(), np.errstate(all="ignore"):
        raw = part_of(record, RuleValues(record, arriving, True), port)
        if raw is None or is_plain(raw):
            return [np.zeros(tuple(g.shape)) for g in arriving]
        sent: Any = fit(raw, record.shapes[port], record.dtypes[port])
        if not sent.requires_grad:
            return [np.zeros(tuple(g.shape)) for g in arriving]
        moved = grad(sent[index] if index else sent, arriving, allow_unused=True)
    return [
        np.zeros(tuple(g.shape)) if m is None else np.asarray(m.array)
        for g, m in zip(arriving, moved, strict=True)
    ]
