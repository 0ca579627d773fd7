"""The landscape as a mesh turned in space and laid flat: arithmetic only, so it is tested alone."""

from dataclasses import dataclass

import numpy as np

from gradviz.descent import Landscape
from gradviz.descent.landscape import SAMPLED

HEIGHT = 0.55
"""How high the land rises, where its sides are 1."""
LIGHT = np.array([-0.45, -0.35, 0.82], np.float32)
"""Where it is lit from: the left, above, and a little behind who looks."""


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
    low, peak = float(finite.min()), float(finite.max())
    sample = finite[:: finite.size // SAMPLED | 1]
    middle, high = (float(v) for v in np.percentile(sample, (50, 98)))
    # A few peaks far above all else would press the rest flat; others are shown whole.
    high = peak if peak - low < 2.5 * (high - low) else high
    if high <= low:
        return Heights(low, low + 1.0, 0.0)
    steep = (high - low) / (middle - low) if middle > low else 0.0
    return Heights(low, high, steep * 4 if steep > 6 else 0.0)


@dataclass(frozen=True)
class Mesh:
    """The land over the square around 0, row by row.

    `points`: the height from 0 to 1 as the real part, how bright it is as the imaginary one, so
    that both are read at once.
    """

    points: np.ndarray


def mesh_of(land: Landscape, scale: Heights, most: int) -> Mesh:
    """The land with at most so many points a side."""
    rows, columns = (
        np.linspace(0, len(ticks) - 1, min(most, len(ticks))).round().astype(int)
        for ticks in (land.ys, land.xs)
    )
    heights = scale.of(land.values[np.ix_(rows, columns)]).astype(np.float32)
    with np.errstate(all="ignore"):
        up, across = np.gradient(heights * np.float32(HEIGHT))
    across *= heights.shape[1] - 1
    up *= heights.shape[0] - 1
    bright = LIGHT[2] - across * LIGHT[0] - up * LIGHT[1]
    bright /= np.sqrt(across**2 + up**2 + 1.0)
    points = np.empty(heights.shape, np.complex64)
    points.real, points.imag = heights, np.clip(bright, 0.0, 1.0)
    return Mesh(points)
