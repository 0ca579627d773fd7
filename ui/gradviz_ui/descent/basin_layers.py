"""On the contour: from where which minimum is reached, and the critical points."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QImage, QPainter, QPen

from gradviz.descent.basins import DIVERGED, UNDER_WAY, Basins

from ..theme import current, qcolor, ui_font
from .frame import Frame, path_of
from .layers import Layer, Order
from .spots import Spot, basin_colour, paint_spot

NEAR = 10.0
"""How close to a mark the mouse points at it."""
MOST_LINES = 3000
"""Pieces of borders above which none is drawn: where basins are as fine as dust they hide it."""
NUMBERED = 24
"""How many minima are numbered in the picture; more would hide it."""


class BasinAreas(Layer):
    """Each minimum's basin in its colour, with a line around it; what leads nowhere patterned."""

    order = Order.AREAS

    def __init__(self) -> None:
        super().__init__()
        self._basins: Basins | None = None
        self._stale = False

    def show_basins(self, found: Basins | None, stale: bool) -> None:
        """Show these; faint where they are out of date."""
        self._basins, self._stale = found, stale
        self.changed.emit()

    def key(self) -> object:
        return None if self._basins is None else (self._basins, self._stale)

    def paint(self, painter: QPainter, frame: Frame) -> None:
        found = self._basins
        if found is None:
            return
        painter.setOpacity(0.3 if self._stale else 1.0)
        box = area(found, frame)
        painter.drawImage(box, colours(found))
        for index in (UNDER_WAY, DIVERGED):
            if (found.reached == index).any():
                painter.drawImage(box.topLeft(), patterned(found, index, box))
        lines, begins = borders(found, box)
        if len(begins) <= MOST_LINES:
            painter.setPen(QPen(qcolor(current().bg, 0.8), 1.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(path_of(lines, begins))

    def told(self, place: QPointF, frame: Frame) -> str:
        found = self._basins
        if found is None or not area(found, frame).contains(place):
            return ""
        x, y = frame.coordinates(place)
        column, row = int(np.abs(found.xs - x).argmin()), int(np.abs(found.ys - y).argmin())
        reached = int(found.reached[row, column])
        if reached == UNDER_WAY:
            return "a start here is still on its way, or stuck"
        if reached == DIVERGED:
            return "a start here diverges"
        return f"a start here leads to minimum {reached + 1}"


class SpotMarks(Layer):
    """Critical points, each kind with a form of its own; minima numbered as their basins are."""

    order = Order.MARKS

    def __init__(self) -> None:
        super().__init__()
        self._spots: tuple[Spot, ...] = ()
        self._loss = ""
        self._picked: Spot | None = None

    def show_spots(self, found: Sequence[Spot], loss: str) -> None:
        """Show these; `loss`: what the loss is called."""
        self._spots, self._loss = tuple(found), loss
        self.changed.emit()

    def pick_out(self, spot: Spot | None) -> None:
        """Let one stand out."""
        if spot != self._picked:
            self._picked = spot
            self.changed.emit()

    def key(self) -> object:
        return (self._spots, self._picked) if self._spots else None

    def paint(self, painter: QPainter, frame: Frame) -> None:
        theme = current()
        for spot in reversed(self._spots):
            place = frame.point(*spot.place)
            if not frame.box.adjusted(-9, -9, 9, 9).contains(place):
                continue
            few = len(self._spots) <= 60
            paint_spot(painter, spot, place, 5.0 if few else 3.2)
            if spot.basin is not None and spot.basin < NUMBERED:
                painter.setFont(ui_font(11, QFont.Weight.DemiBold))
                spot_of_words = place + QPointF(9, -6)
                painter.setPen(qcolor(theme.ink))
                painter.drawText(spot_of_words, str(spot.basin + 1))
            if spot == self._picked:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(qcolor(theme.act), 2.2))
                painter.drawEllipse(place, 10.0, 10.0)

    def told(self, place: QPointF, frame: Frame) -> str:
        best, words = NEAR, ""
        for spot in self._spots:
            away = frame.point(*spot.place) - place
            if (distance := float(np.hypot(away.x(), away.y()))) < best:
                best, words = distance, spot.words(self._loss)
        return words


def area(found: Basins, frame: Frame) -> QRectF:
    """Where the basins lie: half a cell beyond the outermost starts."""
    half = [(v[1] - v[0]) / 2 for v in (found.xs, found.ys)]
    left, right = frame.x(found.xs[0] - half[0]), frame.x(found.xs[-1] + half[0])
    top, bottom = frame.y(found.ys[-1] + half[1]), frame.y(found.ys[0] - half[1])
    return QRectF(left, top, right - left, bottom - top)


def colours(found: Basins) -> QImage:
    """A pixel a start in the colour of its minimum; clear where none is reached."""
    palette = np.zeros((len(found.ends) + 2, 4), np.uint8)
    for index in range(len(found.ends)):
        colour = basin_colour(index)
        palette[index] = (colour.blue(), colour.green(), colour.red(), 118)
    # −1 and −2 are the last two rows, which stay clear.
    return image_of(palette[found.reached[::-1]])


def image_of(pixels: np.ndarray) -> QImage:
    """Rows of blue, green, red and alpha as an image."""
    height, width, _ = pixels.shape
    kept = np.ascontiguousarray(pixels)
    image = QImage(kept.data, width, height, 4 * width, QImage.Format.Format_ARGB32)
    return image.copy()


def patterned(found: Basins, index: int, box: QRectF) -> QImage:
    """The starts of a kind that lead nowhere, as a pattern: dots, or slanting lines."""
    mask = np.zeros((*found.reached.shape, 4), np.uint8)
    mask[found.reached[::-1] == index] = 255
    image = QImage(
        max(1, min(4000, round(box.width()))), max(1, min(4000, round(box.height()))),
        QImage.Format.Format_ARGB32_Premultiplied,
    )  # fmt: skip
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.fillRect(image.rect(), ground(index))
    painter.fillRect(image.rect(), pattern(index))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    painter.drawImage(image.rect(), image_of(mask))
    painter.end()
    return image


def pattern(index: int) -> QBrush:
    """What marks the starts that lead nowhere: dots where on the way, lines where diverged."""
    if index == UNDER_WAY:
        return QBrush(qcolor(current().ink, 0.30), Qt.BrushStyle.Dense7Pattern)
    return QBrush(qcolor(current().ink, 0.45), Qt.BrushStyle.BDiagPattern)


def ground(index: int) -> QColor:
    """What lies under the pattern."""
    return qcolor(current().bg, 0.30 if index == UNDER_WAY else 0.62)


def borders(found: Basins, box: QRectF) -> tuple[np.ndarray, np.ndarray]:
    """Lines between basins, as rows of pixels, and where each line begins."""
    reached = found.reached
    rows, columns = reached.shape
    xs = box.left() + box.width() * np.arange(columns + 1) / columns
    ys = box.bottom() - box.height() * np.arange(rows + 1) / rows
    r, c = np.nonzero(reached[:, 1:] != reached[:, :-1])
    upright = np.stack([np.stack([xs[c + 1], ys[r]], 1), np.stack([xs[c + 1], ys[r + 1]], 1)], 1)
    r, c = np.nonzero(reached[1:] != reached[:-1])
    level = np.stack([np.stack([xs[c], ys[r + 1]], 1), np.stack([xs[c + 1], ys[r + 1]], 1)], 1)
    lines = np.concatenate([upright, level]).reshape(-1, 2)
    return lines, np.arange(0, len(lines), 2)
