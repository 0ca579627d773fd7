"""What of a mesh is seen from somewhere, a pixel at a time: arithmetic only.

Looked at along parallel lines, every column of pixels sees one straight cut through the land. All
cuts are followed together, from the farthest point to the nearest, so that what is in front is
written last; there is nothing to sort.
"""

import math
from dataclasses import dataclass

import numpy as np

from .mesh import HEIGHT, Mesh, View
from .raster import line_share

LINES = 16
"""Lines a side drawn over the land: more would hide the shape."""
UNDERSIDE = 0.85
"""How bright the land is from below: evenly, where a slope away from the light would be a hole."""


@dataclass(frozen=True)
class Relief:
    """A picture of the land, a number a pixel: height and brightness from 0 to 1.

    No number where there is no land. `lines`: how much of each pixel the grid's lines cover.
    `left`, `top`: where its first pixel lies among all.
    """

    heights: np.ndarray
    bright: np.ndarray
    lines: np.ndarray
    left: int
    top: int


@dataclass(frozen=True)
class Cuts:
    """The land along each column of pixels, a row a point, from the farthest to the nearest.

    `columns`: those that see land. `far`, `near`: how far off each cut begins and ends. `land`: the
    mesh there. `down`: the pixel, downwards.
    """

    columns: np.ndarray
    far: np.ndarray
    near: np.ndarray
    land: np.ndarray
    down: np.ndarray


def cuts(mesh: Mesh, view: View, scale: float, size: tuple[int, int], points: int) -> Cuts:
    """The cuts of a picture of that width and height, with `scale` pixels to the mesh's side."""
    width, height = size
    cosine, sine = _slanted(view)
    right = (np.arange(width, dtype=np.float32) + 0.5 - width / 2) / scale
    ends = np.array([[-0.5], [0.5]], np.float32)
    # Within the square across, and within it upwards.
    first = np.sort((ends - right * cosine) / sine, axis=0)
    other = np.sort((ends + right * sine) / cosine, axis=0)
    near, far = np.maximum(first[0], other[0]), np.minimum(first[1], other[1])
    columns = np.flatnonzero(near < far)
    near, far, right = near[columns], far[columns], right[columns]
    share = np.linspace(0.0, 1.0, points, dtype=np.float32)[:, None]
    away = far + (near - far) * share
    land = _at(mesh, right * cosine + away * sine, away * cosine - right * sine)
    down = np.real(land) * np.float32(-scale * HEIGHT * math.cos(view.pitch))
    down -= away * np.float32(scale * math.sin(view.pitch))
    down += np.float32(height / 2 + scale * HEIGHT * math.cos(view.pitch) / 2)
    return Cuts(columns, far, near, land, down)


def _slanted(view: View) -> tuple[np.float32, np.float32]:
    """The turn's cosine and sine, never quite along a side, where a cut would have no end."""
    cosine, sine = math.cos(view.yaw), math.sin(view.yaw)
    return (
        np.float32(cosine if abs(cosine) > 1e-6 else 1e-6),
        np.float32(sine if abs(sine) > 1e-6 else 1e-6),
    )


def _at(mesh: Mesh, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The mesh at places in the square around 0, linear between its points."""
    rows, columns = mesh.points.shape
    x = np.clip((x + np.float32(0.5)) * np.float32(columns - 1), 0.0, columns - 1.001)
    y = np.clip((y + np.float32(0.5)) * np.float32(rows - 1), 0.0, rows - 1.001)
    column, row = x.astype(np.int32), y.astype(np.int32)
    x -= column
    y -= row
    first = (row * columns + column).astype(np.intp)
    points = mesh.points.reshape(-1)
    low = points.take(first)
    low += (points.take(first + 1) - low) * x
    first += columns
    high = points.take(first)
    high += (points.take(first + 1) - high) * x
    high -= low
    low += high * y
    return low


def seen(found: Cuts, rows: range) -> np.ndarray:
    """Which stretch of the cuts is shown at each of these rows, a column a cut; −1 for none.

    Stretches are numbered row by row as they lie in the cuts.
    """
    width = len(found.columns)
    ends = np.stack([found.down[:-1], found.down[1:]])
    ends[:, ~np.isfinite(ends).all(axis=0)] = rows.start
    np.ceil(ends - np.float32(0.5 + rows.start), out=ends)
    places = np.clip(ends, 0, len(rows), out=ends).astype(np.int32)
    first = places.min(axis=0).reshape(-1)
    count = places.max(axis=0).reshape(-1) - first
    stretch = np.flatnonzero(count)
    count = count[stretch]
    last = np.cumsum(count)
    # The pixel of a stretch's first row, and from there a row further with every entry.
    pixels = first[stretch] * width + stretch % width
    pixels = np.repeat(pixels - (last - count) * width, count)
    pixels += np.arange(len(pixels)) * width
    owners = np.full(len(rows) * width, -1, np.int32)
    owners[pixels] = np.repeat(stretch, count)
    return owners.reshape(len(rows), width)


def relief(
    mesh: Mesh, view: View, scale: float, size: tuple[int, int], points: int, thick: float = 1.0
) -> Relief | None:
    """A picture of the mesh in the middle of so many pixels across and down, cut to the land.

    `scale`: how many pixels the mesh's side has. `points`: how many of each cut are looked at.
    `thick`: how many pixels wide the grid's lines are. None where there is no land.
    """
    found = cuts(mesh, view, scale, size, points)
    known = found.down[np.isfinite(found.down)]
    if not known.size or len(found.columns) < 2:
        return None
    top, bottom = max(0, math.floor(known.min()) - 1), min(size[1], math.ceil(known.max()) + 2)
    rows, width = range(top, max(bottom, top + 2)), len(found.columns)
    stretch = seen(found, rows)
    empty = stretch < 0
    stretch[empty] = 0
    land, down = found.land.reshape(-1), found.down.reshape(-1)
    begin, end = down.take(stretch), down.take(stretch + width)
    middles = np.arange(rows.start, rows.stop, dtype=np.float32)[:, None] + np.float32(0.5)
    with np.errstate(all="ignore"):
        share = (middles - begin) / (end - begin)
    here = land.take(stretch)
    here += (land.take(stretch + width) - here) * share
    here[empty] = np.nan
    bright = np.where(end < begin, np.float32(UNDERSIDE), np.imag(here))
    # How far along its cut each pixel looks, and so where in the square.
    share += (stretch - np.arange(width, dtype=np.int32)) // width
    away = found.far + (found.near - found.far) / np.float32(points - 1) * share
    away[empty] = np.nan
    cosine, sine = _slanted(view)
    right = (found.columns.astype(np.float32) + np.float32(0.5 - size[0] / 2)) / np.float32(scale)
    lines = line_share((right * cosine + np.float32(0.5) + away * sine) * np.float32(LINES), thick)
    other = (away * cosine + (np.float32(0.5) - right * sine)) * np.float32(LINES)
    np.maximum(lines, line_share(other, thick), out=lines)
    left = int(found.columns[0])
    return Relief(np.real(here)[:-1, :-1], bright[:-1, :-1], lines, left, rows.start)
