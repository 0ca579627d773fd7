"""Tensors of any shape as small tables of colours, thinned out where nobody could see more."""

import numpy as np
from PySide6.QtGui import QImage

from gradviz.ops.spec import Array

from ..heat import levels, picture_of
from ..theme import Theme
from .metrics import grid_of

_MOST_COLUMNS = 172
_MOST_ROWS = 96
_STRONG = 70


def grid(array: Array) -> np.ndarray:
    """A tensor's numbers in rows and columns, thinned out where they are too many to see."""
    plain = np.asarray(array)
    numbers = np.abs(plain) if np.iscomplexobj(plain) else plain.astype(np.float64)
    table = numbers.reshape(grid_of(plain.shape))
    rows, columns = table.shape
    return table[:: max(1, -(-rows // _MOST_ROWS)), :: max(1, -(-columns // _MOST_COLUMNS))]


def picture(array: Array, theme: Theme, role: str) -> QImage:
    """One pixel an element that is shown; nan in the colour of errors."""
    return picture_of(grid(array), theme, role)


def strong(array: Array) -> np.ndarray:
    """Which elements are so far from zero that text on them must be light (light theme)."""
    return np.abs(levels(grid(array))) > _STRONG
