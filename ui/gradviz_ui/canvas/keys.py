"""Keys on the canvas: which card an arrow leads to, and what each key does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from gradviz.graph import Graph

from ..editor import Editor
from . import box_keys
from .box_keys import WAYS
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
    "Ctrl+Shift+Left": "moves what is selected", "Ctrl+Shift+Right": "moves what is selected",
    "Ctrl+Shift+Up": "moves what is selected", "Ctrl+Shift+Down": "moves what is selected",
    "Ctrl+Alt+Shift+Left": "resizes frames and notes",
    "Ctrl+Alt+Shift+Right": "resizes frames and notes",
    "Ctrl+Alt+Shift+Up": "resizes frames and notes",
    "Ctrl+Alt+Shift+Down": "resizes frames and notes",
    "Return": "edits what is selected", "Enter": "edits what is selected",
    "Esc": "cancels what is in progress", "Space": "searches; moves the view with a drag",
    "Shift+Tab": "leaves the canvas",
}  # fmt: skip
"""Keys that always mean the same on the canvas, and what they do there."""


ALONG = {"right": ("left", "right"), "down": ("up", "down")}
"""The arrows that lead along wires, against them and with them, by the way that wires run."""
MOVING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
RESIZING = MOVING | Qt.KeyboardModifier.AltModifier
"""Held with an arrow they move what is selected, or resize the frame or note."""


def neighbour(scene: CanvasScene, node_id: str, way: str) -> str | None:
    """The node an arrow leads to along a wire; None where none does.

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
    if way != forth:
        return None
    read_by = {w.target for i in here.ids for w in graph.outputs(i)} - here.ids
    readers = sorted(i for i in read_by if scene.groups.shows(i))
    aside = QPointF.x if forth == "down" else QPointF.y
    middle = here.body().center()
    gaps = {i: aside(scene.groups.card_of(i).body().center() - middle) for i in readers}
    return min(readers, key=lambda i: abs(gaps[i]), default=None)


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
    if key in ARROWS and held in (MOVING, RESIZING):
        return (box_keys.nudge if held == MOVING else box_keys.resize)(view, ARROWS[key])
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
    """Choose what is that way, or add it to what is chosen; False where there is no card at all.

    That is a card along a wire; else, and across the wires, the nearest frame or note, or card.
    """
    editor, scene, start = view.editor, view.canvas, focused(view.editor)
    if len(editor.boxes.ids) == 1 and not editor.selection and way in WAYS:
        return box_keys.step_from_box(view, way, adding)
    if start is None:
        return False
    goal = neighbour(scene, start, way) if editor.selection else start
    found = None if goal is None else scene.groups.card_of(goal)
    along = way in ALONG[editor.graph.settings.flow]
    if found is None and way in WAYS:
        here = scene.groups.card_of(start).body()
        found = box_keys.item_ahead(scene, here, way, cards=not along)
    box_keys.go_to(view, found, adding)
    return True
