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


def edges(corners: Iterable[tuple[float, ...]]) -> Array:
    """Left, top, right and bottom of rectangles, given two opposite corners of each."""
    found = np.array(list(corners), float).reshape(-1, 4)
    return np.hstack(
        (np.minimum(found[:, :2], found[:, 2:]), np.maximum(found[:, :2], found[:, 2:]))
    )
