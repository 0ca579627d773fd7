"""Which parts of a view look different after a step, and what of the canvas those parts show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QRegion

from gradviz.graph import Wire
from gradviz.ops.spec import Array

from .pieces import Pieces, box_of, cut
from .sighting import seen_by
from .turns import Turn, wires_to
from .wire_paths import cubics

if TYPE_CHECKING:
    from .items import WireItem
    from .navigation import NavigableView

LONGEST = 64.0
"""How long a piece of a wire is at most, in pixels."""
EDGE = 5.0
"""How far a wire's stroke reaches beside its line, in the scene."""
CHIPS_FROM = 0.6
"""The zoom from which the numbers on wires can be read."""


class Partial:
    """The wires in sight of one view, in pieces, for as long as it looks at the same place."""

    def __init__(self, view: NavigableView) -> None:
        self._view, self._canvas = view, view.canvas
        self._looked: tuple[object, ...] = ()
        self._wires: list[Wire] = []
        self._places: dict[Wire, int] = {}
        self._pieces: Pieces | None = None
        self._points: tuple[list[Wire], Array, Array] | None = None
        self.wanted = False
        """Whether the next painting is of such parts."""
        for signal in (self._canvas.reshaped, self._canvas.shifted, self._canvas.rebuilt):
            signal.connect(self._forget)

    def _forget(self, *_: object) -> None:
        self._pieces = self._points = None

    def region(self, turn: Turn) -> QRegion:
        """The part of the viewport that may look different."""
        canvas, view = self._canvas, self._view
        shown = {canvas.groups.shown_id(i) for i in turn.nodes} & canvas.cards.keys()
        areas = [canvas.cards[i].sceneBoundingRect() for i in shown]
        items = wires_to(canvas, turn.wires)
        areas += self._strokes(items)
        if view.zoom >= CHIPS_FROM:
            seen = seen_by(view)
            near = [item for item in items if item.boundingRect().intersects(seen)]
            areas += canvas.chips.areas(near)
        self.wanted = True
        transform, room = view.viewportTransform(), QRegion(view.viewport().rect())
        mapped = (transform.mapRect(area).toAlignedRect() for area in areas)
        parts = QRegion()
        for area in mapped:
            parts = parts.united(area.adjusted(-2, -2, 2, 2))
        if not canvas.pictures.worth:
            # A heat map drawn through a ragged hole would be off by a pixel.
            parts = QRegion(parts.boundingRect())
        return parts.intersected(room)

    def _strokes(self, items: Iterable[WireItem]) -> list[QRectF]:
        pieces, _ = self._seen()
        places = self._places
        found: list[QRectF] = []
        for item in items:
            if item.wire in places:
                for left, top, right, bottom in pieces.of(places[item.wire]).tolist():
                    box = QRectF(left, top, right - left, bottom - top)
                    found.append(box.adjusted(-EDGE, -EDGE, EDGE, EDGE))
        return found

    def wires_in(self, region: QRegion) -> frozenset[Wire]:
        """The wires of which a part of the viewport shows anything."""
        inverse, _ = self._view.viewportTransform().inverted()
        areas = [inverse.mapRect(QRectF(area)) for area in rectangles(region)]
        boxes = np.array([box_of(area.adjusted(-EDGE, -EDGE, EDGE, EDGE)) for area in areas])
        pieces, wires = self._seen()
        return frozenset(wires[place] for place in pieces.within(boxes.reshape(-1, 4)))

    def in_sight(self) -> list[Wire]:
        """The wires in sight."""
        pieces, wires = self._seen()
        return [wires[place] for place in np.unique(pieces.curves)]

    def _seen(self) -> tuple[Pieces, list[Wire]]:
        view = self._view
        looked = (view.viewportTransform(), view.viewport().size())
        if self._pieces is None or looked != self._looked:
            self._looked = looked
            if self._points is None:
                wires = list(self._canvas.wires)
                ways = [cubics(self._canvas.wires[wire].path) for wire in wires]
                points = np.array([c for way in ways for c in way], float).reshape(-1, 4, 2)
                owners = np.repeat(np.arange(len(wires)), [len(way) for way in ways])
                self._points = wires, points, owners
            inverse, _ = looked[0].inverted()
            seen = inverse.mapRect(QRectF(view.viewport().rect()))
            box = np.array(box_of(seen.adjusted(-EDGE, -EDGE, EDGE, EDGE)))
            self._wires = self._points[0]
            self._places = {wire: place for place, wire in enumerate(self._wires)}
            found = cut(self._points[1], box, LONGEST / view.zoom)
            self._pieces = Pieces(found.boxes, self._points[2][found.curves])
        return self._pieces, self._wires


def rectangles(region: QRegion) -> list[QRectF]:
    """The rectangles that a region is made of."""
    return [QRectF(area) for area in region]  # pyright: ignore[reportGeneralTypeIssues]
