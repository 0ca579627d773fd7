"""Laying out anew what lies tidily already: after a small change few boxes move.

What must move is found from where the boxes lie: what a link now runs back to, what stands beside
its column, what lies on another. Each goes into the nearest free place of a column, or moves its
neighbours up and down where none is near. Where that is much worse than a layout from nothing,
the layout from nothing is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from gradviz.layout.metrics import straight_crossings
from gradviz.layout.model import Box, Link, Placement, Point
from gradviz.layout.moving import Ground, Unkept
from gradviz.layout.placing import Direction, place

_COMPARED = 500
_MORE_CROSSINGS, _CROSSINGS_ALWAYS = 1.4, 6
_MORE_WIRE, _MORE_ASLANT, _ASLANT_ALWAYS = 1.45, 2.5, 0.05
_REACHES = (float("inf"), 1.0)
_LARGER = 1.5
_FEW = 0.25


def place_near(
    boxes: Sequence[Box],
    links: Sequence[Link],
    present: Mapping[str, Point],
    *,
    direction: Direction = "right",
    gap_along: float = 64.0,
    gap_across: float = 28.0,
    cancelled: Callable[[], bool] | None = None,
) -> dict[str, Point]:
    """Top-left corners of the boxes, most of them as at ``present`` where that is tidy enough.

    Equal arguments give equal corners, and corners given back as ``present`` stay. Raises as
    :func:`gradviz.layout.place` does.

    present: corners now; boxes that are not named there count in a layout from nothing only.
    """
    fresh = place(
        boxes, links, direction=direction,
        gap_along=gap_along, gap_across=gap_across, cancelled=cancelled,
    )  # fmt: skip
    known = [box for box in boxes if box.key in present]
    among = [link for link in links if link.source in present and link.target in present]
    flipped = direction == "down"
    found = dict(fresh.positions)
    if not among:
        return found
    good = _Judge(fresh, known, among, flipped=flipped)
    for reach in _REACHES:
        ground = Ground(known, among, present, gap_along, gap_across, flipped=flipped)
        try:
            corners = ground.settled(reach)
        except Unkept:
            break
        if good.enough(corners):
            return found | corners
    return found


def shift(before: Mapping[str, Point], after: Mapping[str, Point]) -> Point:
    """By how much to move all, so that most of it stays; where hardly any would, the corner."""
    left, top = (min(corner[axis] for corner in before.values()) for axis in (0, 1))
    ways = Counter(
        (round(before[key][0] - x), round(before[key][1] - y)) for key, (x, y) in after.items()
    )
    way, count = ways.most_common(1)[0]
    return way if count > max(1, _FEW * len(after)) else (left, top)


class _Judge:
    """What is about as good as a layout from nothing: crossings, length and slant of wires, size.

    A layout from nothing itself differs as much as this allows after a change of one link.
    """

    def __init__(
        self, fresh: Placement, boxes: Sequence[Box], links: Sequence[Link], *, flipped: bool
    ) -> None:
        # Crossings of so many links are too many to count; evenly chosen ones tell enough.
        self._links = links[:: len(links) // _COMPARED + 1]
        self._boxes, self._axis = boxes, 0 if flipped else 1
        self._crossings = straight_crossings(fresh.positions, boxes, self._links)
        self._along, self._across = self._lengths(fresh.positions)
        self._fresh_size = self._size(fresh.positions)

    def enough(self, corners: Mapping[str, Point]) -> bool:
        """Whether boxes with these corners are laid out well enough."""
        along, across = self._lengths(corners)
        most = _MORE_WIRE * (self._along + self._across)
        most_across = _MORE_ASLANT * self._across + _ASLANT_ALWAYS * along
        if along + across > most or across > most_across:
            return False
        if self._size(corners) > _LARGER * self._fresh_size:
            return False
        found = straight_crossings(corners, self._boxes, self._links)
        return found <= _MORE_CROSSINGS * self._crossings + _CROSSINGS_ALWAYS

    def _size(self, corners: Mapping[str, Point]) -> float:
        """Width and height of it all."""
        tops = np.array([corners[box.key] for box in self._boxes])
        bottoms = tops + np.array([(box.width, box.height) for box in self._boxes])
        return float((bottoms.max(axis=0) - tops.min(axis=0)).sum())

    def _lengths(self, corners: Mapping[str, Point]) -> Point:
        """How far all links together reach along and across the flow."""
        number = {box.key: place for place, box in enumerate(self._boxes)}
        halves = np.array([(box.width / 2, box.height / 2) for box in self._boxes])
        middles = np.array([corners[box.key] for box in self._boxes]) + halves
        sources = [number[link.source] for link in self._links]
        targets = [number[link.target] for link in self._links]
        spans = np.abs(middles[targets] - middles[sources]).sum(axis=0)
        return float(spans[1 - self._axis]), float(spans[self._axis])
