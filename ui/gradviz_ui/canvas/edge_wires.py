"""Wires of which one end is carried: where they run meanwhile, worked out only for those in sight.

Their items stay as they are until what is carried is put down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from struct import pack

import numpy as np
from PySide6.QtCore import QByteArray, QDataStream, QPointF, QRectF
from PySide6.QtGui import QPainterPath

from gradviz.ops.spec import Array

from .items import WireItem
from .wire_paths import straight, way

REACH = 40.0, 0.4
"""How far a wire goes beyond its ends: at least, and as a part of the way between them."""

ELEMENT = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])
"""How Qt writes an element of a path into a stream: 0 begins a line, 1 ends one."""


class EdgeWires:
    """Some wires, and for each whether it is where it begins that is carried."""

    def __init__(self, items: Sequence[tuple[WireItem, bool]], down: bool) -> None:
        """``down``: wires leave below."""
        self.items = [item for item, _ in items]
        self._down = down
        corners = [(*a.toTuple(), *b.toTuple()) for a, b in (item.ends for item in self.items)]
        self._corners = np.array(corners, float).reshape(-1, 4)
        begins = np.array([begins for _, begins in items], bool)
        self._moves = np.stack((begins, begins, ~begins, ~begins), 1)
        self._bent = np.array([bool(item.dots) for item in self.items], bool)

    def _moved(self, by: QPointF) -> Array:
        """The corners of each as it runs once the carried end has gone that far."""
        return self._corners + self._moves * (by.x(), by.y(), by.x(), by.y())

    def lines(self, by: QPointF) -> QPainterPath:
        """Each straight from end to end, or from dot to dot."""
        corners = self._moved(by)
        path = lines_path(corners[~self._bent])
        for place in np.nonzero(self._bent)[0].tolist():
            for line in straight(*ends(corners[place]), self.items[place].dots):
                path.moveTo(line.p1())
                path.lineTo(line.p2())
        return path

    def ways(self, by: QPointF, seen: QRectF) -> Iterator[tuple[WireItem, QPainterPath]]:
        """The way of each that may touch a part of the scene."""
        corners = self._moved(by)
        least, part = REACH
        room = (least + part * np.abs(corners[:, 2:] - corners[:, :2]).max(1, initial=0))[:, None]
        low = np.minimum(corners[:, :2], corners[:, 2:]) - room
        high = np.maximum(corners[:, :2], corners[:, 2:]) + room
        inside = (low <= seen.bottomRight().toTuple()) & (high >= seen.topLeft().toTuple())
        # Those with dots may run anywhere, and are few.
        for place in np.nonzero(inside.all(1) | self._bent)[0].tolist():
            item = self.items[place]
            yield item, way(*ends(corners[place]), item.dots, self._down)


def ends(corners: Array) -> tuple[QPointF, QPointF]:
    """Two points from their four numbers."""
    x, y, u, v = corners.tolist()
    return QPointF(x, y), QPointF(u, v)


def lines_path(corners: Array) -> QPainterPath:
    """Lines, each given as its four numbers, as one path.

    It is read from the bytes that Qt would write for it: thousands of lines in a millisecond.
    """
    elements = np.zeros(2 * len(corners), ELEMENT)
    elements["kind"][1::2] = 1
    elements["x"], elements["y"] = corners.reshape(-1, 2).T
    count, begun, filling = len(elements), max(0, len(elements) - 2), 0
    stream = QDataStream(QByteArray(
        pack(">i", count) + elements.tobytes() + pack(">ii", begun, filling)
    ))  # fmt: skip
    path = QPainterPath()
    _ = stream >> path
    return path
