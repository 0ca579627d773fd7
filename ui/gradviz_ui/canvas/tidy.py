"""Tidying up: cards laid out in layers, off the GUI thread where there are many, and shown going
there, so that nobody loses sight of a card."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import (
    QEasingCurve,
    QObject,
    QPointF,
    QRectF,
    QRunnable,
    QThreadPool,
    QVariantAnimation,
    Signal,
)

from gradviz.graph import Batch, decorating
from gradviz.graph.moving import move
from gradviz.graph.scenery import ANCHOR, Frame, Piece, along, boxes, far_corner, holds
from gradviz.graph.scenery import Box as SceneryBox
from gradviz.layout import Direction, LayoutCancelled, Link
from gradviz.layout.aligning import Placed
from gradviz.layout.framing import Gaps, Thing, arrange

from ..motion import motion
from .items import at
from .metrics import GAP_ALONG
from .moving import held
from .scene import CanvasScene

GAPS = {"right": Gaps(along=GAP_ALONG), "down": Gaps(along=GAP_ALONG - 8, across=36.0)}
MANY = 250
SHOWN_MS = 220


@dataclass(frozen=True, slots=True)
class Job:
    """What a layout needs to know of some cards and all that lies by them."""

    things: list[Thing]
    links: list[Link]
    direction: Direction

    def done(self, cancelled: Callable[[], bool] | None = None) -> dict[str, Placed]:
        """Where each goes, by its key."""
        return arrange(self.things, self.links, self.direction, GAPS[self.direction], cancelled)


def job_for(scene: CanvasScene, chosen: Collection[str] | None = None) -> Job:
    """The layout of a scene, or of the cards that show some nodes and the frames round these."""
    ids = scene.cards.keys()
    if chosen is not None:
        ids = {scene.groups.shown_id(i) for i in chosen} & ids
    down = scene.editor.graph.settings.flow == "down"
    stand_in, bodies = scene.groups.stand_in, scene.shapes.boxes
    links: list[Link] = []
    for wire, item in scene.wires.items():
        source = stand_in.get(wire.source, wire.source)
        target = stand_in.get(wire.target, wire.target)
        start, end = item.ends
        out = along_edge(bodies[source], start, down)
        into = along_edge(bodies[target], end, down)
        links.append(Link(source, target, wire.output, wire.port, out, into))
    if chosen is not None:
        links = [link for link in links if link.source in ids and link.target in ids]
    return Job(things_of(scene, ids, chosen is None), links, "down" if down else "right")


def along_edge(body: QRectF, end: QPointF, down: bool) -> float:
    """Where on its edge of a card a wire is fastened."""
    return end.x() - body.x() if down else end.y() - body.y()


def things_of(scene: CanvasScene, ids: Collection[str], everything: bool) -> list[Thing]:
    """Cards, with the frames and notes that are laid out with them."""
    graph, items = scene.editor.graph, scene.scenery.items
    cards = {i: scene.cards[i].body() for i in ids}
    things = [Thing(i, "card", placed(body)) for i, body in cards.items()]
    if not items:
        return things
    shown = {i: box for i, box in boxes(graph).items() if i in items}
    if not everything:
        shown = {i: b for i, b in shown.items() if taken_whole(scene, b, ids)}
    frames = [b for b in shown.values() if isinstance(b, Frame)]
    # The smaller come first, so that the first to hold something is the inmost.
    frames.sort(key=lambda f: (f.size[0] * f.size[1], f.id))
    parents = parents_of(cards, frames)
    things = [replace(t, parent=parents[t.key]) if t.key in parents else t for t in things]
    for place, frame in enumerate(frames):
        # Only a larger one can be its parent, or two in one place would hold each other.
        outer = next((f.id for f in frames[place + 1 :] if whole_in(f, frame)), None)
        things.append(Thing(frame.id, "frame", placed(items[frame.id].body()), outer))
    for note in (b for b in shown.values() if not isinstance(b, Frame)):
        outer = next((f.id for f in frames if whole_in(f, note)), None)
        if everything or outer is not None:
            things.append(Thing(note.id, "note", placed(items[note.id].body()), outer))
    return things


def parents_of(cards: Mapping[str, QRectF], frames: Sequence[Frame]) -> dict[str, str]:
    """The inmost frame that each card lies in, of frames from the smallest to the largest."""
    ids = list(cards)
    corners = np.array([[body.x(), body.y()] for body in cards.values()]).reshape(-1, 2)
    found: dict[str, str] = {}
    for frame in reversed(frames):
        gaps = corners + ANCHOR - frame.at
        inside = ((gaps >= 0) & (gaps <= frame.size)).all(1)
        found.update(dict.fromkeys((ids[k] for k in np.nonzero(inside)[0].tolist()), frame.id))
    return found


def taken_whole(scene: CanvasScene, box: SceneryBox, ids: Collection[str]) -> bool:
    """Whether a frame holds cards and none but these; a note goes with the frame it lies in."""
    if not isinstance(box, Frame):
        return True
    inside = {scene.groups.shown_id(i) for i in held(scene, box)}
    return bool(inside) and inside <= set(ids)


def whole_in(frame: Frame, box: SceneryBox) -> bool:
    """Whether a frame holds a frame or a note whole."""
    return holds(frame, box.at) and holds(frame, far_corner(box))


def placed(body: QRectF) -> Placed:
    """Qt's rectangle as the layout's."""
    return Placed(body.x(), body.y(), body.width(), body.height())


class _Work(QRunnable):
    """One layout on another thread."""

    def __init__(self, tidying: "Tidying", job: Job) -> None:
        super().__init__()
        self._tidying, self._job = tidying, job
        self.cancelled = False

    def run(self) -> None:
        try:
            found = self._job.done(lambda: self.cancelled)
        except LayoutCancelled:
            return
        self._tidying.placed.emit((self, found))


class Tidying(QObject):
    """Lays a scene out on demand; the last demand counts."""

    placed = Signal(object)
    finished = Signal()
    """The cards are where they belong."""

    def __init__(self, scene: CanvasScene) -> None:
        super().__init__(scene)
        self._scene = scene
        self._work: _Work | None = None
        self._flight = QVariantAnimation(self)
        self._flight.setStartValue(0.0)
        self._flight.setEndValue(1.0)
        self._flight.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._flight.valueChanged.connect(self._fly)
        self._flight.finished.connect(self._land)
        self._ways: dict[str, tuple[QPointF, QPointF]] = {}
        self._boxes: dict[str, tuple[QRectF, QRectF]] = {}
        self.placed.connect(self._arrived)
        scene.editor.replaced.connect(self.cancel)

    def start(self, chosen: Collection[str] | None = None) -> None:
        """Lay all cards out, or those that show some nodes; on this thread where they are few."""
        self.cancel()
        job = job_for(self._scene, chosen)
        if len(job.things) <= MANY:
            self._take(job.done())
            return
        self._work = _Work(self, job)
        QThreadPool.globalInstance().start(self._work)

    def cancel(self) -> None:
        """Forget a layout under way, and end a flight."""
        if self._work is not None:
            self._work.cancelled = True
            self._work = None
        self._flight.stop()
        if self._ways or self._boxes:
            self._land()

    def _arrived(self, result: tuple[_Work, dict[str, Placed]]) -> None:
        work, found = result
        if work is self._work:
            self._work = None
            self._take(found)

    def _take(self, found: dict[str, Placed]) -> None:
        scene, graph = self._scene, self._scene.editor.graph
        goals: dict[str, tuple[float, float]] = {}
        # Cards may have gone while they were laid out.
        for card in [scene.cards[i] for i in found if i in scene.cards]:
            spot = found[card.node_id]
            by = QPointF(round(spot.x), round(spot.y)) - card.body().topLeft()
            for i in card.ids:
                goals[i] = (at(graph.node(i).position) + by).toTuple()
        before = {i: at(graph.node(i).position) for i in goals}
        kept = {i: scene.scenery.items[i].body() for i in found if i in scene.scenery.items}
        edit = self._edit(goals, {i: found[i] for i in kept})
        if not edit.edits or not scene.editor.perform(edit, "Tidy up"):
            self.finished.emit()
            return
        self._ways = {i: (before[i], QPointF(*goal)) for i, goal in goals.items()}
        self._boxes = {i: (was, scene.scenery.items[i].body()) for i, was in kept.items()}
        if not motion().reduced and len(goals) <= MANY:
            self._fly(0.0)
            self._flight.setDuration(SHOWN_MS)
            self._flight.start()
        else:
            self._land()

    def _edit(self, goals: dict[str, tuple[float, float]], kept: dict[str, Placed]) -> Batch:
        """Nodes, frames and notes put elsewhere; wires between them lose dots that are astray."""
        graph = self._scene.editor.graph
        moved = move(graph, goals, self._scene.groups.inside, kept)
        pairs: list[tuple[Piece | None, Piece | None]] = []
        for box_id, spot in kept.items():
            box = decorating.box(graph, box_id)
            size = (round(spot.width), round(spot.height)) if isinstance(box, Frame) else box.size
            pairs.append((box, replace(box, at=(round(spot.x), round(spot.y)), size=size)))
        if moved.edits:
            pairs += [(graph.scenery[wire], None) for wire in along(graph, goals)]
        return Batch((*moved.edits, *decorating.turned(pairs).edits), "Tidy up")

    def _fly(self, part: float) -> None:
        for box_id, (start, end) in self._boxes.items():
            if box_id in self._scene.scenery.items:
                self._scene.scenery.items[box_id].preview(between(start, end, part))
        places = {i: start + (end - start) * part for i, (start, end) in self._ways.items()}
        self._scene.shift(places)

    def _land(self) -> None:
        self._scene.scenery.restore(self._boxes)
        self._scene.restore(self._ways)
        self._ways, self._boxes = {}, {}
        self.finished.emit()


def between(start: QRectF, end: QRectF, part: float) -> QRectF:
    """A rectangle on its way to become another."""
    corner = start.topLeft() + (end.topLeft() - start.topLeft()) * part
    far = start.bottomRight() + (end.bottomRight() - start.bottomRight()) * part
    return QRectF(corner, far)
