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
        first, second = _find(head, one), _find(head, other)
        head[max(first, second)] = min(first, second)
    groups: dict[int, list[int]] = {}
    for box in range(count):
        groups.setdefault(_find(head, box), []).append(box)
    return list(groups.values())


def _find(head: list[int], box: int) -> int:
    while head[box] != box:
        head[box] = head[head[box]]
        box = head[box]
    return box


def pack_rows(sizes: Sequence[Point], gap: Point) -> list[Point]:
    """Top-left corner of each rectangle, in rows that together look like a page.

    A row is no wider than the widest rectangle needs, unless the page would be narrow.
    """
    if not sizes:
        return []
    area = sum((width + gap[0]) * (height + gap[1]) for width, height in sizes)
    limit = max(max(width for width, _ in sizes), math.sqrt(area * _ASPECT))
    corners: list[Point] = []
    left = top = tallest = 0.0
    for width, height in sizes:
        if left > 0 and left + width > limit:
            left, top, tallest = 0.0, top + tallest + gap[1], 0.0
        corners.append((left, top))
        left += width + gap[0]
        tallest = max(tallest, height)
    return corners
