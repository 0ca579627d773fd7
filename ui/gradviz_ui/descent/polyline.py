"""A way on the screen, thinned out once, so that only its end need move as one scrubs along it.

A pen wider than a pixel is slow on long lines that cross themselves. A line is therefore drawn with
a pen of one pixel, where need be a few times side by side.
"""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from .frame import cut, path_of

FINEST = 0.5
"""Pixels that a line must go on for to be drawn further."""
FEW = 600
"""Places so few that a line through all of them costs less than to find what is there twice."""
BESIDE = ((-1.0, 0.0), (1.0, 0.0), (0.0, -1.0), (0.0, 1.0))


class Polyline:
    """A line through rows of pixels, a row a step, up to the first that is no number.

    What has been drawn already, back and forth between the same places, is left out.
    """

    def __init__(self, pixels: np.ndarray) -> None:
        self._pixels = cut(pixels)
        self._path: tuple[int, QPainterPath] | None = None
        self._spots: dict[float, tuple[np.ndarray, list[QPointF]]] = {}
        self._steps = fresh_segments(self._pixels)
        self._ends = np.stack([self._pixels[self._steps], self._pixels[self._steps + 1]], axis=1)

    def __len__(self) -> int:
        return len(self._steps)

    def path(self, step: int | None = None) -> QPainterPath:
        """The line up to a step, or to its end."""
        count = len(self) if step is None else int(np.searchsorted(self._steps, step))
        if self._path is None or self._path[0] != count:
            rows = self._ends[:count].reshape(-1, 2)
            self._path = count, path_of(rows, np.arange(0, 2 * count, 2))
        return self._path[1]

    @property
    def last(self) -> int:
        """The last step it shows; −1 where it shows none."""
        return len(self._pixels) - 1

    @property
    def pixels(self) -> np.ndarray:
        """The places it shows, a row a step."""
        return self._pixels

    def place(self, step: int) -> QPointF | None:
        """Where it is at a step; None where it does not show it."""
        return QPointF(*self._pixels[step]) if 0 <= step <= self.last else None

    def spots(self, step: int, apart: float) -> list[QPointF]:
        """Its places up to a step, without those that others as near as this already cover."""
        if apart not in self._spots:
            cells = np.round(self._pixels / apart).astype(np.int64)
            _, first = np.unique(cells[:, 0] * 2**32 + cells[:, 1], return_index=True)
            first.sort()
            self._spots[apart] = first, [QPointF(x, y) for x, y in self._pixels[first].tolist()]
        steps, places = self._spots[apart]
        return places[: int(np.searchsorted(steps, step, side="right"))]


def fresh_segments(pixels: np.ndarray) -> np.ndarray:
    """The rows from which a line to the next shows anything that is not there yet."""
    if len(pixels) < 2:
        return np.empty(0, int)
    if len(pixels) <= FEW:
        cells = np.round(pixels / FINEST)
        return np.flatnonzero((cells[1:] != cells[:-1]).any(axis=1))
    # Far outside nothing is seen: `cut` has brought everything within reach of these numbers.
    cells = np.round(pixels / FINEST).astype(np.int64) + 2**14
    codes = cells[:, 0] * 2**15 + cells[:, 1]
    low, high = np.minimum(codes[:-1], codes[1:]), np.maximum(codes[:-1], codes[1:])
    _, first = np.unique(low * 2**31 + high, return_index=True)
    first = np.sort(first)
    return first[low[first] != high[first]]


class Polylines:
    """The lines last asked for, a slot each, kept while what they are made from is the same."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[object, Polyline]] = {}

    def of(self, slot: int, key: object, pixels: Callable[[], np.ndarray]) -> Polyline:
        """The line in a slot; made anew where the key has changed."""
        known = self._kept.get(slot)
        if known is None or known[0] != key:
            known = self._kept[slot] = key, Polyline(pixels())
        return known[1]


def draw_line(painter: QPainter, path: QPainterPath, colour: QColor, width: float) -> None:
    """Draw a line from one pixel wide to about two and a half."""
    pen = QPen(colour, 1.0)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    beside = (width - 1.0) / 2
    for across, down in BESIDE if beside > 0 else ((0.0, 0.0),):
        painter.translate(across * beside, down * beside)
        painter.drawPath(path)
        painter.translate(-across * beside, -down * beside)


def thinned(values: np.ndarray, most: int) -> np.ndarray:
    """A curve's steps and values up to the first that is no number, a row a point.

    Of many, the least and the greatest of each of `most` stretches: all that can be seen of them.
    """
    bad = ~np.isfinite(values)
    values = values[: int(bad.argmax())] if bad.any() else values
    steps = np.arange(len(values))
    if len(values) <= 4 * most:
        return np.column_stack([steps, values])
    begins = np.arange(most) * len(values) // most
    ends = np.append(begins[1:], len(values)) - 1
    low, high = np.minimum.reduceat(values, begins), np.maximum.reduceat(values, begins)
    falling = values[begins] > values[ends]
    pairs = np.where(falling[:, None], np.stack([high, low], 1), np.stack([low, high], 1))
    return np.column_stack([np.stack([begins, ends], axis=1).reshape(-1), pairs.reshape(-1)])


def draw_spots(painter: QPainter, places: Sequence[QPointF], colour: QColor, width: float) -> None:
    """Draw round spots."""
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawPoints(places)
