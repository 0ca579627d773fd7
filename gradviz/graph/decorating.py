"""What people do to frames, notes, colours and dots on wires, as batches of edits.

See :mod:`gradviz.graph.compose`, which does the same for nodes and wires.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from gradviz.graph.document import Edit, Graph, GraphError, Wire
from gradviz.graph.edits import Batch, ReplaceNode
from gradviz.graph.limits import MAX_DOTS
from gradviz.graph.scenery import (
    Box,
    Frame,
    Note,
    Piece,
    Point,
    Route,
    changed,
    dots,
    new_id,
    shifted,
)
from gradviz.graph.scenery_edits import ChangeScenery

Pair = tuple[Piece | None, Piece | None]


def turned(pairs: Iterable[Pair], label: str = "") -> Batch:
    """The batch that turns pieces into others; None where there was, or is to be, none."""
    differing = [(a, b) for a, b in pairs if a != b]
    before = tuple(a for a, _ in differing if a is not None)
    after = tuple(b for _, b in differing if b is not None)
    return Batch((ChangeScenery(before, after),) if differing else (), label)


def box(graph: Graph, box_id: str) -> Box:
    """The frame or note with this id; GraphError where there is none."""
    found = graph.scenery.get(box_id)
    if found is None or isinstance(found, Route):
        raise GraphError(f"there is no frame and no note '{box_id}'")
    return found


def add_frame(
    graph: Graph, at: Point, size: Point, title: str = "", group: str | None = None
) -> Batch:
    """Put a frame there. Its id is that of the batch's only edit's only piece."""
    made = Frame(new_id(graph), " ".join(title.split()), at, size, "", group)
    return turned([(None, made)], "Add a frame")


def add_note(
    graph: Graph, at: Point, size: Point, text: str = "", group: str | None = None
) -> Batch:
    """Put a note there. Its id is that of the batch's only edit's only piece."""
    return turned([(None, Note(new_id(graph), text, at, size, "", group))], "Add a note")


def change(graph: Graph, box_id: str, label: str, **changes: Any) -> Batch:
    """Give a frame or a note another title, text, place or size."""
    before = box(graph, box_id)
    return turned([(before, changed(before, **changes))], label)


def delete_boxes(graph: Graph, ids: Iterable[str]) -> Batch:
    """Take frames and notes away; the nodes in a frame stay."""
    gone = [box(graph, i) for i in dict.fromkeys(ids)]
    kinds = {"a frame" if isinstance(b, Frame) else "a note" for b in gone}
    what = kinds.pop() if len(gone) == 1 else "frames and notes"
    return turned([(b, None) for b in gone], f"Delete {what}")


def shift(graph: Graph, keys: Iterable[str | Wire], by: Point) -> Batch:
    """Move frames, notes and the dots of wires."""
    pieces = [graph.scenery[key] for key in keys if key in graph.scenery]
    return turned([(p, shifted(p, by)) for p in pieces], "Move")


def colour(graph: Graph, nodes: Iterable[str], ids: Iterable[str], name: str) -> Batch:
    """Give nodes, frames and notes a colour, or take it away with an empty one."""
    found = [graph.node(i) for i in nodes]
    edits: list[Edit] = [ReplaceNode(n, n.changed(colour=name)) for n in found if n.colour != name]
    before = [box(graph, i) for i in ids]
    edits += turned((b, changed(b, colour=name)) for b in before).edits
    return Batch(tuple(edits), f"Colour {name}" if name else "Take the colour away")


# dots on wires ----------------------------------------------------------------------------------


def lead(graph: Graph, wire: Wire, through: Iterable[Point], label: str = "Lead a wire") -> Batch:
    """Lead a wire through these dots; straight from end to end with none."""
    before = graph.scenery.get(wire)
    after = Route(wire, tuple(through))
    if len(after.dots) > MAX_DOTS:
        raise GraphError(f"a wire is led through at most {MAX_DOTS} dots")
    return turned([(before, after if after.dots else None)], label)


def straighten(graph: Graph, wires: Iterable[Wire]) -> Batch:
    """Take all dots of some wires away."""
    routes = [graph.scenery[wire] for wire in wires if wire in graph.scenery]
    return turned([(route, None) for route in routes], "Remove dots")


def unled(graph: Graph, removed: Collection[Wire], added: Iterable[Wire]) -> tuple[Batch, Batch]:
    """What goes before wires are taken away and others laid, and what comes after.

    No wire goes with dots on it. Where one only comes to another port of the same node, its dots
    go along.
    """
    left = {(w.source, w.output, w.target): dots(graph, w) for w in removed if dots(graph, w)}
    routes: list[Route] = []
    for wire in added:
        through = left.pop((wire.source, wire.output, wire.target), None)
        if through is not None:
            routes.append(Route(wire, through))
    return straighten(graph, removed), turned((None, route) for route in routes)


# copies -----------------------------------------------------------------------------------------


def copies(
    graph: Graph,
    origin: Graph,
    ids: Iterable[str],
    fresh: Mapping[str, str],
    homes: Mapping[str, str],
    by: Point,
) -> tuple[Edit, ...]:
    """The edits that add copies of frames and notes, and of the dots of copied wires.

    ``fresh`` has the copy of each copied node, ``homes`` the group for copies of what belongs to
    a group; to none where it has none. Dots are copied with both ends of their wire.
    """
    pairs: list[Pair] = []
    taken: list[str] = []
    for before in (box(origin, i) for i in sorted(ids, key=lambda i: (len(i), i))):
        taken.append(new_id(graph, taken))
        copied = changed(before, id=taken[-1], group=homes.get(before.group or ""))
        pairs.append((None, shifted(copied, by)))
    for piece in origin.scenery.values():
        if isinstance(piece, Route) and {piece.wire.source, piece.wire.target} <= fresh.keys():
            wire = piece.wire
            led = Wire(fresh[wire.source], fresh[wire.target], wire.port, wire.output)
            pairs.append((None, shifted(Route(led, piece.dots), by)))
    return turned(pairs).edits
