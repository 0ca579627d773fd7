"""A landscape in space with the ways down it, as a part of a figure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradviz.descent import Landscape, full_losses
from gradviz.export.plot import Box, Shown, path
from gradviz.ops.spec import Array

SIDE = 49
YAW, PITCH, HEIGHT = 0.7, 0.5, 0.55


def surface_part(given: Shown, box: Box) -> Iterator[str]:
    """The land as a mesh, painted from the back to the front, and the ways upon it."""
    land, piece, colours = given.land, given.piece, given.colours
    assert land is not None and piece is not None, "asked only where there are two axes"
    columns = np.linspace(0, len(land.xs) - 1, min(SIDE, len(land.xs))).round().astype(int)
    rows = np.linspace(0, len(land.ys) - 1, min(SIDE, len(land.ys))).round().astype(int)
    losses = land.values[np.ix_(rows, columns)]
    heights = height_of(losses, land)
    across, up = np.meshgrid(unit(land.xs[columns], land.xs), unit(land.ys[rows], land.ys))
    places, depth = flat(np.stack([across, up, heights * HEIGHT], axis=-1))
    middle, scale = fit(places[np.isfinite(places).all(axis=-1)], box)
    pixels = (places - middle) * scale + centre(box)
    for row, column in back_to_front(depth):
        quad = pixels[[row, row, row + 1, row + 1], [column, column + 1, column + 1, column]]
        height = float(heights[row : row + 2, column : column + 2].mean())
        if np.isfinite(quad).all() and np.isfinite(height):
            fill = ramp(height, colours["ramp"])
            yield (
                f'<path d="{path(quad)}Z" fill="{fill}" stroke="{colours["contour"]}" '
                'stroke-width="0.4" stroke-opacity="0.7"/>'
            )
    for index, runner in enumerate(given.runners):
        end = given.end(runner) + 1
        way = piece.coordinates(runner.trajectory.points[:end])
        over = full_losses(given.descent.objective, runner.trajectory)[:end]
        spots = np.column_stack(
            [unit(way[:, 0], land.xs), unit(way[:, 1], land.ys),
             height_of(np.array(over), land) * HEIGHT]
        )  # fmt: skip
        inside = np.isfinite(spots).all(axis=1) & (np.abs(spots[:, :2]) <= 0.5).all(axis=1)
        spots = spots if inside.all() else spots[: int(np.argmin(inside))]
        if len(spots):
            line, look = path((flat(spots)[0] - middle) * scale + centre(box)), given.colour(index)
            yield f'<path d="{line}" fill="none" stroke="{look}" stroke-width="2"/>'


def unit(values: Array, ends: Array) -> Array:
    """Coordinates from -0.5 to 0.5 over an extent."""
    return (values - ends[0]) / (ends[-1] - ends[0]) - 0.5


def height_of(losses: Array, land: Landscape) -> Array:
    """Heights from 0 to 1; by orders of magnitude where the land spans several."""
    finite = land.finite
    low, middle, high = (float(v) for v in np.percentile(finite, (0, 50, 98)))
    high = max(high, low + 1e-12)
    share = np.clip((losses - low) / (high - low), 0.0, 1.0)
    steep = (high - low) / (middle - low) if middle > low else 0.0
    return np.log1p(share * steep * 4) / np.log1p(steep * 4) if steep > 6 else share


def flat(points: Array) -> tuple[Array, Array]:
    """Points of space on the page, x right and y down, and how far off they are."""
    x, y, z = points[..., 0], points[..., 1], points[..., 2]
    right, away = x * np.cos(YAW) - y * np.sin(YAW), x * np.sin(YAW) + y * np.cos(YAW)
    down = -z * np.cos(PITCH) - away * np.sin(PITCH)
    return np.stack([right, down], axis=-1), away * np.cos(PITCH) - z * np.sin(PITCH)


def fit(places: Array, box: Box) -> tuple[Array, float]:
    """The middle of what is drawn, and how much larger it is to become."""
    low, high = places.min(axis=0), places.max(axis=0)
    return (low + high) / 2, float(min(np.array(box[2:]) / np.maximum(high - low, 1e-9)))


def centre(box: Box) -> Array:
    """A box's middle."""
    return np.array([box[0] + box[2] / 2, box[1] + box[3] / 2])


def back_to_front(depth: Array) -> Iterator[tuple[int, int]]:
    """The cells of a mesh, the furthest first."""
    cells = depth[:-1, :-1] + depth[1:, 1:]
    order = np.argsort(-cells, axis=None)
    width = cells.shape[1]
    return ((int(k) // width, int(k) % width) for k in order)


def ramp(height: float, stops: list[str]) -> str:
    """The colour of a height on a theme's ramp."""
    place = min(max(height, 0.0), 1.0) * (len(stops) - 1)
    index = min(int(place), len(stops) - 2)
    low, high = ([int(stops[i][k : k + 2], 16) for k in (1, 3, 5)] for i in (index, index + 1))
    mixed = [round(a + (b - a) * (place - index)) for a, b in zip(low, high, strict=True)]
    return "#" + "".join(f"{c:02X}" for c in mixed)
