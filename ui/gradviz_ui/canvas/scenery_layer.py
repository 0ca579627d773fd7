"""Frames, notes and dots on wires in the scene, kept in step with the document.

Frames and notes belong to the document around its groups: inside one that was entered are none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from gradviz.graph import Change, Wire
from gradviz.graph.scenery import Box, Frame, Note, Route, boxes, dots

from ..theme import Theme
from .boxes import BoxItem
from .items import WireItem
from .wire_paths import DOT

if TYPE_CHECKING:
    from .scene import CanvasScene


class SceneryLayer:
    """An item for each frame and note; a wire's dots are drawn by its own item."""

    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self.items: dict[str, BoxItem] = {}

    def build(self) -> None:
        """Make every item anew; those before are gone from the scene."""
        self.items = {}
        for box in boxes(self._scene.editor.graph).values() if not self._away() else ():
            self._add(BoxItem(self._scene.editor, box))

    def _away(self) -> bool:
        return self._scene.groups.inside is not None

    def _add(self, item: BoxItem) -> None:
        self.items[item.box_id] = item
        self._scene.addItem(item)

    def follow(self, change: Change) -> None:
        """Take over one announced change."""
        for before, after in change.scenery:
            piece = before or after
            if isinstance(piece, Route):
                self._lead(piece.wire)
            elif self._away():
                continue
            elif after is None and piece is not None:
                self._scene.removeItem(self.items.pop(piece.id))
            elif isinstance(after, Frame | Note):
                self._show(after)

    def _show(self, box: Box) -> None:
        if box.id in self.items:
            self.items[box.id].take(box)
        else:
            self._add(BoxItem(self._scene.editor, box))

    def _lead(self, wire: Wire) -> None:
        if wire in self._scene.wires:
            self._scene.route(self._scene.wires[wire])

    def dots(self, wire: Wire) -> list[QPointF]:
        """Through where the document leads a wire."""
        return [QPointF(*dot) for dot in dots(self._scene.editor.graph, wire)]

    def bodies(self) -> list[QRectF]:
        """The rectangles of all frames and notes, and of the places of dots."""
        pieces, wires = self._scene.editor.graph.scenery.values(), self._scene.wires
        led = (p for p in pieces if isinstance(p, Route) and p.wire in wires)
        places = [QRectF(x - 4, y - 4, 8, 8) for route in led for x, y in route.dots]
        return [item.body() for item in self.items.values()] + places

    def paint_far(self, painter: QPainter, theme: Theme, but: Collection[BoxItem] = ()) -> None:
        """Draw frames and notes, but for some, as they are seen from far away."""
        for item in sorted(self.items.values(), key=BoxItem.zValue):
            if item not in but:
                item.paint_far(painter, theme)

    def obstacles(self, wires: Iterable[WireItem]) -> list[QRectF]:
        """What nothing written on wires may cover: notes, and the dots of these wires."""
        notes = [item.body() for item in self.items.values() if not item.is_frame]
        reach = DOT + 2
        return notes + [
            QRectF(dot.x() - reach, dot.y() - reach, 2 * reach, 2 * reach)
            for wire in wires
            for dot in wire.dots
        ]

    def restore(self, ids: Iterable[str]) -> None:
        """Show frames and notes as the document has them."""
        for box_id, box in boxes(self._scene.editor.graph).items():
            if box_id in ids and box_id in self.items:
                self.items[box_id].take(box)

    def at(self, point: QPointF, slack: float = 0.0) -> BoxItem | None:
        """The uppermost frame or note that is taken hold of there, its edges included."""
        found = [item for item in self.items.values() if grasped(item, point, slack)]
        return max(found, key=lambda item: (item.zValue(), item.box_id), default=None)

    def dot_at(self, point: QPointF, reach: float) -> tuple[Wire, int] | None:
        """The wire, and which of its dots, within reach of a point."""
        near: list[tuple[float, Wire, int]] = []
        for piece in self._scene.editor.graph.scenery.values():
            if isinstance(piece, Route) and piece.wire in self._scene.wires:
                for place, dot in enumerate(piece.dots):
                    gap = (QPointF(*dot) - point).manhattanLength()
                    near += [(gap, piece.wire, place)] if gap <= reach else []
        return min(near)[1:] if near else None

    def within(self, area: QRectF) -> set[str]:
        """Frames that a rectangle holds whole, and notes that it touches."""
        return {
            i
            for i, item in self.items.items()
            if (area.contains if item.is_frame else area.intersects)(item.body())
        }


def grasped(item: BoxItem, point: QPointF, slack: float) -> bool:
    """Whether a point is one by which an item is moved or resized."""
    body = item.body()
    if item.handle().contains(point):
        return True
    wide = body.adjusted(-slack, -slack, slack, slack)
    return wide.contains(point) and not body.adjusted(slack, slack, -slack, -slack).contains(point)
