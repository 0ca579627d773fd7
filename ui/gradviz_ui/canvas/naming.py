"""Numbers for little room: those of a small table, and the only one of a tensor."""

import math

import numpy as np

from gradviz.ops.spec import Array

from ..numbers import MINUS

_CELL = 6


def scalar(array: Array) -> np.generic:
    """The only element of a tensor, in its own precision."""
    return np.asarray(array).reshape(1)[0]


def cell_text(value: float) -> str:
    """A number for a cell six characters wide; its full precision is in the tooltip."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if float(value).is_integer() and abs(value) < 1e5:
        return f"{value:.0f}".replace("-", MINUS)
    texts = [f"{value:.{digits}g}" for digits in (3, 2, 1)]
    short = [t.replace("e-0", "e-").replace("e+0", "e") for t in texts]
    found = next((t for t in short if len(t) <= _CELL), short[-1])
    return found.replace("-", MINUS)
