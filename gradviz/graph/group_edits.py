"""The one edit of groups: some become others, all at once, and what results is checked whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradviz.graph import checks, values
from gradviz.graph.belonging import boxes_of
from gradviz.graph.changes import Change
from gradviz.graph.document import Edit, Graph, GraphError
from gradviz.graph.groups import Group, cards_in_cycle, members_within, outward
from gradviz.graph.limits import MAX_ID, MAX_NAME
from gradviz.ops.table import OPS

COLOURS = frozenset({"leaf", "const"} | {op.category for op in OPS.values()})
"""The categories whose colour a group may have."""

NO_LABEL = f"a name is one line of 1 to {MAX_NAME} characters"


@dataclass(frozen=True, slots=True)
class ChangeGroups:
    """Put the groups ``after`` in place of ``before``: added, removed or replaced by their ids."""

    before: tuple[Group, ...]
    after: tuple[Group, ...]

    def apply(self, graph: Graph) -> Change:
        """Replace them; refused where one has changed meanwhile or anything would be wrong."""
        for group in self.before:
            if graph.groups_by_id.get(group.id) != group:
                raise GraphError(f"the group '{group.name}' has changed meanwhile")
        gone = {g.id for g in self.before}
        groups = {i: g for i, g in graph.groups_by_id.items() if i not in gone}
        for group in self.after:
            if group.id in groups:
                raise GraphError(f"there is a group with id '{group.id}' already")
            groups[group.id] = group
        if bad := groups_problem(graph, groups, self.after):
            raise GraphError(f"the group {values.shown(bad[0].name)}: {bad[2]}")
        if held := boxes_of(graph, gone - groups.keys()):
            name = graph.groups_by_id[held[0].group or ""].name
            raise GraphError(f"the group {values.shown(name)} still holds frames or notes")
        put(graph, self.before, self.after)
        old = {g.id: g for g in self.before}
        new = {g.id: g for g in self.after}
        pairs = ((old.get(i), new.get(i)) for i in old | new)
        return Change(groups=tuple((a, b) for a, b in pairs if a != b))

    def inverse(self) -> Edit:
        """Put ``before`` back."""
        return ChangeGroups(self.after, self.before)


def put(graph: Graph, before: tuple[Group, ...], after: tuple[Group, ...]) -> None:
    """Enter checked groups in place of others."""
    for group in before:
        del graph.groups_by_id[group.id]
        for node_id in group.members:
            del graph.group_of[node_id]
    for group in after:
        graph.groups_by_id[group.id] = group
        graph.group_of.update(dict.fromkeys(group.members, group.id))


def groups_problem(
    graph: Graph, groups: Mapping[str, Group], new: tuple[Group, ...]
) -> tuple[Group, str, str] | None:
    """Which of all the ``groups`` there would be is wrong, in which field, and why.

    Only ``new`` ones are looked at singly: the others were, and nothing but these can be between
    them.
    """
    for group in new:
        if bad := field_problem(graph, group, groups):
            return (group, *bad)
    held: dict[str, Group] = {}
    filled = {g.parent for g in groups.values()}
    for group in groups.values():
        if group.parent is not None and group.parent not in groups:
            return group, "parent", f"there is no group {values.shown(group.parent)} for it"
        if not group.members and group.id not in filled:
            return group, "members", "it would hold no node"
        for node_id in group.members:
            if held.setdefault(node_id, group) is not group:
                name = graph.nodes_by_id[node_id].name
                return group, "members", f"'{name}' is in '{held[node_id].name}' already"
    if bad := parents_problem(groups, new) or ports_problem(groups, new):
        return bad
    return shown_problem(graph, groups)


def field_problem(
    graph: Graph, group: Group, groups: Mapping[str, Group]
) -> tuple[str, str] | None:
    """Which field of a group is wrong by itself, and why."""
    if not checks.ID.fullmatch(group.id):
        return "id", f"an id is up to {MAX_ID} letters, digits, _ . and -"
    if not is_label(group.name):
        return "name", NO_LABEL
    if group.colour and group.colour not in COLOURS:
        known = ", ".join(sorted(COLOURS))
        return "colour", f"{values.shown(group.colour)} is no category; use {known}"
    unknown = next((i for i in group.members if i not in graph.nodes_by_id), None)
    return None if unknown is None else ("members", f"there is no node {values.shown(unknown)}")


def is_label(name: object) -> bool:
    """Whether a group, or a port of one, can be called that."""
    if not isinstance(name, str) or not values.is_text(name):
        return False
    return name == " ".join(name.split()) and 0 < len(name) <= MAX_NAME


def ports_problem(
    groups: Mapping[str, Group], new: tuple[Group, ...]
) -> tuple[Group, str, str] | None:
    """Which port of ``new`` is none that a group can have, and why."""
    speaking = [group for group in new if group.inputs or group.outputs]
    within = members_within(groups) if speaking else {}
    for group in speaking:
        for side in ("inputs", "outputs"):
            found = set[tuple[str, int]]()
            for port in getattr(group, side):
                if not is_label(port.name):
                    return group, side, NO_LABEL
                said = values.shown(port.name)
                if not port.ends or (side == "outputs" and len(port.ends) > 1):
                    return group, side, f"the port {said} must be that of a node"
                if any(i not in within[group.id] or place < 0 for i, place in port.ends):
                    return group, side, f"the port {said} is of no node in the group"
                if found & set(port.ends) or len(set(port.ends)) < len(port.ends):
                    return group, side, f"the port {said} is there twice"
                found |= set(port.ends)
    return None


def parents_problem(
    groups: Mapping[str, Group], new: tuple[Group, ...]
) -> tuple[Group, str, str] | None:
    """Which of ``new`` lies within itself."""
    for group in new:
        for number, _ in enumerate(outward(groups, group.id)):
            if number > len(groups):
                return group, "parent", "it would lie within itself"
    return None


def shown_problem(graph: Graph, groups: Mapping[str, Group]) -> tuple[Group, str, str] | None:
    """Why not all collapsed groups can be shown as a card each: wires between would go round."""
    cards = cards_in_cycle(graph, groups)
    if not cards:
        return None
    group = next(groups[card] for card in cards if card in groups)
    others = [graph.nodes_by_id[c].name for c in cards if c not in groups]
    others += [groups[c].name for c in cards if c in groups and c != group.id]
    reason = (
        f"collapsed, it would both read '{others[0]}' and be read by it, directly or not: "
        f"take '{others[0]}' into the group, or leave the group expanded"
    )
    return group, "collapsed", reason
