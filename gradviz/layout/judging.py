"""Whether boxes lie as tidily as a layout from nothing would have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from gradviz.layout.metrics import straight_crossings
from gradviz.layout.model import Box, Link, Point, index_links
from gradviz.layout.packing import group_connected, pack_rows, whole_size

Vector = NDArray[np.float64]
Numbers = NDArray[np.intp]

_COMPARED = 500
_MORE_CROSSINGS, _CROSSINGS_ALWAYS = 1.4, 6
_MORE_WIRE, _MORE_ASLANT, _ASLANT_ALWAYS = 1.45, 2.5, 0.05
_LONGER, _LARGER = 1.25, 1.5
_UNEVEN, _MOST_UNEVEN, _UNEVEN_ALWAYS = 0.25, 0.15, 2
_MOST_FREE, _LOOSE_ACROSS = 0.2, 4.0


class Yardstick:
    """What is about as good as a layout from nothing: crossings, length and slant of wires, size.

    A layout from nothing itself differs as much as this allows after a change of one link.

    fresh: the corners of the boxes in a layout from nothing.
    """

    def __init__(
        self,
        fresh: Mapping[str, Point],
        boxes: Sequence[Box],
        links: Sequence[Link],
        *,
        flipped: bool,
    ) -> None:
        # Crossings of so many links are too many to count; evenly chosen ones tell enough.
        self._links = links[:: len(links) // _COMPARED + 1]
        self._boxes, self._axis = boxes, 0 if flipped else 1
        self._crossings = straight_crossings(fresh, boxes, self._links)
        self._along, self._across = self._lengths(fresh)
        self._fresh_size = self._size(fresh)

    def enough(self, corners: Mapping[str, Point]) -> bool:
        """Whether boxes with these corners are laid out well enough."""
        along, across = self._lengths(corners)
        if along > _LONGER * self._along:
            return False
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


def is_compact(
    boxes: Sequence[Box],
    links: Sequence[Link],
    corners: Mapping[str, Point],
    gaps: Point,
    *,
    flipped: bool,
) -> bool:
    """Whether boxes lie as close together as a layout lets them, told without making one.

    links: also to boxes whose place does not count; they hold together what they join.
    gaps: between two columns, and between two boxes of a column.
    """
    turned = [1, 0] if flipped else [0, 1]
    corner = np.array([corners[box.key] for box in boxes], float)[:, turned]
    size = np.array([(box.width, box.height) for box in boxes], float)[:, turned]
    number = {box.key: place for place, box in enumerate(boxes)}
    for link in links:
        for key in (link.source, link.target):
            number.setdefault(key, len(number))
    ends = index_links(links, number)
    pairs = np.array([pair for pair in ends if max(pair) < len(boxes)], np.intp).reshape(-1, 2)
    whole = group_connected(len(number), ends)
    groups = [[box for box in group if box < len(boxes)] for group in whole]
    # What is held together from elsewhere may be stretched as far as that asks.
    held = [len(group) < len(all_of) for group, all_of in zip(groups, whole, strict=True) if group]
    groups = [group for group in groups if group]
    part = np.empty(len(boxes), np.intp)
    for place, group in enumerate(groups):
        part[group] = place
    by_part = np.argsort(part[pairs[:, 0]], kind="stable")
    pairs = pairs[by_part]
    stops = np.searchsorted(part[pairs[:, 0]], np.arange(len(groups) + 1))
    extents: list[Point] = []
    for place, group in enumerate(groups):
        extent = (corner[group] + size[group]).max(axis=0) - corner[group].min(axis=0)
        extents.append((float(extent[turned[0]]), float(extent[turned[1]])))
        joined = pairs[stops[place] : stops[place + 1]]
        if len(joined) and not held[place] and not _is_close(corner, size, group, joined, gaps):
            return False
    span = (corner + size).max(axis=0) - corner.min(axis=0)
    return float(span.sum()) <= _LARGER * _packed(
        groups, extents, (gaps[1], gaps[0]) if flipped else gaps
    )


def _is_close(
    corner: Vector, size: Vector, group: Sequence[int], joined: Numbers, gaps: Point
) -> bool:
    """Whether the columns of a part follow one another and none of them is stretched."""
    order = np.array(group)[np.argsort(corner[group, 0], kind="stable")]
    near = corner[order, 0]
    far = np.maximum.accumulate(near + size[order, 0])
    free = near[1:] - far[:-1] - gaps[0]
    free = free[free > _UNEVEN * gaps[0]]
    # From a layout whole columns may have gone; put up by hand, hardly any two are this near.
    widest, extent = float(size[order, 0].max()), float(far[-1] - near[0])
    if len(free) > _UNEVEN_ALWAYS + _MOST_UNEVEN * (near[1:] >= far[:-1]).sum():
        return False
    if float(free.sum()) > _MOST_FREE * extent + widest + gaps[0]:
        return False
    column = np.zeros(len(corner), np.intp)
    column[order] = np.cumsum(np.concatenate(([0], near[1:] >= far[:-1])))
    count = int(column[order[-1]]) + 1
    load = np.bincount(column[order], size[order, 1] + gaps[1], count)
    first, last = np.sort(column[joined], axis=1).T
    passing = np.bincount(first + 1, minlength=count + 1) - np.bincount(last, minlength=count + 1)
    load += np.cumsum(passing)[:count] * gaps[1] / 2
    high, low = np.full(count, -np.inf), np.full(count, np.inf)
    np.maximum.at(high, column[order], corner[order, 1] + size[order, 1])
    np.minimum.at(low, column[order], corner[order, 1])
    return float((high - low).sum()) <= _LOOSE_ACROSS * float(load.sum())


def _packed(groups: Sequence[Sequence[int]], extents: Sequence[Point], gaps: Point) -> float:
    """Width and height of all parts, set side by side as a layout from nothing would."""
    joined = [size for group, size in zip(groups, extents, strict=True) if len(group) > 1]
    single = [size for group, size in zip(groups, extents, strict=True) if len(group) == 1]
    wide = (2 * gaps[0], 2 * gaps[1])
    width, height = whole_size(pack_rows(joined, wide), joined)
    across, down = whole_size(pack_rows(single, gaps, width), single)
    return max(width, across) + height + down + wide[1]
