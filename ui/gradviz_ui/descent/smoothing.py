"""Noisy curves made smooth, with what was measured faint behind them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .chart_parts import Series

KEPT = 0.9
"""How much of what came before each new value leaves in place."""


def smooth(values: np.ndarray, kept: float = KEPT) -> np.ndarray:
    """The running mean that forgets: each value weighs ``1 − kept``, older ones ever less.

    Divided by the weight there is, so that it does not begin near 0; a gap stays a gap and is
    passed over.
    """
    total, weight = 0.0, 0.0
    found = np.full(len(values), np.nan)
    for step, value in enumerate(values.tolist()):
        if np.isfinite(value):
            total = kept * total + (1.0 - kept) * value
            weight = kept * weight + (1.0 - kept)
            found[step] = total / weight
    return found


def smoothed(series: Sequence[Series]) -> list[Series]:
    """Each curve smooth, and as it was behind it; one that is faint already stays as it is."""
    found: list[Series] = []
    for one in series:
        if one.faint:
            found.append(one)
            continue
        found.append(replace(one, name=f"{one.name}, as it is", faint=True, note="", marks=()))
        found.append(replace(one, values=smooth(one.values)))
    return found
