"""What a menu is asked for: the ground, the selected cards, or wires and the ports they end at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QContextMenuEvent

from gradviz.graph import Wire

from .box_gestures import near
from .hits import Hit
from .items import CardItem
from .wire_paths import wire_near

if TYPE_CHECKING:
    from .pointing import PointedView


@dataclass(frozen=True, slots=True)
class Asked:
    """What a menu is about, where in the viewport it opens, and which wires are meant."""

    about: Literal["canvas", "node", "wire", "box"]
    place: QPoint
    wires: tuple[Wire, ...] = ()


def asked_about(view: PointedView, event: QContextMenuEvent) -> Asked:
    """What lies under the pointer, or is selected where a key asked; a card is selected by it."""
    if event.reason() == QContextMenuEvent.Reason.Keyboard:
        chosen = [view.canvas.groups.card_of(i).body().center() for i in view.editor.selection]
        middle = view.viewport().rect().center()
        items = [view.canvas.scenery.items[i].body().center() for i in view.editor.boxes.ids]
        if items and not chosen:
            return Asked("box", view.mapFromScene(items[0]))
        return Asked("node", view.mapFromScene(chosen[0])) if chosen else Asked("canvas", middle)
    point = view.scene_point(QPointF(event.pos()))
    reach = near(view)
    hit = view.canvas.hit(point, reach)
    if hit.card is None or hit.part in ("input", "output"):
        wires = wires_at(view, hit, point, reach)
        if wires:
            return Asked("wire", event.pos(), wires)
    if hit.card is None:
        return asked_of_ground(view, point, event.pos())
    if not hit.card.ids <= view.editor.selection:
        view.editor.select(hit.card.ids)
    return Asked("node", event.pos())


def asked_of_ground(view: PointedView, point: QPointF, place: QPoint) -> Asked:
    """A frame or a note, which is selected by it, or the bare ground."""
    item = view.canvas.scenery.at(point)
    if item is None:
        return Asked("canvas", place)
    if item.box_id not in view.editor.boxes.ids:
        view.editor.boxes.choose({item.box_id})
    return Asked("box", place)


def wires_at(view: PointedView, hit: Hit, point: QPointF, reach: float) -> tuple[Wire, ...]:
    """The wires of a port, or the one that passes a point of the scene."""
    graph = view.editor.graph
    if isinstance(hit.card, CardItem) and hit.part == "output":
        ends = hit.card.ends(hit.port, output=True)
        found = (w for node, port in ends for w in graph.outputs(node) if w.output == port)
        return tuple(wire for wire in found if wire in view.canvas.wires)
    if isinstance(hit.card, CardItem) and hit.part == "input":
        ends = hit.card.ends(hit.port, output=False)
        read = (graph.inputs(node).get(port) for node, port in ends)
        return tuple(wire for wire in read if wire is not None)
    found = wire_near(view.canvas.wires, point, reach)
    return () if found is None else (found,)
