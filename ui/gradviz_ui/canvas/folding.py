"""Opening and closing groups in place; the cards round one that opens make room for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from gradviz.graph import compose
from gradviz.graph.grouping import collapse, expand

from .hits import Hit
from .items import CardItem, at

if TYPE_CHECKING:
    from .pointing import PointedView
    from .scene import CanvasScene

GAP = 24.0


def toggle(scene: CanvasScene, group_id: str) -> None:
    """Expand a collapsed group, or collapse one that is open."""
    graph = scene.editor.graph
    if graph.groups[group_id].collapsed:
        open_groups(scene, [group_id])
    else:
        scene.editor.perform(collapse(graph, [group_id]))


def enter_or_name(view: PointedView, hit: Hit) -> None:
    """Enter the group of a card, or type another name on a frame."""
    if hit.part == "frame":
        view.overlays.edit_group(hit.group_id)
    else:
        view.editor.entering.enter(hit.group_id)


def open_groups(scene: CanvasScene, ids: Iterable[str]) -> None:
    """Expand groups as one undoable step in which other cards make room."""
    editor, groups = scene.editor, list(ids)
    places = {
        group_id: scene.groups.card_of(node_id).body()
        for node_id, group_id in scene.groups.hidden.items()
        if group_id in groups
    }
    editor.stack.beginMacro("Expand")
    editor.perform(expand(editor.graph, groups, editor.entering.group))
    for frame in [f for f in scene.groups.frames if f.group_id in places]:
        others = [card for card in scene.cards.values() if not card.ids <= frame.ids]
        ways = making_room(frame.body(), places[frame.group_id], others)
        nodes = editor.graph.nodes
        goals = {i: at(nodes[i].position) + by for card, by in ways for i in card.ids}
        if goals:
            editor.perform(
                compose.move(editor.graph, {i: goal.toTuple() for i, goal in goals.items()})
            )
    editor.stack.endMacro()


def making_room(
    frame: QRectF, card: QRectF, others: Iterable[CardItem]
) -> list[tuple[CardItem, QPointF]]:
    """Which other cards go which way so that none lies in a frame that takes a card's place.

    All on one side of the card go as far, so that they stay as they are among themselves.
    """
    sides: dict[tuple[int, int], list[CardItem]] = {}
    for other in others:
        sides.setdefault(side_of(card, other.body()), []).append(other)
    found: list[tuple[CardItem, QPointF]] = []
    for (across, down), cards in sides.items():
        within = [c.body() for c in cards if c.body().intersects(frame)]
        if not within:
            continue
        by = QPointF()
        if across > 0:
            by.setX(frame.right() + GAP - min(b.left() for b in within))
        elif across < 0:
            by.setX(frame.left() - GAP - max(b.right() for b in within))
        elif down > 0:
            by.setY(frame.bottom() + GAP - min(b.top() for b in within))
        else:
            by.setY(frame.top() - GAP - max(b.bottom() for b in within))
        found += [(c, QPointF(round(by.x()), round(by.y()))) for c in cards]
    return found


def side_of(card: QRectF, other: QRectF) -> tuple[int, int]:
    """On which side of a card another lies: right, left, else below or above."""
    if other.left() >= card.right():
        return 1, 0
    if other.right() <= card.left():
        return -1, 0
    return 0, 1 if other.center().y() >= card.center().y() else -1
