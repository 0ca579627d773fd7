"""What keys do to frames and notes: go to them, move what is selected, and resize one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from gradviz.graph import decorating
from gradviz.graph.scenery import LEAST

from .boxes import BoxItem
from .guides import GRID
from .items import CardItem
from .moving import Moved

if TYPE_CHECKING:
    from .scene import CanvasScene
    from .view import CanvasView

WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
FEW = 40
"""The most cards whose moves in a row become one step of the undo list."""


def item_ahead(
    scene: CanvasScene, start: QRectF, way: str, *, cards: bool
) -> CardItem | BoxItem | None:
    """The nearest frame or note that way, or card where these count too; a frame by its title."""
    across, down = WAYS[way]
    middle = start.center()
    places: list[tuple[QPointF, CardItem | BoxItem]] = [
        (nearest(item.handle(), middle), item) for item in scene.scenery.items.values()
    ]
    if cards:
        places += [(card.body().center(), card) for card in scene.cards.values()]
    found: list[tuple[float, str, CardItem | BoxItem]] = []
    for place, item in places:
        gap = place - middle
        along = gap.x() * across + gap.y() * down
        if along > 1:
            aside = abs(gap.y() if across else gap.x())
            found.append((along + 3 * aside, name_of(item), item))
    return min(found, key=lambda each: each[:2])[2] if found else None


def nearest(body: QRectF, point: QPointF) -> QPointF:
    """The middle of a rectangle; straight ahead of a point, or beside it, what of it is there."""
    middle = body.center()
    if body.left() <= point.x() <= body.right():
        middle.setX(point.x())
    elif body.top() <= point.y() <= body.bottom():
        middle.setY(point.y())
    return middle


def name_of(item: CardItem | BoxItem) -> str:
    """By what items that are as near are told apart."""
    return item.box_id if isinstance(item, BoxItem) else item.node_id


def step_from_box(view: CanvasView, way: str, adding: bool) -> bool:
    """Choose what is that way of the one frame or note that is selected."""
    item = view.canvas.scenery.items[min(view.editor.boxes.ids)]
    go_to(view, item_ahead(view.canvas, item.handle(), way, cards=True), adding)
    return True


def go_to(view: CanvasView, goal: CardItem | BoxItem | None, adding: bool) -> None:
    """Choose a card, a frame or a note, or add it to those chosen, and bring it into sight."""
    if goal is None:
        return
    editor = view.editor
    boxes = frozenset((goal.box_id,)) if isinstance(goal, BoxItem) else frozenset[str]()
    nodes = frozenset[str]() if isinstance(goal, BoxItem) else goal.ids
    if adding:
        boxes, nodes = boxes | editor.boxes.ids, nodes | editor.selection
    editor.boxes.choose(boxes, nodes)
    view.ensure_seen(goal.handle() if isinstance(goal, BoxItem) else goal.body())


def nudge(view: CanvasView, way: str) -> bool:
    """Move what is selected by one step of the grid; False where nothing is."""
    editor = view.editor
    if not (editor.selection or editor.boxes.ids):
        return False
    load = Moved(view.canvas, editor.selection, editor.boxes.ids)
    keys = sorted(editor.selection | editor.boxes.ids)
    edit = load.edit(QPointF(*WAYS[way]) * GRID)
    editor.perform(edit, merge_key=f"nudge {keys}" if len(keys) <= FEW else "")
    view.ensure_seen(load.area())
    return True


def resize(view: CanvasView, way: str) -> bool:
    """Make the one selected frame or note larger or smaller by a step of the grid."""
    editor = view.editor
    if len(editor.boxes.ids) != 1 or editor.selection:
        return False
    item = view.canvas.scenery.items[min(editor.boxes.ids)]
    across, down = WAYS[way]
    wanted = item.body().width() + across * GRID, item.body().height() + down * GRID
    size = max(wanted[0], LEAST[0]), max(wanted[1], LEAST[1])
    edit = decorating.change(editor.graph, item.box_id, "Resize", size=size)
    if edit.edits:
        editor.perform(edit, merge_key=f"resize {item.box_id}")
        view.ensure_seen(item.body())
    return True
