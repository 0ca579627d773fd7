"""A free place for what is made by a key: near where it is wanted, and over no card and no note."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF

from gradviz.ops.spec import Array

if TYPE_CHECKING:
    from .scene import CanvasScene

GAP = 14.0
"""Between what is made and what is there."""
STEP = 28.0
"""Between two places that are tried."""
RINGS = 60
"""How many steps from the wanted place are tried."""


def free_room(
    scene: CanvasScene, wanted: QPointF, size: QSizeF, seen: QRectF | None = None
) -> QRectF:
    """The free rectangle of a size whose middle is nearest to a point, of those in sight if any.

    Where there is none for a long way it lies where it was wanted.
    """
    taken = taken_by(scene)
    half = np.array([size.width(), size.height()]) / 2
    steps = np.arange(-RINGS, RINGS + 1) * STEP
    across, down = np.meshgrid(steps, steps)
    middles = np.stack([across.ravel() + wanted.x(), down.ravel() + wanted.y()], axis=1)
    distances = np.abs(middles - wanted.toTuple()).sum(axis=1)
    outside = np.zeros(len(middles), bool)
    if seen is not None:
        low = half + GAP + (seen.left(), seen.top())
        high = (seen.right(), seen.bottom()) - half - GAP
        outside = ((middles < low) | (middles > high)).any(axis=1)
    for place in np.lexsort((distances, outside)).tolist():
        if not covers(taken, middles[place], half + GAP):
            corner = middles[place] - half
            return QRectF(QPointF(*corner.tolist()), size)
    return QRectF(wanted - QPointF(*half.tolist()), size)


def taken_by(scene: CanvasScene) -> Array:
    """Left, top, right and bottom of all that must not be covered; of frames only the title."""
    boxes = [*scene.groups.card_bodies(), *(pin.body() for pin in scene.groups.pins)]
    boxes += [item.handle() for item in scene.scenery.items.values()]
    boxes += [frame.title() for frame in scene.groups.frames]
    return np.array([box.getCoords() for box in boxes], float).reshape(-1, 4)


def covers(taken: Array, middle: Array, half: Array) -> bool:
    """Whether a rectangle has any part in common with what is taken."""
    low, high = middle - half, middle + half
    return bool(((taken[:, :2] < high) & (taken[:, 2:] > low)).all(axis=1).any())
