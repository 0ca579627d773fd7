"""Frames and notes made and worded in place."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF

from gradviz.graph import Batch, GraphError, decorating
from gradviz.graph.belonging import home_of
from gradviz.graph.scenery import Frame, boxes

from .boxes import STRIP, rounded
from .free_room import free_room
from .moving import with_contents
from .note_editor import FIELD_SIZE
from .sighting import seen_by

if TYPE_CHECKING:
    from .pointing import PointedView
    from .scene import CanvasScene

MARGIN = 24.0
"""Between the edge of a frame and what it is put round."""
NEW_FRAME, NEW_NOTE = (420.0, 260.0), (240.0, 60.0)


def add_frame(canvas: CanvasScene, middle: QPointF, seen: QRectF | None = None) -> str | None:
    """Put a frame round all that is selected; its id, or None if refused.

    Where nothing is selected it goes where nothing is, near ``middle`` and in sight if it can be.
    """
    editor, inside = canvas.editor, canvas.editor.entering.group
    nodes, inner = with_contents(canvas, set(editor.selection), set(editor.boxes.ids))
    bodies = [canvas.groups.card_of(i).body() for i in nodes]
    bodies += [canvas.scenery.items[i].body() for i in inner]
    bodies += [frame.body() for frame in canvas.groups.frames if frame.ids <= nodes]
    room = reduce(QRectF.united, bodies, QRectF())
    if bodies:
        room = room.adjusted(-MARGIN, -MARGIN - STRIP + 8, MARGIN, MARGIN)
        group = home_of(editor.graph, nodes, inside) if nodes else group_at(canvas, room.center())
    else:
        room = free_room(canvas, middle, QSizeF(*NEW_FRAME), seen)
        group = group_at(canvas, room.center())
    return _added(canvas, decorating.add_frame(editor.graph, *rounded(room), group=group))


def add_note(canvas: CanvasScene, at: QPointF, text: str) -> str | None:
    """Put a note there; its id, or None if refused."""
    place = QRectF(at, at + QPointF(*NEW_NOTE))
    group = group_at(canvas, place.center())
    edit = decorating.add_note(canvas.editor.graph, *rounded(place), text, group)
    return _added(canvas, edit)


def group_at(canvas: CanvasScene, point: QPointF) -> str | None:
    """The inmost open group on whose ground a point lies; else the one that was entered."""
    around = (f.group_id for f in reversed(canvas.groups.frames) if f.body().contains(point))
    return next(around, canvas.groups.inside)


def _added(canvas: CanvasScene, edit: Batch) -> str | None:
    editor = canvas.editor
    before = set(boxes(editor.graph))
    if not editor.perform(edit):
        return None
    (made,) = set(boxes(editor.graph)) - before
    editor.boxes.choose({made})
    return made


def edit_box(view: PointedView, box_id: str) -> None:
    """Type another title on a frame, or another text of a note."""
    editor, item = view.editor, view.canvas.scenery.items[box_id]
    shown = view.mapFromScene(item.handle()).boundingRect()
    if isinstance(item.box, Frame):
        shown.setHeight(min(shown.height(), 32))
        view.overlays.field.open_over(
            shown.adjusted(4, 0, -4, 0), item.box.title, "title", lambda t: title(view, box_id, t)
        )
        return

    def take(typed: str) -> None:
        if box_id in editor.graph.scenery:
            edit = (
                decorating.change(editor.graph, box_id, "Edit a note", text=typed)
                if typed.strip()
                else decorating.delete_boxes(editor.graph, [box_id])
            )
            if edit.edits:
                editor.perform(edit)

    view.overlays.note.open_over(shown, item.box.text, view.zoom, take)


def title(view: PointedView, box_id: str, typed: str) -> str:
    """Call a frame as typed; the reason where it cannot be called so."""
    try:
        edit = decorating.change(
            view.editor.graph, box_id, "Rename a frame", title=" ".join(typed.split())
        )
    except GraphError as problem:
        return str(problem)
    if edit.edits and not view.editor.perform(edit):
        return "this title is too long"
    return ""


def write_note(view: PointedView, wanted: QPointF) -> None:
    """Have a new note typed near there, over nothing; none is made where nothing is typed."""
    seen = seen_by(view)
    # The field in which it is typed is as large at any zoom, and covers no card either.
    field = QSizeF(FIELD_SIZE) / view.zoom
    room = free_room(view.canvas, wanted, field.expandedTo(QSizeF(*NEW_NOTE)), seen)
    view.ensure_seen(room)
    room.setSize(QSizeF(*NEW_NOTE))

    def take(typed: str) -> None:
        if typed.strip():
            add_note(view.canvas, room.topLeft(), typed)

    view.overlays.note.open_over(view.mapFromScene(room).boundingRect(), "", view.zoom, take)
