"""Which frames and notes belong to which groups: they are hidden, copied, moved and deleted with
them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from gradviz.graph.document import Graph
from gradviz.graph.groups import Group, all_members, outward
from gradviz.graph.scenery import (
    ANCHOR,
    Box,
    Frame,
    Point,
    Route,
    boxes,
    far_corner,
    nodes_within,
)

SAME = 1e-6
"""Scene units by which two ways may differ and still be one."""


def boxes_of(graph: Graph, groups: Collection[str]) -> list[Box]:
    """The frames and notes directly in any of some groups."""
    pieces = graph.scenery.values()
    return [p for p in pieces if not isinstance(p, Route) and p.group in groups]


def is_seen(groups: Mapping[str, Group], inside: str | None, group_id: str | None) -> bool:
    """Whether what is directly in a group, None for none, is in sight.

    ``inside``: the group that was entered, None for the whole document. What is in a collapsed
    group within that is hidden by the group's card.
    """
    for group in outward(groups, group_id):
        if group.id == inside:
            return True
        if group.collapsed:
            return False
    return inside is None


def home_of(graph: Graph, ids: Collection[str], inside: str | None = None) -> str | None:
    """The inmost group that holds some nodes and others too; else ``inside``."""
    chosen, members = frozenset(ids), all_members(graph)
    if inside is not None and chosen == members[inside]:
        return inside
    around = {i: len(m) for i, m in members.items() if chosen and chosen < m}
    return min(around, key=lambda i: around[i], default=inside)


def among(graph: Graph, ids: Collection[str], inside: str | None = None) -> set[str]:
    """Ids of the frames and notes, of those directly in ``inside``, that lie among some nodes.

    These are frames that hold nodes and none but these, and notes in the middle of it all.
    """
    chosen = {i for i in ids if i in graph.nodes_by_id}
    beside = [box for box in boxes(graph).values() if box.group == inside]
    if not chosen or not beside:
        return set()
    held = {b.id: nodes_within(graph, b) for b in beside if isinstance(b, Frame)}
    frames = [b for b in beside if held.get(b.id) and held[b.id] <= chosen]
    starts = [graph.nodes_by_id[i].position for i in chosen]
    ends = [(x + 2 * ANCHOR[0], y + 2 * ANCHOR[1]) for x, y in starts]
    across, down = zip(
        *starts, *ends, *((f.at) for f in frames), *map(far_corner, frames), strict=True
    )
    notes = (b for b in beside if not isinstance(b, Frame))
    found = {
        note.id
        for note in notes
        if min(across) <= middle(note)[0] <= max(across)
        and min(down) <= middle(note)[1] <= max(down)
    }
    return found | {frame.id for frame in frames}


def middle(box: Box) -> Point:
    """The point in the middle of a frame or a note."""
    return box.at[0] + box.size[0] / 2, box.at[1] + box.size[1] / 2


def carried(
    graph: Graph, goals: Mapping[str, Point], inside: str | None = None
) -> dict[str, Point]:
    """The way that frames and notes go along with nodes which go to ``goals``, by their ids.

    They do where all nodes of the group that they belong to go the same way, unless that group
    was entered, ``inside`` being the inmost of those: what is seen of it is only what is in it.
    """
    found = [box for box in boxes(graph).values() if box.group is not None]
    if not found:
        return {}
    members = all_members(graph)
    entered = {g.id for g in outward(graph.groups_by_id, inside)}
    ways = {
        i: common_way(graph, goals, members[i]) for i in {b.group or "" for b in found} - entered
    }
    return {b.id: way for b in found if (way := ways.get(b.group or "")) is not None}


def common_way(graph: Graph, goals: Mapping[str, Point], members: Collection[str]) -> Point | None:
    """The way that some nodes go where that is the same for all of them."""
    if not goals.keys() >= set(members):
        return None
    starts = {i: graph.nodes_by_id[i].position for i in members}
    ways = [(goals[i][0] - x, goals[i][1] - y) for i, (x, y) in starts.items()]
    first = ways[0]
    alike = all(abs(x - first[0]) < SAME and abs(y - first[1]) < SAME for x, y in ways)
    return first if alike else None
