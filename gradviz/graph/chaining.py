"""Wiring a selection with one key: each node into the next one that has room for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gradviz.graph.checks import cycle_problem, is_variadic
from gradviz.graph.document import Edit, Graph, GraphError, Wire, id_key
from gradviz.graph.edits import AddWire, Batch


def connect_all(graph: Graph, ids: Collection[str]) -> Batch:
    """Wire the first output of each node to the first free input to its right, among ``ids``.

    Where none of them has one there, that of a node to the left will do.
    A port with a wire, or with a number typed on it, is not free. A node that one of the others
    reads already is left as it is. :class:`GraphError` where nothing can be wired.
    """
    order = sorted(ids, key=lambda i: (*graph.node(i).position, id_key(i)))
    edits = wired(graph, order, to_the_left=False) or wired(graph, order, to_the_left=True)
    if not edits:
        raise GraphError(
            "nothing to connect: each of these is read by another one already, or has none with "
            "a free input"
        )
    return Batch(tuple(edits), "Connect" if len(edits) == 1 else f"Connect {len(edits)} nodes")


def wired(graph: Graph, order: Sequence[str], *, to_the_left: bool) -> list[Edit]:
    """The wires from each of some nodes to the next that has room, or to any one before it."""
    taken = {i: {*graph.inputs(i), *graph.node(i).literals} for i in order}
    edits: list[Edit] = []
    for number, source in enumerate(order):
        if any(w.target in taken for w in graph.outputs(source)):
            continue
        for target in reversed(order[:number]) if to_the_left else order[number + 1 :]:
            port = free_port(graph, target, taken[target])
            if port is None or cycle_problem(graph, Wire(source, target, port)):
                continue
            taken[target].add(port)
            edits.append(AddWire(Wire(source, target, port)))
            break
    return edits


def free_port(graph: Graph, node_id: str, taken: Collection[int]) -> int | None:
    """The first input of a node that has nothing; None where it has no more."""
    spec = graph.node(node_id).spec
    for port in range(max([len(spec.ports), *(p + 2 for p in taken)])):
        if port not in taken and (port < len(spec.ports) or is_variadic(spec, port)):
            return port
    return None
