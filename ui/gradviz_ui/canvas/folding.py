"""Opening and closing groups in place; the cards round one that opens make room for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QPointF, QRectF

from gradviz.graph import Batch, Graph, decorating
from gradviz.graph.grouping import collapse, expand
from gradviz.graph.groups import outward
from gradviz.graph.moving import move
from gradviz.graph.scenery import Frame, Note, Piece, Point, changed, shifted

from .boxes import STRIP, BoxItem, rounded
from .group_frame import FrameItem
from .hits import Hit
from .items import CardItem, at

if TYPE_CHECKING:
    from .pointing import PointedView
    from .scene import CanvasScene

GAP = 24.0
Item = TypeVar("Item", bound=CardItem | BoxItem)


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
        edit = room_made(scene, frame, places[frame.group_id])
        if edit.edits:
            editor.perform(edit)
    editor.stack.endMacro()


def room_made(scene: CanvasScene, opened: FrameItem, card: QRectF) -> Batch:
    """The edit after which a group that was opened lies on nothing.

    ``card``: where its card was. Frames round that grow, as far as is needed to hold it still.
    """
    graph, body = scene.editor.graph, opened.body()
    within = [g.id for g in graph.groups.values() if opened.group_id in chain(graph, g.id)]
    boxes = [i for i in scene.scenery.items.values() if i.box.group not in within]
    holding = [i for i in boxes if i.is_frame and i.body().contains(card.center())]
    others: list[CardItem | BoxItem] = [c for c in scene.cards.values() if not c.ids <= opened.ids]
    others += [item for item in boxes if item not in holding]
    ways = making_room(body, card, others)
    goals: dict[str, Point] = {}
    pairs: list[tuple[Piece | None, Piece | None]] = []
    for item, by in ways:
        if isinstance(item, BoxItem):
            pairs.append((item.box, shifted(item.box, by.toTuple())))
            continue
        for i in item.ids:
            goals[i] = (at(graph.nodes[i].position) + by).toTuple()
    for item in holding:
        room = item.body().united(body.adjusted(-GAP, -GAP - STRIP, GAP, GAP))
        corner, size = rounded(room)
        pairs.append((item.box, changed(item.box, at=corner, size=size)))
    apart = {before.id for before, _ in pairs if isinstance(before, Frame | Note)}
    moved = move(graph, goals, scene.groups.inside, apart)
    return Batch((*moved.edits, *decorating.turned(pairs).edits), "Make room")


def chain(graph: Graph, group_id: str) -> list[str]:
    """The ids of a group and those that it lies in."""
    return [group.id for group in outward(graph.groups, group_id)]


def making_room(frame: QRectF, card: QRectF, others: Iterable[Item]) -> list[tuple[Item, QPointF]]:
    """Which others go which way so that none lies in a frame that takes a card's place.

    All on one side of the card go as far, so that they stay as they are among themselves.
    """
    sides: dict[tuple[int, int], list[Item]] = {}
    for other in others:
        sides.setdefault(side_of(card, other.body()), []).append(other)
    found: list[tuple[Item, QPointF]] = []
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
