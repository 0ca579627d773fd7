"""Where on the canvas that goes which keys ask for: at the pointer, or behind the card in hand."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF

from .navigation import NavigableView
from .search import WIDTH as SEARCH

BEHIND = 64.0
"""How far behind a card the next one goes."""


def wanted_place(view: NavigableView) -> QPoint:
    """Where the pointer is, on the ground; else behind the one selected card, or the middle."""
    room = view.viewport().rect()
    place = view.viewport().mapFromGlobal(view.cursor().pos())
    over = view.underMouse() and room.contains(place)
    if over and view.canvas.hit(view.scene_point(QPointF(place))).card is None:
        return place
    editor = view.editor
    chosen = min(editor.selection) if len(editor.selection) == 1 else None
    if chosen is None or not editor.entering.shows(chosen):
        return place if over else room.center()
    return behind(view, chosen)


def behind(view: NavigableView, node_id: str) -> QPoint:
    """Behind a card, which is brought into sight with room for the search."""
    body = view.canvas.groups.card_of(node_id).body()
    down = view.editor.graph.settings.flow == "down"
    gap = QPointF(0, BEHIND) if down else QPointF(BEHIND, 0)
    corner = (body.bottomLeft() if down else body.topRight()) + gap
    view.ensure_seen(QRectF(corner, QSizeF(SEARCH, SEARCH) / view.zoom))
    view.ensure_seen(body)
    return view.mapFromScene(corner)
