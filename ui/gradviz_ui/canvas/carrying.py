"""What is moved by hand, shown on its way while the document knows nothing of it yet.

A few cards are each put elsewhere in every frame. Many are left where they are and drawn as one
picture, which is all that then moves, but for the wires between them and the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QGraphicsItem

from .boxes import BoxItem
from .edge_wires import EdgeWires

if TYPE_CHECKING:
    from .scene import CanvasScene

FEW = 40
"""The most cards that are put elsewhere one by one."""


class Load(Protocol):
    """Something on its way."""

    def show(self, by: QPointF) -> None:
        """Show it so far from where the document has it."""
        ...

    def put_down(self) -> None:
        """Show it where the document has it."""
        ...


class Shifted:
    """A few cards, each put elsewhere."""

    def __init__(self, scene: CanvasScene, places: Mapping[str, QPointF]) -> None:
        self._scene, self._places = scene, places

    def show(self, by: QPointF) -> None:
        """Show them so far from where the document has them."""
        self._scene.shift({i: place + by for i, place in self._places.items()})

    def put_down(self) -> None:
        """Show them where the document has them."""
        self._scene.restore(self._places)


class Carried:
    """Many cards with the wires between them, for a view to draw as one picture.

    ``apart``: every item that is not drawn as if nothing were carried: those in the picture, the
    wires at its edge, frames of groups, which change as what is in them moves, and ``boxes``.
    """

    def __init__(
        self, scene: CanvasScene, ids: Iterable[str], boxes: Iterable[BoxItem] = ()
    ) -> None:
        self._scene = scene
        self.boxes = sorted(boxes, key=BoxItem.zValue)
        """Frames and notes that go along, each put elsewhere by who carries them."""
        self._nodes = frozenset(ids)
        self.ids = {scene.groups.shown_id(i) for i in self._nodes} & scene.cards.keys()
        self.by = QPointF()
        held = {i for shown in self.ids for i in scene.cards[shown].ids}
        self.wires = {w for w in scene.wires if w.source in held and w.target in held}
        either = {w for w in scene.wires if (w.source in held) != (w.target in held)}
        down = scene.editor.graph.settings.flow == "down"
        self.edge = EdgeWires([(scene.wires[w], w.source in held) for w in either], down)
        self.frames = [frame for frame in scene.groups.frames if not held.isdisjoint(frame.ids)]
        cards = (scene.cards[i] for i in self.ids)
        self.items: set[QGraphicsItem] = {*cards, *(scene.wires[w] for w in self.wires)}
        self.apart = {*self.items, *self.edge.items, *self.frames, *self.boxes}

    def show(self, by: QPointF) -> None:
        """Show them so far from where the document has them."""
        self._scene.carried, self.by = self, by
        self._refit()

    def _refit(self) -> None:
        self._scene.groups.refit({i: self.by for i in self.ids} if self.frames else {})

    def put_down(self) -> None:
        """Show them where the document has them."""
        self._scene.carried, self.by = None, QPointF()
        self._scene.groups.refit()
        self._scene.shifted.emit()


def load_of(
    scene: CanvasScene, places: Mapping[str, QPointF], boxes: Iterable[BoxItem] = ()
) -> Load:
    """What carries these nodes about, given where the document has each, beside some boxes."""
    return Carried(scene, places, boxes) if len(places) > FEW else Shifted(scene, places)
