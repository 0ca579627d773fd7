"""What the pointer does, one object for each thing in progress: made when the button goes down,
told of every movement, finished when it comes up, and undone by Esc."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gradviz.graph import ReplaceNode, compose

from ..theme import Theme, qcolor
from .items import CardItem

if TYPE_CHECKING:
    from .navigation import NavigableView

START = 4.0
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
    """Selects what lies within a rectangle; a mere click clears the selection."""

    drags = True

    def __init__(self, view: NavigableView, start: Pointer) -> None:
        super().__init__(view, start)
        self._before = view.editor.selection, view.editor.boxes.ids
        self._base = self._before if start.adding else (frozenset[str](), frozenset[str]())
        self._area = QRectF()

    def move(self, to: Pointer) -> None:
        self._area = QRectF(self.start.scene, to.scene).normalized()
        nodes, boxes = self.canvas.within(self._area), self.canvas.scenery.within(self._area)
        self.editor.boxes.choose(self._base[1] | boxes, self._base[0] | nodes)
        self.view.viewport().update()

    def finish(self, at: Pointer) -> None:
        if self._area.isNull():
            self.editor.boxes.choose(self._base[1], self._base[0])
        self.view.viewport().update()

    def cancel(self) -> None:
        self.editor.boxes.choose(self._before[1], self._before[0])
        self.view.viewport().update()

    def paint(self, painter: QPainter, theme: Theme) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(qcolor(theme.sel), 0))
        painter.setBrush(qcolor(theme.sel, 0.08))
        painter.drawRect(self._area)


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
