"""What a menu is asked for: the ground, the selected cards, or wires and the ports they end at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QContextMenuEvent

from gradviz.graph import Wire

from .cutting import wire_near
from .hits import Hit

if TYPE_CHECKING:
    from .pointing import PointedView


@dataclass(frozen=True, slots=True)
class Asked:
    """What a menu is about, where in the viewport it opens, and which wires are meant."""

    about: Literal["canvas", "node", "wire"]
    place: QPoint
    wires: tuple[Wire, ...] = ()


def asked_about(view: PointedView, event: QContextMenuEvent) -> Asked:
    """What lies under the pointer, or is selected where a key asked; a card is selected by it."""
    if event.reason() == QContextMenuEvent.Reason.Keyboard:
        chosen = [view.canvas.cards[i].body().center() for i in view.editor.selection]
        middle = view.viewport().rect().center()
        return Asked("node", view.mapFromScene(chosen[0])) if chosen else Asked("canvas", middle)
    point = view.scene_point(QPointF(event.pos()))
    reach = 9.0 / max(view.zoom, 0.5)
    hit = view.canvas.hit(point, reach)
    if hit.card is None or hit.part in ("input", "output"):
        wires = wires_at(view, hit, point, reach)
        if wires:
            return Asked("wire", event.pos(), wires)
    if hit.card is None:
        return Asked("canvas", event.pos())
    if hit.node_id not in view.editor.selection:
        view.editor.select({hit.node_id})
    return Asked("node", event.pos())


def wires_at(view: PointedView, hit: Hit, point: QPointF, reach: float) -> tuple[Wire, ...]:
    """The wires of a port, or the one that passes a point of the scene."""
    graph = view.editor.graph
    if hit.part == "output":
        return tuple(wire for wire in graph.outputs(hit.node_id) if wire.output == hit.port)
    if hit.part == "input":
        found = graph.inputs(hit.node_id).get(hit.port)
    else:
        found = wire_near(view.canvas.wires, point, reach)
    return () if found is None else (found,)
