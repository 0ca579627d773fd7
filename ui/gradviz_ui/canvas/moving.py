"""Moving what is selected by hand: cards, frames with what lies in them, notes, dots of wires."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from gradviz.graph import Batch, Graph, decorating
from gradviz.graph.belonging import carried
from gradviz.graph.moving import move
from gradviz.graph.scenery import Frame, along, anchor, boxes_within, holds

from ..theme import Theme
from .boxes import BoxItem
from .carrying import Shifted, load_of
from .gestures import START, Gesture, Pointer
from .group_frame import FrameItem
from .guides import Aligner, Guides, paint_guides
from .items import CardItem, at
from .onto_wire import OntoWire
from .sighting import seen_by

if TYPE_CHECKING:
    from .navigation import NavigableView
    from .scene import CanvasScene

SNAP = 5.0
"""How far something is drawn to a place in line with others, in pixels."""


class Moved:
    """What is moved with some nodes, frames and notes: all that lies in the frames, and the dots of
    wires between the nodes."""

    def __init__(self, canvas: CanvasScene, nodes: Iterable[str], boxes: Iterable[str]) -> None:
        self._canvas = canvas
        graph = canvas.editor.graph
        self.nodes, self.boxes = with_contents(canvas, set(nodes), set(boxes))
        self._inside = canvas.editor.entering.group
        if canvas.scenery.items:
            stay = {i: graph.nodes[i].position for i in self.nodes}
            self.boxes |= carried(graph, stay, self._inside).keys() & canvas.scenery.items.keys()
        self.wires = along(graph, self.nodes)
        self._from = {i: at(graph.nodes[i].position) for i in self.nodes}
        items = (canvas.scenery.items[i] for i in self.boxes)
        self._load = load_of(canvas, self._from, items)

    @property
    def graph(self) -> Graph:
        """The document."""
        return self._canvas.editor.graph

    def area(self) -> QRectF:
        """The rectangle round it all, as it is shown now."""
        shown = {self._canvas.groups.shown_id(i) for i in self.nodes}
        bodies = [self._canvas.cards[i].body() for i in shown]
        bodies += [self._canvas.scenery.items[i].body() for i in self.boxes]
        return reduce(QRectF.united, bodies, QRectF())

    def others(self, shown: QRectF) -> list[QRectF]:
        """The rectangles in a part of the scene that stay where they are."""
        canvas = self._canvas
        ids = {canvas.groups.shown_id(i) for i in canvas.within(shown) - self.nodes}
        items = (item.body() for i, item in canvas.scenery.items.items() if i not in self.boxes)
        return [canvas.cards[i].body() for i in ids] + [b for b in items if b.intersects(shown)]

    def show(self, by: QPointF) -> None:
        """Show it elsewhere, the document not knowing yet."""
        canvas = self._canvas
        for box_id in self.boxes:
            box = decorating.box(self.graph, box_id)
            canvas.scenery.items[box_id].preview(QRectF(*box.at, *box.size).translated(by))
        self._load.show(by)
        # In the picture of many cards the dots between them go along.
        if isinstance(self._load, Shifted):
            for wire in self.wires & canvas.wires.keys():
                dots = [dot + by for dot in canvas.scenery.dots(wire)]
                canvas.route(canvas.wires[wire], dots=dots)

    def edit(self, by: QPointF) -> Batch:
        """The edit that moves it there."""
        goals = {i: (p.x() + by.x(), p.y() + by.y()) for i, p in self._from.items()}
        moved = move(self.graph, goals, self._inside, self.boxes)
        rest = decorating.shift(self.graph, [*self.boxes, *self.wires], (by.x(), by.y()))
        return Batch((*moved.edits, *rest.edits), moved.label if self.nodes else "Move")

    def put_down(self) -> None:
        """Show it as the document has it."""
        self._canvas.scenery.restore(self.boxes)
        self._load.put_down()


def with_contents(
    canvas: CanvasScene, nodes: set[str], boxes: set[str]
) -> tuple[set[str], set[str]]:
    """Some nodes, frames and notes, and all that lies in the frames among them."""
    graph = canvas.editor.graph
    every, inner = set(nodes), {i for i in boxes if i in canvas.scenery.items}
    for frame in [b for b in map(graph.scenery.get, tuple(inner)) if isinstance(b, Frame)]:
        every |= held(canvas, frame)
        inner |= boxes_within(graph, frame) & canvas.scenery.items.keys()
    return every, inner


def held(canvas: CanvasScene, frame: Frame) -> set[str]:
    """The nodes whose cards lie in a frame; those of a folded group with their one card."""
    corners = ((card.ids, card.body().topLeft()) for card in canvas.cards.values())
    found = (ids for ids, corner in corners if holds(frame, anchor(corner.toTuple())))
    return set[str]().union(*found)


class MoveAll(Gesture):
    """Selects what is pressed, and moves the selection once the pointer has gone a little way."""

    drags = True

    def __init__(
        self, view: NavigableView, start: Pointer, item: CardItem | FrameItem | BoxItem
    ) -> None:
        super().__init__(view, start)
        self._nodes = frozenset[str]() if isinstance(item, BoxItem) else item.ids
        self._boxes = frozenset((item.box_id,)) if isinstance(item, BoxItem) else frozenset[str]()
        self._before = self.editor.selection, self.editor.boxes.ids
        self._moving = False
        self._guides = Guides(QPointF())
        self._keys = start.keys
        self._choose(start.adding)
        chosen = self.editor.selection, self.editor.boxes.ids
        self._load = Moved(self.canvas, *(chosen if any(chosen) else (self._nodes, self._boxes)))
        self._area, self._by = self._load.area(), QPointF()
        self._onto = OntoWire(self.canvas, () if self._load.boxes else self._load.nodes)
        shown = seen_by(view)
        self._aligner = Aligner(self._load.others(shown))

    def _choose(self, adding: bool) -> None:
        nodes, boxes = self._before
        chosen = self._nodes <= nodes and self._boxes <= boxes
        if adding and chosen:
            self.editor.boxes.choose(boxes - self._boxes, nodes - self._nodes)
        elif adding:
            self.editor.boxes.choose(boxes | self._boxes, nodes | self._nodes)
        elif not chosen:
            self.editor.boxes.choose(self._boxes, self._nodes)

    def move(self, to: Pointer) -> None:
        far = (to.view - self.start.view).manhattanLength() >= START
        if not (self._moving or far):
            return
        self._moving = True
        free = self._held_off(to)
        self._by = self._drawn(to.scene - self.start.scene, free)
        self._onto.look(None if free else self._area.translated(self._by))
        self._load.show(self._by)
        self.view.viewport().update()

    def _held_off(self, to: Pointer) -> bool:
        """Whether Alt or Ctrl, pressed once it moves, holds off what draws it anywhere."""
        held = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier
        return bool(to.keys & held and not self.start.keys & held)

    def _drawn(self, by: QPointF, free: bool) -> QPointF:
        """The way to go, a little longer or shorter where something then lies in line."""
        if free:
            self._guides = Guides(QPointF())
            return QPointF(round(by.x()), round(by.y()))
        there = self._area.translated(by)
        self._guides = self._aligner.guides(there, SNAP / self.view.zoom, self.view.on_grid)
        return by + self._guides.by

    def finish(self, at: Pointer) -> None:
        if not self._moving:
            if not self.start.adding:
                self.editor.boxes.choose(self._boxes, self._nodes)
            return
        edit = self._load.edit(self._by)
        if edit.edits or self._onto.wire is not None:
            self._onto.drop(edit)
        self._load.put_down()

    def cancel(self) -> None:
        nodes, boxes = self._before
        self.editor.boxes.choose(boxes, nodes)
        self._load.put_down()

    def paint(self, painter: QPainter, theme: Theme) -> None:
        self._onto.paint(painter, theme)
        paint_guides(painter, self._guides, theme, self.view.zoom)
