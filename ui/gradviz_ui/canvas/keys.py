"""Keys on the canvas: which card an arrow leads to, and what each key does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from gradviz.graph import Graph

from ..editor import Editor
from .scene import CanvasScene

if TYPE_CHECKING:
    from .view import CanvasView

ARROWS = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
}

BEGINNINGS = "0123456789.-\N{MINUS SIGN}["
"""What a number, or a list of them, begins with."""

FIXED = {
    "Left": "goes along a wire", "Right": "goes along a wire",
    "Up": "goes to the next card", "Down": "goes to the next card",
    "Home": "fits the graph", "F": "fits the graph", "0": "shows natural size",
    "+": "zooms in", "=": "zooms in", "-": "zooms out",
    "Return": "edits what is selected", "Enter": "edits what is selected",
    "Esc": "cancels what is in progress", "Space": "searches; moves the view with a drag",
    "Shift+Tab": "leaves the canvas",
}  # fmt: skip
"""Keys that always mean the same on the canvas, and what they do there."""


ALONG = {"right": ("left", "right"), "down": ("up", "down")}
"""The arrows that lead along wires, against them and with them, by the way that wires run."""
WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


def neighbour(scene: CanvasScene, node_id: str, way: str) -> str | None:
    """The card an arrow leads to: along a wire, or the nearest beside where no wires run.

    ``next`` and ``previous`` lead to the other inputs of what reads the node, round and round.
    """
    graph = scene.editor.graph
    if way in ("next", "previous"):
        return beside(graph, node_id, 1 if way == "next" else -1)
    here = scene.groups.card_of(node_id)
    back, forth = ALONG[graph.settings.flow]
    if way == back:
        read = (w.source for i in here.ids for w in graph.inputs(i).values())
        return next((i for i in read if i not in here.ids and scene.groups.shows(i)), None)
    gaps = {i: card.body().center() - here.body().center() for i, card in scene.cards.items()}
    if way == forth:
        read_by = {w.target for i in here.ids for w in graph.outputs(i)} - here.ids
        readers = sorted(i for i in read_by if scene.groups.shows(i))
        aside = QPointF.x if forth == "down" else QPointF.y
        return min(readers, key=lambda i: abs(aside(gaps[scene.groups.shown_id(i)])), default=None)
    across, down = WAYS[way]
    ahead = {
        i: (abs(g.x()), abs(g.y())) for i, g in gaps.items() if g.x() * across + g.y() * down > 1
    }
    sideways = {i: (y + 3 * x if down else x + 3 * y) for i, (x, y) in ahead.items()}
    return min(sideways, key=lambda i: (sideways[i], i), default=None)


def beside(graph: Graph, node_id: str, by: int) -> str | None:
    """The node so many inputs on from this one, among those of the first node that reads it."""
    reader = next((w.target for w in graph.outputs(node_id)), None)
    if reader is None:
        return None
    inputs = list(dict.fromkeys(w.source for w in graph.inputs(reader).values()))
    return inputs[(inputs.index(node_id) + by) % len(inputs)]


def focused(editor: Editor) -> str | None:
    """The card that keys act on: the selected one, else the output."""
    selection = editor.selection
    if len(selection) > 1:
        return [i for i in editor.graph.nodes if i in selection][-1]
    chosen = next(iter(selection), None) or editor.graph.output()
    if chosen is not None and not editor.entering.shows(chosen):
        return next(reversed([*editor.entering.shown()]), None)
    return chosen


def type_on_port(view: CanvasView, event: QKeyEvent) -> bool:
    """A digit over a port that has no wire begins a number there; False where it does not."""
    hit, typed = view.under, event.text()
    if hit.part != "input" or hit.card is None or not typed or typed not in BEGINNINGS:
        return False
    return hit.card.scene() is view.canvas and view.overlays.edit_port(hit, typed)


def handle(view: CanvasView, event: QKeyEvent) -> bool:
    """Do what a key asks for; False where it asks for nothing here."""
    if type_on_port(view, event):
        return True
    key = Qt.Key(event.key())
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if held & ~Qt.KeyboardModifier.ShiftModifier:
        return False
    if key in ARROWS:
        return step(view, ARROWS[key], bool(held & Qt.KeyboardModifier.ShiftModifier))
    plain = {
        Qt.Key.Key_Home: view.fit,
        Qt.Key.Key_F: view.fit,
        Qt.Key.Key_Plus: view.zoom_in,
        Qt.Key.Key_Equal: view.zoom_in,
        Qt.Key.Key_Minus: view.zoom_out,
        Qt.Key.Key_0: view.zoom_reset,
        Qt.Key.Key_Return: view.edit_focused,
        Qt.Key.Key_Enter: view.edit_focused,
        Qt.Key.Key_Escape: view.escape,
    }
    action = plain.get(key)
    if action is None:
        return False
    action()
    return True


def step(view: CanvasView, way: str, adding: bool = False) -> bool:
    """Choose the card that way, or add it to those chosen; False where there is none at all."""
    editor, start = view.editor, focused(view.editor)
    if start is None:
        return False
    goal = neighbour(view.canvas, start, way) if editor.selection else start
    if goal is not None:
        card = view.canvas.groups.card_of(goal)
        editor.select(editor.selection | card.ids if adding else card.ids)
        view.ensure_seen(card.body())
    return True
