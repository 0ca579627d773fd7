"""Wires led round the boxes that they would else run behind, once all boxes have their places.

A wire that meets boxes between its ends goes level past all of them, where that is free and nearest
to the straight way: through a dot before the first of them and one behind the last. Where no one
level is free it passes them one by one; where that is not free either it stays as it is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from gradviz.layout.aligning import Placed
from gradviz.layout.meeting import Ground, Strand
from gradviz.layout.model import Point
from gradviz.layout.placing import Direction, checker

BESIDE, BEFORE = 8.0, 14.0
"""From a box to a level past it, and along the flow to the dots before and behind."""
LANE = 12.0
"""Between wires of different outputs that run level side by side."""
DETOUR = 160.0
"""How far aside of both its ends a wire may be led: past a card and a half."""
OUTSIDE = 24.0
"""How far outside of everything a wire may be led."""
SHORTEST = 40.0
"""Wires that go less far along the flow are left alone."""
STEEPEST = 16.0
"""From a wire's end to the next dot along the flow, at least."""
ONE_DOT = 16.0
"""How much longer a way may be that needs one dot only."""
INSET = 6.0
"""How much farther from a box than it must a level is, where there is room."""
PART = 256.0
"""Lanes are kept in parts of the drawing so long."""
MOST_DOTS = 6
"""Where a wire would need more it is better left as it is."""
EFFORT = 60_000
"""So many wires are led at most, those that go least far first, each counted for every box."""
LEVELS, ROUNDS = 8, 3
"""How many levels are tried, and how often what a led wire meets is added to what it passes."""

Stretch = tuple[float, float]


class _Lane(NamedTuple):
    """A level stretch of a wire, along the flow from ``first`` to ``last``."""

    first: float
    last: float
    level: float


class _Lanes:
    """The lanes taken so far: of each output, and in each part along the flow."""

    def __init__(self) -> None:
        self.of: dict[tuple[str, int], list[_Lane]] = {}
        self._parts: dict[int, list[_Lane]] = {}

    def take(self, lane: _Lane, owner: tuple[str, int]) -> None:
        """Add a lane of an output."""
        self.of.setdefault(owner, []).append(lane)
        for part in range(int(lane.first // PART), int(lane.last // PART) + 1):
            self._parts.setdefault(part, []).append(lane)

    def beside(self, stretch: Stretch) -> list[float]:
        """The levels that are taken somewhere on a stretch, in order."""
        first, last = stretch
        parts = range(int(first // PART), int(last // PART) + 1)
        found = {
            lane.level
            for part in parts
            for lane in self._parts.get(part, ())
            if lane.first <= last and lane.last >= first
        }
        return sorted(found)


def led(
    boxes: Mapping[str, Placed],
    strands: Sequence[Strand],
    direction: Direction = "right",
    cancelled: Callable[[], bool] | None = None,
) -> dict[int, tuple[Point, ...]]:
    """The dots through which wires are led, by their places among ``strands``; none for most.

    Equal boxes and strands give equal dots, in whatever order they come. Wires of one output may
    share their lane. LayoutCancelled is raised once `cancelled` says True.
    """
    check = checker(cancelled)
    down = direction == "down"
    flat = [strand.turned() if down else strand for strand in strands]
    order = [n for n, s in enumerate(flat) if s.end[0] - s.start[0] >= SHORTEST]
    order.sort(key=lambda n: _rank(flat[n]))
    if not order:
        return {}
    ground = Ground(boxes, down=down)
    behind = ground.behind([flat[n] for n in order])
    straight = [flat[n] for place, n in enumerate(order) if place not in behind]
    lanes = _Lanes()
    for s in straight:
        if abs(s.end[1] - s.start[1]) < LANE:
            lanes.take(_Lane(s.start[0], s.end[0], s.start[1]), (s.source, s.output))
    found: dict[int, tuple[Point, ...]] = {}
    for place in sorted(behind)[: EFFORT // len(boxes)]:
        check()
        dots = _Leading(ground, flat[order[place]], lanes).dots(behind[place])
        if dots:
            found[order[place]] = tuple((y, x) for x, y in dots) if down else tuple(dots)
    return found


def _rank(strand: Strand) -> tuple[float, str, int, str, Point]:
    length = strand.end[0] - strand.start[0]
    return length, strand.source, strand.output, strand.target, strand.end


class _Leading:
    """One wire to be led, in flow coordinates, among the lanes that others have taken."""

    def __init__(self, ground: Ground, strand: Strand, lanes: _Lanes) -> None:
        self._ground, self._strand, self._lanes = ground, strand, lanes
        self._owner = strand.source, strand.output
        self._own = ground.index[strand.source], ground.index[strand.target]

    def dots(self, behind: set[int]) -> list[Point]:
        """The dots that lead it past the boxes that it runs behind; none where nothing is free.

        The lanes that it takes are added to those there are.
        """
        passed = set(behind)
        for _ in range(ROUNDS):
            found, met = self._past([self._whole(passed)])
            if not found:
                several = self._several(passed)
                found, more = self._past(several) if len(several) > 1 else (found, set[int]())
                met |= more
            if found:
                fewer = _turning(found)
                if len(fewer) > MOST_DOTS:
                    break
                self._take(fewer)
                return fewer
            if not met - passed:
                break
            passed |= met
        return []

    def _whole(self, passed: Iterable[int]) -> Stretch:
        corners = [self._ground.corners[box] for box in passed]
        return min(c[0] for c in corners), max(c[2] for c in corners)

    def _several(self, passed: Iterable[int]) -> list[Stretch]:
        """Stretches on which it passes one box, or several that lie above one another."""
        stretches: list[Stretch] = []
        for first, last in sorted(self._whole([box]) for box in passed):
            if stretches and first < stretches[-1][1] + 2 * BEFORE:
                stretches[-1] = stretches[-1][0], max(stretches[-1][1], last)
            else:
                stretches.append((first, last))
        return stretches

    def _past(self, stretches: list[Stretch]) -> tuple[list[Point], set[int]]:
        """The dots of a free way past some stretches; else none, and what the best one meets."""
        dots: list[Point] = []
        met = set[int]()
        for place, stretch in enumerate(stretches):
            # What comes after is not led yet: only up to there a way can be judged.
            final = place == len(stretches) - 1
            for level in self._levels(stretch, dots[-1] if dots else self._strand.start):
                further = self._at(stretch, level)
                if further is None:
                    continue
                onto = [*dots, *further]
                hit = self._ground.met([self._strand.start, *onto, self._strand.end], self._own)
                if not final:
                    hit = {box for box in hit if self._ground.corners[box][0] < stretch[1]}
                if not hit:
                    dots = onto
                    break
                met = met or hit
            else:
                return [], met
        return dots, met

    def _at(self, stretch: Stretch, level: float) -> list[Point] | None:
        """The dots that lead it past a stretch on a level; None where there is no room for them."""
        (start, top), (end, bottom) = self._strand.start, self._strand.end
        first, last = stretch[0] - BEFORE, stretch[1] + BEFORE
        for lane in self._lanes.of.get(self._owner, ()):
            if lane.level == level and start < lane.first < first:
                first = lane.first
        dots: list[Point] = []
        if level != top:
            if stretch[0] - start < STEEPEST:
                return None
            dots.append((round(max(first, start + STEEPEST)), level))
        if level != bottom:
            if end - stretch[1] < STEEPEST:
                return None
            dots.append((round(min(last, end - STEEPEST)), level))
        return dots or None

    def _levels(self, stretch: Stretch, before: Point) -> list[float]:
        """Free levels past a stretch, those that make the shortest way first."""
        top, bottom = before[1], self._strand.end[1]
        middle = (stretch[0] + stretch[1]) / 2
        part = (middle - before[0]) / max(self._strand.end[0] - before[0], 1.0)
        wanted = top + (bottom - top) * min(max(part, 0.0), 1.0)

        def cost(level: float) -> tuple[float, float]:
            detour = abs(level - top) + abs(bottom - level) - abs(bottom - top)
            straight = level in (top, bottom)
            return detour + abs(level - wanted) / 4 - ONE_DOT * straight, level

        free = list(self._free(stretch))
        mine = {lane.level for lane in self._lanes.of.get(self._owner, ())}
        shared = {x for x in mine if any(a <= x <= b for a, b in free)}
        tried = {x for a, b in free for x in (top, bottom) if a <= x <= b}
        for a, b in free:
            middle = (a + b) / 2
            nearest = min(max(wanted, min(a + INSET, middle)), max(b - INSET, middle))
            closer = (round(x) for x in (nearest, a, b, nearest - LANE, nearest + LANE))
            tried |= {float(x) for x in closer if a <= x <= b}
        taken = self._lanes.beside(stretch)
        return sorted(shared | {x for x in tried if _is_apart(x, taken)}, key=cost)[:LEVELS]

    def _free(self, stretch: Stretch) -> Iterator[Stretch]:
        """What is free across the flow, as far aside as it may go."""
        ground, levels = self._ground, (self._strand.start[1], self._strand.end[1])
        least = max(min(levels) - DETOUR, ground.edges[0] - OUTSIDE)
        most = min(max(levels) + DETOUR, ground.edges[1] + OUTSIDE)
        between = least - BESIDE, most + BESIDE
        reached = least
        for low, high in ground.across(stretch, between, self._own):
            if reached <= min(low - BESIDE, most):
                yield reached, min(low - BESIDE, most)
            reached = max(reached, high + BESIDE)
        if reached <= most:
            yield reached, most

    def _take(self, dots: list[Point]) -> None:
        ends = [self._strand.start, *dots, self._strand.end]
        for (first, level), (last, other) in pairwise(ends):
            if level == other:
                self._lanes.take(_Lane(first, last, level), self._owner)


def _turning(dots: list[Point]) -> list[Point]:
    """Dots without those that are level with both beside them: the way is the same."""
    levels = [level for _, level in dots]
    around = zip([None, *levels[:-1]], levels, [*levels[1:], None], strict=True)
    return [dot for dot, (a, b, c) in zip(dots, around, strict=True) if not a == b == c]


def _is_apart(level: float, taken: list[float]) -> bool:
    """Whether a level is far enough from those in order that are taken."""
    place = bisect_left(taken, level)
    return all(abs(level - other) >= LANE for other in taken[max(place - 1, 0) : place + 1])
