"""Groups: named sets of nodes, one within another, that may be shown as a single card.

A group is plain data of the document beside nodes and wires, which stay as flat as they are:
values, gradients and plans know of none. What the card of a collapsed group shows as ports is
read from the wires that cross its border, and from what somebody said of them
(:mod:`gradviz.graph.borders`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradviz.graph.document import Graph, Wire


@dataclass(frozen=True, slots=True)
class GroupPort:
    """A port that somebody named, placed or hid.

    ``ends``: of an input the ports ``(node, port)`` that a wire to it goes on to, of an output
    the one ``(node, output)`` that it is. One that is not ``shown`` is seen only where a wire
    crosses the border there.
    """

    name: str
    ends: tuple[tuple[str, int], ...]
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """Some nodes under a name.

    ``members`` are the ids of the nodes directly in it; ``parent`` is the id of the group that
    it lies in, None for none. ``colour`` is the name of a category of operations, whose colour
    it has; empty for a quiet one. ``inputs`` and ``outputs`` are the ports that are not just
    read from the wires, in the order in which they stand.
    """

    id: str
    name: str
    members: frozenset[str] = frozenset()
    parent: str | None = None
    collapsed: bool = False
    colour: str = ""
    inputs: tuple[GroupPort, ...] = ()
    outputs: tuple[GroupPort, ...] = ()

    def changed(self, **changes: Any) -> Group:
        """A copy with some fields replaced."""
        return replace(self, **changes)


def children(graph: Graph, group_id: str) -> list[str]:
    """The groups directly in one."""
    return [g.id for g in graph.groups_by_id.values() if g.parent == group_id]


def outward(groups: Mapping[str, Group], group_id: str | None) -> Iterator[Group]:
    """A group, the one it lies in, the one that lies in …; nothing for None."""
    while group_id is not None:
        group = groups[group_id]
        yield group
        group_id = group.parent


def members_of(graph: Graph, group_id: str) -> frozenset[str]:
    """The nodes of a group and of all groups within it."""
    found, waiting = set[str](), [group_id]
    while waiting:
        inner = waiting.pop()
        found |= graph.groups_by_id[inner].members
        waiting += children(graph, inner)
    return frozenset(found)


def all_members(graph: Graph) -> dict[str, frozenset[str]]:
    """The nodes of every group, those of groups within it included."""
    return members_within(graph.groups_by_id)


def members_within(groups: Mapping[str, Group]) -> dict[str, frozenset[str]]:
    """The same of groups that may be no graph's yet."""
    found: dict[str, set[str]] = {i: set() for i in groups}
    for group in groups.values():
        for outer in outward(groups, group.id):
            found[outer.id] |= group.members
    return {i: frozenset(members) for i, members in found.items()}


def by_name(graph: Graph) -> dict[str, frozenset[str]]:
    """The nodes of every group by the group's name; of two with one name, the older."""
    found: dict[str, frozenset[str]] = {}
    for group_id, members in all_members(graph).items():
        found.setdefault(graph.groups_by_id[group_id].name, members)
    return found


def hidden_in(groups: Mapping[str, Group]) -> dict[str, str]:
    """For each node that no card of its own shows, the collapsed group whose card does."""
    found: dict[str, str] = {}
    for group in groups.values():
        collapsed = [g.id for g in outward(groups, group.id) if g.collapsed]
        if collapsed:
            found.update(dict.fromkeys(group.members, collapsed[-1]))
    return found


# cycles through collapsed groups -----------------------------------------------------------


def cycle_through(graph: Graph, wire: Wire) -> str | None:
    """Why ``wire`` would close a cycle through the card of a collapsed group."""
    if not any(g.collapsed for g in graph.groups_by_id.values()):
        return None
    hidden = hidden_in(graph.groups_by_id)
    start, goal = (hidden.get(i, i) for i in (wire.target, wire.source))
    if start == goal or goal not in reach(graph, start, hidden):
        return None
    group = next(g for g in (goal, start, *reach(graph, start, hidden)) if g in graph.groups_by_id)
    name = graph.groups_by_id[group].name
    return f"this wire would close a cycle through the collapsed group '{name}': expand it first"


def reach(graph: Graph, start: str, hidden: Mapping[str, str]) -> dict[str, None]:
    """Every card that wires lead to from a card, itself included."""
    inside: dict[str, list[str]] = {}
    for node_id, group_id in hidden.items():
        inside.setdefault(group_id, []).append(node_id)
    found: dict[str, None] = {}
    waiting = [start]
    while waiting:
        card = waiting.pop()
        if card not in found:
            found[card] = None
            for node_id in inside.get(card, (card,)):
                targets = (w.target for w in graph.outgoing.get(node_id, ()))
                waiting += [hidden.get(t, t) for t in targets]
    return found


def cards_in_cycle(graph: Graph, groups: Mapping[str, Group]) -> list[str]:
    """The cards (nodes, collapsed groups) of a cycle that collapsed ``groups`` make; else none."""
    hidden = hidden_in(groups)
    if not hidden:
        return []
    after: dict[str, set[str]] = {hidden.get(i, i): set() for i in graph.nodes_by_id}
    for wire in (w for wires in graph.outgoing.values() for w in wires):
        source, target = (hidden.get(i, i) for i in (wire.source, wire.target))
        if source != target:
            after[source].add(target)
    return _within_cycles(after)


def _within_cycles(after: Mapping[str, Iterable[str]]) -> list[str]:
    """What is left when all that comes from no cycle, and then all that leads to none, goes."""
    return list(_behind_cycles(_turned(_behind_cycles(after))))


def _behind_cycles(after: Mapping[str, Iterable[str]]) -> dict[str, Iterable[str]]:
    """The arrows from all that cannot be put in an order."""
    waiting = dict.fromkeys(after, 0)
    for target in (t for targets in after.values() for t in targets if t in waiting):
        waiting[target] += 1
    ready = [card for card, count in waiting.items() if not count]
    while ready:
        card = ready.pop()
        del waiting[card]
        for target in (t for t in after[card] if t in waiting):
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return {card: after[card] for card in waiting}


def _turned(after: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """The same arrows the other way."""
    before: dict[str, list[str]] = {card: [] for card in after}
    for card, targets in after.items():
        for target in targets:
            if target in before:
                before[target].append(card)
    return before
