"""What a press of the left button begins and a double click opens, by what lies under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .box_gestures import box_gesture, toggle_dot
from .gestures import Gesture, Pointer, RubberBand, Slide
from .group_frame import FrameItem
from .hits import Hit
from .moving import MoveAll

if TYPE_CHECKING:
    from .navigation import NavigableView
    from .pointing import PointedView


def gesture_for(view: NavigableView, hit: Hit, pointer: Pointer) -> Gesture | None:
    """What a press begins on cards, frames, notes, dots and ground; None on ports."""
    if hit.card is None:
        return box_gesture(view, pointer) or RubberBand(view, pointer)
    if isinstance(hit.card, FrameItem):
        return MoveAll(view, pointer, hit.card)
    if hit.part == "slider":
        return Slide(view, pointer, hit.card)
    return None if hit.part in ("input", "output") else MoveAll(view, pointer, hit.card)


def open_on_ground(view: PointedView, at: Pointer) -> None:
    """A dot less or more on a wire; a title or a note to edit; else the search."""
    if toggle_dot(view, at.scene):
        return
    item = view.canvas.scenery.at(at.scene)
    if item is None:
        view.overlays.search_at(at.view.toPoint())
    else:
        view.overlays.edit_box(item.box_id)
