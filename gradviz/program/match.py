"""Which node of a graph each draft of a text already is, so that an edit leaves it alone.

By name first; then what computes the same from the same; then what stands in the same place,
as the same input of the same reader.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gradviz.graph.document import Graph, Node, same_attrs
from gradviz.ops.table import OPS
from gradviz.program.sketch import LEAF, Draft, Sketch, effective_literals, is_generated


class Matching:
    """Pairs of drafts and nodes, each at most once."""

    def __init__(self, graph: Graph, sketch: Sketch) -> None:
        self.graph = graph
        self.sketch = sketch
        self.node_of: dict[int, str] = {}
        self.taken: set[str] = set()

    def pair(self, draft: int, node: Node) -> None:
        """Let a draft be a node."""
        self.node_of[draft] = node.id
        self.taken.add(node.id)

    def by_name(self) -> None:
        """Pair what has the same name."""
        for place, draft in enumerate(self.sketch.drafts):
            node = self.graph.named(draft.name) if draft.name is not None else None
            if node is not None:
                self.pair(place, node)

    def by_content(self) -> None:
        """Pair what computes the same from the same inputs, inputs before readers."""
        found: dict[tuple[object, ...], list[Node]] = {}
        for node_id in self.graph.order():
            node = self.graph.node(node_id)
            if node_id not in self.taken and (node.op != LEAF or is_constant(node)):
                wires = self.graph.inputs(node_id)
                key = (node.op, *((p, w.source, w.output) for p, w in sorted(wires.items())))
                found.setdefault(key, []).append(node)
        for place, draft in enumerate(self.sketch.drafts):
            if (
                place in self.node_of
                or draft.free
                or any(r.draft not in self.node_of for r in draft.inputs.values())
            ):
                continue
            sources = (
                (p, self.node_of[r.draft], r.output) for p, r in sorted(draft.inputs.items())
            )
            candidates = found.get((draft.op, *sources), [])
            node = next(
                (n for n in candidates if n.id not in self.taken and agrees(draft, n)), None
            )
            if node is not None:
                self.pair(place, node)

    def by_place(self, may_be: Callable[[int, Node], bool]) -> None:
        """Pair what stands as the same input of a reader that is paired, readers first."""
        for place in reversed(range(len(self.sketch.drafts))):
            if place not in self.node_of:
                continue
            wires = self.graph.inputs(self.node_of[place])
            for port, ref in self.sketch.drafts[place].inputs.items():
                wire = wires.get(port)
                if wire is None or ref.draft in self.node_of or wire.source in self.taken:
                    continue
                node = self.graph.node(wire.source)
                alike = self.reads_alike(place) or self.sketch.drafts[ref.draft].op != LEAF
                if alike and may_be(ref.draft, node):
                    self.pair(ref.draft, node)

    def is_same(self, place: int, node: Node) -> bool:
        """Whether a draft is just this node, with all that it reads."""
        if place in self.node_of or node.id in self.taken:
            return self.node_of.get(place) == node.id
        draft, wires = self.sketch.drafts[place], self.graph.inputs(node.id)
        if draft.free or draft.op != node.op or draft.inputs.keys() != wires.keys():
            return False
        return agrees(draft, node) and all(
            ref.output == wires[port].output
            and self.is_same(ref.draft, self.graph.node(wires[port].source))
            for port, ref in draft.inputs.items()
        )

    def is_like(self, place: int, node: Node) -> bool:
        """Whether a draft is the same operation as a node, maybe with other settings."""
        return fits(self.sketch.drafts[place], node) and self.sketch.drafts[place].op == node.op

    def is_instead(self, place: int, node: Node) -> bool:
        """Whether a draft may take a node's place."""
        return fits(self.sketch.drafts[place], node)

    def reads_alike(self, place: int) -> bool:
        """Whether a draft and its node are the same operation, so that their inputs compare.

        Only then is a leaf of another name the same leaf renamed.
        """
        return self.sketch.drafts[place].op == self.graph.node(self.node_of[place]).op


def matched(graph: Graph, sketch: Sketch) -> Mapping[int, str]:
    """The id of the node that each draft is; drafts of new nodes are left out."""
    matching = Matching(graph, sketch)
    matching.by_name()
    # What is there twice stays where it is: places are asked before contents.
    matching.by_place(matching.is_same)
    matching.by_content()
    matching.by_place(matching.is_like)
    matching.by_place(matching.is_instead)
    return matching.node_of


def is_constant(node: Node) -> bool:
    """Whether a leaf is written out where it is read: it has no name or settings of its own."""
    return is_generated(node.name, node.spec) and node.attrs.keys() <= {"data"}


def agrees(draft: Draft, node: Node) -> bool:
    """Whether settings and numbers are the same."""
    op, wired = OPS[draft.op], set(draft.inputs)
    literals = (
        effective_literals(op, draft.literals, wired),
        effective_literals(op, node.literals, wired),
    )
    return same_attrs(draft.attrs, node.attrs) and same_attrs(*literals)


def fits(draft: Draft, node: Node) -> bool:
    """Whether a node may become what a draft describes; leaves and computed nodes never mix."""
    if draft.op == LEAF or node.op == LEAF:
        same = draft.op == node.op
        return same and (draft.name is not None) is not is_constant(node)
    return True
