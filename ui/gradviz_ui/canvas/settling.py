"""Room for cards that a formula made: how large they are is known only once they have values."""

from collections.abc import Collection

from PySide6.QtCore import QPointF

from gradviz.graph import compose
from gradviz.program.placing import HEIGHT, WIDTH

from .inserting import moved_down
from .items import at
from .scene import CanvasScene
from .sight import sight
from .tidy import MANY


def make_room(scene: CanvasScene, before: Collection[str], merge_key: str) -> None:
    """Have no card of a node that is not among ``before`` lie on another.

    Where there was nothing before, all cards are laid out for the sizes that they have. The edit
    joins the one of that key, if it was the last.
    """
    editor = scene.editor
    new = {scene.groups.shown_id(i) for i in editor.graph.nodes if i not in before}
    bodies = {i: scene.cards[i].body() for i in new if i in scene.cards}
    if not bodies or len(bodies) > MANY:
        return
    corners: dict[str, QPointF] = {}
    if before:
        rest = [card.body() for i, card in scene.cards.items() if i not in new]
        corners = moved_down(bodies, rest)
    elif any(body.width() > WIDTH or body.height() > HEIGHT for body in bodies.values()):
        found = sight(scene).arranged()
        corners = {i: QPointF(round(p.x), round(p.y)) for i, p in found.items() if i in bodies}
    goals = {
        node: (at(editor.graph.node(node).position) + corner - bodies[i].topLeft()).toTuple()
        for i, corner in corners.items()
        for node in scene.cards[i].ids
    }
    edit = compose.move(editor.graph, goals)
    if edit.edits:
        editor.perform(edit, "Edit Formula", merge_key)
