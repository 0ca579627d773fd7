"""What people do to groups, as batches of edits: see :mod:`gradviz.graph.compose`.

Each function works out which groups there are to be, and :func:`regrouped` gives the one edit
that makes them so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import takewhile
from types import MappingProxyType

from gradviz.graph import decorating
from gradviz.graph.belonging import boxes_of, home_of
from gradviz.graph.document import Graph, GraphError
from gradviz.graph.edits import Batch
from gradviz.graph.group_edits import ChangeGroups
from gradviz.graph.groups import (
    Group,
    GroupPort,
    all_members,
    cards_in_cycle,
    members_within,
    outward,
)
from gradviz.graph.scenery import changed

Groups = dict[str, Group]


def make_group(
    graph: Graph,
    ids: Collection[str],
    name: str = "",
    inside: str | None = None,
    boxes: Collection[str] = (),
) -> Batch:
    """Put nodes into a new group under ``name``, or under a free one; ``inside`` another.

    Groups that are among them whole lie in the new one; a group of which only some nodes are
    among them loses these. The new one lies in the group that holds them all. Its id is that of
    ``graph.apply(batch).groups``. ``boxes``: ids of frames and notes that belong to it from now on.
    """
    chosen = frozenset(graph.node(i).id for i in ids)
    if not chosen:
        raise GraphError("select what is to be a group")
    within = all_members(graph)
    outer = {g.id for g in outward(graph.groups_by_id, inside)}
    whole = {i for i, members in within.items() if members <= chosen} - outer
    group_id = graph.new_group_id()
    direct = {i for i in chosen if graph.group_of.get(i) not in whole}
    groups = without_nodes(graph.groups_by_id, direct)
    for inner in (groups[i] for i in whole if graph.groups_by_id[i].parent not in whole):
        groups[inner.id] = inner.changed(parent=group_id)
    label = name or free_label(graph, "group")
    groups[group_id] = Group(group_id, label, frozenset(direct), home_of(graph, chosen, inside))
    loose = [i for i in boxes if decorating.box(graph, i).group not in whole]
    return regrouped(graph, groups, f"Group {label}", dict.fromkeys(loose, group_id))


def free_label(graph: Graph, wish: str) -> str:
    """``wish``, or with the first number that makes it a name no group has."""
    taken = {g.name for g in graph.groups_by_id.values()}
    numbered = (f"{wish} {n}" for n in range(2, len(taken) + 3))
    return next(name for name in (wish, *numbered) if name not in taken)


def ungroup(graph: Graph, ids: Iterable[str]) -> Batch:
    """Take groups away; what was in one is where the group itself was."""
    groups = dict(graph.groups_by_id)
    names = list[str]()
    for group_id in ids:
        group = found(groups, group_id)
        names.append(group.name)
        del groups[group_id]
        for inner in [g for g in groups.values() if g.parent == group_id]:
            groups[inner.id] = inner.changed(parent=group.parent)
        if group.parent is not None:
            outer = groups[group.parent]
            groups[outer.id] = outer.changed(members=outer.members | group.members)
    return regrouped(graph, showable(graph, groups), f"Ungroup {', '.join(names)}")


def rename_group(graph: Graph, group_id: str, name: str) -> Batch:
    """Call a group ``name``."""
    return replaced(graph, group_id, "Rename", name=" ".join(name.split()))


def colour_group(graph: Graph, group_id: str, colour: str) -> Batch:
    """Give a group the colour of a category of operations; the empty one is quiet."""
    return replaced(graph, group_id, "Colour", colour=colour)


def collapse(graph: Graph, ids: Iterable[str]) -> Batch:
    """Show groups as one card each; refused where a card would lie on a cycle of cards."""
    groups = dict(graph.groups_by_id)
    for group_id in ids:
        groups[group_id] = found(groups, group_id).changed(collapsed=True)
    return regrouped(graph, groups, "Collapse")


def expand(graph: Graph, ids: Iterable[str], inside: str | None = None) -> Batch:
    """Show what is in groups, and with it the groups that they lie in, as far as ``inside`` one."""
    groups = dict(graph.groups_by_id)
    for group_id in ids:
        found(groups, group_id)
        for group in takewhile(lambda g: g.id != inside, list(outward(groups, group_id))):
            groups[group.id] = group.changed(collapsed=False)
    return regrouped(graph, showable(graph, groups), "Expand")


def add_to_group(
    graph: Graph, group_id: str, ids: Collection[str], boxes: Collection[str] = ()
) -> Batch:
    """Take nodes, frames and notes into a group, out of the groups they are in."""
    chosen = frozenset(graph.node(i).id for i in ids)
    group = found(graph.groups_by_id, group_id)
    groups = without_nodes(graph.groups_by_id, chosen - group.members, {group_id})
    groups[group_id] = group.changed(members=group.members | chosen)
    return regrouped(graph, groups, f"Add to {group.name}", dict.fromkeys(boxes, group_id))


def take_out(graph: Graph, ids: Collection[str], boxes: Collection[str] = ()) -> Batch:
    """Take nodes, frames and notes out of the group that each is in, to where that group is."""
    groups = dict(graph.groups_by_id)
    left = {i: groups[g].parent for i in boxes if (g := decorating.box(graph, i).group) is not None}
    for node_id in ids:
        inside = graph.group_of.get(graph.node(node_id).id)
        if inside is None or inside not in groups or groups[inside].parent is None:
            groups = without_nodes(groups, {node_id})
            continue
        outer = groups[groups[inside].parent or ""]
        moved = {**groups, outer.id: outer.changed(members=outer.members | {node_id})}
        groups = without_nodes(moved, {node_id}, {outer.id})
    return regrouped(graph, groups, "Take out of group", left)


def copies(
    graph: Graph, origin: Mapping[str, Group], fresh: Mapping[str, str], *, joining: bool
) -> tuple[tuple[ChangeGroups, ...], dict[str, str]]:
    """The edits that give copied nodes the groups that their originals are in, and these groups.

    ``fresh`` has the copy of each node. A group that was copied whole is copied: the ids of the
    copies are given by those of the originals. With ``joining`` other copies join the groups of
    their originals, which then are the graph's own.
    """
    within = members_within(origin)
    new_ids = {i: graph.new_group_id() for i, nodes in within.items() if nodes <= fresh.keys()}
    made = tuple(
        group.changed(
            id=new_ids[i],
            members=frozenset(fresh[node] for node in group.members),
            inputs=tuple(port_within(port, fresh) for port in group.inputs),
            outputs=tuple(port_within(port, fresh) for port in group.outputs),
            parent=new_ids.get(group.parent or "", group.parent if joining else None),
        )
        for i, group in origin.items()
        if i in new_ids
    )
    before, after = list[Group](), list[Group]()
    for group in origin.values() if joining else ():
        joined = {fresh[i] for i in group.members & fresh.keys()}
        if joined and group.id not in new_ids:
            before.append(group)
            after.append(group.changed(members=group.members | joined))
    edit = ChangeGroups(tuple(before), (*after, *made))
    return (edit,) if edit.after else (), new_ids


# what groups there are to be ----------------------------------------------------------------


def found(groups: Mapping[str, Group], group_id: str) -> Group:
    """The group with this id; GraphError where there is none."""
    if group_id not in groups:
        raise GraphError(f"there is no group '{group_id}' in this graph")
    return groups[group_id]


def without_nodes(
    groups: Mapping[str, Group], gone: Collection[str], kept: Collection[str] = ()
) -> Groups:
    """Groups once nodes have left all but the ``kept`` ones; those that hold nothing then go."""
    held = frozenset(gone)
    left = {
        i: g if i in kept or held.isdisjoint(g.members) else g.changed(members=g.members - held)
        for i, g in groups.items()
    }
    while (
        empty := set(left)
        - {g.parent for g in left.values()}
        - {i for i, g in left.items() if g.members or i in kept}
    ):
        left = {i: g for i, g in left.items() if i not in empty}
    return left


def showable(graph: Graph, groups: Groups) -> Groups:
    """The same groups; should those that come to light make a cycle, they are expanded too."""
    while on_cycle := [c for c in cards_in_cycle(graph, groups) if c in groups]:
        groups = {**groups, **{c: groups[c].changed(collapsed=False) for c in on_cycle}}
    return groups


def joining(graph: Graph, node_id: str, beside: Collection[str]) -> Batch:
    """The batch that takes a new node into the inmost group that holds all of ``beside``."""
    chains = [[g.id for g in outward(graph.groups_by_id, graph.group_of.get(i))] for i in beside]
    shared = next((i for i in chains[0] if all(i in chain for chain in chains)), None)
    if shared is None:
        return Batch(())
    members = graph.groups_by_id[shared].members | {node_id}
    return replaced(graph, shared, "", members=members)


def replaced(graph: Graph, group_id: str, label: str, **changes: object) -> Batch:
    """One group with some fields replaced."""
    group = found(graph.groups_by_id, group_id)
    return regrouped(graph, {**graph.groups_by_id, group_id: group.changed(**changes)}, label)


def regrouped(
    graph: Graph,
    groups: Mapping[str, Group],
    label: str,
    homes: Mapping[str, str | None] = MappingProxyType({}),
    gone: Collection[str] = (),
) -> Batch:
    """The batch after which ``groups`` are the graph's, with ports of what is still in them.

    ``homes``: the groups that frames and notes belong to then, by the ids of these. What belonged
    to a group that goes is then where that group was, but for those ``gone`` before.
    """
    now, groups = graph.groups_by_id, with_own_ports(groups)
    before = tuple(g for i, g in now.items() if groups.get(i) != g)
    after = tuple(g for i, g in groups.items() if now.get(i) != g)
    edit = (ChangeGroups(before, after),) if before or after else ()
    freed = {
        box.id: changed(
            box, group=next((g.id for g in outward(now, box.group) if g.id in groups), None)
        )
        for box in boxes_of(graph, now.keys() - groups.keys())
        if box.id not in gone
    }
    left = decorating.turned((graph.scenery[i], box) for i, box in freed.items())
    loose = ((i, freed.get(i) or decorating.box(graph, i)) for i in homes)
    joined = decorating.turned((box, changed(box, group=homes[i])) for i, box in loose)
    return Batch((*left.edits, *edit, *joined.edits), label)


def with_own_ports(groups: Mapping[str, Group]) -> Mapping[str, Group]:
    """Groups whose ports speak of nothing but their members."""
    if not any(g.inputs or g.outputs for g in groups.values()):
        return groups
    within = members_within(groups)

    def kept(ports: tuple[GroupPort, ...], members: frozenset[str]) -> tuple[GroupPort, ...]:
        there = (replace(p, ends=tuple(e for e in p.ends if e[0] in members)) for p in ports)
        return tuple(port for port in there if port.ends)

    return {
        i: g.changed(inputs=kept(g.inputs, within[i]), outputs=kept(g.outputs, within[i]))
        for i, g in groups.items()
    }


def port_within(port: GroupPort, fresh: Mapping[str, str]) -> GroupPort:
    """A port of a copied group, by the new ids of its nodes."""
    return replace(port, ends=tuple((fresh[node_id], place) for node_id, place in port.ends))
