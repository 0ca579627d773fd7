"""What is found wrong with a node, and the edits that would mend it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gradviz.graph.compose import SLIDER, connect, new_node, rewire
from gradviz.graph.document import Edit, Graph, Node, Wire
from gradviz.graph.edits import AddNode, AddWire, Batch, ReplaceNode

Kind = Literal["error", "missing", "warning"]

STEP = 204.0
"""From the left edge of one card to that of the next, so that a wire is seen between them."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A way out: what a button says, and the edit for the graph as it is then."""

    label: str
    make: Callable[[Graph], Batch]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one node that a person should know.

    ``error``: it has no value. ``missing``: it has none for want of an input. ``warning``: it
    has one, which is probably not what was meant. The best of ``fixes`` comes first.
    """

    node: str
    kind: Kind
    text: str
    fixes: tuple[Fix, ...] = ()


# edits that fixes are made of -----------------------------------------------------------


def through(graph: Graph, wire: Wire, op: str, **attrs: Any) -> Batch:
    """Lead a wire through a new node before it arrives; what follows moves aside if need be."""
    source, target = graph.node(wire.source), graph.node(wire.target)
    needed = source.position[0] + 2 * STEP - target.position[0]
    place = (source.position[0] + STEP, (source.position[1] + target.position[1]) / 2)
    if needed <= 0:
        place = ((source.position[0] + target.position[0]) / 2, place[1])
    node = new_node(graph, op, place, "", attrs, {})
    others = [w for w in graph.inputs(wire.target).values() if w != wire]
    onward = Wire(node.id, wire.target, wire.port)
    edits: list[Edit] = [AddNode(node), AddWire(Wire(wire.source, node.id, 0, wire.output))]
    edits += rewire(graph, wire.target, [*others, onward])
    return Batch((*edits, *moved_aside(graph, wire.target, needed)), f"Insert {op}")


def with_number(graph: Graph, wire: Wire, op: str, number: float) -> Batch:
    """Lead a wire through a new node that has ``number`` on its second port."""
    batch = through(graph, wire, op)
    first = batch.edits[0]
    assert isinstance(first, AddNode)
    node = first.node.changed(literals={1: number})
    return Batch((AddNode(node), *batch.edits[1:]), batch.label)


def moved_aside(graph: Graph, start: str, distance: float) -> list[Edit]:
    """The edits by which a node and all that follows it make room to the left of them."""
    if distance <= 0:
        return []
    nodes = [graph.node(i) for i in graph.downstream((start,))]
    return [
        ReplaceNode(n, n.changed(position=(n.position[0] + distance, n.position[1])))
        for n in sorted(nodes, key=lambda n: n.id)
    ]


def read_instead(graph: Graph, wire: Wire, source: str, output: int = 0) -> Batch:
    """Have a port read another output in place of the one it reads."""
    return connect(graph, source, output, wire.target, wire.port)


def other_op(graph: Graph, node: Node, op: str, attrs: Mapping[str, Any]) -> Edit:
    """Make a node another operation; a name that only said the old one follows."""
    stem = node.name.rstrip("0123456789_")
    plain = op.partition(".")[0]
    name = graph.free_name(plain) if stem == node.spec.base_name != plain else node.name
    return ReplaceNode(node, node.changed(op=op, name=name, attrs=attrs))


def new_leaf(graph: Graph, target: Node, port: int) -> Batch:
    """Wire a new number that requires a gradient to a free port."""
    x, y = target.position
    attrs = {**new_node(graph, "tensor", (0.0, 0.0), "", {}, {}).attrs, **SLIDER}
    place = (x - STEP, y + 60.0 * port)
    leaf = new_node(graph, "tensor", place, target.spec.ports[port].name, attrs, {})
    return Batch((AddNode(leaf), AddWire(Wire(leaf.id, target.id, port))), "Add a leaf")
