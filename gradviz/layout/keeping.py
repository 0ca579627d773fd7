"""Laying out anew what lies tidily already: after a small change few boxes move.

What must move is found from where the boxes lie: what a link now runs back to, what stands beside
its column, what lies on another. Each goes into the nearest free place of a column, or moves its
neighbours up and down where none is near. Then boxes whose wires cross needlessly go elsewhere in
their columns. Only where so much would have to move, or boxes lie so loosely, that they cannot be
what an earlier layout left, are they held against a layout from nothing, and if that is much
better it is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from gradviz.layout.judging import Yardstick, is_compact
from gradviz.layout.model import Box, Link, Point
from gradviz.layout.moving import Ground, Unkept
from gradviz.layout.placing import Direction, checker, place
from gradviz.layout.uncrossing import Drawing

_REACHES = (float("inf"), 1.0)
_FEW = 0.25
_COMPARED_UP_TO = 12
_UNCROSSED_UP_TO = 400
_STRAINED, _MESSY = 0.3, 0.4
_MOST_UNCROSSED = 0.2


def place_near(
    boxes: Sequence[Box],
    links: Sequence[Link],
    present: Mapping[str, Point],
    *,
    direction: Direction = "right",
    gap_along: float = 64.0,
    gap_across: float = 28.0,
    total: int = 0,
    cancelled: Callable[[], bool] | None = None,
) -> dict[str, Point]:
    """Top-left corners of the boxes, most of them as at ``present`` where that is tidy enough.

    Equal arguments give equal corners, and corners given back as ``present`` stay. Raises as
    :func:`gradviz.layout.place` does.

    present: corners now; boxes that are not named there count, and are given corners, in a layout
        from nothing only.
    """
    task = _Task(boxes, links, direction, (gap_along, gap_across), total, cancelled)
    task.check()
    return task.kept(present) or task.fresh()


def shift(before: Mapping[str, Point], after: Mapping[str, Point]) -> Point:
    """By how much to move all, so that most of it stays; where hardly any would, the corner."""
    left, top = (min(corner[axis] for corner in before.values()) for axis in (0, 1))
    ways = Counter(
        (round(before[key][0] - x), round(before[key][1] - y)) for key, (x, y) in after.items()
    )
    way, count = ways.most_common(1)[0]
    return way if count > max(1, _FEW * len(after)) else (left, top)


class _Task:
    """What is to be laid out, and how."""

    def __init__(
        self,
        boxes: Sequence[Box],
        links: Sequence[Link],
        direction: Direction,
        gaps: Point,
        total: int,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self._boxes, self._links, self._gaps = boxes, links, gaps
        self._total = max(total, len(boxes))
        self._direction: Direction = direction
        self._cancelled, self.check = cancelled, checker(cancelled)
        self._flipped = direction == "down"
        self._fresh: dict[str, Point] = {}

    def fresh(self) -> dict[str, Point]:
        """A layout from nothing, as tidying it again would leave it."""
        if not self._fresh:
            found = place(
                self._boxes, self._links, direction=self._direction,
                gap_along=self._gaps[0], gap_across=self._gaps[1], total=self._total,
                cancelled=self._cancelled,
            )  # fmt: skip
            self._fresh = dict(found.positions)
            if self._total <= _UNCROSSED_UP_TO:
                drawing = self._drawing(self._boxes, self._links, self._fresh)
                drawing.uncross(len(self._boxes), self.check)
                self._fresh = drawing.corners()
        return self._fresh

    def kept(self, present: Mapping[str, Point]) -> dict[str, Point] | None:
        """The layout there is, with as little moved as makes it tidy; None where that is a mess."""
        boxes = [box for box in self._boxes if box.key in present]
        links = [li for li in self._links if li.source in present and li.target in present]
        if not links:
            return None
        for reach in _REACHES:
            ground = Ground(boxes, links, present, *self._gaps, flipped=self._flipped)
            try:
                corners = ground.settled(reach)
            except Unkept:
                return None
            corners, sorted_out = self._uncrossed(boxes, links, corners)
            likely = sorted_out and len(boxes) > _COMPARED_UP_TO
            if likely and self._is_compact(boxes, corners):
                return corners
            # Elsewhere the crossings of a new layout tell.
            yardstick = Yardstick(self.fresh(), boxes, links, flipped=self._flipped)
            if yardstick.enough(corners):
                return corners
        return None

    def _uncrossed(
        self, boxes: Sequence[Box], links: Sequence[Link], corners: dict[str, Point]
    ) -> tuple[dict[str, Point], bool]:
        """Corners with crossings that are easily avoided gone; whether few boxes had to move."""
        drawing = self._drawing(boxes, links, corners)
        if self._total > _UNCROSSED_UP_TO and drawing.strain() <= _STRAINED:
            return corners, True
        if not drawing.uncross(int(_MOST_UNCROSSED * len(boxes)), self.check):
            return corners, False
        good = self._total <= _UNCROSSED_UP_TO or drawing.strain() <= _MESSY
        return drawing.corners(), good

    def _is_compact(self, boxes: Sequence[Box], corners: Mapping[str, Point]) -> bool:
        return is_compact(boxes, self._links, corners, self._gaps, flipped=self._flipped)

    def _drawing(
        self, boxes: Sequence[Box], links: Sequence[Link], corners: Mapping[str, Point]
    ) -> Drawing:
        return Drawing(boxes, links, corners, self._gaps[1], flipped=self._flipped)
