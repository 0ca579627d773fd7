"""Many cards put elsewhere at once, and the wires that follow them.

One by one each would be taken out of Qt's index and filed in it anew, and the way of each wire
would be worked out though hardly any is looked at closely.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from gradviz.graph import Change, Wire

from .items import WireItem
from .metrics import Point
from .wire_paths import rooms

if TYPE_CHECKING:
    from .scene import CanvasScene

MANY = 500
"""From how many on filing everything anew costs less than each by itself."""
BESIDE = 6.0
"""How far a wire's rectangle reaches beyond its way."""


def only_places(change: Change) -> bool:
    """Whether it puts many cards elsewhere, and nothing about any of them is different."""
    wires = change.wired or change.unwired
    many = len(change.replaced) >= MANY and not wires
    return many and all(before.stands_for(after) for before, after in change.replaced)


def relocate(scene: CanvasScene, ids: Collection[str]) -> bool:
    """Take the places of these cards from the document, and nothing else; whether any is new."""
    nodes = set[str]()
    file_anew(scene)
    for card in [scene.cards[i] for i in ids]:
        home = card.home()
        if card.body().topLeft() != home:
            card.put(home)
            nodes |= card.ids
    lead(scene, [i for w, i in scene.wires.items() if w.source in nodes or w.target in nodes])
    return bool(nodes)


def file_anew(scene: QGraphicsScene) -> None:
    """Have Qt's index made anew when it is next asked: till then nothing is looked for in it."""
    for depth in (1, 0):
        # Only another depth does so; 0 has it choose by how many items there are.
        scene.setBspTreeDepth(depth)
    scene.update()


def lead(scene: CanvasScene, items: list[WireItem]) -> None:
    """Bring wires to where the ports are, while none is filed."""
    led, down = scene.scenery.led(), scene.editor.graph.settings.flow == "down"
    for item in items:
        if led and item.wire in led:
            scene.route(item)
    plain = [item for item in items if item.wire not in led] if led else items
    corners = [(*out_of(scene, item.wire), *into(scene, item.wire)) for item in plain]
    around = rooms(np.array(corners, float).reshape(-1, 4), down)
    around[:, 2:] -= around[:, :2]
    around += -BESIDE, -BESIDE, 2 * BESIDE, 2 * BESIDE
    for item, corner, room in zip(plain, corners, around.tolist(), strict=True):
        item.lead(QLineF(*corner), QRectF(*room), down)
    scene.shapes.put_straight(plain)


def out_of(scene: CanvasScene, wire: Wire) -> Point:
    """Where a wire begins."""
    if wire.source not in scene.groups.stand_in:
        return scene.cards[wire.source].spot(wire.output, output=True)
    card = scene.groups.card_of(wire.source)
    return plain_point(card.port_of(wire.source, wire.output, output=True))


def into(scene: CanvasScene, wire: Wire) -> Point:
    """Where a wire ends."""
    if wire.target not in scene.groups.stand_in:
        return scene.cards[wire.target].spot(wire.port, output=False)
    card = scene.groups.card_of(wire.target)
    return plain_point(card.port_of(wire.target, wire.port, output=False))


def plain_point(point: QPointF) -> Point:
    """A point of Qt's as plain numbers."""
    return point.x(), point.y()
