"""Draws a tensor on its card: small ones by their numbers, vectors as curves, others in colours."""

import math

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QPen

from gradviz.ops.spec import Array

from ..images import image_of
from ..theme import Theme, qcolor
from .content import CardContent
from .heat import grid, picture, strong
from .metrics import CELL, Box, CardPlan, grid_of, picture_box
from .naming import cell_text

MOST_BARS = 28
"""Elements of a vector up to which each has a bar; longer ones are a curve."""
MOST_POINTS = 86
IMAGE_PIXELS = 344
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)


def rect(box: Box) -> QRectF:
    """A box as Qt's rectangle."""
    return QRectF(box.x, box.y, box.width, box.height)


def paint_tensor(
    painter: QPainter, plan: CardPlan, row: Box, array: Array, theme: Theme, role: str,
    cells: QFont | None,
) -> None:  # fmt: skip
    """Draw a tensor in its row; ``cells``: the font of its numbers, where they can be read."""
    shape = tuple(np.shape(array))
    area = rect(picture_box(row, shape, plan.look))
    if area.isEmpty():
        return
    if plan.look == "curve":
        _paint_curve(painter, area, array, theme, role)
        return
    smooth = plan.look == "image"
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth and shape[2] > 43)
    painter.drawImage(area, _image(plan, array, theme, role))
    painter.setPen(QPen(qcolor(theme.line), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(area)
    if plan.look == "cells" and cells is not None:
        _paint_cells(painter, area, array, theme, cells)


def _image(plan: CardPlan, array: Array, theme: Theme, role: str) -> QImage:
    if plan.look != "image":
        return picture(array, theme, role)
    if role == "val":
        return image_of(array, IMAGE_PIXELS)
    # A picture's gradient lies as the picture does: that of a pixel is the sum of its channels'.
    return picture(array.sum(0), theme, role)


def paint_pointed(painter: QPainter, content: CardContent, row: Box, theme: Theme) -> None:
    """Frames round the elements that a view points at."""
    if not content.pointed or content.value is None or not content.value.size:
        return
    shape = content.value.shape
    look = content.plan.look
    area = rect(picture_box(row, shape, look))
    if look == "image":
        shape = shape[1:]
    rows, columns = grid_of(shape)
    wide, high = area.width() / columns, area.height() / rows
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(qcolor(theme.act), 2))
    for index in content.pointed:
        place = index[1:] if look == "image" else index
        down, across = divmod(int(np.ravel_multi_index(place, shape)), columns)
        cell = QRectF(area.x() + across * wide, area.y() + down * high, wide, high)
        painter.drawRect(cell.adjusted(0.5, 0.5, -0.5, -0.5))


def _paint_cells(painter: QPainter, area: QRectF, array: Array, theme: Theme, font: QFont) -> None:
    table, inverted = grid(array), strong(array)
    painter.setFont(font)
    for row, numbers in enumerate(table):
        for column, number in enumerate(numbers):
            painter.setPen(qcolor(theme.on_fill if inverted[row, column] else theme.ink))
            place = QRectF(area.x() + column * CELL[0], area.y() + row * CELL[1], *CELL)
            painter.drawText(place, _CENTRE, cell_text(float(number)))


# vectors -------------------------------------------------------------------------------------


def curve_of(array: Array) -> tuple[Array, float, float]:
    """A vector's numbers, or of a long one the lowest and highest of each stretch by turns; and
    the ends of their range, in which zero lies."""
    plain = np.asarray(array)
    numbers = np.abs(plain) if np.iscomplexobj(plain) else plain.astype(np.float64)
    if len(numbers) > MOST_POINTS:
        parts = np.array_split(numbers, MOST_POINTS // 2)
        with np.errstate(all="ignore"):
            numbers = np.array([end(part) for part in parts for end in (np.min, np.max)])
    finite = numbers[np.isfinite(numbers)]
    low = min(0.0, float(finite.min())) if finite.size else 0.0
    high = max(0.0, float(finite.max())) if finite.size else 0.0
    return numbers, low, high if high > low else low + 1.0


def _paint_curve(painter: QPainter, area: QRectF, array: Array, theme: Theme, role: str) -> None:
    numbers, low, high = curve_of(array)
    zero = area.bottom() - (0.0 - low) / (high - low) * area.height()
    painter.setPen(QPen(qcolor(theme.line), 1))
    painter.drawLine(QPointF(area.left(), zero), QPointF(area.right(), zero))
    gap = area.width() / len(numbers)
    heights = area.bottom() - (np.clip(numbers, low, high) - low) / (high - low) * area.height()
    places = [
        QPointF(area.left() + (place + 0.5) * gap, float(y)) for place, y in enumerate(heights)
    ]
    odd = [place for place, number in enumerate(numbers) if not math.isfinite(number)]
    colour = qcolor(getattr(theme, role))
    if len(numbers) <= MOST_BARS:
        _paint_bars(painter, places, numbers, zero, min(gap - 1.0, 9.0), theme, role)
    else:
        painter.setPen(QPen(colour, 1.1))
        _paint_line(painter, places, set(odd))
    painter.setPen(QPen(qcolor(theme.error), max(1.0, min(gap - 1.0, 3.0))))
    for place in odd:
        x = places[place].x()
        painter.drawLine(QPointF(x, area.top() + 1), QPointF(x, area.bottom() - 1))


def _paint_bars(
    painter: QPainter, places: list[QPointF], numbers: Array, zero: float, wide: float,
    theme: Theme, role: str,
) -> None:  # fmt: skip
    painter.setPen(Qt.PenStyle.NoPen)
    above, below = qcolor(getattr(theme, role)), qcolor(theme.mute)
    for place, number in zip(places, numbers, strict=True):
        if math.isfinite(number):
            painter.setBrush(above if number >= 0 else below)
            top, bottom = sorted((place.y(), zero))
            # Next to nothing is still a line: it is there.
            painter.drawRect(QRectF(place.x() - wide / 2, top, wide, max(bottom - top, 0.8)))


def _paint_line(painter: QPainter, places: list[QPointF], gaps: set[int]) -> None:
    lines = [
        QLineF(places[i], places[i + 1])
        for i in range(len(places) - 1)
        if i not in gaps and i + 1 not in gaps
    ]
    painter.drawLines(lines)
