"""The land from above: soft bands of colour, lines between them, arrows downhill."""

from collections.abc import Callable, Sequence
from typing import Any

import contourpy
import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QPainterPath

from gradviz.descent import Landscape

from ..theme import current, qcolor, ramp_colour
from .frame import Frame, path_of
from .raster import blended, image_of, line_share, sampled

Placed = Callable[[np.ndarray], np.ndarray]
TONES = 24
LOWEST_SHADE = 0.92
STRIP = 64


def paint_image(painter: QPainter, image: QImage | None, frame: Frame, ratio: float) -> None:
    """A picture of the land inside the frame's box, with `ratio` pixels to each of the widget's."""
    if image is not None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = QPointF(image.width() / ratio, image.height() / ratio)
        painter.drawImage(QRectF(frame.box.topLeft(), frame.box.topLeft() + size), image)


def land_image(land: Landscape, frame: Frame, ratio: float) -> QImage | None:
    """The picture of the land where the frame shows it; None where no loss is a number."""
    heights = land.levels
    if not len(heights):
        return None
    width, height = (max(1, round(s * ratio)) for s in (frame.box.width(), frame.box.height()))
    columns = _places(land.xs, *frame.across, width)
    rows = _places(land.ys, frame.up[1], frame.up[0], height)
    grid, colours = band_field(land.values, heights), band_colours(len(heights))
    within = np.clip(rows, 0, len(grid) - 1), np.clip(columns, 0, grid.shape[1] - 1)
    pixels = np.empty((height, width), np.uint32)
    # A strip at a time, whose numbers stay in the processor's cache.
    wide = sampled(grid, within[1], 1)
    for top in range(0, height, STRIP):
        field = sampled(wide, within[0][top : top + STRIP + 1], 0)
        pixels[top : top + STRIP] = _coloured(field, colours, ratio)
    inside = (columns >= 0) & (columns <= len(land.xs) - 1)
    pixels[:, ~inside[:-1]] = colours[-1, 0]
    inside = (rows >= 0) & (rows <= len(land.ys) - 1)
    pixels[~inside[:-1]] = colours[-1, 0]
    return image_of(pixels, opaque=True)


def _coloured(field: np.ndarray, colours: np.ndarray, ratio: float) -> np.ndarray:
    """Pixels of bands, and of lines where one meets the next."""
    shares = line_share(field, ratio)
    shares *= TONES - 1
    bands = field[:-1, :-1]
    known = np.isfinite(bands)
    index = np.floor(bands, out=bands)
    index += 1
    index *= TONES
    index += np.rint(shares, out=shares)
    if not known.all():
        index[~known] = len(colours) * TONES - TONES
    return colours.reshape(-1).take(index.astype(np.intp))


def _places(ticks: np.ndarray, begin: float, end: float, count: int) -> np.ndarray:
    """Where pixels lie between a grid's ticks, in ticks: the middle of each, and one beyond."""
    ends = (np.array([begin, end]) - ticks[0]) / (ticks[-1] - ticks[0]) * (len(ticks) - 1)
    return ends[0] + (ends[1] - ends[0]) * (np.arange(count + 1) + 0.5) / count


def band_field(values: np.ndarray, heights: np.ndarray) -> np.ndarray:
    """How many of the heights each value lies above, less one, with the share of the next.

    At the lines it is a whole number; no number where the value is none.
    """
    count = len(heights)
    # Below the first and above the last there is half a band, so that no plain is all line.
    first, last = (heights[1] - heights[0], heights[-1] - heights[-2]) if count > 1 else (1.0, 1.0)
    marks = np.concatenate([[heights[0] - first / 2], heights, [heights[-1] + last / 2]])
    places = np.concatenate([[-0.5], np.arange(count), [count - 0.5]])
    found = np.interp(values, marks, places).astype(np.float32)
    found[~np.isfinite(values)] = np.nan
    return found


def band_colours(count: int) -> np.ndarray:
    """Pixels for `count` bands from the lowest, and for what lies above, with the line's tones."""
    theme = current()
    grounds = [ramp_colour(i / max(1, count - 1) * LOWEST_SHADE) for i in range(count)]
    return blended([*grounds, qcolor(theme.panel)], qcolor(theme.contour, 0.75), TONES)


def lines(land: Landscape, heights: Sequence[float], placed: Placed) -> QPainterPath:
    """The lines at a few heights as one path, for a painter."""
    path = QPainterPath()
    maker = contourpy.contour_generator(
        land.xs, land.ys, np.ma.masked_invalid(land.values),
        line_type=contourpy.LineType.ChunkCombinedOffset,
    )  # fmt: skip
    for height in heights:
        found: Any = maker.lines(float(height))
        (points,), (offsets,) = found
        if points is not None:
            path.addPath(path_of(placed(points), offsets[:-1]))
    return path


def arrows(land: Landscape, frame: Frame, apart: float = 52.0) -> QPainterPath:
    """Short arrows downhill on a grid, all of one length: the direction, not the slope."""
    across = max(2, int(frame.box.width() // apart))
    up = max(2, int(frame.box.height() // apart))
    xs = np.linspace(*frame.across, 2 * across + 1)[1::2]
    ys = np.linspace(*frame.up, 2 * up + 1)[1::2]
    columns, rows = _nearest(land.xs, xs), _nearest(land.ys, ys)
    with np.errstate(all="ignore"):
        rise = land.values[np.ix_(rows, columns + 1)] - land.values[np.ix_(rows, columns - 1)]
        climb = land.values[np.ix_(rows + 1, columns)] - land.values[np.ix_(rows - 1, columns)]
    ways = -np.stack([
        rise / (land.xs[columns + 1] - land.xs[columns - 1]),
        climb / (land.ys[rows + 1] - land.ys[rows - 1])[:, None],
    ], axis=-1)  # fmt: skip
    # On the screen, where both axes have scales of their own and y grows downwards.
    ways *= [frame.box.width() / (frame.across[1] - frame.across[0]),
             -frame.box.height() / (frame.up[1] - frame.up[0])]  # fmt: skip
    lengths = np.hypot(ways[..., 0], ways[..., 1])
    shown = np.isfinite(lengths) & (lengths > 0)
    middles = np.stack(np.meshgrid(frame.x(xs), frame.y(ys)), axis=-1)
    return arrow_path(middles[shown], ways[shown] / lengths[shown, None])


def _nearest(ticks: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The tick nearest to each place that has one on both sides."""
    return np.clip(np.abs(ticks[None, :] - places[:, None]).argmin(axis=1), 1, len(ticks) - 2)


def arrow_path(middles: np.ndarray, ways: np.ndarray, reach: float = 7.0) -> QPainterPath:
    """Arrows with their middles there; a way has the length 1."""
    tips = middles + ways * reach
    beside = ways[:, ::-1] * [-0.5, 0.5]
    ends = [middles - ways * reach, tips - (ways + beside) * 4.0, tips - (ways - beside) * 4.0]
    lines = np.stack([np.stack([end, tips], axis=1) for end in ends], axis=1).reshape(-1, 2)
    return path_of(lines, np.arange(0, len(lines), 2))
