"""Lines that show, while something is dragged, with what it lies in line or evenly spaced."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from ..theme import Theme, qcolor

GRID = 28.0
"""The distance between the dots of the ground, in the scene."""
MOST = 400
"""Among more boxes than this equal spaces are not looked for."""
TICK = 4.0

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Guides:
    """Where to go instead of where the pointer is, and why, as lines to draw.

    ``spaces`` are the gaps that are equal, each from edge to edge.
    """

    by: QPointF
    lines: tuple[QLineF, ...] = ()
    spaces: tuple[QLineF, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pull:
    """How far to go along one axis, to which place, and the equal gaps ``(from, to)`` there."""

    by: float
    line: float | None = None
    gaps: tuple[Span, ...] = ()


class Aligner:
    """The boxes that something dragged may line up with."""

    def __init__(self, others: Iterable[QRectF]) -> None:
        self._others = list(others)
        corners = np.array([other.getCoords() for other in self._others], float).reshape(-1, 4)
        self._spans = [corners[:, axis::2] for axis in (0, 1)]
        self._marks = [np.column_stack((s[:, 0], s.mean(1), s[:, 1])) for s in self._spans]
        self._places: list[list[float]] = [np.unique(marks).tolist() for marks in self._marks]

    def guides(self, box: QRectF, reach: float, grid: bool = False) -> Guides:
        """What draws a box to a place near where it is, each axis by itself."""
        pulls = [self._pull(box, axis, reach, grid) for axis in (0, 1)]
        by = QPointF(pulls[0].by, pulls[1].by)
        there = box.translated(by)
        lines = [self._line(there, axis, pull) for axis, pull in enumerate(pulls)]
        spaces = [_across(there, axis, gap) for axis, pull in enumerate(pulls) for gap in pull.gaps]
        return Guides(by, tuple(line for line in lines if line is not None), tuple(spaces))

    def _pull(self, box: QRectF, axis: int, reach: float, grid: bool) -> _Pull:
        start, end = _span(box, axis)
        marks = (start, (start + end) / 2, end)
        found = [
            _Pull(place - mark, place)
            for mark in marks
            for place in _near(self._places[axis], mark, reach)
        ]
        found += self._spacings(box, axis, reach)
        if found:
            return min(found, key=lambda pull: (abs(pull.by), bool(pull.gaps)))
        if grid:
            return _Pull(round(start / GRID) * GRID - start)
        return _Pull(round(start) - start)

    def _spacings(self, box: QRectF, axis: int, reach: float) -> list[_Pull]:
        """Places where the gaps to neighbours are as wide as one another."""
        if len(self._others) > MOST:
            return []
        start, end = _span(box, axis)
        beside = sorted(
            _span(other, axis) for other in self._others if _overlap(box, other, 1 - axis)
        )
        before = [s for s in beside if s[1] <= start + reach][-2:]
        after = [s for s in beside if s[0] >= end - reach][:2]
        wanted: list[tuple[float, list[Span]]] = []
        if before and after:
            middle = (before[-1][1] + after[0][0] - (end - start)) / 2
            wanted.append((middle, [(before[-1][1], middle), (middle + end - start, after[0][0])]))
        if len(before) == 2 and (gap := before[1][0] - before[0][1]) > 0:
            place = before[1][1] + gap
            wanted.append((place, [(before[0][1], before[1][0]), (before[1][1], place)]))
        if len(after) == 2 and (gap := after[1][0] - after[0][1]) > 0:
            place = after[0][0] - gap
            spaces = [(place, after[0][0]), (after[0][1], after[1][0])]
            wanted.append((place - (end - start), spaces))
        return [
            _Pull(place - start, None, tuple(gaps))
            for place, gaps in wanted
            if abs(place - start) <= reach and all(b > a for a, b in gaps)
        ]

    def _line(self, there: QRectF, axis: int, pull: _Pull) -> QLineF | None:
        """The line through all that lies in line with the box where it is drawn to."""
        if pull.line is None:
            return None
        alike = (np.abs(self._marks[axis] - pull.line) < 0.01).any(1)
        spans = np.vstack((self._spans[1 - axis][alike], _span(there, 1 - axis)))
        low, high = float(spans[:, 0].min()) - 8, float(spans[:, 1].max()) + 8
        ends = (QPointF(pull.line, low), QPointF(pull.line, high))
        return QLineF(*ends) if axis == 0 else QLineF(low, pull.line, high, pull.line)


def _span(box: QRectF, axis: int) -> Span:
    return (box.left(), box.right()) if axis == 0 else (box.top(), box.bottom())


def _near(places: list[float], mark: float, reach: float) -> list[float]:
    """The places next to a mark, on either side, that are within reach."""
    here = bisect_left(places, mark)
    return [p for p in places[max(0, here - 1) : here + 1] if abs(p - mark) <= reach]


def _overlap(one: QRectF, other: QRectF, axis: int) -> bool:
    (a, b), (c, d) = _span(one, axis), _span(other, axis)
    return a < d and c < b


def _across(there: QRectF, axis: int, gap: Span) -> QLineF:
    """A gap as a line through the middle of the box."""
    middle = there.center()
    if axis == 0:
        return QLineF(gap[0], middle.y(), gap[1], middle.y())
    return QLineF(middle.x(), gap[0], middle.x(), gap[1])


def paint_guides(painter: QPainter, guides: Guides, theme: Theme, zoom: float) -> None:
    """Draw the lines, and each equal space with a tick at both its ends."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(qcolor(theme.sel, 0.7), 0, Qt.PenStyle.DashLine))
    painter.drawLines(list(guides.lines))
    painter.setPen(QPen(qcolor(theme.sel), 0))
    for space in guides.spaces:
        painter.drawLine(space)
        across = QPointF(space.dy(), space.dx()) / max(space.length(), 1) * TICK / zoom
        for end in (space.p1(), space.p2()):
            painter.drawLine(QLineF(end - across, end + across))
