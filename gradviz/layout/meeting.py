"""Which boxes the wires run behind, told from the very curves along which they are drawn.

Everything is in flow coordinates here: along the flow, and across it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradviz.layout.aligning import Placed
from gradviz.layout.curves import reaches, through
from gradviz.layout.model import Point

Vector = NDArray[Any]

CLEAR = 4.0
"""How far a wire is to keep off every box."""
HALVINGS, PARTS = 10, 16
_SPAN = np.linspace(0.0, 1.0, PARTS + 1)[:, None]
_WEIGHTS = np.hstack([
    (1 - _SPAN) ** 3, 3 * _SPAN * (1 - _SPAN) ** 2, 3 * _SPAN**2 * (1 - _SPAN), _SPAN**3
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Strand:
    """A wire from a box's output to another box, and where it begins and ends."""

    source: str
    target: str
    output: int
    start: Point
    end: Point

    def turned(self) -> Strand:
        """The same with its coordinates exchanged."""
        (x, y), (u, v) = self.start, self.end
        return Strand(self.source, self.target, self.output, (y, x), (v, u))


class Ground:
    """The boxes, with as much round them as wires are to keep off."""

    def __init__(self, boxes: Mapping[str, Placed], *, down: bool) -> None:
        self.index = {key: place for place, key in enumerate(boxes)}
        corners = np.array([(b.x, b.y, b.x + b.width, b.y + b.height) for b in boxes.values()])
        if down:
            corners = corners[:, [1, 0, 3, 2]]
        self.low, self.high = corners[:, :2], corners[:, 2:]
        self._near, self._far = self.low - CLEAR, self.high + CLEAR
        self.edges = float(self.low[:, 1].min()), float(self.high[:, 1].max())
        self.corners = corners.tolist()

    def behind(self, strands: Sequence[Strand]) -> dict[int, set[int]]:
        """The boxes that wires run behind, by the places of those among ``strands``.

        Each wire goes as far forward at least as its curve leans ahead, and thus never back.
        """
        starts, ends = np.array([s.start for s in strands]), np.array([s.end for s in strands])
        wires, met = self._about(strands, starts, ends)
        gap, aside = (ends - starts)[wires].T
        lean = reaches(gap, np.abs(aside)) / gap
        begin = starts[wires]
        first = _aside((self._near[met, 0] - begin[:, 0]) / gap, lean)
        last = _aside((self._far[met, 0] - begin[:, 0]) / gap, lean)
        levels = begin[:, 1] + aside * np.stack([first, last])
        meeting = (levels.min(0) < self._far[met, 1]) & (levels.max(0) > self._near[met, 1])
        found: dict[int, set[int]] = {}
        for wire, box in zip(wires[meeting].tolist(), met[meeting].tolist(), strict=True):
            found.setdefault(wire, set()).add(box)
        return found

    def _about(
        self, strands: Sequence[Strand], starts: Vector, ends: Vector
    ) -> tuple[Vector, Vector]:
        """Pairs of wires and boxes, not their own, that lie in the rectangle between its ends."""
        low, high = np.minimum(starts, ends), np.maximum(starts, ends)
        near = low[:, 0, None] < self._far[:, 0]
        near &= high[:, 0, None] > self._near[:, 0]
        near &= low[:, 1, None] < self._far[:, 1]
        near &= high[:, 1, None] > self._near[:, 1]
        every = np.arange(len(strands))
        near[every, [self.index[s.source] for s in strands]] = False
        near[every, [self.index[s.target] for s in strands]] = False
        wires, boxes = np.nonzero(near)
        return wires, boxes

    def met(self, points: Sequence[Point], own: Collection[int]) -> set[int]:
        """The boxes that a wire through dots runs behind; of its ``own`` not what is round them."""
        way = (_WEIGHTS @ np.array(through(points))).reshape(-1, 2)
        low, high = np.minimum(way[:-1], way[1:]), np.maximum(way[:-1], way[1:])
        (left, top), (right, bottom) = low.min(0), high.max(0)
        about = (self._near[:, 0] < right) & (self._far[:, 0] > left)
        about &= (self._near[:, 1] < bottom) & (self._far[:, 1] > top)
        boxes = np.nonzero(about)[0]
        near, far = self._near[boxes], self._far[boxes]
        for box in own:
            near[boxes == box] += CLEAR + 1
            far[boxes == box] -= CLEAR + 1
        meeting = (low[:, 0, None] < far[:, 0]) & (high[:, 0, None] > near[:, 0])
        meeting &= (low[:, 1, None] < far[:, 1]) & (high[:, 1, None] > near[:, 1])
        return set(boxes[meeting.any(0)].tolist())

    def across(
        self, along: tuple[float, float], between: tuple[float, float], own: Collection[int]
    ) -> list[list[float]]:
        """What boxes but one's ``own`` cover across the flow, sorted, in a part of the drawing."""
        covering = (self.low[:, 0] < along[1]) & (self.high[:, 0] > along[0])
        covering &= (self.low[:, 1] < between[1]) & (self.high[:, 1] > between[0])
        covering[list(own)] = False
        return sorted(np.stack([self.low[covering, 1], self.high[covering, 1]], 1).tolist())


def _aside(part: Vector, lean: Vector) -> Vector:
    """How much of its way aside a curve has gone, where it has gone a part of that forward."""
    low, high = np.zeros_like(part), np.ones_like(part)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        rest = 1 - middle
        gone = 3 * lean * middle * rest**2 + 3 * (1 - lean) * middle**2 * rest + middle**3
        beyond = gone > part
        high = np.where(beyond, middle, high)
        low = np.where(beyond, low, middle)
    middle = (low + high) / 2
    return 3 * middle**2 - 2 * middle**3
