"""The points a wire passes on its way, so that it keeps off the cards between its two ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradviz.layout.model import Link, Point
from gradviz.layout.proper import Proper

_LANE = 12.0
_LEVEL = 0.5


class Router:
    """Routes for the links of one connected graph, in flow coordinates (along, across).

    across: centre of each vertex.  near, far: the two sides of each layer's band.
    along, breadth: extents of each box along and across the flow.
    """

    def __init__(
        self,
        proper: Proper,
        across: Sequence[float],
        bands: tuple[Sequence[float], Sequence[float]],
        along: Sequence[float],
        breadth: Sequence[float],
    ) -> None:
        self._proper = proper
        self._across = across
        self._near, self._far = bands
        self._along = along
        self._breadth = breadth
        self._lanes: dict[tuple[int, int], float] = {}
        self._stretches: dict[int, list[tuple[int, int]]] = {}
        tops = [middle - extent / 2 for middle, extent in zip(across, breadth, strict=False)]
        self._edge = min(*tops, *across)

    def route(self, number: int, link: Link, source: int, target: int) -> tuple[Point, ...]:
        """Points between the two ports of link `number`; none where a straight line is free."""
        start = self._port(source, link.source_at)
        end = self._port(target, link.target_at)
        if number in self._proper.trunks:
            middle = list(self._along_trunk(*self._proper.trunks[number]))
        elif self._proper.layer[target] - self._proper.layer[source] > 1:
            middle = self._along_lane(source, link.source_port, target)
        else:
            middle = []
        _meet(middle, 0, 1, start)
        _meet(middle, -1, -2, end)
        first = middle[0][1] if middle else end
        last = middle[-1][1] if middle else start
        points = [*self._leave(source, start, first), *middle, *self._enter(target, end, last)]
        return tuple(points)

    def _port(self, box: int, at: float | None) -> float:
        offset = 0.0 if at is None else at - self._breadth[box] / 2
        return self._across[box] + offset

    def _along_trunk(self, bends: list[int], count: int) -> Iterator[Point]:
        """The two ends of each level stretch, as far as the first `count` bends go."""
        layer, across = self._proper.layer, self._across
        for first, last in self._level_stretches(bends):
            if first >= count:
                break
            yield self._near[layer[bends[first]]], across[bends[first]]
            yield self._far[layer[bends[min(last, count - 1)]]], across[bends[first]]

    def _level_stretches(self, bends: list[int]) -> list[tuple[int, int]]:
        """First and last place of each run of bends that lie level."""
        if bends[0] not in self._stretches:
            across = self._across
            turns = [
                place
                for place in range(1, len(bends))
                if abs(across[bends[place]] - across[bends[place - 1]]) > _LEVEL
            ]
            ends = [*(turn - 1 for turn in turns), len(bends) - 1]
            self._stretches[bends[0]] = list(zip([0, *turns], ends, strict=True))
        return self._stretches[bends[0]]

    def _along_lane(self, source: int, port: int, target: int) -> list[Point]:
        """Outside everything, one lane for each trunk."""
        lane = self._lanes.setdefault((source, port), self._edge - _LANE * (len(self._lanes) + 2))
        leaving = self._far[self._proper.layer[source]]
        arriving = self._near[self._proper.layer[target]]
        room = self._near[self._proper.layer[source] + 1] - leaving
        return [(leaving + room / 2, lane), (arriving - room / 2, lane)]

    def _leave(self, box: int, across: float, following: float) -> Iterator[Point]:
        """A narrow box's wire turns only where its wider neighbours in the layer end."""
        number = self._proper.layer[box]
        band = self._far[number] - self._near[number]
        if band - self._along[box] > 1 and abs(following - across) > _LEVEL:
            yield self._far[number], across

    def _enter(self, box: int, across: float, previous: float) -> Iterator[Point]:
        number = self._proper.layer[box]
        band = self._far[number] - self._near[number]
        if band - self._along[box] > 1 and abs(previous - across) > _LEVEL:
            yield self._near[number], across


def _meet(points: list[Point], first: int, second: int, across: float) -> None:
    """Start a stretch exactly level with its port where rounding alone keeps it from it."""
    if points and 0 < abs(points[first][1] - across) <= 2 * _LEVEL:
        if points[second][1] == points[first][1]:
            points[second] = points[second][0], across
        points[first] = points[first][0], across
