"""Contour lines and the soft bands between them, as painter paths made once a landscape."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import contourpy
import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from gradviz.descent import Landscape, levels

from ..theme import current, qcolor, ramp_colour
from .frame import Frame, path_of

Placed = Callable[[np.ndarray], np.ndarray]


def paint_land(painter: QPainter, land: Landscape, frame: Frame, smooth: bool = True) -> None:
    """The land inside the frame's box; quicker where not `smooth`."""
    heights = levels(land.values)
    if not smooth:
        land = Landscape(land.xs[::2], land.ys[::2], land.values[::2, ::2])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
    painter.setPen(Qt.PenStyle.NoPen)
    for place, path in bands(land, heights, frame.pixels):
        painter.fillPath(path, ramp_colour(place))
    painter.setPen(QPen(qcolor(current().contour, 0.75), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(lines(land, heights, frame.pixels))


def _maker(land: Landscape, kind: contourpy.FillType | None = None):
    values = np.ma.masked_invalid(land.values)
    more: dict[str, Any] = {} if kind is None else {"fill_type": kind}
    return contourpy.contour_generator(
        land.xs, land.ys, values, line_type=contourpy.LineType.ChunkCombinedOffset, **more
    )


def lines(land: Landscape, heights: Sequence[float] | np.ndarray, placed: Placed) -> QPainterPath:
    """Every contour line in one path."""
    path = QPainterPath()
    maker = _maker(land)
    for height in heights:
        found: Any = maker.lines(float(height))
        points, offsets = found
        path.addPath(pieces(points[0], offsets[0], placed))
    return path


def bands(
    land: Landscape, heights: Sequence[float] | np.ndarray, placed: Placed
) -> Iterator[tuple[float, QPainterPath]]:
    """What lies below each height, the highest first, with the colour's place on the ramp.

    Painted in this order each covers the middle of the one before, so no seam shows.
    """
    maker = _maker(land, contourpy.FillType.ChunkCombinedOffset)
    count = len(heights)
    for index in range(count - 1, -1, -1):
        found: Any = maker.filled(-np.inf, float(heights[index]))
        points, offsets = found
        path = pieces(points[0], offsets[0], placed)
        path.setFillRule(Qt.FillRule.OddEvenFill)
        yield index / max(1, count - 1) * 0.92, path


def pieces(points: np.ndarray | None, offsets: np.ndarray, placed: Placed) -> QPainterPath:
    """Runs of points that lie one after the other, as a path."""
    return QPainterPath() if points is None else path_of(placed(points), offsets[:-1])


def arrows(land: Landscape, frame: Frame, apart: float = 52.0) -> QPainterPath:
    """Short arrows downhill on a grid, all of one length: the direction, not the slope."""
    across = max(2, int(frame.box.width() // apart))
    up = max(2, int(frame.box.height() // apart))
    xs = np.linspace(*frame.across, 2 * across + 1)[1::2]
    ys = np.linspace(*frame.up, 2 * up + 1)[1::2]
    with np.errstate(all="ignore"):
        slopes = np.gradient(land.values, land.ys, land.xs)
    columns = np.abs(land.xs[None, :] - xs[:, None]).argmin(axis=1)
    rows = np.abs(land.ys[None, :] - ys[:, None]).argmin(axis=1)
    ways = -np.stack([slopes[1][np.ix_(rows, columns)], slopes[0][np.ix_(rows, columns)]], axis=-1)
    # On the screen, where both axes have scales of their own and y grows downwards.
    ways *= [frame.box.width() / (frame.across[1] - frame.across[0]),
             -frame.box.height() / (frame.up[1] - frame.up[0])]  # fmt: skip
    lengths = np.hypot(ways[..., 0], ways[..., 1])
    shown = np.isfinite(lengths) & (lengths > 0)
    middles = np.stack(np.meshgrid(frame.x(xs), frame.y(ys)), axis=-1)
    return arrow_path(middles[shown], ways[shown] / lengths[shown, None])


def arrow_path(middles: np.ndarray, ways: np.ndarray, reach: float = 7.0) -> QPainterPath:
    """Arrows with their middles there; a way has the length 1."""
    tips = middles + ways * reach
    beside = ways[:, ::-1] * [-0.5, 0.5]
    ends = [middles - ways * reach, tips - (ways + beside) * 4.0, tips - (ways - beside) * 4.0]
    lines = np.stack([np.stack([end, tips], axis=1) for end in ends], axis=1).reshape(-1, 2)
    return path_of(lines, np.arange(0, len(lines), 2))
