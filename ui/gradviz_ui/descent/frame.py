"""Where a picture of numbers lies on a widget: coordinates to pixels and back."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QByteArray, QDataStream, QPointF, QRectF
from PySide6.QtGui import QPainterPath

FAR = 4000.0
"""Pixels beyond which a line is cut off: further out, painting it costs and shows nothing."""


@dataclass(frozen=True)
class Frame:
    """A rectangle of a widget, and the coordinates at its edges."""

    box: QRectF
    across: tuple[float, float]
    up: tuple[float, float]

    def x(self, value):
        """The pixel of a coordinate across; arrays too."""
        low, high = self.across
        return self.box.left() + (value - low) / (high - low) * self.box.width()

    def y(self, value):
        """The pixel of a coordinate upwards; arrays too."""
        low, high = self.up
        return self.box.bottom() - (value - low) / (high - low) * self.box.height()

    def point(self, x: float, y: float) -> QPointF:
        """Coordinates as a place."""
        return QPointF(self.x(x), self.y(y))

    def coordinates(self, place: QPointF) -> tuple[float, float]:
        """A place as coordinates."""
        across = (place.x() - self.box.left()) / max(self.box.width(), 1.0)
        up = (self.box.bottom() - place.y()) / max(self.box.height(), 1.0)
        (left, right), (low, high) = self.across, self.up
        return left + across * (right - left), low + up * (high - low)

    def pixels(self, points: np.ndarray) -> np.ndarray:
        """Rows of coordinates as rows of pixels."""
        return np.column_stack([self.x(points[:, 0]), self.y(points[:, 1])])


ELEMENTS = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])
"""A point of a painter path as Qt writes it to a stream."""


def path_of(pixels: np.ndarray, begins: np.ndarray | None = None) -> QPainterPath:
    """Lines through rows of pixels; a new one begins at each row of `begins`, by default one.

    Handed over in one piece, as Qt reads it from a stream: point by point it would take a frame.
    """
    path = QPainterPath()
    if not len(pixels):
        return path
    starts = np.zeros(1, int) if begins is None else np.asarray(begins, int)
    elements = np.empty(len(pixels), ELEMENTS)
    elements["kind"] = 1
    elements["kind"][starts] = 0
    elements["x"], elements["y"] = pixels[:, 0], pixels[:, 1]
    stream = QDataStream(
        QByteArray(
            len(pixels).to_bytes(4, "big")
            + elements.tobytes()
            + int(starts[-1]).to_bytes(4, "big")
            + bytes(4)
        )
    )
    stream >> path  # pyright: ignore[reportOperatorIssue, reportUnusedExpression]
    return path


def line_through(pixels: np.ndarray) -> QPainterPath:
    """A line through rows of pixels; it ends where it leaves for good what can be painted."""
    return path_of(cut(pixels))


def cut(pixels: np.ndarray) -> np.ndarray:
    """Rows up to the first that is no number; those far outside are drawn towards the picture."""
    bad = ~np.isfinite(pixels).all(axis=1)
    kept = np.array(pixels[: int(bad.argmax())] if bad.any() else pixels, dtype=float)
    outside = np.abs(kept).max(axis=1, initial=0.0) > FAR
    for index in np.flatnonzero(outside).tolist():
        before = kept[index - 1] if index else np.zeros(2)
        way = kept[index] - before
        share = (FAR - np.abs(before)) / np.maximum(np.abs(way), 1e-9)
        kept[index] = before + way * min(1.0, float(np.clip(share, 0.0, 1.0).min()))
    return kept
