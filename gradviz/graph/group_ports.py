"""Naming, placing, showing and hiding the ports of a group, as batches of edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from gradviz.graph.borders import End, border_of, end_name, from_top, input_name, output_name
from gradviz.graph.document import Graph, GraphError
from gradviz.graph.edits import Batch
from gradviz.graph.grouping import regrouped
from gradviz.graph.groups import Group, GroupPort, members_of

Side = Literal["inputs", "outputs"]


def ports(graph: Graph, group_id: str, side: Side) -> list[GroupPort]:
    """Every port that a group has or could have, as it is now: those of its card come first.

    Then those hidden, and what could be shown besides: ports of members that no wire from
    within takes, outputs that only members read.
    """
    group = graph.groups_by_id[group_id]
    said: tuple[GroupPort, ...] = getattr(group, side)
    members = members_of(graph, group_id)
    found = shown_ports(graph, group_id, side)
    known = {end for port in found for end in port.ends}
    for port in said:
        ends = tuple(end for end in port.ends if end not in known)
        if ends and not port.shown:
            found.append(replace(port, ends=ends))
            known |= set(ends)
    free = free_inputs if side == "inputs" else all_outputs
    names = {port.name for port in found}
    for name, end in free(graph, members):
        if end not in known:
            node = graph.nodes_by_id[end[0]].name
            label = name if name not in names else f"{node} {name}"
            names.add(label)
            found.append(GroupPort(label, (end,), False))
    return found


def shown_ports(graph: Graph, group_id: str, side: Side) -> list[GroupPort]:
    """The ports that the card of a group has, from top to bottom."""
    found = border_of(graph, group_id)
    if side == "outputs":
        named = ((output_name(graph, found, n), (end,)) for n, end in enumerate(found.outputs))
    else:
        named = ((input_name(graph, found, n), ends) for n, (_, ends) in enumerate(found.inputs))
    return [GroupPort(name, ends) for name, ends in named]


def free_inputs(graph: Graph, members: frozenset[str]) -> list[tuple[str, End]]:
    """The ports of members that no wire takes, with their names."""
    return [
        (port.name, (node_id, place))
        for node_id in from_top(graph, members)
        for place, port in enumerate(graph.nodes_by_id[node_id].spec.ports)
        if not port.variadic and place not in graph.inputs(node_id)
    ]


def all_outputs(graph: Graph, members: frozenset[str]) -> list[tuple[str, End]]:
    """The outputs of members, with their names."""
    return [
        (end_name(graph, node_id, output), (node_id, output))
        for node_id in from_top(graph, members)
        for output in range(len(graph.nodes_by_id[node_id].spec.outputs))
    ]


def set_ports(
    graph: Graph, group_id: str, side: Side, wanted: Sequence[GroupPort], label: str = ""
) -> Batch:
    """Give a group these inputs or outputs, in this order."""
    group = graph.groups_by_id.get(group_id)
    if group is None:
        raise GraphError(f"there is no group '{group_id}' in this graph")
    kept = tuple(replace(port, name=" ".join(port.name.split())) for port in wanted)
    after: Group = group.changed(**{side: kept})
    groups = {**graph.groups_by_id, group_id: after}
    return regrouped(graph, groups, label or f"Change ports of {group.name}")


def rename_port(graph: Graph, group_id: str, side: Side, index: int, name: str) -> Batch:
    """Call the port at a place of a group's card ``name``."""
    found = shown_ports(graph, group_id, side)
    found[index] = replace(found[index], name=name)
    return arranged(graph, group_id, side, found, "Rename port")


def move_port(graph: Graph, group_id: str, side: Side, index: int, by: int) -> Batch:
    """Have a port of a group's card stand further down, or up."""
    found = shown_ports(graph, group_id, side)
    goal = min(max(index + by, 0), len(found) - 1)
    found.insert(goal, found.pop(index))
    return arranged(graph, group_id, side, found, "Move port")


def hide_port(graph: Graph, group_id: str, side: Side, index: int) -> Batch:
    """Take a port off a group's card; one that a wire comes to stays to be seen."""
    found = shown_ports(graph, group_id, side)
    found[index] = replace(found[index], shown=False)
    return arranged(graph, group_id, side, found, "Hide port")


def arranged(graph: Graph, group_id: str, side: Side, found: list[GroupPort], label: str) -> Batch:
    """Give a card these ports, and leave those of the group that it does not show behind them."""
    known = {end for port in found for end in port.ends}
    said: tuple[GroupPort, ...] = getattr(graph.groups_by_id[group_id], side)
    rest = (replace(p, ends=tuple(e for e in p.ends if e not in known)) for p in said)
    hidden = [port for port in rest if port.ends and not port.shown]
    return set_ports(graph, group_id, side, [*found, *hidden], label)
