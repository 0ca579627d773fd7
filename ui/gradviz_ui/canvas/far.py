"""The canvas from far away: boxes and straight lines, drawn in a few calls for any number of
cards, because text nobody can read costs most of a frame."""

from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from ..editor import Editor
from ..theme import Theme, current, qcolor
from .content import category_of, travelled_role
from .items import wire_states
from .scene import CanvasScene

FAR = 0.28
"""Below this zoom many cards are mere boxes; few cost little, and keep their looks longer."""
FAR_FOR_FEW = 0.12


class FarView:
    """Rectangles and lines by colour, gathered once and drawn until something changes."""

    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self._lines: dict[str, list[QLineF]] | None = None
        self._boxes: dict[str, list[QRectF]] = {}
        self._marks: dict[str, list[QRectF]] = {}

    def forget(self, *_: object) -> None:
        """Gather again at the next painting."""
        self._lines = None

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Draw everything, in scene coordinates."""
        if self._lines is None:
            self._gather()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for role, lines in (self._lines or {}).items():
            painter.setPen(QPen(qcolor(getattr(theme, role)), 0))
            painter.drawLines(lines)
        painter.setPen(Qt.PenStyle.NoPen)
        for role, boxes in self._boxes.items():
            painter.setPen(QPen(qcolor(getattr(theme, role)), 0))
            painter.setBrush(qcolor(theme.card))
            painter.drawRects(boxes)
        painter.setPen(Qt.PenStyle.NoPen)
        for category, marks in self._marks.items():
            painter.setBrush(qcolor(theme.category(category)))
            painter.drawRects(marks)

    def _gather(self) -> None:
        state = wire_states(self._scene.editor)
        lines: dict[str, list[QLineF]] = defaultdict(list)
        roles = {"idle": "wire", "grad": "grad", "val": "val", "active": "act", "path": "grad"}
        for wire, item in self._scene.wires.items():
            lines[roles[state(wire)]].append(item.line)
        self._lines = dict(lines)
        self._boxes, self._marks = defaultdict(list), defaultdict(list)
        edge, nodes = edges(self._scene.editor), self._scene.editor.graph.nodes
        for node_id, card in self._scene.cards.items():
            self._boxes[edge(node_id)].append(card.body())
            self._marks[category_of(nodes[node_id])].append(card.mark())


def edges(editor: Editor) -> Callable[[str], str]:
    """The role of the colour of a card's edge now, as a function of its id."""
    backward = editor.workspace == "backward"
    active = editor.step.node if backward and editor.step else None
    results, selected = editor.evaluation.results, editor.selection

    def edge(node_id: str) -> str:
        if node_id == active:
            return "act"
        if node_id in selected:
            return "sel"
        result = results.get(node_id)
        if result is not None and result.error is not None:
            return "error"
        if not backward:
            return "line"
        return travelled_role(editor, node_id, editor.gradient(node_id)[0]) or "line"

    return edge


@lru_cache(maxsize=8)
def _dots(columns: int, rows: int) -> QPolygonF:
    """A grid of points one unit apart."""
    return QPolygonF([QPointF(i, j) for i in range(columns) for j in range(rows)])


def paint_grid(painter: QPainter, exposed: QRectF, scale: float) -> None:
    """The ground: theme colour and dots, fewer of them the farther away."""
    theme = current()
    painter.fillRect(exposed, qcolor(theme.bg))
    gap = 28.0
    while gap * scale < 20:
        gap *= 2
    left, top = exposed.left() // gap, exposed.top() // gap
    # Rounded up, so that small changes of what is seen find the same points again.
    columns = -int(-(exposed.right() / gap - left + 1) // 8) * 8
    rows = -int(-(exposed.bottom() / gap - top + 1) // 8) * 8
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.scale(gap, gap)
    painter.translate(left, top)
    pen = QPen(qcolor(theme.line, 0.75), 2)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.drawPoints(_dots(columns, rows))
    painter.restore()
