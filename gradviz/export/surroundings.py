"""Frames, notes and colours for the forms of export that are text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from gradviz.export.plot import theme
from gradviz.graph import Graph
from gradviz.graph.scenery import Box, Frame, Note, anchor, boxes, far_corner, holds


def frames(graph: Graph) -> list[Frame]:
    """The frames of a document, the smallest first."""
    found = [box for box in boxes(graph).values() if isinstance(box, Frame)]
    return sorted(found, key=lambda frame: (frame.size[0] * frame.size[1], frame.id))


def notes(graph: Graph) -> list[Note]:
    """The notes of a document."""
    return [box for box in boxes(graph).values() if isinstance(box, Note)]


def nested(graph: Graph) -> tuple[dict[str, str | None], dict[str, str]]:
    """In which frame each frame and note lies whole, and in which each node: the inmost."""
    ordered = frames(graph)
    inside: dict[str, str | None] = {}
    for place, frame in enumerate(ordered):
        around = (f.id for f in ordered[place + 1 :] if whole(f, frame))
        inside[frame.id] = next(around, None)
    for note in notes(graph):
        inside[note.id] = next((f.id for f in ordered if whole(f, note)), None)
    held: dict[str, str] = {}
    for node in graph.nodes.values():
        frame = next((f for f in ordered if holds(f, anchor(node.position))), None)
        if frame is not None:
            held[node.id] = frame.id
    return inside, held


def whole(frame: Frame, box: Box) -> bool:
    """Whether a frame holds a frame or a note whole."""
    return holds(frame, box.at) and holds(frame, far_corner(box))


def tint(colour: str, theme_name: str = "light") -> str:
    """A colour of a node, a frame or a note, as ``#RRGGBB``."""
    return str(theme(theme_name)["tints"][colour])


def pale(colour: str) -> str:
    """The same colour as a light ground behind dark text."""
    parts = (int(tint(colour)[k : k + 2], 16) for k in (1, 3, 5))
    return "#" + "".join(f"{round(255 + (part - 255) * 0.16):02X}" for part in parts)


def outline(
    graph: Graph, node: Callable[[str], str], box: Callable[[Box], Iterable[str]], end: str
) -> Iterator[str]:
    """The lines of all nodes, frames and notes, those in a frame further in than the frame.

    ``node`` writes a node, ``box`` a note or the beginning of a frame, which ``end`` closes.
    """
    inside, held = nested(graph)
    nodes: dict[str | None, list[str]] = defaultdict(list)
    for node_id in graph.order():
        nodes[held.get(node_id)].append(node_id)
    inner: dict[str | None, list[Box]] = defaultdict(list)
    for each in boxes(graph).values():
        inner[inside[each.id]].append(each)

    def level(parent: str | None, indent: str) -> Iterator[str]:
        for frame in inner[parent]:
            if isinstance(frame, Frame):
                yield from (indent + line for line in box(frame))
                yield from level(frame.id, f"{indent}  ")
                yield indent + end
        yield from (indent + node(i) for i in nodes[parent])
        for note in inner[parent]:
            if isinstance(note, Note):
                yield from (indent + line for line in box(note))

    return level(None, "  ")
