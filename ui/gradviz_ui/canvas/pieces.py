"""Curves cut into short pieces, to know by their boxes which curves a small part of a view shows.

The box round a long slanting curve is most of the view; the boxes round its pieces are not.
"""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF

from gradviz.ops.spec import Array

CUT = 4
"""Into how many a piece that is too long is cut."""
ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Pieces:
    """Boxes, each as left, top, right, bottom, and for each which curve it is a piece of."""

    boxes: Array
    curves: Array

    def of(self, curve: int) -> Array:
        """The boxes of one curve."""
        return self.boxes[self.curves == curve]

    def within(self, areas: Array) -> Array:
        """The curves of which a piece touches one of these boxes, rising."""
        return np.unique(self.curves[touching(self.boxes, areas)])


def box_of(area: QRectF) -> tuple[float, float, float, float]:
    """A rectangle as left, top, right, bottom."""
    return area.left(), area.top(), area.right(), area.bottom()


def touching(boxes: Array, areas: Array) -> Array:
    """For each box whether it touches any of the areas."""
    if not len(areas) or not len(boxes):
        return np.zeros(len(boxes), bool)
    around = np.concatenate((areas[:, :2].min(0), areas[:, 2:].max(0)))[None]
    found = _meet(boxes, around)[:, 0]
    if len(areas) > 1:
        found[found] = _meet(boxes[found], areas).any(1)
    return found


def _meet(boxes: Array, areas: Array) -> Array:
    one, other = boxes[:, None], areas[None]
    return (
        (one[..., 0] <= other[..., 2]) & (one[..., 2] >= other[..., 0])
        & (one[..., 1] <= other[..., 3]) & (one[..., 3] >= other[..., 1])
    )  # fmt: skip


def cut(points: Array, seen: Array, longest: float) -> Pieces:
    """What is seen of cubic curves, in pieces no longer than that in either direction.

    Args:
        points: of shape (curves, 4, 2), the points that make each curve.
        seen: one box, as left, top, right, bottom; pieces outside are left out.
    """
    parts, curves = points, np.arange(len(points))
    boxes = _around(parts)
    for _ in range(ROUNDS):
        kept = _meet(boxes, seen[None])[:, 0]
        parts, curves, boxes = parts[kept], curves[kept], boxes[kept]
        long = (boxes[:, 2:] - boxes[:, :2]).max(1, initial=0.0) > longest
        if not long.any():
            break
        smaller = _divided(parts[long])
        parts = np.concatenate((parts[~long], smaller))
        curves = np.concatenate((curves[~long], np.repeat(curves[long], CUT)))
        boxes = np.concatenate((boxes[~long], _around(smaller)))
    return Pieces(boxes, curves)


def _around(parts: Array) -> Array:
    """The box of each curve: it lies within that of the points that make it."""
    return np.concatenate((parts.min(1), parts.max(1)), axis=1).reshape(-1, 4)


def _divided(parts: Array) -> Array:
    """Each curve as CUT curves in a row, by their blossoms."""
    edges = np.linspace(0.0, 1.0, CUT + 1)
    start, end = edges[:-1, None, None], edges[1:, None, None]
    whole = parts[:, None]
    mixes = ((start, start, start), (start, start, end), (start, end, end), (end, end, end))
    found = [_blossom(whole, *mix) for mix in mixes]
    return np.stack(found, axis=2).reshape(-1, 4, 2)


def _blossom(points: Array, first: Array, second: Array, third: Array) -> Array:
    for at in (first, second, third):
        points = points[..., :-1, :] * (1 - at) + points[..., 1:, :] * at
    return points[..., 0, :]
