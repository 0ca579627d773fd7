"""Tidying up: cards laid out in layers, off the GUI thread where there are many, and shown going
there, so that nobody loses sight of a card."""

from PySide6.QtCore import (
    QEasingCurve,
    QObject,
    QPointF,
    QRunnable,
    QThreadPool,
    QVariantAnimation,
    Signal,
)

from gradviz.graph import compose
from gradviz.layout import Box, LayoutCancelled, Link, Placement, place

from ..motion import motion
from .items import at
from .metrics import GAP_ALONG
from .scene import CanvasScene

MANY = 250
SHOWN_MS = 220


def boxes_and_links(scene: CanvasScene) -> tuple[list[Box], list[Link]]:
    """What a layout needs to know of the cards and wires."""
    plans = {i: card.plan for i, card in scene.cards.items()}
    boxes = [Box(i, plan.width, plan.height) for i, plan in plans.items()]
    links = [
        Link(
            scene.groups.shown_id(w.source),
            scene.groups.shown_id(w.target),
            w.output,
            w.port,
            item.ends[0].y() - scene.groups.card_of(w.source).body().y(),
            item.ends[1].y() - scene.groups.card_of(w.target).body().y(),
        )
        for w, item in scene.wires.items()
    ]
    return boxes, links


class _Work(QRunnable):
    """One layout on another thread."""

    def __init__(self, tidying: "Tidying", boxes: list[Box], links: list[Link]) -> None:
        super().__init__()
        self._tidying, self._boxes, self._links = tidying, boxes, links
        self.cancelled = False

    def run(self) -> None:
        try:
            placement = place(
                self._boxes, self._links, gap_along=GAP_ALONG, cancelled=lambda: self.cancelled
            )
        except LayoutCancelled:
            return
        self._tidying.placed.emit((self, placement))


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
        self.placed.connect(self._arrived)
        scene.editor.replaced.connect(self.cancel)

    def start(self) -> None:
        """Lay the cards out; on this thread where they are few."""
        self.cancel()
        boxes, links = boxes_and_links(self._scene)
        if len(boxes) <= MANY:
            self._take(place(boxes, links, gap_along=GAP_ALONG))
            return
        self._work = _Work(self, boxes, links)
        QThreadPool.globalInstance().start(self._work)

    def cancel(self) -> None:
        """Forget a layout under way, and end a flight."""
        if self._work is not None:
            self._work.cancelled = True
            self._work = None
        self._flight.stop()
        self._ways = {}

    def _arrived(self, result: tuple[_Work, Placement]) -> None:
        work, placement = result
        if work is self._work:
            self._work = None
            self._take(placement)

    def _take(self, placement: Placement) -> None:
        scene, corner = self._scene, self._scene.bounds().topLeft()
        graph = scene.editor.graph
        goals = {
            i: (round(x + corner.x()), round(y + corner.y()))
            for i, (x, y) in placement.positions.items()
            if i in graph.nodes
        }
        before = {k: at(graph.node(k).position) for i in goals for k in scene.cards[i].ids}
        for i in [i for i in goals if i in scene.groups.stand_in]:
            by = QPointF(*goals.pop(i)) - scene.cards[i].body().topLeft()
            goals |= {k: (before[k] + by).toTuple() for k in scene.cards[i].ids}
        edit = compose.move(graph, goals)
        if not edit.edits or not scene.editor.perform(edit, "Tidy up"):
            self.finished.emit()
            return
        self._ways = {i: (before[i], QPointF(*goal)) for i, goal in goals.items()}
        if not motion().reduced and len(goals) <= MANY:
            self._flight.setDuration(SHOWN_MS)
            self._flight.start()
        else:
            self._land()

    def _fly(self, part: float) -> None:
        places = {i: start + (end - start) * part for i, (start, end) in self._ways.items()}
        self._scene.shift(places)

    def _land(self) -> None:
        self._scene.restore(self._ways)
        self._ways = {}
        self.finished.emit()
