"""The surface in the theme's colours, as fine as there is time for."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from gradviz.descent import Landscape

from ..theme import ThemeName, current, qcolor, ramp_colour, theme_named
from .mesh import Heights, Mesh, View, heights_of, mesh_of
from .raster import blended, image_of, mixed
from .relief import Relief, relief

ROUGHEST, ROUGH, FINE = (0.6, 96), (1.0, 128), (1.5, 192)
"""Pixels worked out for each of the widget's, and points of each cut through the land: while the
land itself moves under a hand, while it turns, and at rest, where each of the screen's has one.
"""
MOST_POINTS = 129
TONES, LINE_TONES = 64, 9
DEEPEST = 0.75
"""The share of the colour ramp that heights have, as on the contour: dark where it is low."""


class LandPicture:
    """Keeps the mesh and the picture last asked for."""

    def __init__(self) -> None:
        self._shape: tuple[Landscape, Heights, Mesh] | None = None
        self._picture: tuple[object, QPixmap] | None = None

    def _shaped(self, land: Landscape) -> tuple[Landscape, Heights, Mesh]:
        if self._shape is None or self._shape[0] is not land:
            scale = heights_of(land)
            self._shape = land, scale, mesh_of(land, scale, MOST_POINTS)
        return self._shape

    def heights(self, land: Landscape) -> Heights:
        """How losses become heights in this land."""
        return self._shaped(land)[1]

    def of(
        self, land: Landscape, view: View, size: QSize, scale: float, ratio: float,
        fineness: tuple[float, int],
    ) -> QPixmap:  # fmt: skip
        """The land in the middle of a widget of that size, its side `scale` long.

        `ratio`: the screen's scale; `fineness`: one of those above.
        """
        now = land, view, size, scale, ratio, fineness, current().name
        if self._picture is None or self._picture[0] != now:
            picture = QPixmap(size * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            dense = max(fineness[0], ratio) if fineness is FINE else fineness[0]
            pixels = round(size.width() * dense), round(size.height() * dense)
            mesh = self._shaped(land)[2]
            found = relief(mesh, view, scale * dense, pixels, fineness[1], dense)
            if found is not None:
                painter = QPainter(picture)
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.scale(1 / dense, 1 / dense)
                painter.drawImage(found.left, found.top, image_of(relief_pixels(found)))
                painter.end()
            self._picture = now, picture
        return self._picture[1]


def relief_pixels(found: Relief) -> np.ndarray:
    """The picture in the theme's colours; what is no land is transparent."""
    index = np.rint(found.heights * (TONES - 1))
    index *= TONES
    index += np.rint(found.bright * (TONES - 1))
    index *= LINE_TONES
    index += np.rint(found.lines * (LINE_TONES - 1))
    land = np.isfinite(index)
    index[~land] = 0
    pixels = shades(current().name).take(index.astype(np.intp))
    pixels[~land] = 0
    return pixels


@lru_cache(maxsize=2)
def shades(name: ThemeName) -> np.ndarray:
    """Pixels by height, brightness and how much of a line lies over it."""
    theme = theme_named(name)
    ramp = [ramp_colour(DEEPEST * k / (TONES - 1), theme) for k in range(TONES)]
    target = qcolor(theme.bg if theme.dark else theme.contour)
    darkest = 0.75 if theme.dark else 0.8
    line = qcolor(theme.bg, 0.5) if theme.dark else qcolor(theme.contour, 0.5)
    grounds = [
        mixed(base, target, (0.8 - 0.8 * tone / (TONES - 1)) * darkest)
        for base in ramp for tone in range(TONES)
    ]  # fmt: skip
    return blended(grounds, line, LINE_TONES).reshape(-1)
