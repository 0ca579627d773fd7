"""What the pointer does, one object for each thing in progress: made when the button goes down,
told of every movement, finished when it comes up, and undone by Esc."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gradviz.graph import ReplaceNode, compose

from ..theme import Theme, qcolor
from .carrying import load_of
from .group_frame import FrameItem
from .hits import Hit
from .items import CardItem, at

if TYPE_CHECKING:
    from .navigation import NavigableView

START = 4.0
SNAP = 5.0
_numbers = count()


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the pointer is, in the viewport and in the scene, and which keys are held."""

    view: QPointF
    scene: QPointF
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier

    @property
    def adding(self) -> bool:
        """Whether what is touched is added to the selection."""
        held = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
        return bool(self.keys & held)


class Gesture:
    """One thing in progress. This one does nothing."""

    cursor = Qt.CursorShape.ArrowCursor
    drags = False
    """Whether it may lead to places that are out of sight."""

    def __init__(self, view: NavigableView, start: Pointer) -> None:
        self.view, self.start = view, start
        self.editor, self.canvas = view.editor, view.canvas

    def move(self, to: Pointer) -> None:
        """The pointer is somewhere else."""

    def finish(self, at: Pointer) -> None:
        """The button came up."""

    def cancel(self) -> None:
        """Leave everything as it was before."""

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Draw what belongs to the gesture over the scene."""


class Pan(Gesture):
    """Moves what is seen."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, view: NavigableView, start: Pointer) -> None:
        super().__init__(view, start)
        self._last = start.view
        self._moved = QPointF()

    def move(self, to: Pointer) -> None:
        by = to.view - self._last
        self._last = to.view
        self._moved += by
        self.view.pan(by)

    def cancel(self) -> None:
        self.view.pan(-self._moved)


class RubberBand(Gesture):
    """Selects the cards within a rectangle; a mere click clears the selection."""

    drags = True

    def __init__(self, view: NavigableView, start: Pointer) -> None:
        super().__init__(view, start)
        self._before = view.editor.selection
        self._base = self._before if start.adding else frozenset[str]()
        self._area = QRectF()

    def move(self, to: Pointer) -> None:
        self._area = QRectF(self.start.scene, to.scene).normalized()
        self.editor.select(self._base | self.canvas.within(self._area))
        self.view.viewport().update()

    def finish(self, at: Pointer) -> None:
        if self._area.isNull():
            self.editor.select(self._base)
        self.view.viewport().update()

    def cancel(self) -> None:
        self.editor.select(self._before)
        self.view.viewport().update()

    def paint(self, painter: QPainter, theme: Theme) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(qcolor(theme.sel), 0))
        painter.setBrush(qcolor(theme.sel, 0.08))
        painter.drawRect(self._area)


class MoveCards(Gesture):
    """Selects a card, and moves the selection once the pointer has gone a little way."""

    drags = True

    def __init__(self, view: NavigableView, start: Pointer, card: CardItem | FrameItem) -> None:
        super().__init__(view, start)
        self._card, self._before = card, view.editor.selection
        self._moving = False
        self._guides: list[QLineF] = []
        chosen = card.ids <= self._before
        if start.adding:
            self.editor.select(self._before - card.ids if chosen else self._before | card.ids)
        elif not chosen:
            self.editor.select(card.ids)
        nodes = self.editor.graph.nodes
        self._from = {i: at(nodes[i].position) for i in self.editor.selection or card.ids}
        self._corner, self._by = card.body().topLeft(), QPointF()
        self._lines = self._other_edges()
        self._load = load_of(self.canvas, self._from)

    def _other_edges(self) -> tuple[list[float], list[float]]:
        shown = self.view.mapToScene(self.view.viewport().rect()).boundingRect()
        others = {
            self.canvas.groups.shown_id(i) for i in self.canvas.within(shown) - self._from.keys()
        }
        bodies = [self.canvas.cards[i].body() for i in others]
        return sorted({b.left() for b in bodies}), sorted({b.top() for b in bodies})

    def move(self, to: Pointer) -> None:
        far = (to.view - self.start.view).manhattanLength() >= START
        if not (self._moving or far):
            return
        self._moving = True
        by = self._by = self._snapped(to.scene - self.start.scene)
        self._load.show(by)
        self.view.viewport().update()

    def _snapped(self, by: QPointF) -> QPointF:
        """The way to go, a little longer or shorter where the card then lines up with another."""
        corner = self._corner + by
        reach = SNAP / self.view.zoom
        x, y = (
            nearest(corner.x(), self._lines[0], reach),
            nearest(corner.y(), self._lines[1], reach),
        )
        shown = self.view.mapToScene(self.view.viewport().rect()).boundingRect()
        self._guides = []
        if x is not None:
            self._guides.append(QLineF(x, shown.top(), x, shown.bottom()))
        if y is not None:
            self._guides.append(QLineF(shown.left(), y, shown.right(), y))
        place = QPointF(
            round(corner.x()) if x is None else x, round(corner.y()) if y is None else y
        )
        return place - self._corner

    def finish(self, at: Pointer) -> None:
        if not self._moving:
            if not self.start.adding:
                self.editor.select(self._card.ids)
            return
        places = {i: place + self._by for i, place in self._from.items()}
        edit = compose.move(self.editor.graph, {i: (p.x(), p.y()) for i, p in places.items()})
        if edit.edits:
            self.editor.perform(edit)
        self._load.put_down()

    def cancel(self) -> None:
        self.editor.select(self._before)
        self._load.put_down()

    def paint(self, painter: QPainter, theme: Theme) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(qcolor(theme.sel, 0.6), 0, Qt.PenStyle.DashLine))
        painter.drawLines(self._guides)


def nearest(value: float, lines: list[float], reach: float) -> float | None:
    """The line nearest to a value, if one is within reach."""
    near = min(lines, key=lambda line: abs(line - value), default=None)
    return near if near is not None and abs(near - value) <= reach else None


class Slide(Gesture):
    """Drags a parameter's slider; everything that depends on it follows at once."""

    cursor = Qt.CursorShape.SizeHorCursor

    def __init__(self, view: NavigableView, start: Pointer, card: CardItem) -> None:
        super().__init__(view, start)
        self._card = card
        self._scale = card.content.scale
        self._key = f"slide {card.node_id} {next(_numbers)}"
        self._changed = False
        self._before = view.editor.graph.node(card.node_id)
        if card.node_id not in self.editor.selection:
            self.editor.select({card.node_id})
        self.move(start)

    def move(self, to: Pointer) -> None:
        groove = self._card.plan.slider
        if groove is None or self._scale is None:
            return
        along = (to.scene.x() - self._card.body().x() - groove.x) / groove.width
        node_id = self._card.node_id
        edit = compose.set_value(self.editor.graph, node_id, self._scale.value(along))
        if edit.edits:
            name = self.editor.graph.node(node_id).name
            self._changed |= self.editor.perform(edit, f"Change {name}", self._key)

    def cancel(self) -> None:
        now = self.editor.graph.nodes.get(self._before.id)
        if self._changed and now is not None:
            # Merged with what was done so far it comes to nothing, and leaves no step.
            self.editor.perform(ReplaceNode(now, self._before), merge_key=self._key)


def gesture_for(view: NavigableView, hit: Hit, pointer: Pointer) -> Gesture | None:
    """What a press of the left button begins on cards and ground; None on ports."""
    if hit.card is None:
        return RubberBand(view, pointer)
    if isinstance(hit.card, FrameItem):
        return MoveCards(view, pointer, hit.card)
    if hit.part == "slider":
        return Slide(view, pointer, hit.card)
    return None if hit.part in ("input", "output") else MoveCards(view, pointer, hit.card)
