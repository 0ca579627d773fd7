"""Free room on the canvas for what is added at once: copies lie on no card that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from gradviz.graph import AddNode, Batch
from gradviz.graph.pieces import OFFSET

from .canvas.inserting import GAP, ROOM
from .canvas.metrics import WIDTH

if TYPE_CHECKING:
    from .main_window import MainWindow

MANY = 300
"""Of more nodes than these it takes too long to put them together once more elsewhere."""


def below(window: MainWindow, block: QRectF) -> float:
    """How far down a block must go to lie on no card."""
    shapes = window.canvas.canvas.shapes.boxes.values()
    near = (
        (box.top() - block.height() - GAP, box.bottom() + GAP)
        for box in shapes
        if box.left() - GAP < block.right() and box.right() + GAP > block.left()
    )
    top = block.top()
    for above, under in sorted(near):
        if above < top < under:
            top = under
    return round(top - block.top())


def of_copies(window: MainWindow) -> tuple[float, float]:
    """How far from what is selected copies of it go."""
    groups, block = window.canvas.canvas.groups, QRectF()
    for card in {groups.card_of(i) for i in window.editor.selection}:
        block = block.united(card.body())
    return (0.0, below(window, block)) if not block.isEmpty() else OFFSET


def of_pasted(window: MainWindow, edit: Batch) -> float:
    """How far below its place what is pasted goes."""
    corners = [e.node.position for e in edit.edits if isinstance(e, AddNode)]
    if not corners or len(corners) > MANY:
        return 0.0
    lefts, tops = zip(*corners, strict=True)
    wide, high = max(lefts) - min(lefts) + WIDTH, max(tops) - min(tops) + ROOM
    return below(window, QRectF(min(lefts), min(tops), wide, high))
