"""Frames and notes in words, for those who hear the canvas rather than see it."""

from __future__ import annotations

from gradviz.graph.scenery import Box, Frame
from gradviz.graph.scenery import boxes as known

from ..editor import Editor
from ..words import listed
from .content import MOST_NAMED
from .moving import held
from .scene import CanvasScene

MOST_LETTERS = 400


def described_box(scene: CanvasScene, box: Box) -> str:
    """A frame with what lies in it, or a note with its text."""
    graph = scene.editor.graph
    coloured = f", coloured {box.colour}" if box.colour else ""
    group = f" In the group {graph.groups[box.group].name}." if box.group is not None else ""
    if not isinstance(box, Frame):
        text = " ".join(box.text.split())
        said = text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]} …"
        return f"Note{coloured}: {said or 'empty'}.{group}"
    inside = held(scene, box)
    names = listed([node.name for i, node in graph.nodes.items() if i in inside], MOST_NAMED)
    return f"Frame {box.title or 'without a title'}{coloured}, round {names or 'nothing'}.{group}"


def counted(editor: Editor) -> str:
    """How much of what kind is selected, where it is more than one thing."""
    boxes = [box for i, box in known(editor.graph).items() if i in editor.boxes.ids]
    frames = sum(isinstance(box, Frame) for box in boxes)
    counts = (len(editor.selection), "node"), (frames, "frame"), (len(boxes) - frames, "note")
    parts = [f"{n} {what}" if n == 1 else f"{n} {what}s" for n, what in counts if n]
    return f"{' and '.join([', '.join(parts[:-1]), parts[-1]] if parts[1:] else parts)} selected"
