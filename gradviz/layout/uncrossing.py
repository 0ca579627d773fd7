"""Moving single boxes up or down their columns where that rids straight wires of crossings.

Sifting (see :mod:`gradviz.layout.sifting`), but done to a drawing: what a move is worth is
foretold for all boxes of a column at once, as if its boxes and the wires that pass were one order;
each move that promises something is then counted exactly before it is made. Few boxes move by it,
so that a drawing that has grown by small changes stays good without a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil, inf

import numpy as np
from numpy.typing import NDArray

from gradviz.layout.model import Box, Link, Point, index_boxes, index_links
from gradviz.layout.moving import SLACK, free_place
from gradviz.layout.packing import group_connected
from gradviz.layout.wires import Wires

Vector = NDArray[np.float64]
Numbers = NDArray[np.intp]

_ROUNDS = 4
_WORTH = 150.0
_FARTHEST = 6
_LEAST, _LEAST_SHARE = 1.0, 0.1
_TRIED = 200
_SAMPLED = 128
_FEW_CROSSINGS = 20
_MOST_WORK = 1_000_000


class Drawing:
    """Boxes in columns, and straight wires between their middles, along and across the flow.

    links: between these boxes; such as run back, or within a column, are left out of account.
    corners: of each box.
    """

    def __init__(
        self,
        boxes: Sequence[Box],
        links: Sequence[Link],
        corners: Mapping[str, Point],
        gap: float,
        *,
        flipped: bool,
    ) -> None:
        self._keys, self._flipped, self._gap = [box.key for box in boxes], flipped, ceil(gap)
        at = np.array([corners[box.key] for box in boxes], float).reshape(-1, 2)
        sizes = np.array([(ceil(b.width), ceil(b.height)) for b in boxes], float).reshape(-1, 2)
        along, across = (1, 0) if flipped else (0, 1)
        self._near, self._far = at[:, along], at[:, along] + sizes[:, along]
        self._half = sizes[:, across] / 2
        self._middle = at[:, across] + self._half
        ends = index_links(links, index_boxes(boxes))
        column, x = _columns((self._near + self._far) / 2, ends)
        self._column = column
        self._wires = Wires(ends, column, x)
        self._stacks: list[list[int]] = [[] for _ in x]
        for box in sorted(range(len(boxes)), key=self._middle.tolist().__getitem__):
            self._stacks[column[box]].append(box)

    def corners(self) -> dict[str, Point]:
        """Where each box lies now."""
        tops = (self._middle - self._half).tolist()
        places = zip(self._keys, self._near.tolist(), tops, strict=True)
        return {key: (top, near) if self._flipped else (near, top) for key, near, top in places}

    def uncross(self, most: int, check: Callable[[], None]) -> bool:
        """Move boxes while that saves crossings; False if more than `most` would have to move."""
        moved: set[int] = set()
        for _ in range(_ROUNDS):
            stirred = False
            for _, box, wish in self._promising():
                check()
                after = self._better(box, wish)
                if after:
                    stirred = True
                    moved.update(after)
                    self._move(after)
                if len(moved) > most:
                    return False
            if not stirred:
                break
        return True

    def strain(self) -> float:
        """About what share of the crossings single moves could save; many columns are sampled."""
        cuts = self._wires.cut(self._middle)
        saved = crossings = 0.0
        for column in range(0, len(self._stacks), len(self._stacks) // _SAMPLED + 1):
            if cuts.work(column, len(self._stacks[column])) > _MOST_WORK:
                continue
            excess, places, _ = cuts.excess(column, self._stacks[column])
            saved -= float(_gains(excess, places).min(axis=1, initial=0).sum())
            crossings += cuts.crossings(column)
        return saved / (crossings + _FEW_CROSSINGS)

    def _move(self, middles: Mapping[int, float]) -> None:
        for box, middle in middles.items():
            self._middle[box] = middle
        for column in {int(self._column[box]) for box in middles}:
            self._stacks[column].sort(key=lambda box: (self._middle[box], box))

    def _promising(self) -> list[tuple[float, int, float]]:
        """What a move seems to save (negative), the box, and about where its middle would go."""
        cuts = self._wires.cut(self._middle)
        found: list[tuple[float, int, float]] = []
        for column, stack in enumerate(self._stacks):
            if cuts.work(column, len(stack)) > _MOST_WORK:
                continue
            excess, places, levels = cuts.excess(column, stack)
            gains = _gains(excess, places)
            best = gains.argmin(axis=1)
            for row in np.flatnonzero(gains.min(axis=1, initial=0) <= -_LEAST).tolist():
                spot, box = int(best[row]), stack[row]
                beyond = spot + (1 if spot > places[row] else -1)
                if 0 <= beyond < len(levels):
                    wish = float(levels[spot] + levels[beyond]) / 2
                else:
                    wish = float(levels[spot]) + (beyond - spot) * (self._gap + self._half[box])
                found.append((float(gains[row, spot]), box, wish))
        return sorted(found)[:_TRIED]

    def _better(self, box: int, wish: float) -> dict[int, float]:
        """Middles of the boxes that have to move for one to lie about where it should."""
        if self._wires.work(box) > _MOST_WORK:
            return {}
        own = self._wires.crossings(self._wires.of([box]), self._middle)
        best: dict[int, float] = {}
        least = -max(_LEAST, _LEAST_SHARE * own)
        for tried in (self._into_gap(box, wish), self._between(box, wish)):
            if tried and self._is_free(tried):
                saved = self._saved(tried)
                if saved < least:
                    best, least = tried, saved
        return best

    def _saved(self, middles: Mapping[int, float]) -> float:
        """How many crossings fewer (negative); length across counts for a little."""
        after = self._middle.copy()
        for box, middle in middles.items():
            after[box] = middle
        wires = self._wires.of(middles)
        crossings, length = self._wires.change(wires, self._middle, after)
        return crossings + length / _WORTH if crossings < 0 else 0.0

    def _into_gap(self, box: int, wish: float) -> dict[int, float]:
        """The box alone, in the free place nearest to the wish."""
        others = np.array([other for other in self._stacks[self._column[box]] if other != box], int)
        tops, bottoms = (self._middle[others] + side * self._half[others] for side in (-1, 1))
        half = float(self._half[box])
        top = free_place(float(np.floor(wish - half)), 2 * half, tops, bottoms, self._gap)
        return {box: top + half}

    def _between(self, box: int, wish: float) -> dict[int, float]:
        """The box and those that it passes on its way, which move by its breadth."""
        stack = self._stacks[self._column[box]]
        here = stack.index(box)
        down = wish > self._middle[box]
        passed = stack[here + 1 :] if down else stack[:here][::-1]
        passed = [o for o in passed if (self._middle[o] < wish) == down]
        if not 0 < len(passed) <= _FARTHEST:
            return {}
        sign = 1 if down else -1
        shift = sign * (2 * float(self._half[box]) + self._gap)
        last = passed[-1]
        found = {other: float(self._middle[other]) - shift for other in passed}
        found[box] = float(self._middle[last]) + sign * float(self._half[last] - self._half[box])
        return found

    def _is_free(self, middles: Mapping[int, float]) -> bool:
        """Whether no other box is too near to boxes there."""
        standing = np.ones(len(self._middle), bool)
        standing[list(middles)] = False
        for box, middle in middles.items():
            meet = standing & (self._near < self._far[box]) & (self._near[box] < self._far)
            apart = np.abs(self._middle - middle) - self._half - self._half[box]
            if (meet & (apart < self._gap - SLACK)).any():
                return False
        return True


def _columns(middles: Vector, ends: Sequence[tuple[int, int]]) -> tuple[list[int], list[float]]:
    """The column of each box, columns of a connected part one after another; and their middles."""
    column, x = [0] * len(middles), list[float]()
    at = middles.tolist()
    for group in group_connected(len(at), ends):
        last = -inf
        for box in sorted(group, key=at.__getitem__):
            if at[box] - last > SLACK:
                last = at[box]
                x.append(last)
            column[box] = len(x) - 1
    return column, x


def _gains(excess: Vector, places: Numbers) -> Vector:
    """Change in crossings when row's box alone moves to column's place."""
    sums: Vector = np.cumsum(excess, axis=1)
    here = np.take_along_axis(sums, places[:, None], axis=1)
    spots: Numbers = np.arange(excess.shape[1], dtype=np.intp)
    return np.where(spots < places[:, None], here - sums + excess, here - sums)
