"""Room for cards that a formula made: how large they are is known only once they have values."""

from collections.abc import Collection

from PySide6.QtCore import QPointF

from gradviz.graph import Batch, compose, decorating
from gradviz.program.placing import HEIGHT, WIDTH

from .inserting import moved_down
from .items import at
from .leading import Dots, led_wires, rerouted
from .scene import CanvasScene
from .sight import sight
from .tidy import MANY


def make_room(scene: CanvasScene, before: Collection[str], merge_key: str) -> None:
    """Have no card of a node that is not among ``before`` lie on another.

    Where there was nothing before, all cards are laid out for the sizes that they have, and wires
    led round them. The edit joins the one of that key, if it was the last.
    """
    editor = scene.editor
    new = {scene.groups.shown_id(i) for i in editor.graph.nodes if i not in before}
    bodies = {i: scene.cards[i].body() for i in new if i in scene.cards}
    if not bodies or len(bodies) > MANY:
        return
    corners: dict[str, QPointF] = {}
    dots: Dots = {}
    if before:
        rest = [card.body() for i, card in scene.cards.items() if i not in new]
        corners = moved_down(bodies, rest)
    else:
        seen = sight(scene)
        tight = any(b.width() > WIDTH or b.height() > HEIGHT for b in bodies.values())
        found = seen.arranged() if tight else {}
        dots = led_wires(seen, found)
        corners = {i: QPointF(round(p.x), round(p.y)) for i, p in found.items() if i in bodies}
    goals = {
        node: (at(editor.graph.node(node).position) + corner - bodies[i].topLeft()).toTuple()
        for i, corner in corners.items()
        for node in scene.cards[i].ids
    }
    led = decorating.turned(rerouted(editor.graph, dots))
    edit = Batch((*compose.move(editor.graph, goals).edits, *led.edits))
    if edit.edits:
        editor.perform(edit, "Edit Formula", merge_key)
