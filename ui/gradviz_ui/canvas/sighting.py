"""Bringing what was just made into sight."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

if TYPE_CHECKING:
    from .navigation import NavigableView

EDGE = 48


def show_cards(view: NavigableView, ids: Iterable[str]) -> None:
    """Have the cards of these nodes in sight: by moving, or by fitting where there is no room."""
    canvas = view.canvas
    chosen = {canvas.groups.shown_id(i) for i in ids}
    area = QRectF()
    for card in (canvas.cards[i] for i in chosen if i in canvas.cards):
        area = area.united(card.body())
    shown = view.mapFromScene(area).boundingRect().size()
    room = view.viewport().size()
    if shown.width() > room.width() - EDGE or shown.height() > room.height() - EDGE:
        view.fit()
    elif not area.isEmpty():
        view.ensure_seen(area)
