"""The edits a document knows: small frozen values, each with its reverse.

Everything a person does is one of these six or a :class:`Batch` of them, so undo costs what
the change cost and nothing is ever copied whole.
"""

from __future__ import annotations

import keyword
from dataclasses import dataclass

from gradviz.graph.changes import Change
from gradviz.graph.document import Edit, Graph, GraphError, Node, Settings, Wire
from gradviz.ops.table import OPS


@dataclass(frozen=True, slots=True)
class AddNode:
    """Add a node, not wired yet."""

    node: Node

    def apply(self, graph: Graph) -> Change:
        """Add it; refused where its id or name is taken or its operation unknown."""
        node = self.node
        if node.op not in OPS:
            raise GraphError(f"there is no operation '{node.op}'")
        if node.id in graph.nodes_by_id:
            raise GraphError(f"there is a node with id '{node.id}' already")
        check_name(graph, node)
        graph.nodes_by_id[node.id] = node
        graph.ids_by_name[node.name] = node.id
        return Change(added=(node,))

    def inverse(self) -> Edit:
        """Remove it."""
        return RemoveNode(self.node)


@dataclass(frozen=True, slots=True)
class RemoveNode:
    """Remove a node that has no wires (see :func:`gradviz.graph.compose.delete`)."""

    node: Node

    def apply(self, graph: Graph) -> Change:
        """Remove it; refused while wires hang on it."""
        node = graph.node(self.node.id)
        if graph.incoming.get(node.id) or graph.outgoing.get(node.id):
            raise GraphError(f"'{node.name}' still has wires")
        del graph.nodes_by_id[node.id]
        del graph.ids_by_name[node.name]
        graph.incoming.pop(node.id, None)
        graph.outgoing.pop(node.id, None)
        return Change(removed=(node,))

    def inverse(self) -> Edit:
        """Add it again."""
        return AddNode(self.node)


@dataclass(frozen=True, slots=True)
class ReplaceNode:
    """Change a node's name, settings, literals or position."""

    before: Node
    after: Node

    def apply(self, graph: Graph) -> Change:
        """Put ``after`` in place; refused where a wired port would vanish or a name is taken."""
        current = graph.node(self.before.id)
        after = self.after
        if after.id != current.id:
            raise GraphError("an edit may not change a node's id")
        if after.name != current.name:
            check_name(graph, after)
            del graph.ids_by_name[current.name]
            graph.ids_by_name[after.name] = after.id
        graph.nodes_by_id[after.id] = after
        return Change(replaced=((current, after),))

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
        source, target = graph.node(wire.source), graph.node(wire.target)
        reason = refusal(graph, wire)
        if reason:
            raise GraphError(reason)
        graph.incoming.setdefault(target.id, {})[wire.port] = wire
        graph.outgoing.setdefault(source.id, set()).add(wire)
        return Change(wired=(wire,))

    def inverse(self) -> Edit:
        """Disconnect."""
        return RemoveWire(self.wire)


@dataclass(frozen=True, slots=True)
class RemoveWire:
    """Disconnect an output from a port."""

    wire: Wire

    def apply(self, graph: Graph) -> Change:
        """Disconnect; refused where there is no such wire."""
        wire = self.wire
        if graph.incoming.get(wire.target, {}).get(wire.port) != wire:
            raise GraphError("there is no such wire")
        del graph.incoming[wire.target][wire.port]
        graph.outgoing[wire.source].discard(wire)
        return Change(unwired=(wire,))

    def inverse(self) -> Edit:
        """Connect again."""
        return AddWire(self.wire)


@dataclass(frozen=True, slots=True)
class SetSettings:
    """Change the document's title, description, output, descent or view."""

    before: Settings
    after: Settings

    def apply(self, graph: Graph) -> Change:
        """Put ``after`` in place."""
        graph.settings = self.after
        return Change(settings=True)

    def inverse(self) -> Edit:
        """Put ``before`` back."""
        return SetSettings(self.after, self.before)


@dataclass(frozen=True, slots=True)
class Batch:
    """Several edits as one, carried out whole or not at all; ``label`` is for the undo list."""

    edits: tuple[Edit, ...]
    label: str = ""

    def apply(self, graph: Graph) -> Change:
        """Carry out each in turn; where one is refused, those before it are taken back."""
        change, done = Change(), list[Edit]()
        try:
            for edit in self.edits:
                change += edit.apply(graph)
                done.append(edit)
        except GraphError:
            for edit in reversed(done):
                edit.inverse().apply(graph)
            raise
        return change

    def inverse(self) -> Edit:
        """Take back each, the last first."""
        return Batch(tuple(e.inverse() for e in reversed(self.edits)), self.label)


def check_name(graph: Graph, node: Node) -> None:
    """Refuse a name that is not an identifier or that another node has."""
    if not node.name.isidentifier() or keyword.iskeyword(node.name):
        raise GraphError(f"'{node.name}' cannot be a name: use letters, digits and _")
    if graph.ids_by_name.get(node.name, node.id) != node.id:
        raise GraphError(f"another node is called '{node.name}' already")


def refusal(graph: Graph, wire: Wire) -> str | None:
    """Why ``wire`` cannot be added, or None where it can."""
    source, target = graph.node(wire.source), graph.node(wire.target)
    ports = target.spec.ports
    if not ports:
        return f"'{target.name}' takes no inputs"
    if wire.port >= len(ports) and not ports[-1].variadic or wire.port < 0:
        return f"'{target.name}' has no input {wire.port + 1}: {target.op} takes {len(ports)}"
    if not 0 <= wire.output < len(source.spec.outputs):
        return f"'{source.name}' has no output {wire.output + 1}"
    if wire.port in graph.incoming.get(target.id, {}):
        name = ports[min(wire.port, len(ports) - 1)].name
        return f"input '{name}' of '{target.name}' has a wire already"
    if source.id in graph.downstream((target.id,)):
        return (
            f"'{source.name}' already depends on '{target.name}': "
            "this wire would close a cycle, and a cycle has no order of evaluation"
        )
    return None
