"""Graphs that are not joined to one another, set side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradviz.layout.model import Point

_ASPECT = 1.6


def group_connected(count: int, ends: Sequence[tuple[int, int]]) -> list[list[int]]:
    """The boxes of each connected part, parts and boxes in the order given."""
    head = list(range(count))
    for one, other in ends:
        join(head, one, other)
    groups: dict[int, list[int]] = {}
    for box in range(count):
        groups.setdefault(find(head, box), []).append(box)
    return list(groups.values())


def find(head: list[int], box: int) -> int:
    """The first box of the set that `box` is in; `head` is a disjoint-set forest."""
    while head[box] != box:
        head[box] = head[head[box]]
        box = head[box]
    return box


def join(head: list[int], one: int, other: int) -> None:
    """Make one set of the two that `one` and `other` are in."""
    first, second = find(head, one), find(head, other)
    head[max(first, second)] = min(first, second)


def pack_rows(sizes: Sequence[Point], gap: Point, least_width: float = 0.0) -> list[Point]:
    """Top-left corner of each rectangle, in rows that together look like a page.

    A row is no wider than the widest rectangle or `least_width`, unless the page would be
    narrow.
    """
    area = sum((width + gap[0]) * (height + gap[1]) for width, height in sizes)
    limit = max([least_width, math.sqrt(area * _ASPECT), *(width for width, _ in sizes)])
    corners: list[Point] = []
    left = top = tallest = 0.0
    for width, height in sizes:
        if left > 0 and left + width > limit:
            left, top, tallest = 0.0, top + tallest + gap[1], 0.0
        corners.append((left, top))
        left += width + gap[0]
        tallest = max(tallest, height)
    return corners


def whole_size(corners: Sequence[Point], sizes: Sequence[Point]) -> Point:
    """Width and height of all the rectangles together."""
    width = max((left + size[0] for (left, _), size in zip(corners, sizes, strict=True)), default=0)
    height = max((top + size[1] for (_, top), size in zip(corners, sizes, strict=True)), default=0)
    return width, height
