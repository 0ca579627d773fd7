"""Where across the flow each vertex stands, given the order within its layer.

Brandes and Köpf (2001): vertices are aligned with their median neighbours into straight
blocks, once for each of the four combinations of looking forward or back and of packing to
the near or far side; the mean of the two middle answers is symmetrical where the graph is.
Blocks are packed by longest path, which keeps the distances of boxes of any size. Where lines
cross so much that blocks would sprawl, and in large graphs, vertices are relaxed instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import floor

import numpy as np
from numpy.typing import NDArray

from gradviz.layout.proper import Proper
from gradviz.layout.relaxing import gather, level_out, relax, straighten

Orders = list[list[int]]
Pairs = set[tuple[int, int]]

_BLOCKS_UP_TO = 800
_FEW_CROSSINGS = 0.25
_TOO_WIDE = 2.5
_NEARLY = 0.4


def place_across(
    proper: Proper,
    orders: Orders,
    extents: Sequence[float],
    gap: float,
    crossings: int,
    check: Callable[[], None],
) -> list[float]:
    """Centre of each vertex across the flow; vertices of a layer keep clear of each other.

    Boxes begin and bends lie on whole pixels.

    extents: of each box across the flow.
    gap: between two boxes; lines need half of it.
    crossings: how many lines cross in these orders.
    """
    halves = np.full(len(proper.layer), gap / 4)
    halves[: proper.boxes] = np.asarray(extents) / 2 + gap / 2
    room = halves.tolist()
    at: list[float] = []
    if len(room) <= _BLOCKS_UP_TO or crossings < len(room) * _FEW_CROSSINGS:
        at = _place_blocks(proper, orders, halves, check)
        gather(proper, orders, room, at)
        level_out(proper, orders, room, at, min(gap, _NEARLY * (min(extents) + gap)))
    if not at or _breadth(at, room) > _TOO_WIDE * _least_breadth(orders, room):
        at = relax(proper, orders, room, check)
        straighten(proper, orders, room, at)
    tops = [floor(middle - extent / 2 + 0.5) for middle, extent in zip(at, extents, strict=False)]
    boxes = [top + extent / 2 for top, extent in zip(tops, extents, strict=True)]
    return boxes + [float(floor(middle + 0.5)) for middle in at[proper.boxes :]]


def _breadth(at: Sequence[float], room: Sequence[float]) -> float:
    low = min(middle - half for middle, half in zip(at, room, strict=True))
    return max(middle + half for middle, half in zip(at, room, strict=True)) - low


def _least_breadth(orders: Orders, room: Sequence[float]) -> float:
    return max(2 * sum([room[vertex] for vertex in order]) for order in orders)


def _place_blocks(
    proper: Proper, orders: Orders, halves: NDArray[np.float64], check: Callable[[], None]
) -> list[float]:
    room = halves.tolist()
    rank = _ranks(orders, len(room))
    back, forward = _near(proper, rank, proper.sources), _near(proper, rank, proper.targets)
    _follow_trunks(proper, back, forward)
    barred = _conflicts(proper, orders, rank, back)
    answers: list[NDArray[np.float64]] = []
    for far in (False, True):
        rows = [order[::-1] for order in orders] if far else orders
        places = _ranks(rows, len(room))
        for near, layers in ((back, rows), (forward, rows[::-1])):
            check()
            roots = _align(layers, places, near, barred, far=far)
            found = np.array(_pack(rows, roots, room))
            answers.append(-found if far else found)
    return _balance(np.array(answers), halves).tolist()


def _ranks(orders: Orders, count: int) -> list[int]:
    rank = [0] * count
    for order in orders:
        for place, vertex in enumerate(order):
            rank[vertex] = place
    return rank


def _near(
    proper: Proper, rank: Sequence[int], ports: Callable[[int], list[int]]
) -> list[list[int]]:
    """Neighbours of each vertex on one side, in the order in which they stand."""
    owner = proper.owner
    near: list[list[int]] = []
    for vertex in range(len(proper.layer)):
        found = [owner[port] for port in ports(vertex)]
        if len(found) > 1:
            found = sorted(set(found), key=rank.__getitem__)
        near.append(found)
    return near


def _follow_trunks(proper: Proper, back: list[list[int]], forward: list[list[int]]) -> None:
    """A trunk runs on straight where others branch off it."""
    for vertex in range(proper.boxes, len(proper.layer)):
        if proper.ahead[vertex] >= 0:
            forward[vertex] = [proper.ahead[vertex]]
        back[vertex] = [proper.behind[vertex]]


def _conflicts(
    proper: Proper, orders: Orders, rank: Sequence[int], back: Sequence[Sequence[int]]
) -> Pairs:
    """Segments that cross a stretch of trunk, which has the right to be straight."""
    barred: Pairs = set()
    boxes, behind = proper.boxes, proper.behind
    for before, order in pairwise(orders):
        low, start = -1, 0
        for place, vertex in enumerate(order):
            inner = behind[vertex] >= boxes
            if not inner and place < len(order) - 1:
                continue
            high = rank[behind[vertex]] if inner else len(before)
            for other in order[start : place + 1]:
                for source in back[other]:
                    stretch = behind[other] >= boxes
                    if not stretch and not low <= rank[source] <= high:
                        barred.add((source, other))
            low, start = high, place + 1
    return barred


def _align(
    layers: Orders,
    rank: Sequence[int],
    near: Sequence[Sequence[int]],
    barred: Pairs,
    *,
    far: bool,
) -> list[int]:
    """The root of each vertex's block, every vertex joining a median neighbour where it can."""
    root = list(range(len(rank)))
    for order in layers:
        reach = -1
        for vertex in order:
            found = near[vertex]
            count = len(found)
            if not count:
                continue
            middle = count // 2
            if count % 2:
                tries = (found[middle],)
            elif far:
                tries = (found[middle], found[middle - 1])
            else:
                tries = (found[middle - 1], found[middle])
            for other in tries:
                place = rank[other]
                if place > reach and not _is_barred(other, vertex, barred):
                    root[vertex] = root[other]
                    reach = place
                    break
    return root


def _is_barred(one: int, other: int, barred: Pairs) -> bool:
    return (one, other) in barred or (other, one) in barred


def _pack(rows: Orders, root: Sequence[int], room: Sequence[float]) -> list[float]:
    """Blocks as near to the first side as they go, then each as near to its next as it goes."""
    after: list[dict[int, float]] = [{} for _ in root]
    waiting = [0] * len(root)
    for order in rows:
        for one, other in pairwise(order):
            distance = room[one] + room[other]
            first, second = root[one], root[other]
            held = after[first].get(second)
            if held is None:
                waiting[second] += 1
            if held is None or distance > held:
                after[first][second] = distance
    sequence = [block for block, own in enumerate(root) if own == block and not waiting[block]]
    at = [0.0] * len(root)
    for block in sequence:
        here = at[block]
        for other, distance in after[block].items():
            if here + distance > at[other]:
                at[other] = here + distance
            waiting[other] -= 1
            if not waiting[other]:
                sequence.append(other)
    for block in reversed(sequence):
        if after[block]:
            at[block] = min([at[other] - distance for other, distance in after[block].items()])
    return [at[block] for block in root]


def _balance(answers: NDArray[np.float64], halves: NDArray[np.float64]) -> NDArray[np.float64]:
    """Line the four answers up with the narrowest and take the mean of the middle two."""
    near, far = (answers - halves).min(axis=1), (answers + halves).max(axis=1)
    tightest = int((far - near).argmin())
    answers[:2] += (near[tightest] - near[:2])[:, None]
    answers[2:] += (far[tightest] - far[2:])[:, None]
    answers.sort(axis=0)
    return (answers[1] + answers[2]) / 2
