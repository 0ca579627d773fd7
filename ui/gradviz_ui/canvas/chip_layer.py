"""The contributions on the wires of the scene: which stand there now, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from gradviz.graph import ForwardWalk, Walk, Wire
from gradviz.graph.forward_mode import ForwardPass

from .chips import ChipPlacer, chip_text
from .painting import literal_rect
from .turns import wires_to

if TYPE_CHECKING:
    from .items import WireItem
    from .scene import CanvasScene


class ChipLayer:
    """A chip for each wire that something has travelled; each keeps its place for as long as the
    cards keep theirs."""

    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self._placer = ChipPlacer()
        self._stale = True

    def forget(self) -> None:
        """Cards have moved: give every chip a place anew."""
        self._stale = True

    def _track(self) -> Walk | ForwardPass | None:
        """The pass whose contributions stand on the wires."""
        editor = self._scene.editor
        track = editor.track if editor.workspace == "backward" else None
        if track is None or isinstance(track, ForwardWalk):
            return None
        if self._stale:
            self._placer.clear(self._obstacles())
            self._stale = False
        return track

    def _obstacles(self) -> Iterator[QRectF]:
        """The cards, the numbers typed at their ports, notes, and the dots of wires."""
        yield from self._scene.scenery.obstacles(self._scene.wires.values())
        for card in self._scene.cards.values():
            yield card.body()
            corner = card.body().topLeft()
            for port, typed in card.content.literals:
                yield literal_rect(card.plan, port, typed).translated(corner)

    def placed(
        self, exposed: QRectF, among: Iterable[Wire] | None = None
    ) -> list[tuple[QRectF, str, bool]]:
        """Place, text and whether it is now, of the contributions on wires in sight.

        ``among``: the only wires that need be asked about.
        """
        track, now = self._track(), self._scene.editor.moment
        if track is None:
            return []
        travelled = track.travelled
        asked = ((w.target, w.port) for w in among) if among is not None else travelled
        keys = [key for key in asked if travelled.get(key, now + 1) <= now]
        if among is not None:
            keys.sort(key=lambda key: (travelled[key], key[1]))
        near = (i for i in wires_to(self._scene, keys) if i.boundingRect().intersects(exposed))
        found: list[tuple[QRectF, str, bool]] = []
        for item in near:
            key = item.wire.target, item.wire.port
            text = chip_text(track.contributions[key])
            place = self._placer.place(item, text)
            if not place.isEmpty():
                found.append((place, text, travelled[key] == now))
        return found

    def areas(self, items: Iterable[WireItem]) -> list[QRectF]:
        """Where the contributions on these wires stand, or will."""
        track = self._track()
        if track is None:
            return []
        keyed = (((item.wire.target, item.wire.port), item) for item in items)
        sent = [(track.contributions.get(key), item) for key, item in keyed]
        places = (self._placer.place(i, chip_text(c)) for c, i in sent if c is not None)
        return [place for place in places if not place.isEmpty()]
