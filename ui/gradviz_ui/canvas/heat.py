"""Pictures of tensors: zero is the card's own ground, and the sign is a hue, so that a glance
tells small from large and plus from minus."""

from functools import cache

import numpy as np
from PySide6.QtGui import QColor, QImage

from gradviz.ops.spec import Array

from ..theme import Theme, ThemeName, qcolor, theme_named
from .metrics import grid_of

_MOST_COLUMNS = 172
_MOST_ROWS = 96


@cache
def scale_of(name: ThemeName, role: str) -> np.ndarray:
    """256 colours as 0xAARRGGBB from most negative to most positive, for ``val`` or ``grad``.

    Below zero the grey of secondary text, above zero the role's own colour.
    """
    theme = theme_named(name)
    zero, below = qcolor(theme.field), qcolor(theme.mute)
    above = qcolor(getattr(theme, role))
    weights = np.linspace(-1.0, 1.0, 256)
    return np.array(
        [_mixed(zero, above if w > 0 else below, abs(w) ** 0.7) for w in weights], np.uint32
    )


def _mixed(start: QColor, end: QColor, part: float) -> int:
    ends = zip(_channels(start), _channels(end), strict=True)
    red, green, blue = (round(a + (b - a) * part) for a, b in ends)
    return 0xFF000000 | red << 16 | green << 8 | blue


def _channels(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def grid(array: Array) -> np.ndarray:
    """A tensor's numbers in rows and columns, thinned out where they are too many to see."""
    plain = np.asarray(array)
    numbers = np.abs(plain) if np.iscomplexobj(plain) else plain.astype(np.float64)
    table = numbers.reshape(grid_of(plain.shape))
    rows, columns = table.shape
    return table[:: max(1, -(-rows // _MOST_ROWS)), :: max(1, -(-columns // _MOST_COLUMNS))]


def levels(table: np.ndarray) -> np.ndarray:
    """Each number's place on the scale of 256, zero in the middle; infinities at the ends."""
    finite = np.abs(table[np.isfinite(table)])
    largest = finite.max() if finite.size else 0.0
    bounded = np.nan_to_num(table, nan=0.0, posinf=largest or 1.0, neginf=-(largest or 1.0))
    share = bounded / (largest or 1.0)
    return np.rint(127.5 + 127.5 * np.clip(share, -1, 1)).astype(np.uint8)


def picture(array: Array, theme: Theme, role: str) -> QImage:
    """One pixel an element; nan in the colour of errors."""
    table = grid(array)
    pixels = scale_of(theme.name, role)[levels(table)]
    pixels[np.isnan(table)] = 0xFF000000 | (qcolor(theme.error).rgb() & 0xFFFFFF)
    rows, columns = pixels.shape
    data = np.ascontiguousarray(pixels, np.uint32)
    image = QImage(data.data, columns, rows, columns * 4, QImage.Format.Format_RGB32)
    return image.copy()


def strong(array: Array) -> np.ndarray:
    """Which elements are so far from zero that text on them must be light (light theme)."""
    return np.abs(levels(grid(array)).astype(int) - 127.5) > 70
