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
OUT_OF_SIGHT = 1e6
"""How much farther a place out of sight counts."""


def free_room(
    scene: CanvasScene, wanted: QPointF, size: QSizeF, seen: QRectF | None = None
) -> QRectF:
    """The free rectangle of a size whose middle is nearest to a point, of those in sight if any.

    Where there is none for a long way it lies beside all that is there.
    """
    half = np.array([size.width(), size.height()]) / 2
    steps = np.arange(-RINGS, RINGS + 1) * STEP
    across, down = steps + wanted.x(), steps + wanted.y()
    far = np.abs(steps)[:, None] + np.abs(steps)
    if seen is not None:
        low = half + GAP + (seen.left(), seen.top())
        high = (seen.right(), seen.bottom()) - half - GAP
        inside = (across >= low[0]) & (across <= high[0])
        level = (down >= low[1]) & (down <= high[1])
        far = far + np.where(level[:, None] & inside, 0, OUT_OF_SIGHT)
    far = np.where(covered(taken_by(scene), across, down, half + GAP), np.inf, far)
    row, column = np.unravel_index(far.argmin(), far.shape)
    if np.isinf(far[row, column]):
        return beside_all(scene, wanted, size)
    corner = QPointF(across[column] - half[0], down[row] - half[1])
    return QRectF(corner, size)


def covered(taken: Array, across: Array, down: Array, half: Array) -> Array:
    """At which middles, by row and column, a rectangle has a part in common with what is taken."""
    found = np.zeros((len(down), len(across)), bool)
    starts = np.searchsorted(across, taken[:, 0] - half[0], "right")
    ends = np.searchsorted(across, taken[:, 2] + half[0], "left")
    tops = np.searchsorted(down, taken[:, 1] - half[1], "right")
    bottoms = np.searchsorted(down, taken[:, 3] + half[1], "left")
    for start, end, top, bottom in np.stack([starts, ends, tops, bottoms], 1).tolist():
        found[top:bottom, start:end] = True
    return found


def beside_all(scene: CanvasScene, wanted: QPointF, size: QSizeF) -> QRectF:
    """The rectangle beside everything there is, on the side that is nearest to a point."""
    around = scene.bounds().adjusted(-GAP, -GAP, GAP, GAP)
    room = QRectF(QPointF(), size)
    room.moveCenter(wanted)
    places = [QRectF(room) for _ in range(4)]
    places[0].moveRight(around.left())
    places[1].moveLeft(around.right())
    places[2].moveBottom(around.top())
    places[3].moveTop(around.bottom())
    return min(places, key=lambda place: (place.center() - wanted).manhattanLength())


def taken_by(scene: CanvasScene) -> Array:
    """Left, top, right and bottom of all that must not be covered; of frames only the title.

    The grounds of open groups count whole: what lay on one would seem to belong to the group.
    """
    boxes = [*scene.groups.card_bodies(), *(pin.body() for pin in scene.groups.pins)]
    boxes += [item.handle() for item in scene.scenery.items.values()]
    boxes += [ground.body() for ground in scene.groups.frames]
    return np.array([box.getCoords() for box in boxes], float).reshape(-1, 4)
