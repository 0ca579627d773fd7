"""Bringing what was just made, or gone to, into sight."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtWidgets import QGraphicsView, QWidget

if TYPE_CHECKING:
    from .navigation import NavigableView

EDGE = 48
MARGIN = 24
"""How far from the edge of the view what is gone to stays."""


def seen_by(view: QGraphicsView) -> QRectF:
    """The part of the scene that a view shows."""
    return view.mapToScene(view.viewport().rect()).boundingRect()


def way(shown: QRect, view: QRect, corner: QWidget | None) -> QPoint:
    """The way of a rectangle into the view, and out from under what lies over its lower right."""
    wide = shown.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
    dx = max(0, -wide.left()) or min(0, view.right() - wide.right())
    dy = max(0, -wide.top()) or min(0, view.bottom() - wide.bottom())
    # The small map comes as soon as not all is seen.
    if corner is None or not (dx or dy or corner.isVisible()):
        return QPoint(dx, dy)
    over, moved = corner.geometry(), shown.translated(dx, dy)
    if over.intersects(moved):
        up, left = over.top() - moved.bottom() - MARGIN, over.left() - moved.right() - MARGIN
        if moved.top() + up >= 0:
            dy += up
        elif moved.left() + left >= 0:
            dx += left
    return QPoint(dx, dy)


def show_cards(view: NavigableView, ids: Iterable[str]) -> None:
    """Have the cards of these nodes in sight: by moving, or by fitting where there is no room."""
    canvas = view.canvas
    chosen = {canvas.groups.shown_id(i) for i in ids}
    bodies = (canvas.cards[i].body() for i in chosen if i in canvas.cards)
    area = reduce(QRectF.united, bodies, QRectF())
    shown = view.mapFromScene(area).boundingRect().size()
    room = view.viewport().size()
    if shown.width() > room.width() - EDGE or shown.height() > room.height() - EDGE:
        view.fit()
    elif not area.isEmpty():
        view.ensure_seen(area)
