"""The canvas from far away: boxes and straight lines, drawn in a few calls for any number of
cards, because text nobody can read costs most of a frame."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from itertools import pairwise
from math import ceil, inf
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF, QRegion, QTransform

from gradviz.graph import Walk, Wire

from ..tangents import Track
from ..theme import Theme, current, qcolor
from .extents import Extents
from .scene import CanvasScene
from .turns import Turn, wires_to

FAR = 0.28
"""Below this zoom many cards are mere boxes; few cost little, and keep their looks longer."""
FAR_FOR_FEW = 0.12
NEVER: Final = inf
LONGEST = 32.0
"""How long a piece of a line is at most, in pixels, where only what changed is drawn."""


class FarView:
    """The rectangles and lines of a scene's `Shapes`, coloured by where the pass stands.

    What the pass comes to is gathered once in its order and cut in two at the moment, so that a
    step costs no more than a frame.
    """

    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self._editor = scene.editor
        self._all: Strokes | None = None
        self._extents: Extents | None = None
        self._failed: set[str] = set()
        editor = self._editor
        for signal in (
            editor.replaced, editor.changed, editor.evaluated, editor.walk_changed,
            editor.workspace_changed, editor.spotlight.changed, scene.reshaped, scene.shifted,
        ):  # fmt: skip
            signal.connect(self.forget)
        editor.evaluated.connect(self._find_failed)
        editor.replaced.connect(self._start_anew)
        self._find_failed(editor.graph.nodes)

    def forget(self, *_: object) -> None:
        """Gather what the pass comes to again at the next painting."""
        self._all = self._extents = None

    def _start_anew(self) -> None:
        self._failed = set()
        self._find_failed(self._editor.graph.nodes)

    def _find_failed(self, ids: Iterable[str]) -> None:
        results = self._editor.evaluation.results
        self._failed.difference_update(ids)
        found = ((i, results.get(i)) for i in ids)
        self._failed.update(i for i, r in found if r is not None and r.error is not None)

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Draw everything, in scene coordinates."""
        if self._all is None:
            shapes = self._scene.shapes
            self._all = self._gathered(shapes.boxes, shapes.lines)
        self._paint_with(painter, theme, self._all)

    def paint_within(self, painter: QPainter, theme: Theme, seen: list[QRectF]) -> None:
        """Draw what touches some parts of the scene."""
        if self._extents is None:
            self._extents = Extents(self._scene.shapes.boxes, self._scene.shapes.lines)
        self._paint_with(painter, theme, self.part(*self._extents.within(seen)))

    def _paint_with(self, painter: QPainter, theme: Theme, strokes: Strokes) -> None:
        self._scene.scenery.paint_far(painter, theme)
        self.paint_ground(painter, theme, self._scene.groups.bodies())
        self.paint_strokes(painter, theme, strokes)

    def paint_ground(self, painter: QPainter, theme: Theme, bodies: list[QRectF]) -> None:
        """Draw frames."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(qcolor(theme.line), 0))
        painter.setBrush(qcolor(theme.mute, 0.06))
        painter.drawRects(bodies)

    def paint_strokes(self, painter: QPainter, theme: Theme, strokes: Strokes) -> None:
        """Draw cards and wires."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_wires(painter, theme, strokes)
        self._paint_cards(painter, theme, strokes)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = len(strokes.boxes) == len(self._scene.shapes.boxes)
        for category, marks in self._scene.shapes.marks.items():
            painter.setBrush(qcolor(theme.category(category)))
            shown = marks.values() if whole else (m for i, m in marks.items() if i in strokes.boxes)
            painter.drawRects(list(shown))

    def part(self, ids: Collection[str], wires: Collection[Wire]) -> Strokes:
        """Some of the cards and wires."""
        boxes, lines = self._scene.shapes.boxes, self._scene.shapes.lines
        return self._gathered({i: boxes[i] for i in ids}, {wire: lines[wire] for wire in wires})

    def region(self, turn: Turn, transform: QTransform) -> QRegion:
        """The part of a view, looking through ``transform``, that a step changes."""
        scene, shapes = self._scene, self._scene.shapes
        shown = {scene.groups.shown_id(i) for i in turn.nodes} & shapes.boxes.keys()
        areas = [transform.mapRect(shapes.boxes[i]) for i in shown]
        for item in wires_to(scene, turn.wires):
            areas += [piece for line in item.lines for piece in pieces_of(transform.map(line))]
        parts = QRegion()
        for area in areas:
            parts = parts.united(area.toAlignedRect().adjusted(-2, -2, 2, 2))
        return parts

    @property
    def _travelled(self) -> str:
        return self._editor.passes.role

    def _paint_wires(self, painter: QPainter, theme: Theme, strokes: Strokes) -> None:
        lit, moment = self._editor.spotlight.wires, self._editor.moment
        wires = strokes.wires
        if lit:
            found = [line for key, line in zip(wires.keys, wires.shapes, strict=True) if key in lit]
            parts = [("wire", wires.shapes), ("grad", found)]
        else:
            done, reached = (cut(wires.since, moment) for cut in (bisect_left, bisect_right))
            parts = [
                ("wire", wires.shapes[reached:]), (self._travelled, wires.shapes[:done]),
                ("act", wires.shapes[done:reached]),
            ]  # fmt: skip
        for role, drawn in parts:
            painter.setPen(QPen(qcolor(getattr(theme, role)), 0))
            painter.drawLines(drawn)

    def _paint_cards(self, painter: QPainter, theme: Theme, strokes: Strokes) -> None:
        editor, cards, boxes = self._editor, strokes.cards, strokes.boxes
        reached = bisect_right(cards.since, editor.moment)
        step = editor.step if editor.workspace == "backward" else None
        active = () if step is None else (step.node,)
        marked = [
            (role, [boxes[i] for i in ids if i in boxes])
            for role, ids in (("error", self._failed), ("sel", editor.selection), ("act", active))
        ]
        painter.setBrush(qcolor(theme.card))
        for role, drawn in (
            ("line", cards.shapes[reached:]), (self._travelled, cards.shapes[:reached]), *marked,
        ):  # fmt: skip
            painter.setPen(QPen(qcolor(getattr(theme, role)), 0))
            painter.drawRects(drawn)

    def _gathered(self, boxes: Mapping[str, QRectF], lines: Mapping[Wire, QLineF]) -> Strokes:
        editor, scene = self._editor, self._scene
        track = editor.track if editor.workspace == "backward" else None
        bent = scene.shapes.bent
        more = [(wire, line) for wire in bent if wire in lines for line in bent[wire]]
        if track is None:
            # Nothing is ever come to: in any order.
            lit = (*lines, *(wire for wire, _ in more)) if editor.spotlight.wires else ()
            keys = [(wire.target, wire.port) for wire in lit]
            shapes = [*lines.values(), *(line for _, line in more)]
            return Strokes(boxes, Line([], [], list(boxes.values())), Line([], keys, shapes))
        every = [*lines.items(), *more]
        travelled = track.travelled
        keyed = (((w.target, w.port), line) for w, line in every)
        wires = in_order([(travelled.get(key, NEVER), key, line) for key, line in keyed])
        first = first_arrivals(track)
        for inside, shown in scene.groups.stand_in.items():
            first[shown] = min(first.get(shown, NEVER), first.get(inside, NEVER))
        cards = in_order([(first.get(i, NEVER), i, box) for i, box in boxes.items()])
        return Strokes(boxes, cards, wires)


def pieces_of(line: QLineF) -> list[QRectF]:
    """The boxes round the pieces that a line is cut into: less than the box round all of it."""
    count = max(1, ceil(max(abs(line.dx()), abs(line.dy())) / LONGEST))
    points = [line.pointAt(place / count) for place in range(count + 1)]
    return [QRectF(one, other).normalized() for one, other in pairwise(points)]


class Line(NamedTuple):
    """Shapes with the moment from which each counts, rising, and what each is for."""

    since: list[float]
    keys: list[Any]
    shapes: list[Any]


class Strokes(NamedTuple):
    """What is drawn: the cards by id, and cards and wires in the order of the pass."""

    boxes: Mapping[str, QRectF]
    cards: Line
    wires: Line


def in_order(found: list[tuple[float, Any, Any]]) -> Line:
    """Shapes in the order in which the pass comes to them."""
    ordered = sorted(found, key=lambda entry: entry[0])
    return Line([e[0] for e in ordered], [e[1] for e in ordered], [e[2] for e in ordered])


def first_arrivals(track: Track) -> dict[str, float]:
    """The moment from which anything has come to each node: a value, or a term of its gradient."""
    found: dict[str, float] = dict(track.arrival)
    if isinstance(track, Walk):
        for node_id, terms in track.incoming.items():
            found[node_id] = min(found.get(node_id, len(track)), terms[0][0].index + 1)
    return found


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
