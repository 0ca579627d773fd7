"""The landscape as a mesh turned in space and laid flat: arithmetic only, so it is tested alone."""

from dataclasses import dataclass

import numpy as np

from gradviz.descent import Landscape

HEIGHT = 0.55
"""How high the land rises, where its sides are 1."""


@dataclass(frozen=True)
class View:
    """From where one looks: turned by `yaw`, tilted by `pitch`, both in radians."""

    yaw: float = 0.7
    pitch: float = 0.5

    def flat(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Points of the cube around 0 on the screen (x right, y down), and how far off they are."""
        x, y, z = points[..., 0], points[..., 1], points[..., 2]
        cosine, sine = np.cos(self.yaw), np.sin(self.yaw)
        right, away = x * cosine - y * sine, x * sine + y * cosine
        down = -z * np.cos(self.pitch) - away * np.sin(self.pitch)
        depth = away * np.cos(self.pitch) - z * np.sin(self.pitch)
        return np.stack([right, down], axis=-1), depth


@dataclass(frozen=True)
class Heights:
    """How a loss becomes a height from 0 to 1: evenly, or by decades where it spans many."""

    low: float
    high: float
    bend: float

    def of(self, losses: np.ndarray) -> np.ndarray:
        """Heights; a loss above what is shown is cut at the top, no number stays none."""
        share = np.clip((losses - self.low) / (self.high - self.low), 0.0, 1.0)
        return np.log1p(share * self.bend) / np.log1p(self.bend) if self.bend else share


def heights_of(land: Landscape) -> Heights:
    """The heights that show this land best."""
    finite = land.finite
    if not finite.size:
        return Heights(0.0, 1.0, 0.0)
    low, high, peak = (float(v) for v in np.percentile(finite, (0, 98, 100)))
    # A few peaks far above all else would press the rest flat; others are shown whole.
    high = peak if peak - low < 2.5 * (high - low) else high
    middle = float(np.median(finite)) - low
    if high <= low:
        return Heights(low, low + 1.0, 0.0)
    steep = (high - low) / middle if middle > 0 else 0.0
    return Heights(low, high, steep * 4 if steep > 6 else 0.0)


@dataclass(frozen=True)
class Mesh:
    """Corners of a square grid in the cube around 0, row by row, with their heights."""

    corners: np.ndarray
    heights: np.ndarray


def mesh_of(land: Landscape, size: int) -> Mesh:
    """The land with `size` quads a side."""
    rows = np.linspace(0, len(land.ys) - 1, size + 1).round().astype(int)
    columns = np.linspace(0, len(land.xs) - 1, size + 1).round().astype(int)
    heights = heights_of(land).of(land.values[np.ix_(rows, columns)])
    x = (land.xs[columns] - land.xs[0]) / (land.xs[-1] - land.xs[0]) - 0.5
    y = (land.ys[rows] - land.ys[0]) / (land.ys[-1] - land.ys[0]) - 0.5
    across, up = np.meshgrid(x, y)
    corners = np.stack([across, up, (heights - 0.5) * HEIGHT], axis=-1)
    return Mesh(corners, heights)


@dataclass(frozen=True)
class Quads:
    """What is painted, the farthest first, an entry a quad.

    `rows`, `columns`: where in the grid.
    """

    heights: np.ndarray
    bright: np.ndarray
    rows: np.ndarray
    columns: np.ndarray


def quads(mesh: Mesh, view: View) -> Quads:
    """The mesh seen from somewhere, ready to be painted."""
    _, depth = view.flat(mesh.corners)
    around = [(slice(0, -1), slice(0, -1)), (slice(0, -1), slice(1, None)),
              (slice(1, None), slice(1, None)), (slice(1, None), slice(0, -1))]  # fmt: skip
    far = np.sum([depth[a] for a in around], axis=0).reshape(-1)
    height = np.mean([mesh.heights[a] for a in around], axis=0).reshape(-1)
    corners = [mesh.corners[a] for a in around]
    normal = np.cross(corners[2] - corners[0], corners[3] - corners[1]).reshape(-1, 3)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    # Lit from the left, above, and a little from behind who looks.
    light = np.array([-0.45, -0.35, 0.82])
    bright = np.clip(normal @ light, 0.0, 1.0)
    order = np.argsort(-far)
    kept = order[np.isfinite(height[order])]
    side = mesh.heights.shape[1] - 1
    return Quads(height[kept], bright[kept], kept // side, kept % side)
