"""Which of many boxes and lines lie in a part of the scene, found for all at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from PySide6.QtCore import QLineF, QRectF

from gradviz.graph import Wire
from gradviz.ops.spec import Array

from .pieces import box_of, touching


class Extents:
    """The corners of cards and of the lines of wires, as they are now."""

    def __init__(self, boxes: Mapping[str, QRectF], lines: Mapping[Wire, QLineF]) -> None:
        self._cards, self._wires = list(boxes), list(lines)
        self._boxes = edges(box_of(box) for box in boxes.values())
        self._lines = edges((e.x1(), e.y1(), e.x2(), e.y2()) for e in lines.values())

    def within(self, seen: Iterable[QRectF]) -> tuple[list[str], list[Wire]]:
        """The cards and wires that touch any of these parts of the scene."""
        areas = np.array([box_of(area) for area in seen]).reshape(-1, 4)
        cards = np.nonzero(touching(self._boxes, areas))[0].tolist()
        wires = np.nonzero(touching(self._lines, areas))[0].tolist()
        return [self._cards[i] for i in cards], [self._wires[i] for i in wires]


class Corners:
    """Left, top, right and bottom of boxes that come, go and change, as one array.

    Only what was another since it was last asked for is read anew.
    """

    def __init__(self, boxes: Mapping[str, QRectF]) -> None:
        self._boxes = boxes
        self._ids: list[str] = []
        self._places: dict[str, int] = {}
        self._edges = np.empty((0, 4))
        self._changed: dict[str, None] = {}

    def note(self, box_id: str) -> None:
        """A box is new, gone, or another."""
        self._changed[box_id] = None

    def read(self) -> tuple[list[str], Array]:
        """The ids and, a row each, the edges; nobody may change them."""
        changed = list(self._changed)
        self._changed.clear()
        if 4 * len(changed) > len(self._boxes):
            self._ids = list(self._boxes)
            self._places = {box_id: place for place, box_id in enumerate(self._ids)}
            self._edges = edges(box_of(box) for box in self._boxes.values())
            return self._ids, self._edges
        for box_id in changed:
            box = self._boxes.get(box_id)
            if box is None:
                self._drop(box_id)
                continue
            if box_id not in self._places:
                self._places[box_id] = len(self._ids)
                self._ids.append(box_id)
                self._edges = np.vstack((self._edges, np.empty((1, 4))))
            self._edges[self._places[box_id]] = box_of(box)
        return self._ids, self._edges

    def _drop(self, box_id: str) -> None:
        """The last takes the place of one that is gone."""
        place = self._places.pop(box_id, None)
        if place is None:
            return
        last = self._ids.pop()
        if last != box_id:
            self._ids[place], self._places[last] = last, place
            self._edges[place] = self._edges[-1]
        self._edges = self._edges[:-1]

    def meeting(self, area: QRectF) -> list[str]:
        """The ids of boxes that share more than an edge with a rectangle."""
        if area.isEmpty():
            return []
        ids, kept = self.read()
        left, top, right, bottom = box_of(area)
        apart = (kept[:, 0] >= right) | (kept[:, 2] <= left)
        apart |= (kept[:, 1] >= bottom) | (kept[:, 3] <= top)
        return [ids[place] for place in np.nonzero(~apart)[0].tolist()]

    def around(self) -> QRectF:
        """The rectangle round all; empty where there are none."""
        _, kept = self.read()
        if not len(kept):
            return QRectF()
        left, top, right, bottom = (
            *(float(kept[:, side].min()) for side in (0, 1)),
            *(float(kept[:, side].max()) for side in (2, 3)),
        )
        return QRectF(left, top, right - left, bottom - top)


def edges(corners: Iterable[tuple[float, ...]]) -> Array:
    """Left, top, right and bottom of rectangles, given two opposite corners of each."""
    found = np.array(list(corners), float).reshape(-1, 4)
    return np.hstack(
        (np.minimum(found[:, :2], found[:, 2:]), np.maximum(found[:, :2], found[:, 2:]))
    )
