"""Moving vertices across the flow, within the order of their layer, until lines are short.

`relax` places everything compactly, which Brandes and Köpf's blocks do not where many lines
cross, and `straighten` levels its trunks; `gather` and `level_out` are the last touches to blocks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from gradviz.layout.proper import Proper

Orders = list[list[int]]

_WORK = 12_000
_FEWEST_SWEEPS, _MOST_SWEEPS = 4, 40
_ONE_SIDED = 4
_LINE_WEIGHTS = (1.0, 2.0, 8.0)
_ALONE = 0.01
_LEVEL = 0.5


def relax(
    proper: Proper, orders: Orders, room: Sequence[float], check: Callable[[], None]
) -> list[float]:
    """Centres across the flow that make the squares of the lines' heights small.

    Each layer in turn is placed best for its neighbours' present places, by pooling adjacent
    violators (Barlow et al. 1972). Lines weigh more the more of their ends are bends (as in
    Gansner et al. 1993), so that long wires are the straightest.

    room: half of what each vertex needs across the flow, its share of the gap included.
    """
    sides = _weighted(proper, proper.sources), _weighted(proper, proper.targets)
    offsets = [_offsets(order, room) for order in orders]
    at = [0.0] * len(room)
    for order, row in zip(orders, offsets, strict=True):
        for vertex, offset in zip(order, row, strict=True):
            at[vertex] = offset - row[-1] / 2
    sweeps = max(_FEWEST_SWEEPS, min(_MOST_SWEEPS, _WORK // len(room)))
    for turn in range(sweeps):
        check()
        numbers = range(len(orders)) if turn % 2 == 0 else range(len(orders) - 1, -1, -1)
        near = sides if turn >= min(_ONE_SIDED, sweeps - 2) else sides[turn % 2 : turn % 2 + 1]
        for number in numbers:
            _place_layer(orders[number], offsets[number], near, at)
    return at


def _weighted(proper: Proper, ports: Callable[[int], list[int]]) -> list[list[tuple[int, float]]]:
    """Each vertex's neighbours on one side, with the weights of the lines to them."""
    owner, boxes = proper.owner, proper.boxes
    return [
        [
            (owner[port], _LINE_WEIGHTS[(vertex >= boxes) + (owner[port] >= boxes)])
            for port in ports(vertex)
        ]
        for vertex in range(len(proper.layer))
    ]


def _offsets(order: Sequence[int], room: Sequence[float]) -> list[float]:
    """Where vertices stand that are packed as tightly as may be, from the first one's centre."""
    offsets = [0.0]
    for one, other in pairwise(order):
        offsets.append(offsets[-1] + room[one] + room[other])
    return offsets


def _place_layer(
    order: Sequence[int],
    offsets: Sequence[float],
    sides: Sequence[list[list[tuple[int, float]]]],
    at: list[float],
) -> None:
    """Least squares for one layer: weighted isotonic regression of the wishes less offsets."""
    means: list[float] = []
    weights: list[float] = []
    counts: list[int] = []
    for vertex, offset in zip(order, offsets, strict=True):
        total = weight = 0.0
        for near in sides:
            for other, strength in near[vertex]:
                total += strength * at[other]
                weight += strength
        if not weight:
            total, weight = at[vertex] * _ALONE, _ALONE
        mean, count = total / weight - offset, 1
        while means and means[-1] > mean:
            joined = weights.pop()
            mean = (mean * weight + means.pop() * joined) / (weight + joined)
            weight += joined
            count += counts.pop()
        means.append(mean)
        weights.append(weight)
        counts.append(count)
    start = 0
    for mean, count in zip(means, counts, strict=True):
        for place in range(start, start + count):
            at[order[place]] = mean + offsets[place]
        start += count


class _Gaps:
    """How far each vertex can move before it meets its neighbours in the layer."""

    def __init__(self, orders: Orders, room: Sequence[float], at: list[float]) -> None:
        self.at = at
        self.room = room
        self.before = [-1] * len(room)
        self.after = [-1] * len(room)
        for order in orders:
            for one, other in pairwise(order):
                self.before[other], self.after[one] = one, other

    def limits(self, vertex: int) -> tuple[float, float]:
        low, high = -math.inf, math.inf
        before, after = self.before[vertex], self.after[vertex]
        if before >= 0:
            low = self.at[before] + self.room[before] + self.room[vertex]
        if after >= 0:
            high = self.at[after] - self.room[after] - self.room[vertex]
        return low, high


def straighten(proper: Proper, orders: Orders, room: Sequence[float], at: list[float]) -> None:
    """Make each trunk level over stretches as long as its neighbours allow."""
    gaps = _Gaps(orders, room, at)
    for first in range(proper.boxes, len(proper.layer)):
        if proper.behind[first] < proper.boxes:
            _level(list(_trunk(proper, first)), gaps)


def _trunk(proper: Proper, bend: int) -> Iterator[int]:
    while bend >= 0:
        yield bend
        bend = proper.ahead[bend]


def _level(trunk: list[int], gaps: _Gaps) -> None:
    start = 0
    while start < len(trunk):
        low, high = -math.inf, math.inf
        stop = start
        for bend in trunk[start:]:
            own = gaps.limits(bend)
            if max(low, own[0]) > min(high, own[1]):
                break
            low, high = max(low, own[0]), min(high, own[1])
            stop += 1
        stretch = trunk[start : max(stop, start + 1)]
        if stop > start:
            mean = sum(gaps.at[bend] for bend in stretch) / len(stretch)
            for bend in stretch:
                gaps.at[bend] = min(max(mean, low), high)
        start += len(stretch)


def gather(proper: Proper, orders: Orders, room: Sequence[float], at: list[float]) -> None:
    """Move boxes with wires on one side only as near to their neighbours as they can go."""
    gaps = _Gaps(orders, room, at)
    for order in (*orders, *reversed(orders)):
        for vertex in order:
            before, after = proper.sources(vertex), proper.targets(vertex)
            if vertex >= proper.boxes or (before and after):
                continue
            near = [at[proper.owner[port]] for port in before or after]
            if all(abs(other - at[vertex]) > _LEVEL for other in near):
                low, high = gaps.limits(vertex)
                at[vertex] = min(max(sum(near) / len(near), low), high)


def level_out(
    proper: Proper, orders: Orders, room: Sequence[float], at: list[float], reach: float
) -> None:
    """Make lines level that are nearly so, up to `reach`, by moving boxes that are free to."""
    gaps = _Gaps(orders, room, at)
    for order in reversed(orders):
        for vertex in order:
            _level_box(proper, vertex, gaps, reach, forward=True)
    for order in orders:
        for vertex in order:
            _level_box(proper, vertex, gaps, reach, forward=False)


def _level_box(proper: Proper, vertex: int, gaps: _Gaps, reach: float, *, forward: bool) -> None:
    """Move a box level with its nearest neighbour on one side, unless that bends another line."""
    if vertex >= proper.boxes:
        return
    at, owner, here = gaps.at, proper.owner, gaps.at[vertex]
    after = [owner[port] for port in proper.targets(vertex)]
    before = [owner[port] for port in proper.sources(vertex)]
    held = [other for other in before if other >= proper.boxes] if forward else after
    near = after if forward else before
    if not near or any(abs(at[other] - here) <= _LEVEL for other in (*held, *near)):
        return
    wish = min([at[other] for other in near], key=lambda level: abs(level - here))
    low, high = gaps.limits(vertex)
    if abs(wish - here) <= reach and low <= wish <= high:
        at[vertex] = wish
