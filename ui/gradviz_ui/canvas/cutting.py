"""Cutting wires by drawing a line across them, with Alt held."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QPainter, QPen

from gradviz.graph import Batch, Edit, Wire, compose

from ..editor import Editor
from ..theme import Theme, qcolor
from .box_gestures import toggle_dot
from .gestures import START, Gesture, Pointer
from .wire_paths import crossed

if TYPE_CHECKING:
    from .navigation import NavigableView


def disconnect_all(editor: Editor, wires: Collection[Wire]) -> None:
    """Take these wires away as one undoable step."""
    graph = editor.graph
    edits: list[Edit] = []
    for target in dict.fromkeys(wire.target for wire in wires):
        kept = [wire for wire in graph.inputs(target).values() if wire not in wires]
        edits += compose.rewire(graph, target, kept)
    if edits:
        editor.perform(Batch(tuple(edits), "Disconnect"))


class Cut(Gesture):
    """Removes every wire that the line drawn crosses; a mere click puts a dot on one."""

    cursor = Qt.CursorShape.CrossCursor

    drags = True

    def __init__(self, view: NavigableView, start: Pointer) -> None:
        super().__init__(view, start)
        self._end = start.scene

    def _crossed(self) -> list[Wire]:
        line = QLineF(self.start.scene, self._end)
        return [w for w, item in self.canvas.wires.items() if crossed(item.path, line)]

    def move(self, to: Pointer) -> None:
        self._end = to.scene
        self.view.viewport().update()

    def finish(self, at: Pointer) -> None:
        self._end = at.scene
        if (at.view - self.start.view).manhattanLength() < START:
            toggle_dot(self.view, at.scene)
        else:
            disconnect_all(self.editor, self._crossed())
        self.view.viewport().update()

    def cancel(self) -> None:
        self.view.viewport().update()

    def paint(self, painter: QPainter, theme: Theme) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(qcolor(theme.error), 2.4))
        for wire in self._crossed():
            painter.drawPath(self.canvas.wires[wire].path)
        pen = QPen(qcolor(theme.error), 1.4, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLine(QLineF(self.start.scene, self._end))
