"""Putting a node into the middle of a wire: a new one, or one that is there already."""

from __future__ import annotations

from dataclasses import replace

from gradviz.graph.chaining import free_port
from gradviz.graph.checks import cycle_problem
from gradviz.graph.compose import new_node, other_wires, rewire
from gradviz.graph.document import Edit, Graph, GraphError, Wire
from gradviz.graph.edits import AddNode, AddWire, Batch
from gradviz.graph.grouping import joining


def insert_on_wire(
    graph: Graph, wire: Wire, op: str, position: tuple[float, float], *, name: str = ""
) -> Batch:
    """Add a node in the middle of a wire, which then enters at its first port."""
    node = new_node(graph, op, position, name, {}, {})
    return Batch((AddNode(node), *led_through(graph, wire, node.id, 0)), f"Insert {op}")


def splice(graph: Graph, node_id: str, wire: Wire) -> Batch:
    """Lead a wire through a node that nothing reads yet, by its first free input.

    A node of no group joins the inmost one that holds both ends. :class:`GraphError` says why
    the node cannot be there.
    """
    node = graph.node(node_id)
    if graph.outputs(node_id):
        raise GraphError(f"'{node.name}' is read by another node already")
    port = free_port(graph, node_id, {*graph.inputs(node_id), *node.literals})
    if port is None:
        raise GraphError(f"'{node.name}' has no free input")
    edits = led_through(graph, wire, node_id, port)
    for half in halves(wire, node_id, port):
        if problem := cycle_problem(graph, half):
            raise GraphError(problem)
    return Batch(tuple(edits), f"Insert {node.name}")


def led_through(graph: Graph, wire: Wire, node_id: str, port: int) -> list[Edit]:
    """The edits that lead a wire in by a port of a node, and on from its first output.

    A node of no group joins the inmost one that holds both ends.
    """
    others = other_wires(graph, wire)
    free = node_id not in graph.group_of
    joined = joining(graph, node_id, (wire.source, wire.target)).edits if free else ()
    into, onward = halves(wire, node_id, port)
    return [*joined, AddWire(into), *rewire(graph, wire.target, [*others, onward])]


def halves(wire: Wire, node_id: str, port: int) -> tuple[Wire, Wire]:
    """The two wires in place of one that is led through a node."""
    into = Wire(wire.source, node_id, port, wire.output)
    return into, replace(wire, source=node_id, output=0)
