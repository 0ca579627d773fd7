"""What people set about leaves beside their elements: the range of a slider, a distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradviz.graph.checks import is_variadic
from gradviz.graph.compose import (
    new_node,
    replaced,
    rewire,
    set_attr,
    set_literal,
    starting_attrs,
    without,
)
from gradviz.graph.document import Graph, GraphError, Node, Wire
from gradviz.graph.edits import AddNode, Batch, ReplaceNode
from gradviz.graph.elements import number_of
from gradviz.graph.findings import other_op
from gradviz.graph.grouping import joining
from gradviz.graph.guards import is_array
from gradviz.graph.values import is_number
from gradviz.ops.creation import SLIDER
from gradviz.ops.dtypes import get_default_dtype
from gradviz.ops.seeded import SEED
from gradviz.ops.table import OPS

DECADES = 1e-3
"""Where a logarithmic slider starts that was to start at or below 0, as a part of its end."""


def holds_number(node: Node) -> bool:
    """Whether it is a leaf that holds one real number, which a slider can move."""
    if node.op != "tensor":
        return False
    data = node.setting("data")
    kind = data.dtype.kind if is_array(data) else np.asarray(data).dtype.kind
    return kind in "fiu" and np.ndim(data) == 0


def set_slider(graph: Graph, node_id: str, name: str, value: Any) -> Batch:
    """Set ``low``, ``high``, ``step`` or ``log`` of a leaf's slider.

    Switching ``log`` on moves an end that is not above 0. GraphError for a range that is empty,
    a logarithmic one that is not above 0, and a step that is not.
    """
    node = graph.node(node_id)
    wanted = {each: node.setting(each) for each in SLIDER} | {name: value}
    if name == "log" and value:
        return logarithmic(node)
    if reason := range_problem(wanted):
        raise GraphError(reason)
    return set_attr(graph, node_id, name, value)


def range_problem(wanted: dict[str, Any]) -> str | None:
    """What is wrong with a slider's settings, or None."""
    low, high, step = wanted["low"], wanted["high"], wanted["step"]
    if any(v is not None and not math.isfinite(v) for v in (low, high, step)):
        return "the range of a slider is finite"
    if low is not None and high is not None and not low < high:
        return f"a slider starts below its end: {low:g} is not below {high:g}"
    if step is not None and not step > 0:
        return f"a step is above 0, and {step:g} is not"
    starts_at_zero = low is not None and low <= 0
    if wanted["log"] and (starts_at_zero or (high is not None and high <= 0)):
        return "a logarithmic slider goes by orders of magnitude: its ends are above 0"
    return None


def logarithmic(node: Node) -> Batch:
    """Let a slider go by orders of magnitude, between ends above 0."""
    low, high = node.setting("low"), node.setting("high")
    value = number_of(node)
    end = high if high is not None and high > 0 else max(10.0, 10 * abs(value))
    start = low if low is not None and 0 < low < end else end * DECADES
    attrs = {**node.attrs, "log": True, "low": start, "high": end}
    return replaced(node, "Change log", attrs=attrs)


# constants on ports --------------------------------------------------------------------

APART = 204.0
"""From a constant's left edge to that of the card that reads it."""


def put_constant(graph: Graph, node_id: str, port: int, value: Any) -> Batch:
    """Give a port that has no wire a number, or an array, to read.

    A number stands on the port itself where the operation takes one there; anything else becomes
    a leaf of its own, wired to it.
    """
    node = graph.node(node_id)
    declared = node.spec.port(port)
    if is_number(value) and declared.number and not is_variadic(node.spec, port):
        return set_literal(graph, node_id, port, value)
    real = is_number(value) and not isinstance(value, bool)
    data = np.array(value, get_default_dtype().numpy) if real else value
    x, y = node.position
    place = (x - APART, y + 44.0 * port)
    leaf = new_node(graph, "tensor", place, declared.name, {"data": data}, {})
    joined = joining(graph, leaf.id, (node_id,)).edits
    bare = node.changed(literals=without(node.literals, port))
    drop = () if bare == node else (ReplaceNode(node, bare),)
    wires = [*graph.inputs(node_id).values(), Wire(leaf.id, node_id, port)]
    edits = rewire(graph, node_id, wires)
    return Batch((AddNode(leaf), *joined, *drop, *edits), "Add a constant")


# random leaves -------------------------------------------------------------------------

DISTRIBUTIONS = tuple(op.name for op in OPS.values() if SEED in op.attrs)
"""The operations that make random tensors from a seed."""


def is_random(node: Node) -> bool:
    """Whether a node makes random numbers from a seed."""
    return node.op in DISTRIBUTIONS


def set_distribution(graph: Graph, node_id: str, op: str) -> Batch:
    """Draw a random leaf's numbers from another distribution; what both can be told stays."""
    node = graph.node(node_id)
    known = {attr.name for attr in OPS[op].attrs}
    kept = {name: value for name, value in node.attrs.items() if name in known}
    edit = other_op(graph, node, op, {**starting_attrs(OPS[op]), **kept})
    return Batch((edit,) if op != node.op else (), f"Draw from {op}")
