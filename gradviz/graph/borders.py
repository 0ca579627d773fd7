"""The border of a group: which ports its card has, read from wires and from what was said of them.

Ports that somebody named or placed come first, in that order; whatever else crosses the border,
needs a wire, or is read by nobody follows by itself, so that no wire is ever without a port.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gradviz.graph.checks import many_outputs, port_name, port_problem
from gradviz.graph.document import Graph
from gradviz.graph.groups import Group, GroupPort, members_of

End = tuple[str, int]
"""A node and one of its ports, or of its outputs."""


@dataclass(frozen=True, slots=True)
class Border:
    """What crosses the border of a group, each once.

    ``inputs``: outputs of outer nodes ``(node, output)``, each with the ports ``(node, port)``
    of members that read it; or None in place of the source, with ports that have no wire yet.
    ``outputs``: outputs of members. ``names`` are those that somebody gave to them, the inputs'
    and the outputs'; empty where nobody did.
    """

    inputs: tuple[tuple[End | None, tuple[End, ...]], ...]
    outputs: tuple[End, ...]
    names: tuple[tuple[str, ...], tuple[str, ...]]


def border_of(graph: Graph, group_id: str) -> Border:
    """What crosses the border of one of the graph's groups."""
    group = graph.groups_by_id[group_id]
    return border(graph, members_of(graph, group_id), group)


def border(graph: Graph, members: frozenset[str], said: Group | None = None) -> Border:
    """What crosses the border of a group with these nodes, of whose ports ``said`` may say more."""
    inputs = list(named_inputs(graph, members, said.inputs if said else ()))
    known = {end for _, _, ends in inputs for end in ends}
    known |= {end for port in (said.inputs if said else ()) for end in port.ends if not port.shown}
    inputs += [("", source, ends) for source, ends in found_inputs(graph, members, known)]
    outputs = list(named_outputs(graph, members, said.outputs if said else ()))
    known = {end for _, end in outputs}
    known |= {port.ends[0] for port in (said.outputs if said else ()) if not port.shown}
    found = list(found_outputs(graph, members))
    rest = [("", end) for end in found if end not in known]
    outputs += rest if outputs or rest else [("", found[-1])]
    return Border(
        tuple((source, ends) for _, source, ends in inputs),
        tuple(end for _, end in outputs),
        (tuple(name for name, _, _ in inputs), tuple(name for name, _ in outputs)),
    )


def named_inputs(
    graph: Graph, members: frozenset[str], ports: tuple[GroupPort, ...]
) -> Iterator[tuple[str, End | None, tuple[End, ...]]]:
    """The inputs that somebody spoke of: one for each source that wires bring to it."""
    for port in ports:
        by_source: dict[End | None, list[End]] = {}
        for node_id, place in port.ends:
            if node_id not in members:
                continue
            wire = graph.inputs(node_id).get(place)
            source = None if wire is None else (wire.source, wire.output)
            there = port_problem("", graph.nodes_by_id[node_id].spec, place) is None
            inside = source is not None and source[0] in members
            if there and not inside and (port.shown or source is not None):
                by_source.setdefault(source, []).append((node_id, place))
        for source, ends in by_source.items():
            yield port.name, source, tuple(ends)


def named_outputs(
    graph: Graph, members: frozenset[str], ports: tuple[GroupPort, ...]
) -> Iterator[tuple[str, End]]:
    """The outputs that somebody spoke of."""
    for port in ports:
        node_id, output = port.ends[0]
        if node_id not in members:
            continue
        spec = graph.nodes_by_id[node_id].spec
        there = output < len(spec.outputs) or many_outputs(spec)
        if there and (port.shown or output in crossing(graph, node_id, members)):
            yield port.name, (node_id, output)


def crossing(graph: Graph, node_id: str, members: frozenset[str]) -> set[int]:
    """The outputs of a member that are read outside."""
    return {w.output for w in graph.outputs(node_id) if w.target not in members}


def found_inputs(
    graph: Graph, members: frozenset[str], known: set[End]
) -> Iterator[tuple[End | None, tuple[End, ...]]]:
    """The other sources that are read, from top to bottom, then ports that still need a wire."""
    read: dict[End, list[End]] = {}
    open_ports: list[End] = []
    for node_id in from_top(graph, members):
        for wire in graph.inputs(node_id).values():
            if wire.source not in members and (node_id, wire.port) not in known:
                read.setdefault((wire.source, wire.output), []).append((node_id, wire.port))
        open_ports += [end for end in needed_ports(graph, node_id) if end not in known]
    for source, ends in read.items():
        yield source, tuple(ends)
    for end in open_ports:
        yield None, (end,)


def found_outputs(graph: Graph, members: frozenset[str]) -> Iterator[End]:
    """The outputs that are read outside, or by nobody, from top to bottom."""
    for node_id in from_top(graph, members):
        wanted = crossing(graph, node_id, members) if graph.outputs(node_id) else {0}
        for output in sorted(wanted):
            yield node_id, output


def from_top(graph: Graph, members: frozenset[str]) -> list[str]:
    """Nodes by the height at which their cards lie."""
    return sorted(members, key=lambda i: (graph.nodes_by_id[i].position[1], len(i), i))


def needed_ports(graph: Graph, node_id: str) -> Iterator[End]:
    """The ports of a node that still need a wire or a number."""
    node, wires = graph.nodes_by_id[node_id], graph.inputs(node_id)
    for port, described in enumerate(node.spec.ports):
        given = port in wires or port in node.literals
        if not (given or described.optional or described.default is not None):
            yield node_id, port


# names ------------------------------------------------------------------------------------


def input_name(graph: Graph, found: Border, index: int) -> str:
    """What an input of a card is called: as somebody said, else as the port that reads it."""
    given = found.names[0][index]
    node_id, port = found.inputs[index][1][0]
    return given or port_name(graph.nodes_by_id[node_id].spec, port)


def output_name(graph: Graph, found: Border, index: int) -> str:
    """What an output of a card is called: as somebody said, else as its node."""
    given = found.names[1][index]
    node_id, output = found.outputs[index]
    return given or end_name(graph, node_id, output)


def end_name(graph: Graph, node_id: str, output: int) -> str:
    """What an output of a node is called: as the node, those after the first with their number."""
    name = graph.nodes_by_id[node_id].name
    return f"{name}[{output}]" if output else name
