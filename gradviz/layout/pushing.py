"""Room for what is put in: the boxes that are in its way give way, and those that these push."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gradviz.layout.model import Point
from gradviz.layout.placing import Direction

GAP = 24.0
"""How far pushed boxes keep from each other, where they were not nearer before."""

Numbers = NDArray[np.float64]
Edges = tuple[float, float, float, float]


def pushed(frame: Edges, others: Numbers, direction: Direction) -> dict[int, Point]:
    """How far each box has to go so that none lies in ``frame``; those that stay are left out.

    Boxes are their left, top, right and bottom: of the others a row each, by which they are named.
    Those before the frame's middle, the way that wires run, go back, those behind it go on, and
    those across its middle aside. Whatever a box on its way would come to lie on, or nearer than
    before, goes along; all others stay.
    """
    boxes = np.vstack((others.reshape(-1, 4), np.array(frame)))
    # Where each begins and ends along the wires, then across them.
    first, second = (1, 0) if direction == "down" else (0, 1)
    along, across = (boxes[:, [axis, axis + 2]].T for axis in (first, second))
    middle, level = along[:, -1].mean(), across[:, -1].mean()
    behind, before = along[0] >= middle, along[1] <= middle
    below = ~behind & ~before & (across.mean(0) >= level)
    above = ~behind & ~before & ~below
    found: dict[int, Point] = {}
    for chosen, spans, beside, axis, sign in (
        (behind, along, across, first, 1.0),
        (before, along, across, first, -1.0),
        (below, across, along, second, 1.0),
        (above, across, along, second, -1.0),
    ):
        there = np.append(np.nonzero(chosen[:-1])[0], len(boxes) - 1)
        ways = spans[:, there] if sign > 0 else -spans[::-1, there]
        for place, by in pushes(ways, beside[:, there]).items():
            found[int(there[place])] = (sign * by, 0.0) if axis == 0 else (0.0, sign * by)
    return found


def pushes(ways: Numbers, beside: Numbers) -> dict[int, float]:
    """How far boxes go on, by their places, the last of which is the frame's own.

    ``ways``: where each begins and ends that way, and ``beside`` the same across it.
    """
    start, end = ways
    low, high = beside
    frame = len(start) - 1
    needed = np.where(meeting(low, high, frame), end[frame] - start, 0.0)
    needed[frame] = 0.0
    found: dict[int, float] = {}
    while (waiting := np.nonzero(needed > 0)[0]).size:
        # What begins first is pushed by nothing that is still to come.
        here = int(waiting[np.argmin(start[waiting])])
        by = found[here] = float(needed[here])
        kept = np.clip(start - end[here], 0.0, GAP)
        touched = meeting(low, high, here) & (start >= start[here])
        needed = np.where(touched, np.maximum(needed, end[here] + by + kept - start), needed)
        needed[[*found, frame]] = 0.0
    return found


def meeting(low: Numbers, high: Numbers, one: int) -> NDArray[np.bool_]:
    """Which boxes one of them would run into."""
    return (low < high[one]) & (low[one] < high)
