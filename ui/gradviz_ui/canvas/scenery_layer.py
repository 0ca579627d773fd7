"""Frames, notes and dots on wires in the scene, kept in step with the document.

Those in a collapsed group are hidden; inside one that was entered are only its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from gradviz.graph import Change, Wire
from gradviz.graph.belonging import is_seen
from gradviz.graph.scenery import Box, Route, boxes, dots

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

    def forget(self) -> None:
        """All items are gone from the scene."""
        self.items = {}

    def arrange(self) -> None:
        """Show those that no group hides now."""
        known = boxes(self._scene.editor.graph)
        shown = {i: box for i, box in known.items() if self._shows(box)}
        for box_id in self.items.keys() - shown.keys():
            self._scene.removeItem(self.items.pop(box_id))
        for box in shown.values():
            self._show(box)

    def _shows(self, box: Box) -> bool:
        scene = self._scene
        return is_seen(scene.editor.graph.groups, scene.groups.inside, box.group)

    def follow(self, change: Change) -> None:
        """Take over one announced change."""
        for before, after in change.scenery:
            piece = before or after
            if isinstance(piece, Route):
                self._lead(piece.wire)
        if change.groups or change.scenery:
            self.arrange()

    def _show(self, box: Box) -> None:
        item = self.items.get(box.id)
        if item is not None and item.box != box:
            item.take(box)
        elif item is None:
            self.items[box.id] = BoxItem(self._scene.editor, box)
            self._scene.addItem(self.items[box.id])

    def _lead(self, wire: Wire) -> None:
        if wire in self._scene.wires:
            self._scene.route(self._scene.wires[wire])

    def dots(self, wire: Wire) -> list[QPointF]:
        """Through where the document leads a wire."""
        return [QPointF(*dot) for dot in dots(self._scene.editor.graph, wire)]

    def led(self) -> set[Wire]:
        """The wires that have dots."""
        return {p.wire for p in self._scene.editor.graph.scenery.values() if isinstance(p, Route)}

    def bodies(self) -> list[QRectF]:
        """The rectangles of all frames and notes, and of the places of dots."""
        pieces, wires = self._scene.editor.graph.scenery.values(), self._scene.wires
        led = (p for p in pieces if isinstance(p, Route) and p.wire in wires)
        places = [QRectF(x - 4, y - 4, 8, 8) for route in led for x, y in route.dots]
        return [item.body() for item in self.items.values()] + places

    def by_group(self) -> dict[str | None, list[QRectF]]:
        """The rectangles of the frames and notes directly in each group."""
        found: dict[str | None, list[QRectF]] = {}
        for item in self.items.values():
            found.setdefault(item.box.group, []).append(item.body())
        return found

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
