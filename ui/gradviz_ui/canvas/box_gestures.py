"""The pointer on frames, notes and the dots of wires."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

from gradviz.graph import Wire, decorating
from gradviz.graph.scenery import LEAST, dots

from .boxes import BoxItem
from .gestures import START, Gesture, Pointer
from .guides import GRID
from .moving import MoveAll
from .wire_paths import part_near, wire_near

if TYPE_CHECKING:
    from .navigation import NavigableView
    from .scene import CanvasScene

EDGE = 6.0
"""How far from an edge a frame or a note is still taken hold of by it, in pixels."""
Sides = tuple[int, int]
"""Which edges are dragged: -1 the left or upper one, 1 the right or lower one, 0 none."""


def sides_at(body: QRectF, point: QPointF, slack: float) -> Sides:
    """The edges that a point lies on."""
    if not body.adjusted(-slack, -slack, slack, slack).contains(point):
        return 0, 0
    across = (abs(point.x() - body.right()) <= slack) - (abs(point.x() - body.left()) <= slack)
    down = (abs(point.y() - body.bottom()) <= slack) - (abs(point.y() - body.top()) <= slack)
    return across, down


class ResizeBox(Gesture):
    """Drags edges of a frame or a note; what a frame then holds is in it."""

    drags = True

    def __init__(self, view: NavigableView, start: Pointer, item: BoxItem, sides: Sides) -> None:
        super().__init__(view, start)
        self.cursor = cursor_of(sides)
        self._item, self._sides, self._before = item, sides, item.box
        self._rect = QRectF(*item.box.at, *item.box.size)
        self._moved = False
        self.editor.boxes.choose({item.box_id})

    def move(self, to: Pointer) -> None:
        if not self._moved and (to.view - self.start.view).manhattanLength() < START:
            return
        self._moved = True
        self._item.preview(self._stretched(to.scene - self.start.scene))
        self.canvas.groups.refit()
        self.canvas.shifted.emit()
        self.view.viewport().update()

    def _stretched(self, by: QPointF) -> QRectF:
        edges = [self._rect.left(), self._rect.top(), self._rect.right(), self._rect.bottom()]
        for axis, side in enumerate(self._sides):
            if not side:
                continue
            place = edges[axis + 1 + side] + (by.x(), by.y())[axis]
            step = GRID if self.view.on_grid else 1.0
            place = round(place / step) * step
            fixed = edges[axis + 1 - side]
            far = max(side * (place - fixed), LEAST[axis])
            edges[axis + 1 + side] = fixed + side * far
        return QRectF(QPointF(*edges[:2]), QPointF(*edges[2:]))

    def finish(self, at: Pointer) -> None:
        now = self._item.box
        self._item.take(self._before)
        if self._moved and now != self._before:
            edit = decorating.change(self.editor.graph, now.id, "Resize", at=now.at, size=now.size)
            self.editor.perform(edit)

    def cancel(self) -> None:
        self._item.take(self._before)
        self.canvas.groups.refit()
        self.view.viewport().update()


class MoveDot(Gesture):
    """Drags a dot of a wire; the wire runs through it."""

    cursor = Qt.CursorShape.SizeAllCursor
    drags = True

    def __init__(self, view: NavigableView, start: Pointer, wire: Wire, place: int) -> None:
        super().__init__(view, start)
        self._wire, self._place, self._moved = wire, place, False
        self._dots = self.canvas.scenery.dots(wire)

    def _there(self, to: Pointer) -> list[QPointF]:
        found = list(self._dots)
        there = found[self._place] + to.scene - self.start.scene
        step = GRID if self.view.on_grid else 1.0
        found[self._place] = QPointF(round(there.x() / step) * step, round(there.y() / step) * step)
        return found

    def move(self, to: Pointer) -> None:
        self._moved |= (to.view - self.start.view).manhattanLength() >= START
        if self._moved and self._wire in self.canvas.wires:
            self.canvas.route(self.canvas.wires[self._wire], dots=self._there(to))
            self.canvas.shifted.emit()
            self.view.viewport().update()

    def finish(self, at: Pointer) -> None:
        if self._moved:
            through = [dot.toTuple() for dot in self._there(at)]
            edit = decorating.lead(self.editor.graph, self._wire, through, "Move a dot")
            if edit.edits:
                self.editor.perform(edit)
        self.cancel()

    def cancel(self) -> None:
        if self._wire in self.canvas.wires:
            self.canvas.route(self.canvas.wires[self._wire])
        self.view.viewport().update()


def near(view: NavigableView) -> float:
    """How far from a dot or a wire a point still counts as on it, in the scene."""
    return 9.0 / max(view.zoom, 0.5)


def box_gesture(view: NavigableView, at: Pointer) -> Gesture | None:
    """What a press begins where no card is: on a dot, an edge, a title or a note."""
    dot = view.canvas.scenery.dot_at(at.scene, near(view))
    if dot is not None:
        return MoveDot(view, at, *dot)
    slack = EDGE / view.zoom
    item = view.canvas.scenery.at(at.scene, slack)
    if item is None:
        return None
    sides = sides_at(item.body(), at.scene, slack)
    return ResizeBox(view, at, item, sides) if any(sides) else MoveAll(view, at, item)


def cursor_at(view: NavigableView, point: QPointF) -> Qt.CursorShape:
    """The pointer's shape where no card is."""
    if view.canvas.scenery.dot_at(point, near(view)) is not None:
        return MoveDot.cursor
    slack = EDGE / view.zoom
    item = view.canvas.scenery.at(point, slack)
    return cursor_of((0, 0) if item is None else sides_at(item.body(), point, slack))


def cursor_of(sides: Sides) -> Qt.CursorShape:
    """The pointer's shape for dragging these edges."""
    across, down = sides
    if across and down:
        slanting = Qt.CursorShape.SizeFDiagCursor, Qt.CursorShape.SizeBDiagCursor
        return slanting[across != down]
    if across:
        return Qt.CursorShape.SizeHorCursor
    return Qt.CursorShape.SizeVerCursor if down else Qt.CursorShape.ArrowCursor


def toggle_dot(view: NavigableView, point: QPointF) -> bool:
    """Take the dot at a point away, or put one on the wire there; False where neither is."""
    canvas, reach = view.canvas, near(view)
    found = canvas.scenery.dot_at(point, reach)
    if found is not None:
        wire, place = found
        left = list(dots(canvas.editor.graph, wire))
        del left[place]
        canvas.editor.perform(decorating.lead(canvas.editor.graph, wire, left, "Remove a dot"))
        return True
    passing = wire_near(canvas.wires, point, reach)
    if passing is None:
        return False
    add_dot(canvas, passing, point)
    return True


def add_dot(canvas: CanvasScene, wire: Wire, point: QPointF) -> None:
    """Put a dot on a wire at a point, between the dots that it comes to lie between."""
    graph = canvas.editor.graph
    through = list(dots(graph, wire))
    place = part_near(canvas.wires[wire].path, point)
    through.insert(place, (round(point.x()), round(point.y())))
    canvas.editor.perform(decorating.lead(graph, wire, through, "Add a dot"))
