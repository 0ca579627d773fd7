"""What is put on a wire: a card dropped there is led through, and its neighbours make room."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gradviz.graph import Batch, GraphError, Wire
from gradviz.graph.moving import move
from gradviz.graph.splicing import splice
from gradviz.layout.pushing import pushed

from ..theme import Theme, qcolor
from .items import WireItem
from .pieces import box_of
from .wire_paths import wire_near

if TYPE_CHECKING:
    from .scene import CanvasScene

REACH = 22.0
"""How far from the middle of a card a wire may pass that it is dropped on."""
ALONG, ASIDE = 48.0, 14.0
"""How far others keep from a card that was put on a wire, the way that wires run and across it."""


def wire_below(scene: CanvasScene, point: QPointF, reach: float = REACH) -> Wire | None:
    """The wire that passes a point of the scene."""
    area = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
    near = {i.wire: i for i in scene.items(area) if isinstance(i, WireItem) and not i.hidden}
    return wire_near(near, point, reach)


class OntoWire:
    """A card that is dragged, if it is one without wires, and the wire that it would go on."""

    def __init__(self, scene: CanvasScene, nodes: Collection[str]) -> None:
        self._scene = scene
        graph = scene.editor.graph
        alone = nodes if len(nodes) == 1 else ()
        free = (i for i in alone if not graph.inputs(i) and not graph.outputs(i))
        self._node = next(free, "")
        self.wire: Wire | None = None

    def look(self, body: QRectF | None) -> None:
        """The card lies there now; None: it is held off from any wire."""
        found = None if body is None or not self._node else wire_below(self._scene, body.center())
        if found != self.wire:
            self.wire = found if found is not None and self._edit(found) is not None else None

    def _edit(self, wire: Wire) -> Batch | None:
        try:
            return splice(self._scene.editor.graph, self._node, wire)
        except GraphError:
            return None

    def drop(self, moved: Batch) -> None:
        """Carry out a move of the card, and put it on the wire, as one undoable step."""
        editor = self._scene.editor
        edit = None if self.wire is None else self._edit(self.wire)
        with room_for_new(self._scene, "" if edit is None else edit.label, {self._node}):
            every = Batch((*moved.edits, *(edit.edits if edit else ())), (edit or moved).label)
            if every.edits:
                editor.perform(every)

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Mark the wire that the card would go on."""
        if self.wire is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(qcolor(theme.sel), 4))
            painter.drawPath(self._scene.wires[self.wire].path)


@contextmanager
def room_for_new(scene: CanvasScene, label: str, nodes: Collection[str] = ()) -> Iterator[None]:
    """Have what comes in meanwhile, beside these nodes, be made room for in the same undoable step.

    With no ``label`` nothing is put on a wire, and nobody makes room.
    """
    if not label:
        yield
        return
    editor, before = scene.editor, set(scene.editor.graph.nodes)
    editor.stack.beginMacro(label)
    yield
    make_room(scene, {*nodes, *(set(editor.graph.nodes) - before)})
    editor.stack.endMacro()


def make_room(scene: CanvasScene, nodes: Collection[str]) -> None:
    """Move what is in the way of some nodes, so far that their wires are seen."""
    there = [i for i in nodes if scene.groups.shows(i)]
    cards = list({scene.groups.shown_id(i): scene.groups.card_of(i) for i in there}.values())
    if not cards:
        return
    body = QRectF()
    for card in cards:
        body = body.united(card.body())
    graph = scene.editor.graph
    down = graph.settings.flow == "down"
    across, along = (ASIDE, ALONG) if down else (ALONG, ASIDE)
    frame = body.adjusted(-across, -along, across, along)
    if scene.within(frame) <= {i for card in cards for i in card.ids}:
        return
    ids, corners = scene.shapes.corners.read()
    own = {card.node_id for card in cards}
    others = [place for place, node_id in enumerate(ids) if node_id not in own]
    goals: dict[str, tuple[float, float]] = {}
    ways = pushed(box_of(frame), corners[others], "down" if down else "right")
    for place, (x, y) in ways.items():
        node_id = ids[others[place]]
        for i in scene.cards[node_id].ids:
            left, top = graph.node(i).position
            goals[i] = (round(left + x), round(top + y))
    if goals:
        scene.editor.perform(move(graph, goals, scene.groups.inside))
