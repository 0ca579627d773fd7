"""Boxes that lie somewhere, and the moves by which links run forward and none lies on another."""

from __future__ import annotations

import heapq
from bisect import bisect
from collections.abc import Mapping, Sequence
from math import ceil

import numpy as np
from numpy.typing import NDArray

from gradviz.layout.layering import forward_order, read_flow
from gradviz.layout.model import Box, Link, Point, index_boxes, index_links
from gradviz.layout.packing import group_connected

Vector = NDArray[np.float64]

SLACK = 1.5
"""How much nearer than it should be, or farther out of line, something may be: it is rounded."""
_CHUNK = 256
_MOST_MOVED = 0.5
_MOST_TOUCHING = 16
_MOST_BACKWARD, _BACKWARD_ALWAYS = 0.1, 4


class Unkept(Exception):
    """So much would have to move that a layout from nothing is better."""


class Ground:
    """Boxes where they lie, along and across the flow.

    links: between these boxes, and in no circle.
    present: the corner of each box now.
    """

    def __init__(
        self,
        boxes: Sequence[Box],
        links: Sequence[Link],
        present: Mapping[str, Point],
        gap_along: float,
        gap_across: float,
        *,
        flipped: bool,
    ) -> None:
        corners = np.array([present[box.key] for box in boxes]).reshape(-1, 2)
        sizes = np.array([(ceil(box.width), ceil(box.height)) for box in boxes], float)
        along, across = (1, 0) if flipped else (0, 1)
        self._keys, self._flipped = [box.key for box in boxes], flipped
        self._ends = index_links(links, index_boxes(boxes))
        self._near, self._top = corners[:, along].copy(), corners[:, across].copy()
        self._along, self._breadth = sizes[:, along], sizes[:, across]
        self._gap, self._between = float(ceil(gap_along)), gap_across
        flow = read_flow(len(boxes), self._ends, links)
        self._targets, self._sources = flow.targets, flow.sources
        self._rank = [0] * len(boxes)
        for number, box in enumerate(forward_order(flow, self._keys)):
            self._rank[box] = number
        self._part = [0] * len(boxes)
        for number, group in enumerate(group_connected(len(boxes), self._ends)):
            for box in group:
                self._part[box] = number
        self._columns = self._find_columns()
        self._movers: dict[int, bool] = {}

    def settled(self, reach: float) -> dict[str, Point]:
        """Corners with all links forward and no two boxes too near.

        reach: how far a free place may be, in breadths of the box, for a box to go there
            rather than to shove others away. Unkept if more than half of all would move.
        """
        self._line_up()
        self._turn_forward()
        self._part_touching()
        if len(self._movers) > max(1, _MOST_MOVED * len(self._keys)):
            raise Unkept
        self._find_places(reach)
        places = zip(self._keys, self._near.tolist(), self._top.tolist(), strict=True)
        return {key: (top, near) if self._flipped else (near, top) for key, near, top in places}

    def _find_columns(self) -> list[dict[float, int]]:
        """Of each connected part the middles of its columns, and how many boxes stand in each."""
        columns: list[dict[float, int]] = [{} for _ in range(max(self._part, default=-1) + 1)]
        middles = self._middles()
        for box in sorted(range(len(self._part)), key=middles.__getitem__):
            found, middle = columns[self._part[box]], float(middles[box])
            last = next(reversed(found), middle)
            column = last if middle - last <= SLACK else middle
            found[column] = found.get(column, 0) + 1
        return columns

    def _middles(self) -> NDArray[np.float64]:
        return self._near + self._along / 2

    def _line_up(self) -> None:
        """Put boxes that stand alone beside a column into it."""
        shared = [[c for c, n in columns.items() if n > 1] for columns in self._columns]
        for box, middle in enumerate(self._middles().tolist()):
            columns, reach = shared[self._part[box]], float(self._along[box]) / 2
            near = columns[bisect(columns, middle - reach) : bisect(columns, middle + reach)]
            column = min(near, key=lambda c: abs(c - middle), default=middle)
            if abs(column - middle) > SLACK:
                self._near[box] = np.floor(column - self._along[box] / 2 + 0.5)
                self._movers[box] = True

    def _turn_forward(self) -> None:
        """Move what links run back to on, or what they come from back, whichever is less."""
        backward = [pair for pair in self._ends if self._missing(*pair) > SLACK]
        if len(backward) > _BACKWARD_ALWAYS + _MOST_BACKWARD * len(self._ends):
            raise Unkept
        rank = self._rank
        for source, target in sorted(backward, key=lambda pair: (rank[pair[0]], rank[pair[1]])):
            if self._missing(source, target) <= SLACK:
                continue
            tried = [self._cone(source, target, sign) for sign in (1, -1)]
            for box, near in min(tried, key=len).items():
                self._near[box] = near
                self._movers[box] = False
            if len(self._movers) > max(1, _MOST_MOVED * len(self._keys)):
                raise Unkept

    def _missing(self, source: int, target: int) -> float:
        """How much nearer than the gap two linked boxes are."""
        return float(self._near[source] + self._along[source] + self._gap - self._near[target])

    def _cone(self, source: int, target: int, sign: int) -> dict[int, float]:
        """Where a link's target, or its source, would go, and all that would have to go along."""
        first, fixed = (target, source) if sign > 0 else (source, target)
        ahead = self._targets if sign > 0 else self._sources
        found = {first: self._clear_of(first, fixed, float(self._near[fixed]), sign)}
        waiting = [(sign * self._rank[first], first)]
        done: set[int] = set()
        while waiting:
            _, box = heapq.heappop(waiting)
            if box in done:
                continue
            done.add(box)
            for other in ahead[box]:
                here = found.get(other, float(self._near[other]))
                least = self._limit(other, box, found[box], sign)
                if sign * (least - here) > SLACK:
                    found[other] = self._clear_of(other, box, found[box], sign)
                    heapq.heappush(waiting, (sign * self._rank[other], other))
        return found

    def _limit(self, box: int, fixed: int, at: float, sign: int) -> float:
        extent = self._along[fixed] if sign > 0 else self._along[box]
        return float(at + sign * (extent + self._gap))

    def _clear_of(self, box: int, fixed: int, at: float, sign: int) -> float:
        """The column next after `fixed`, which is at `at`; a new one where that is far away."""
        limit, half = self._limit(box, fixed, at, sign), float(self._along[box]) / 2
        beyond = [
            c for c in self._columns[self._part[box]]
            if -SLACK <= sign * (c - half - limit) <= 2 * half + self._gap
        ]  # fmt: skip
        middle = min(beyond, key=lambda c: sign * c) if beyond else limit + half
        return float(np.floor(middle - half + 0.5))

    def _part_touching(self) -> None:
        """Of two boxes that lie too near each other one has to move: the one that stands alone."""
        middles = self._middles()
        for pair in self._touching():
            if not any(box in self._movers for box in pair):
                loser = min(pair, key=lambda one: (self._company(one, middles), -one))
                self._movers[loser] = True

    def _touching(self) -> list[tuple[int, int]]:
        """Pairs of boxes that lie too near each other; Unkept where most lie in one heap."""
        order = np.argsort(self._near, kind="stable")
        near, top = self._near[order], self._top[order]
        far = near + self._along[order]
        bottom = top + self._breadth[order] + self._between - SLACK
        pairs: list[tuple[int, int]] = []
        for start in range(0, len(order), _CHUNK):
            some = slice(start, start + _CHUNK)
            reach = float(far[some].max())
            others = slice(start, int(np.searchsorted(near, reach)))
            meet = near[None, others] < far[some, None]
            meet &= top[None, others] < bottom[some, None]
            meet &= top[some, None] < bottom[None, others]
            one, other = np.nonzero(np.triu(meet, k=1))
            if len(pairs) + len(one) > _MOST_TOUCHING * len(order):
                raise Unkept
            found = zip(order[start + one].tolist(), order[start + other].tolist(), strict=True)
            pairs += [(min(pair), max(pair)) for pair in found]
        return sorted(pairs)

    def _company(self, box: int, middles: NDArray[np.float64]) -> int:
        columns = self._columns[self._part[box]].items()
        return sum(n for c, n in columns if abs(c - middles[box]) <= SLACK)

    def _touched(self, box: int, top: float, others: NDArray[np.intp]) -> NDArray[np.intp]:
        """Which of `others` are too near to a box if that lies at `top`."""
        level = self._level(box, others)
        gap, bottom = self._between - SLACK, top + self._breadth[box]
        under = self._top[level] < bottom + gap
        return level[under & (top < self._top[level] + self._breadth[level] + gap)]

    def _level(self, box: int, others: NDArray[np.intp]) -> NDArray[np.intp]:
        """Which of `others` lie in the same stretch along the flow."""
        near, far = self._near[box], self._near[box] + self._along[box]
        ahead = self._near[others] < far
        return others[ahead & (near < self._near[others] + self._along[others])]

    def _find_places(self, reach: float) -> None:
        standing = np.ones(len(self._keys), bool)
        standing[list(self._movers)] = False
        for box in sorted(self._movers, key=lambda one: (self._near[one], one)):
            wish = float(self._top[box]) if self._movers[box] else self._wished(box)
            others = np.flatnonzero(standing)
            level = self._level(box, others)
            tops = self._top[level]
            bottoms = tops + self._breadth[level]
            free = free_place(wish, float(self._breadth[box]), tops, bottoms, self._between)
            if abs(free - wish) <= reach * self._breadth[box]:
                self._top[box] = free
            else:
                self._top[box] = wish
                self._shove(box, others)
            standing[box] = True

    def _wished(self, box: int) -> float:
        """Level with the middle one of the neighbours."""
        near = [*self._sources[box], *self._targets[box]]
        level = np.median(self._top[near] + self._breadth[near] / 2)
        return float(np.floor(level - self._breadth[box] / 2 + 0.5))

    def _shove(self, mover: int, others: NDArray[np.intp]) -> None:
        """Move what a box lies on up or down, and what that then lies on."""
        middle = self._top[mover] + self._breadth[mover] / 2
        sign = np.where(self._top + self._breadth / 2 >= middle, 1, -1)
        waiting = [mover]
        while waiting:
            box = waiting.pop()
            top = float(self._top[box])
            allies = others if box == mover else others[sign[others] == sign[box]]
            for other in self._touched(box, top, allies[allies != box]).tolist():
                if sign[other] > 0:
                    self._top[other] = np.ceil(top + self._breadth[box] + self._between)
                else:
                    self._top[other] = np.floor(top - self._between - self._breadth[other])
                waiting.append(other)


def free_place(wish: float, breadth: float, tops: Vector, bottoms: Vector, gap: float) -> float:
    """The top nearest to `wish` of a box beside others, which lie from `tops` to `bottoms`."""
    tries = np.concatenate(([wish], np.floor(tops - gap - breadth), np.ceil(bottoms + gap)))
    above = tries[:, None] + breadth + gap - SLACK <= tops[None]
    below = bottoms[None] + gap - SLACK <= tries[:, None]
    free = tries[(above | below).all(axis=1)]
    return float(free[np.abs(free - wish).argmin()])
