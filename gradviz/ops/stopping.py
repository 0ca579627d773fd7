"""Operations that change no value, only what autograd sees."""

from __future__ import annotations

import numpy as np

from gradviz.ops.spec import Array, Op, Port, example


def _detach(input: Array) -> Array:
    return np.asarray(input)[...]


detach = Op(
    name="detach", family="Autograd", category="const", symbol="✂",
    doc="The same values, cut off from the gradient: backward stops here.",
    ports=(Port(name="input", doc="What to cut off."),),
    forward=_detach, promotion="none",
    examples=(example([1.0, -2.0]),), search=("stop gradient", "cut", "constant"),
)  # fmt: skip
