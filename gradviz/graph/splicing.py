"""Putting a node that is there already into the middle of a wire."""

from __future__ import annotations

from dataclasses import replace

from gradviz.graph.chaining import free_port
from gradviz.graph.checks import cycle_problem
from gradviz.graph.compose import rewire
from gradviz.graph.document import Graph, GraphError, Wire
from gradviz.graph.edits import AddWire, Batch
from gradviz.graph.grouping import joining


def splice(graph: Graph, node_id: str, wire: Wire) -> Batch:
    """Lead a wire through a node that nothing reads yet, by its first free input.

    A node of no group joins the inmost one that holds both ends. :class:`GraphError` says why
    the node cannot be there.
    """
    node = graph.node(node_id)
    if graph.inputs(wire.target).get(wire.port) != wire:
        raise GraphError("there is no such wire")
    if graph.outputs(node_id):
        raise GraphError(f"'{node.name}' is read by another node already")
    port = free_port(graph, node_id, {*graph.inputs(node_id), *node.literals})
    if port is None:
        raise GraphError(f"'{node.name}' has no free input")
    into, onward = (
        Wire(wire.source, node_id, port, wire.output),
        replace(wire, source=node_id, output=0),
    )
    problem = cycle_problem(graph, into) or cycle_problem(graph, onward)
    if problem:
        raise GraphError(problem)
    others = [w for w in graph.inputs(wire.target).values() if w != wire]
    joined = (
        ()
        if node_id in graph.group_of
        else joining(graph, node_id, (wire.source, wire.target)).edits
    )
    led = rewire(graph, wire.target, [*others, onward])
    return Batch((*joined, AddWire(into), *led), f"Insert {node.name}")
