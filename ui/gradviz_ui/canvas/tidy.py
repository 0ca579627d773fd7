"""Tidying up: cards laid out in layers, off the GUI thread where there are many, and shown going
there, so that nobody loses sight of a card."""

from collections.abc import Callable, Collection
from dataclasses import replace

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
from gradviz.graph.scenery import Frame, Piece, along
from gradviz.layout import LayoutCancelled
from gradviz.layout.aligning import Placed

from ..motion import motion
from .items import at
from .leading import Dots, led_wires, rerouted
from .scene import CanvasScene
from .sight import Sight, sight

MANY = 250
SHOWN_MS = 220


Tidied = tuple[dict[str, Placed], Dots]
"""Where cards go that do not stay, and all frames and notes, by id; and how wires are led."""


def tidied(seen: Sight, cancelled: Callable[[], bool] | None = None) -> Tidied:
    """Where everything goes; LayoutCancelled is raised once `cancelled` says True."""
    places = seen.arranged(cancelled)
    return places, led_wires(seen, places, cancelled)


class _Work(QRunnable):
    """One layout on another thread."""

    def __init__(self, tidying: "Tidying", seen: Sight, merge_key: str) -> None:
        super().__init__()
        self._tidying, self._seen, self.merge_key = tidying, seen, merge_key
        self.cancelled = False

    def run(self) -> None:
        try:
            found = tidied(self._seen, lambda: self.cancelled)
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

    def start(self, chosen: Collection[str] | None = None, merge_key: str = "") -> None:
        """Lay all cards out, or those that show some nodes; on this thread where they are few.

        It becomes one step to undo with the edit before, where that had the same ``merge_key``.
        """
        self.cancel()
        seen = sight(self._scene, chosen)
        if len(seen.cards) <= MANY:
            self._take(tidied(seen), merge_key)
            return
        self._work = _Work(self, seen, merge_key)
        QThreadPool.globalInstance().start(self._work)

    def cancel(self) -> None:
        """Forget a layout under way, and end a flight."""
        if self._work is not None:
            self._work.cancelled = True
            self._work = None
        self._flight.stop()
        if self._ways or self._boxes:
            self._land()

    def _arrived(self, result: tuple[_Work, Tidied]) -> None:
        work, found = result
        if work is self._work:
            self._work = None
            self._take(found, work.merge_key)

    def _take(self, result: Tidied, merge_key: str) -> None:
        scene, graph, (found, dots) = self._scene, self._scene.editor.graph, result
        goals: dict[str, tuple[float, float]] = {}
        # Cards may have gone while they were laid out.
        for card in [scene.cards[i] for i in found if i in scene.cards]:
            spot = found[card.node_id]
            by = QPointF(round(spot.x), round(spot.y)) - card.body().topLeft()
            for i in card.ids:
                goals[i] = (at(graph.node(i).position) + by).toTuple()
        before = {i: at(graph.node(i).position) for i in goals}
        kept = {i: scene.scenery.items[i].body() for i in found if i in scene.scenery.items}
        edit = self._edit(goals, {i: found[i] for i in kept}, dots)
        if not edit.edits or not scene.editor.perform(edit, "Tidy up", merge_key):
            self.finished.emit()
            return
        if motion().reduced or len(goals) > MANY:
            self.finished.emit()
            return
        self._ways = {i: (before[i], QPointF(*goal)) for i, goal in goals.items()}
        self._boxes = {i: (was, scene.scenery.items[i].body()) for i, was in kept.items()}
        self._fly(0.0)
        self._flight.setDuration(SHOWN_MS)
        self._flight.start()

    def _edit(
        self,
        goals: dict[str, tuple[float, float]],
        kept: dict[str, Placed],
        dots: Dots,
    ) -> Batch:
        """Nodes, frames and notes put elsewhere, and wires between them led anew.

        Those not in ``dots`` lose the dots that are astray.
        """
        graph = self._scene.editor.graph
        moved = move(graph, goals, self._scene.groups.inside, kept)
        pairs: list[tuple[Piece | None, Piece | None]] = []
        for box_id, spot in kept.items():
            box = decorating.box(graph, box_id)
            size = (round(spot.width), round(spot.height)) if isinstance(box, Frame) else box.size
            pairs.append((box, replace(box, at=(round(spot.x), round(spot.y)), size=size)))
        if moved.edits:
            pairs += [(graph.scenery[w], None) for w in along(graph, goals) if w not in dots]
        pairs += rerouted(graph, dots)
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
