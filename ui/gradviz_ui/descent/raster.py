"""Pictures worked out a pixel at a time, all pixels at once: arithmetic on arrays, no painter.

A painter takes a call for every line and every area; this costs the same however many there are.
"""

from collections.abc import Sequence

import numpy as np
from PySide6.QtGui import QColor, QImage

CROWDED = 0.4
"""Lines a pixel above which they are drawn ever fainter: they would fill the picture."""


def sampled(grid: np.ndarray, places: np.ndarray, axis: int) -> np.ndarray:
    """A grid at places among its rows (axis 0) or its columns (axis 1), linear in between."""
    first = np.clip(places.astype(np.intp), 0, grid.shape[axis] - 2)
    share = (places - first).astype(grid.dtype)
    low = grid.take(first, axis)
    found = grid.take(first + 1, axis)
    found -= low
    found *= share if axis else share[:, None]
    found += low
    return found


def line_share(field: np.ndarray, width: float) -> np.ndarray:
    """How much of each pixel a line covers, where a line runs wherever a field is a whole number.

    The field has a row and a column more than the picture; lines are ``width`` pixels wide. What
    is no number has no line.
    """
    here = field[:-1, :-1]
    across, up = field[:-1, 1:] - here, field[1:, :-1] - here
    across *= across
    up *= up
    across += up
    # A field that is level has no line, even where it is a whole number all over.
    steep = np.sqrt(across, out=across)
    steep += 1e-5
    near = np.rint(here)
    near -= here
    np.abs(near, out=near)
    near += 1e-4
    near /= steep
    np.subtract(0.5 + width / 2, near, out=near)
    np.minimum(near, 1.0, out=near)
    np.divide(CROWDED, steep, out=steep)
    near *= np.minimum(steep, 1.0, out=steep)
    return np.fmax(near, 0.0, out=near)


def blended(grounds: Sequence[QColor], line: QColor, tones: int) -> np.ndarray:
    """Pixels by ground and by how much of a line lies over it, of ``tones`` grades, a row each."""
    ground = np.array([[c.redF(), c.greenF(), c.blueF()] for c in grounds])[:, None]
    over = np.array([line.redF(), line.greenF(), line.blueF()])
    share = np.linspace(0.0, line.alphaF(), tones)[:, None]
    return packed(ground + (over - ground) * share)


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """A colour with so much of another in it."""
    return QColor.fromRgbF(
        one.redF() + (other.redF() - one.redF()) * share,
        one.greenF() + (other.greenF() - one.greenF()) * share,
        one.blueF() + (other.blueF() - one.blueF()) * share,
    )


def packed(colours: np.ndarray) -> np.ndarray:
    """Opaque pixels as Qt keeps them, from red, green and blue between 0 and 1."""
    red, green, blue = np.moveaxis(np.rint(colours * 255).astype(np.uint32), -1, 0)
    return np.uint32(0xFF000000) | red << np.uint32(16) | green << np.uint32(8) | blue


def image_of(pixels: np.ndarray, opaque: bool = False) -> QImage:
    """Pixels as a picture; 0 is transparent, but where all is `opaque`."""
    height, width = pixels.shape
    pixels = np.ascontiguousarray(pixels)
    kind = QImage.Format.Format_RGB32 if opaque else QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.data, width, height, 4 * width, kind).copy()
