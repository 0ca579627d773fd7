"""Cutting wires by drawing a line across them, with Alt held."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from gradviz.graph import Batch, Edit, Wire, compose

from ..editor import Editor
from ..theme import Theme, qcolor
from .gestures import Gesture, Pointer
from .items import WireItem

if TYPE_CHECKING:
    from .navigation import NavigableView

PARTS = 24


def crossed(path: QPainterPath, line: QLineF) -> bool:
    """Whether a line crosses a wire's way."""
    box = QRectF(line.p1(), line.p2()).normalized().adjusted(-1, -1, 1, 1)
    if not path.controlPointRect().adjusted(-1, -1, 1, 1).intersects(box):
        return False
    points = [path.pointAtPercent(i / PARTS) for i in range(PARTS + 1)]
    pieces = (QLineF(a, b) for a, b in pairwise(points))
    bounded = QLineF.IntersectionType.BoundedIntersection
    return any(piece.intersects(line)[0] == bounded for piece in pieces)


def wire_near(wires: Mapping[Wire, WireItem], point: QPointF, reach: float) -> Wire | None:
    """The wire that passes a point of the scene within ``reach``."""
    box = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
    sides = (QLineF(box.topLeft(), box.bottomRight()), QLineF(box.bottomLeft(), box.topRight()))
    near = (w for w, item in wires.items() if any(crossed(item.path, side) for side in sides))
    return next(near, None)


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
    """Removes every wire that the line drawn crosses."""

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
