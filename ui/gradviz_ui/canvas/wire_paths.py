"""The way of a wire on the canvas: one curve from port to port, or several through its dots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainterPath

from gradviz.graph import Wire
from gradviz.layout.curves import reach, reaches, through
from gradviz.ops.spec import Array

if TYPE_CHECKING:
    from .items import WireItem

SAMPLES, PARTS = 12, 24
DOT = 4.0
"""The radius of a dot, in the scene."""

Cubic = list[tuple[float, float]]


def curve(start: QPointF, end: QPointF, down: bool = False) -> QPainterPath:
    """The way without dots: it leaves to the right and arrives from the left.

    ``down``: it leaves below and arrives from above instead.
    """
    gap, aside = end.x() - start.x(), abs(end.y() - start.y())
    if down:
        gap, aside = end.y() - start.y(), abs(end.x() - start.x())
    far = reach(gap, aside)
    out = QPointF(0, far) if down else QPointF(far, 0)
    path = QPainterPath(start)
    path.cubicTo(start + out, end - out, end)
    return path


def rooms(corners: Array, down: bool) -> Array:
    """The rectangles round the ways of many wires without dots: left, top, right and bottom.

    ``corners``: where each begins and ends, as four numbers.
    """
    begin, end = corners[:, :2], corners[:, 2:]
    low, high = np.minimum(begin, end), np.maximum(begin, end)
    along, across = (1, 0) if down else (0, 1)
    gap = end[:, along] - begin[:, along]
    aside = np.abs(end[:, across] - begin[:, across])
    far = reaches(gap, aside)
    out, back = begin[:, along] + far, end[:, along] - far
    low[:, along] = np.minimum(low[:, along], np.minimum(out, back))
    high[:, along] = np.maximum(high[:, along], np.maximum(out, back))
    return np.concatenate((low, high), 1)


def way(
    start: QPointF, end: QPointF, dots: Sequence[QPointF] = (), down: bool = False
) -> QPainterPath:
    """The way of a wire: through every dot, smoothly, with the wires' own direction at its ends."""
    if not dots:
        return curve(start, end, down)
    points = [point.toTuple() for point in (start, *dots, end)]
    path = QPainterPath(start)
    for _, *rest in through(points, down=down):
        path.cubicTo(*(QPointF(*point) for point in rest))
    return path


def cubics(path: QPainterPath) -> list[Cubic]:
    """The curves that a way is made of, each as its four points."""
    points = [(e.x, e.y) for e in map(path.elementAt, range(path.elementCount()))]
    return [points[k : k + 4] for k in range(0, len(points) - 1, 3)]


def straight(start: QPointF, end: QPointF, dots: Sequence[QPointF] = ()) -> list[QLineF]:
    """The way as it is drawn from far away."""
    return [QLineF(a, b) for a, b in pairwise([start, *dots, end])]


def part_near(path: QPainterPath, point: QPointF) -> int:
    """Which curve of a way comes nearest to a point: before which dot another one goes."""
    found = list[tuple[float, int]]()
    for place, (a, b, c, d) in enumerate(cubics(path)):
        single = QPainterPath(QPointF(*a))
        single.cubicTo(QPointF(*b), QPointF(*c), QPointF(*d))
        samples = (single.pointAtPercent(k / SAMPLES) for k in range(SAMPLES + 1))
        found += [((p - point).manhattanLength(), place) for p in samples]
    return min(found)[1]


def crossed(path: QPainterPath, line: QLineF) -> bool:
    """Whether a line crosses a wire's way."""
    box = QRectF(line.p1(), line.p2()).normalized().adjusted(-1, -1, 1, 1)
    if not path.controlPointRect().adjusted(-1, -1, 1, 1).intersects(box):
        return False
    points = [path.pointAtPercent(i / PARTS) for i in range(PARTS + 1)]
    pieces = (QLineF(a, b) for a, b in pairwise(points))
    bounded = QLineF.IntersectionType.BoundedIntersection
    return any(piece.intersects(line)[0] == bounded for piece in pieces)


def wire_near(wires: Mapping[Wire, WireItem], point: QPointF, reach: float) -> Wire | None:
    """The wire that passes a point of the scene within ``reach``."""
    box = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
    sides = (QLineF(box.topLeft(), box.bottomRight()), QLineF(box.bottomLeft(), box.topRight()))
    about = ((w, item) for w, item in wires.items() if item.boundingRect().intersects(box))
    near = (w for w, item in about if any(crossed(item.path, side) for side in sides))
    return next(near, None)
