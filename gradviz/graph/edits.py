"""The edits a document knows: small frozen values, each with its reverse.

Everything a person does is one of these six, the one of groups
(:mod:`gradviz.graph.group_edits`), the one of frames, notes and dots
(:mod:`gradviz.graph.scenery_edits`), or a :class:`Batch` of them, so undo costs what
the change cost and nothing is ever copied whole.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from gradviz.graph import checks
from gradviz.graph.changes import Change
from gradviz.graph.document import Edit, Graph, GraphError, Node, Settings, Wire


@dataclass(frozen=True, slots=True)
class AddNode:
    """Add a node, not wired yet."""

    node: Node

    def apply(self, graph: Graph) -> Change:
        """Add it; refused where its id or name is taken or anything in it is wrong."""
        node = self.node
        check_room(graph, node)
        check_node(graph, node)
        enter(graph, node)
        return Change(added=(node,))

    def inverse(self) -> Edit:
        """Remove it."""
        return RemoveNode(self.node)


@dataclass(frozen=True, slots=True)
class RemoveNode:
    """Remove a node that no wire and no group holds (see :func:`gradviz.graph.compose.delete`)."""

    node: Node

    def apply(self, graph: Graph) -> Change:
        """Remove it; refused while wires hang on it, or a group holds it."""
        node = current(graph, self.node)
        if graph.incoming.get(node.id) or graph.outgoing.get(node.id):
            raise GraphError(f"'{node.name}' still has wires")
        if node.id in graph.group_of:
            group = graph.groups_by_id[graph.group_of[node.id]]
            raise GraphError(f"'{node.name}' is still in the group '{group.name}'")
        del graph.nodes_by_id[node.id]
        del graph.ids_by_name[node.name]
        graph.incoming.pop(node.id, None)
        graph.outgoing.pop(node.id, None)
        graph.last = None
        return Change(removed=(node,))

    def inverse(self) -> Edit:
        """Add it again."""
        return AddNode(self.node)


@dataclass(frozen=True, slots=True)
class ReplaceNode:
    """Change a node's name, settings, literals, position or colour."""

    before: Node
    after: Node

    def apply(self, graph: Graph) -> Change:
        """Put ``after`` in place; refused where a wired port would vanish or a name is taken."""
        before, after = current(graph, self.before), self.after
        if before.stands_for(after):
            # The rest was looked at when it came; of thousands that are moved it need not be again.
            refuse(after, checks.position_problem(after))
            graph.nodes_by_id[after.id] = after
            moved = before.position != after.position
            return Change(replaced=((before, after),)) if moved else Change()
        check_node(graph, after)
        if bad := checks.replacement_problem(graph, before, after):
            raise GraphError(bad)
        if after.name != before.name:
            del graph.ids_by_name[before.name]
            graph.ids_by_name[after.name] = after.id
        graph.nodes_by_id[after.id] = after
        if after.op != before.op:
            graph.last = None
        return Change(replaced=((before, after),)) if before != after else Change()

    def inverse(self) -> Edit:
        """Put ``before`` back."""
        return ReplaceNode(self.after, self.before)


@dataclass(frozen=True, slots=True)
class AddWire:
    """Connect an output to a free port."""

    wire: Wire

    def apply(self, graph: Graph) -> Change:
        """Connect; refused where the port is taken or missing, or a cycle would close."""
        wire = self.wire
        if reason := refusal(graph, wire):
            raise GraphError(reason)
        link(graph, wire)
        return Change(wired=(wire,))

    def inverse(self) -> Edit:
        """Disconnect."""
        return RemoveWire(self.wire)


@dataclass(frozen=True, slots=True)
class RemoveWire:
    """Disconnect an output from a port; its dots go before, of a variadic port the last first."""

    wire: Wire

    def apply(self, graph: Graph) -> Change:
        """Disconnect; refused where there is no such wire or a gap would open."""
        wire = self.wire
        if bad := checks.unwire_problem(graph, wire):
            raise GraphError(bad)
        del graph.incoming[wire.target][wire.port]
        graph.outgoing[wire.source].discard(wire)
        graph.last = None
        return Change(unwired=(wire,))

    def inverse(self) -> Edit:
        """Connect again."""
        return AddWire(self.wire)


@dataclass(frozen=True, slots=True)
class SetSettings:
    """Change the document's title, description, output, descent, view, flow, watches or bookmarks.

    Only the fields in which ``before`` and ``after`` differ are written, so taking a title
    back leaves the view where it has moved since. The output and what is watched may be nodes
    that are gone, which an undo may bring back; meanwhile they count as not chosen.
    """

    before: Settings
    after: Settings

    def apply(self, graph: Graph) -> Change:
        """Write the fields that differ; refused where one of them is not as ``before`` says."""
        changed = {
            f.name: getattr(self.after, f.name)
            for f in fields(Settings)
            if getattr(self.before, f.name) != getattr(self.after, f.name)
        }
        for name in changed:
            if getattr(graph.settings, name) != getattr(self.before, name):
                raise GraphError(f"the {name} has changed meanwhile")
        settings = replace(graph.settings, **changed)
        if bad := checks.settings_problem(graph, settings, changed.keys() - {"output", "watches"}):
            raise GraphError(f"{bad[0][0]}: {bad[1]}")
        graph.settings = settings
        return Change(settings=frozenset(changed))

    def inverse(self) -> Edit:
        """Put the fields back."""
        return SetSettings(self.after, self.before)


@dataclass(frozen=True, slots=True)
class Batch:
    """Several edits as one, carried out whole or not at all; ``label`` is for the undo list."""

    edits: tuple[Edit, ...]
    label: str = ""

    def apply(self, graph: Graph) -> Change:
        """Carry out each in turn; where one is refused, those before it are taken back."""
        changes, done = list[Change](), list[Edit]()
        try:
            for edit in self.edits:
                changes.append(edit.apply(graph))
                done.append(edit)
        except GraphError:
            for edit in reversed(done):
                edit.inverse().apply(graph)
            raise
        return Change.net(changes)

    def inverse(self) -> Edit:
        """Take back each, the last first."""
        return Batch(tuple(e.inverse() for e in reversed(self.edits)), self.label)


def check_node(graph: Graph, node: Node) -> None:
    """Refuse a node in which anything is wrong, or whose name another one has."""
    refuse(node, checks.node_problem(node))
    check_name(graph, node)


def refuse(node: Node, bad: checks.Problem | None) -> None:
    """Say what is wrong in a node, where anything is."""
    if bad is not None:
        place, reason = bad
        where = (
            ""
            if place[0] in ("op", "id", "name")
            else f"{checks.spelled(place)} of '{node.name}': "
        )
        raise GraphError(where + reason)


def check_name(graph: Graph, node: Node) -> None:
    """Refuse a node whose name another one has."""
    if graph.ids_by_name.get(node.name, node.id) != node.id:
        raise GraphError(f"another node is called '{node.name}' already")


def check_room(graph: Graph, node: Node) -> None:
    """Refuse a new node where the graph is full, or has one with this id."""
    if bad := checks.room_problem(graph):
        raise GraphError(bad)
    if node.id in graph.nodes_by_id:
        raise GraphError(f"there is a node with id '{node.id}' already")


def current(graph: Graph, believed: Node) -> Node:
    """The node as the graph has it; refused where an edit was made for a different state of it."""
    node = graph.node(believed.id)
    if node is not believed and node != believed:
        raise GraphError(f"'{node.name}' has changed meanwhile")
    return node


def enter(graph: Graph, node: Node) -> None:
    """Enter a checked node."""
    graph.nodes_by_id[node.id] = node
    graph.ids_by_name[node.name] = node.id
    graph.last = None


def link(graph: Graph, wire: Wire) -> None:
    """Enter a checked wire at both its ends; those into a node stay in the order of ports."""
    ports = graph.incoming.setdefault(wire.target, {})
    in_order = not ports or wire.port > next(reversed(ports))
    ports[wire.port] = wire
    if not in_order:
        graph.incoming[wire.target] = dict(sorted(ports.items()))
    graph.outgoing.setdefault(wire.source, set()).add(wire)
    graph.last = None


def refusal(graph: Graph, wire: Wire) -> str | None:
    """Why ``wire`` cannot be added, or None where it can; the lasting reasons first."""
    return (
        checks.place_problem(graph, wire)
        or checks.cycle_problem(graph, wire)
        or checks.taken_problem(graph, wire)
    )
