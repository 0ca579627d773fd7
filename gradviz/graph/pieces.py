"""Pieces of a graph: taking some nodes out as a graph of their own, and putting one in.

Duplicating, copying and pasting, and opening a file into a document are all this.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from gradviz.graph import decorating, scenery
from gradviz.graph.belonging import boxes_of
from gradviz.graph.compose import closed_up, counted
from gradviz.graph.document import Edit, Graph, Node, Wire, free_name, id_key
from gradviz.graph.edits import AddNode, AddWire, Batch, enter, link
from gradviz.graph.group_edits import put
from gradviz.graph.grouping import copies
from gradviz.graph.groups import all_members

OFFSET = (32.0, 32.0)
"""How far from the original a duplicate lies, in scene units."""


def part(graph: Graph, ids: Collection[str], boxes: Collection[str] = ()) -> Graph:
    """Some nodes, the wires among them, and some frames and notes, as a graph of their own."""
    piece, chosen = Graph(), set(ids)
    for node_id in in_order(graph, chosen):
        enter(piece, graph.node(node_id))
        for wire in wires_among(graph, node_id, chosen):
            link(piece, wire)
    whole = {i: m for i, m in all_members(graph).items() if m <= piece.nodes_by_id.keys()}
    groups = (graph.groups_by_id[i] for i in whole)
    put(piece, (), tuple(g if g.parent in whole else g.changed(parent=None) for g in groups))
    same = {i: i for i in (*piece.nodes, *whole)}
    taken = {*boxes, *(box.id for box in boxes_of(graph, whole))}
    for edit in decorating.copies(piece, graph, taken, same, same, (0.0, 0.0)):
        edit.apply(piece)
    return piece


def snapshot(graph: Graph) -> Graph:
    """The document as it is now: no later edit changes it, so another thread may read it.

    All that is frozen is shared, so this costs next to nothing; nobody should edit it.
    """
    kept = Graph()
    kept.nodes_by_id = graph.nodes_by_id.copy()
    kept.ids_by_name = graph.ids_by_name.copy()
    kept.incoming = {target: ports.copy() for target, ports in graph.incoming.items()}
    kept.outgoing = {source: wires.copy() for source, wires in graph.outgoing.items()}
    kept.groups_by_id = graph.groups_by_id.copy()
    kept.group_of = graph.group_of.copy()
    kept.scenery = graph.scenery.copy()
    kept.settings = graph.settings
    return kept


def wires_among(graph: Graph, target: str, sources: Collection[str]) -> list[Wire]:
    """The wires into ``target`` from some nodes, as they are where there are no others."""
    wires = [w for w in graph.inputs(target).values() if w.source in sources]
    return closed_up(graph.node(target).spec, wires)


def in_order(graph: Graph, ids: Collection[str]) -> list[str]:
    """``ids`` so that each comes after those it reads."""
    wanted = {graph.node(i).id for i in ids}
    return [i for i in graph.order() if i in wanted] if len(wanted) > 1 else list(wanted)


def insert(graph: Graph, piece: Graph, position: tuple[float, float]) -> Batch:
    """Put the nodes and wires of another graph in, its top left corner at ``position``.

    Ids are fresh, and names that are taken get another number.
    """
    boxes = scenery.boxes(piece)
    corners = [n.position for n in piece.nodes.values()] + [b.at for b in boxes.values()]
    left, top = min((x for x, _ in corners), default=0.0), min((y for _, y in corners), default=0.0)
    nodes = [piece.node(i) for i in piece.order()]
    wires = [w for n in nodes for w in wires_among(piece, n.id, piece.nodes)]
    shift = (position[0] - left, position[1] - top)
    edits, fresh = added(graph, nodes, wires, shift)
    groups, homes = copies(graph, piece.groups_by_id, fresh, joining=False)
    rest = decorating.copies(graph, piece, boxes, fresh, homes, shift)
    return Batch((*edits, *groups, *rest), f"Paste {told(nodes, boxes)}")


def told(nodes: Collection[Node], boxes: Collection[str]) -> str:
    """What is copied, for the undo list."""
    return counted(nodes) if nodes or not boxes else "frames and notes"


def duplicate(
    graph: Graph,
    ids: Collection[str],
    offset: tuple[float, float] = OFFSET,
    boxes: Collection[str] = (),
) -> Batch:
    """Add a copy of some nodes, which read one another as they do, and else what they do.

    ``boxes``: ids of frames and notes to copy with them, beside those of whole groups.
    """
    nodes = [graph.node(i) for i in in_order(graph, ids)]
    wires = [w for n in nodes for w in graph.inputs(n.id).values()]
    edits, fresh = added(graph, nodes, wires, offset)
    groups, new = copies(graph, graph.groups_by_id, fresh, joining=True)
    taken = {*boxes, *(box.id for box in boxes_of(graph, new))}
    homes = {i: new.get(i, i) for i in graph.groups_by_id}
    rest = decorating.copies(graph, graph, taken, fresh, homes, offset)
    return Batch((*edits, *groups, *rest), f"Duplicate {told(nodes, boxes)}")


def added(
    graph: Graph, nodes: Iterable[Node], wires: Iterable[Wire], shift: tuple[float, float]
) -> tuple[list[Edit], dict[str, str]]:
    """The edits that add copies of nodes and wires among them, and the new ids of old ones."""
    taken = set(graph.ids_by_name)
    fresh: dict[str, str] = {}
    edits: list[Edit] = []
    for node in sorted(nodes, key=lambda n: id_key(n.id)):
        fresh[node.id] = graph.new_id()
        name = free_name(node.name, taken)
        taken.add(name)
        at = (node.position[0] + shift[0], node.position[1] + shift[1])
        edits.append(AddNode(node.changed(id=fresh[node.id], name=name, position=at)))
    for wire in wires:
        source, target = fresh.get(wire.source, wire.source), fresh[wire.target]
        edits.append(AddWire(replace(wire, source=source, target=target)))
    return edits, fresh
