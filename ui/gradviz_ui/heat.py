"""The colours of tensors, the same on cards and in the inspector: zero is the ground and the sign
is a hue, so that a glance tells small from large and plus from minus."""

from functools import cache

import numpy as np
from PySide6.QtGui import QColor, QImage

from gradviz.ops.spec import Array

from .theme import Theme, ThemeName, qcolor, theme_named


@cache
def scale_of(name: ThemeName, role: str) -> np.ndarray:
    """257 colours as 0xAARRGGBB from most negative over zero to most positive, for the role
    ``val`` or ``grad``.

    Below zero the grey of secondary text, above zero the role's own colour.
    """
    theme = theme_named(name)
    zero, below = qcolor(theme.field), qcolor(theme.mute)
    above = qcolor(getattr(theme, role))
    weights = np.linspace(-1.0, 1.0, 257)
    return np.array(
        [_mixed(zero, above if w > 0 else below, abs(w) ** 0.7) for w in weights], np.uint32
    )


def _mixed(start: QColor, end: QColor, part: float) -> int:
    ends = zip(_channels(start), _channels(end), strict=True)
    red, green, blue = (round(a + (b - a) * part) for a, b in ends)
    return 0xFF000000 | red << 16 | green << 8 | blue


def _channels(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def levels(table: Array) -> np.ndarray:
    """Each number's place on the scale, from -128 to 128; infinities at the ends, nan at zero."""
    finite = np.abs(table[np.isfinite(table)])
    largest = (finite.max() if finite.size else 0.0) or 1.0
    bounded = np.nan_to_num(table, nan=0.0, posinf=largest, neginf=-largest)
    return np.rint(128 * np.clip(bounded / largest, -1, 1)).astype(np.int16)


def picture_of(table: Array, theme: Theme, role: str) -> QImage:
    """One pixel an element of a table of two dimensions; nan in the colour of errors."""
    numbers = np.asarray(table, np.float64)
    pixels = scale_of(theme.name, role)[levels(numbers) + 128]
    pixels[np.isnan(numbers)] = 0xFF000000 | (qcolor(theme.error).rgb() & 0xFFFFFF)
    rows, columns = pixels.shape
    data = np.ascontiguousarray(pixels, np.uint32)
    image = QImage(data.data, columns, rows, columns * 4, QImage.Format.Format_RGB32)
    return image.copy()
