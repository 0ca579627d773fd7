"""Straight wires between columns of boxes, and what crosses what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Numbers = NDArray[np.intp]

_TINY = 1e-6


class Wires:
    """Straight lines from middle to middle, from a column of boxes to a later one.

    ends: boxes that each joins.
    column: of each box, numbered so that those of a connected part follow one another.
    along: where each column is.
    """

    def __init__(
        self, ends: Sequence[tuple[int, int]], column: Sequence[int], along: Sequence[float]
    ) -> None:
        self._boxes, self._along = len(column), np.array(along, float)
        columns = np.array(column, np.intp)
        forward = [(one, other) for one, other in ends if column[one] < column[other]]
        pairs = np.array(forward, np.intp).reshape(-1, 2)
        self._source, self._target = pairs[:, 0], pairs[:, 1]
        self._first, self._last = columns[self._source], columns[self._target]
        self._start, self._end = self._along[self._first], self._along[self._last]
        self._at: list[list[int]] = [[] for _ in column]
        for wire, (source, target) in enumerate(forward):
            self._at[source].append(wire)
            self._at[target].append(wire)

    def of(self, boxes: Iterable[int]) -> Numbers:
        """The wires at some boxes."""
        return np.array(sorted({wire for box in boxes for wire in self._at[box]}), np.intp)

    def work(self, box: int) -> int:
        """How many pairs of wires, at most, there are to look at for a box."""
        return len(self._at[box]) * len(self._source)

    def change(self, wires: Numbers, before: Vector, after: Vector) -> tuple[int, float]:
        """Crossings more, and length across more, with these wires' boxes elsewhere.

        before, after: the middle of each box across the flow.
        """
        if not len(wires):
            return 0, 0.0
        length = np.abs(after[self._target[wires]] - after[self._source[wires]])
        length -= np.abs(before[self._target[wires]] - before[self._source[wires]])
        return self.crossings(wires, after) - self.crossings(wires, before), float(length.sum())

    def crossings(self, wires: Numbers, middles: Vector) -> int:
        """Crossings of some wires with each other and with all others."""
        if not len(wires):
            return 0
        low, high = self._first[wires].min(), self._last[wires].max()
        near = np.flatnonzero((self._first < high) & (self._last > low))
        return self._crossings(wires, near, middles)

    def _crossings(self, some: Numbers, others: Numbers, middles: Vector) -> int:
        """Crossings of some wires with others, among which they are."""
        start = np.maximum(self._start[some][:, None], self._start[others][None])
        end = np.minimum(self._end[some][:, None], self._end[others][None])
        above = self._apart(some, others, middles, start) * self._apart(some, others, middles, end)
        crossing = (start < end) & (above < -_TINY)
        among = np.isin(others, some)
        return int(crossing[:, ~among].sum()) + int(crossing[:, among].sum()) // 2

    def _apart(self, some: Numbers, others: Numbers, middles: Vector, at: Vector) -> Vector:
        levels = middles[self._source]
        slopes = (middles[self._target] - levels) / (self._end - self._start)
        one = levels[some][:, None] + slopes[some][:, None] * (at - self._start[some][:, None])
        return one - levels[others][None] - slopes[others][None] * (at - self._start[others][None])

    def cut(self, middles: Vector) -> Cuts:
        """The wires cut at each column that they come to."""
        spans = self._last - self._first
        wire = np.repeat(np.arange(len(spans)), spans)
        column = (
            self._first[wire] + np.arange(len(wire)) - np.repeat(np.cumsum(spans) - spans, spans)
        )
        slope = (middles[self._target] - middles[self._source]) / (self._end - self._start)
        levels = [
            middles[self._source[wire]] + slope[wire] * (self._along[at] - self._start[wire])
            for at in (column, column + 1)
        ]
        # A wire that passes a column is there what a box would be.
        own = self._boxes + wire
        behind = np.where(self._first[wire] == column, self._source[wire], own)
        ahead = np.where(self._last[wire] == column + 1, self._target[wire], own)
        order = np.argsort(column, kind="stable")
        ends = np.searchsorted(column[order], np.arange(len(self._along) + 1))
        return Cuts(
            middles, self._boxes + len(spans), ends,
            behind[order], ahead[order], levels[0][order], levels[1][order],
        )  # fmt: skip


class Cuts:
    """Pieces of wires from each column to the next."""

    def __init__(
        self, middles: Vector, owners: int, ends: Numbers,
        behind: Numbers, ahead: Numbers, start: Vector, end: Vector,
    ) -> None:  # fmt: skip
        self._middles, self._boxes = middles, len(middles)
        self._place = np.full(owners, -1, np.intp)
        self._ends = ends
        self._behind, self._ahead, self._start, self._end = behind, ahead, start, end

    def work(self, column: int, boxes: int) -> int:
        """How many pairs there are to look at where so many boxes stand in a column."""
        pieces = int(self._ends[column + 1] - self._ends[max(column - 1, 0)])
        return (boxes + pieces) * max(boxes, pieces)

    def crossings(self, column: int) -> int:
        """Crossings between a column and the next."""
        out = slice(int(self._ends[column]), int(self._ends[column + 1]))
        start, end = self._start[out], self._end[out]
        turned = (start[:, None] - start[None]) * (end[:, None] - end[None]) < -_TINY
        return int(turned.sum()) // 2

    def excess(self, column: int, stack: Sequence[int]) -> tuple[Vector, Numbers, Vector]:
        """What each box of a column, in order, would cost above each thing there rather than below.

        Things are boxes and wires that pass, from the top; the box's places among them, and the
        levels of them all, are the second and third.
        """
        out = slice(int(self._ends[column]), int(self._ends[column + 1]))
        into = slice(int(self._ends[column - 1]), out.start) if column else slice(0, 0)
        passing = self._behind[out] >= self._boxes
        things = np.concatenate((np.asarray(stack, np.intp), self._behind[out][passing]))
        levels = np.concatenate((self._middles[stack], self._start[out][passing]))
        order = np.argsort(levels, kind="stable")
        self._place[things[order]] = np.arange(len(things))
        places = self._place[stack]
        row = np.full(len(things), -1, np.intp)
        row[places] = np.arange(len(stack))
        excess = np.zeros((len(stack), len(things)))
        for who, level in (
            (self._ahead[into], self._start[into]),
            (self._behind[out], self._end[out]),
        ):
            _add_excess(excess, self._place[who], level, row)
        return excess, places, levels[order]


def _add_excess(excess: Vector, place: Numbers, level: Vector, row: Numbers) -> None:
    """Add one side's: the place in the column of the thing at each end there, and its level."""
    if not len(place):
        return
    order = np.argsort(place, kind="stable")
    place, level = place[order], level[order]
    things, starts = np.unique(place, return_index=True)
    rows = row[place]
    of_box = rows >= 0
    if not of_box.any():
        return
    boxes, box_starts = np.unique(rows[of_box], return_index=True)
    signs = np.sign(level[of_box][:, None] - level[None])
    signs = np.add.reduceat(signs, box_starts, axis=0)
    excess[np.ix_(boxes, things)] += np.add.reduceat(signs, starts, axis=1)
