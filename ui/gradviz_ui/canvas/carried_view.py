"""A view while many cards are carried: a picture of what stays, one of what goes, and the wires
between. A frame then costs the same however many they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPixmap, QRegion, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem

from ..theme import current, qcolor
from .extents import Extents
from .far import FarView
from .ground import Ground
from .items import WIRE, WireItem
from .partial import rectangles
from .sighting import seen_by

if TYPE_CHECKING:
    from .carrying import Carried
    from .navigation import NavigableView

KEPT = 0.5
"""The part of the view that the picture of what goes must still cover, or it is taken anew."""
ALIKE = ("idle", "path")
"""States in which all wires are drawn with the same strokes."""


class CarriedView:
    """Paints one view while something is carried in its scene."""

    def __init__(self, view: NavigableView, far: FarView, ground: Ground) -> None:
        self._view, self._far, self._ground = view, far, ground
        self._looked: tuple[object, ...] = ()
        self._stays, self._goes = QPixmap(), QPixmap()
        self._taken_at = QPointF()
        self._extents = Extents({}, {})

    def forget(self, *_: object) -> None:
        """Things look different: take both pictures anew."""
        self._looked = ()

    def paint(self, carried: Carried, region: QRegion, far_off: bool) -> None:
        """Paint that part of the view."""
        view, room = self._view, self._view.viewport().rect()
        look = (carried, view.viewportTransform(), room.size(), view.devicePixelRatioF(), far_off)
        gone = self._gone(carried)
        kept = room.intersected(room.translated(gone))
        if look != self._looked or area(kept) < KEPT * area(room):
            self._looked, self._taken_at, gone, kept = look, carried.by, QPoint(), room
            self._take(carried, far_off)
        painter = QPainter(view.viewport())
        painter.setClipRegion(region)
        painter.drawPixmap(0, 0, self._stays)
        self._paint_between(painter, carried, far_off)
        painter.resetTransform()
        bare = region.subtracted(kept)
        if not bare.isEmpty():
            painter.setClipRegion(bare)
            self._paint_load(painter, carried, rectangles(bare), far_off)
            painter.resetTransform()
        painter.setClipRegion(region)
        painter.drawPixmap(gone, self._goes)
        painter.setWorldTransform(view.viewportTransform())
        view.drawForeground(painter, seen_by(view))
        painter.end()

    def _gone(self, carried: Carried) -> QPoint:
        """How far the picture has moved since it was taken, in whole pixels: else it would blur."""
        way = (carried.by - self._taken_at) * self._view.zoom
        return QPoint(round(way.x()), round(way.y()))

    def _take(self, carried: Carried, far_off: bool) -> None:
        view, room = self._view, self._view.viewport().rect()
        ratio = view.devicePixelRatioF()
        self._stays, self._goes = QPixmap(room.size() * ratio), QPixmap(room.size() * ratio)
        for picture in (self._stays, self._goes):
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._stays)
        painter.setWorldTransform(view.viewportTransform())
        self._ground.draw(painter, view)
        if far_off:
            self._paint_far_rest(painter, carried)
        else:
            seen = self._items_in(QRectF(room), view.viewportTransform())
            self._paint_items(painter, (i for i in seen if i not in carried.apart))
        painter.end()
        boxes, lines = self._view.canvas.shapes.boxes, self._view.canvas.shapes.lines
        self._extents = Extents(
            {i: boxes[i] for i in carried.ids}, {wire: lines[wire] for wire in carried.wires}
        )
        painter = QPainter(self._goes)
        self._paint_load(painter, carried, [QRectF(room)], far_off)
        painter.end()

    def _paint_far_rest(self, painter: QPainter, carried: Carried) -> None:
        scene, theme = self._view.canvas, current()
        edge = {item.wire for item in carried.edge.items}
        rest = scene.cards.keys() - carried.ids, scene.wires.keys() - carried.wires - edge
        frames = [f.body() for f in scene.groups.frames if f not in carried.apart]
        scene.scenery.paint_far(painter, theme, carried.boxes)
        self._far.paint_ground(painter, theme, frames)
        self._far.paint_strokes(painter, theme, self._far.part(*rest))

    def _paint_load(
        self, painter: QPainter, carried: Carried, places: list[QRectF], far_off: bool
    ) -> None:
        """Draw what is carried, where it is now, as far as it touches those parts of the view."""
        by = carried.by
        transform = QTransform.fromTranslate(by.x(), by.y()) * self._view.viewportTransform()
        if not far_off:
            seen = (item for place in places for item in self._items_in(place, transform))
            load = dict.fromkeys(item for item in seen if item in carried.items)
            self._paint_items(painter, sorted(load, key=QGraphicsItem.zValue), transform)
            return
        inverse, _ = transform.inverted()
        seen = self._extents.within(inverse.mapRect(place) for place in places)
        painter.setWorldTransform(transform)
        self._far.paint_strokes(painter, current(), self._far.part(*seen))

    def _paint_between(self, painter: QPainter, carried: Carried, far_off: bool) -> None:
        """Draw the frames round what is carried and the wires at its edge."""
        painter.setWorldTransform(self._view.viewportTransform())
        if not far_off:
            around = sorted((*carried.boxes, *carried.frames), key=QGraphicsItem.zValue)
            self._paint_items(painter, (i for i in around if i.zValue() <= WIRE))
            self._paint_edge(painter, carried)
            self._paint_items(painter, (i for i in around if i.zValue() > WIRE))
            return
        for box in carried.boxes:
            box.paint_far(painter, current())
        self._far.paint_ground(painter, current(), [f.body() for f in carried.frames])
        painter.setPen(QPen(qcolor(current().wire), 0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(carried.edge.lines(carried.by))

    def _paint_edge(self, painter: QPainter, carried: Carried) -> None:
        """Draw the wires in sight of which one end is carried; those that look alike at once."""
        transform = self._view.viewportTransform()
        painter.setWorldTransform(transform)
        seen = transform.inverted()[0].mapRect(QRectF(self._view.viewport().rect()))
        alike: dict[str, tuple[WireItem, QPainterPath]] = {}
        for item, path in carried.edge.ways(carried.by, seen):
            state = item.state()
            if item.dots or state not in ALIKE:
                item.paint_along(painter, path)
            elif state in alike:
                alike[state][1].addPath(path)
            else:
                alike[state] = item, path
        for item, path in alike.values():
            item.paint_along(painter, path)

    def _items_in(self, place: QRectF, transform: QTransform) -> Collection[QGraphicsItem]:
        inverse, _ = transform.inverted()
        touching = Qt.ItemSelectionMode.IntersectsItemBoundingRect
        order = Qt.SortOrder.AscendingOrder
        return self._view.canvas.items(inverse.mapRect(place), touching, order)

    def _paint_items(
        self,
        painter: QPainter,
        items: Iterable[QGraphicsItem],
        transform: QTransform | None = None,
    ) -> None:
        """Have items paint themselves, the lowest first."""
        base = self._view.viewportTransform() if transform is None else transform
        painter.setRenderHints(self._view.renderHints())
        option = QStyleOptionGraphicsItem()
        for item in items:
            place = item.pos()
            painter.setWorldTransform(QTransform.fromTranslate(place.x(), place.y()) * base)
            item.paint(painter, option, self._view.viewport())


def area(part: QRect) -> int:
    """How many pixels there are in a part of the view."""
    return max(0, part.width()) * max(0, part.height())
