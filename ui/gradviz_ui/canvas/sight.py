"""What a layout needs to know of a scene: taken at once, and made something of on any thread."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF

from gradviz.graph import Wire
from gradviz.graph.scenery import ANCHOR, Box, Frame, boxes, holds_whole
from gradviz.layout import Link
from gradviz.layout.aligning import Placed
from gradviz.layout.framing import Gaps, Thing, arrange

from .metrics import GAP_ALONG
from .moving import held
from .scene import CanvasScene

GAPS = {"right": Gaps(along=GAP_ALONG), "down": Gaps(along=GAP_ALONG - 8, across=36.0)}


@dataclass(frozen=True, slots=True)
class Sight:
    """How some cards lie, and all that is laid out with them.

    cards: by the id of the node shown.
    wires, lines: the wires, and the lines that each is drawn along.
    stand_in: the card that stands for a node within a group.
    boxes: frames and notes, with where they lie.
    others: the rectangles of cards and notes that stay where they are.
    everything: whether these are all cards there are, so that notes in no frame go along.
    """

    cards: dict[str, QRectF]
    wires: list[Wire]
    lines: list[list[QLineF]]
    stand_in: dict[str, str]
    boxes: list[tuple[Box, Placed]]
    others: list[QRectF]
    down: bool
    everything: bool

    def arranged(self, cancelled: Callable[[], bool] | None = None) -> dict[str, Placed]:
        """Where those cards go that do not stay, and where all frames and notes do, by id."""
        flow = "down" if self.down else "right"
        found = arrange(self._things(), self._links(), flow, GAPS[flow], cancelled)
        for key, body in self.cards.items():
            spot = found[key]
            if (round(spot.x), round(spot.y)) == (body.x(), body.y()):
                del found[key]
        return found

    def _links(self) -> list[Link]:
        links: list[Link] = []
        cards, down = self.cards, self.down
        for wire, lines in zip(self.wires, self.lines, strict=True):
            source = self.stand_in.get(wire.source, wire.source)
            target = self.stand_in.get(wire.target, wire.target)
            if source in cards and target in cards:
                out = along_edge(cards[source], lines[0].p1(), down)
                into = along_edge(cards[target], lines[-1].p2(), down)
                links.append(Link(source, target, wire.output, wire.port, out, into))
        return links

    def _things(self) -> list[Thing]:
        """Cards, with the frames and notes that are laid out with them."""
        frames = [(box, at) for box, at in self.boxes if isinstance(box, Frame)]
        # The smaller come first, so that the first to hold something is the inmost.
        frames.sort(key=lambda pair: (pair[0].size[0] * pair[0].size[1], pair[0].id))
        alone = [frame for frame, _ in frames]
        parents = parents_of(self.cards, alone)
        things = [Thing(i, "card", placed(b), parents.get(i)) for i, b in self.cards.items()]
        for place, (frame, at) in enumerate(frames):
            # Only a larger one can be its parent, or two in one place would hold each other.
            outer = next((f.id for f in alone[place + 1 :] if holds_whole(f, frame)), None)
            things.append(Thing(frame.id, "frame", at, outer))
        for note, at in self.boxes:
            if isinstance(note, Frame):
                continue
            outer = next((f.id for f in alone if holds_whole(f, note)), None)
            if self.everything or outer is not None:
                things.append(Thing(note.id, "note", at, outer))
        return things


def sight(scene: CanvasScene, chosen: Collection[str] | None = None) -> Sight:
    """A scene as it lies now, or the cards that show some nodes and the frames round these."""
    graph, items = scene.editor.graph, scene.scenery.items
    ids = scene.cards.keys()
    if chosen is not None:
        ids = {scene.groups.shown_id(i) for i in chosen} & ids
    shown = [box for i, box in boxes(graph).items() if i in items] if items else []
    if chosen is not None:
        shown = [box for box in shown if taken_whole(scene, box, ids)]
    others = [card.body() for i, card in scene.cards.items() if i not in ids]
    taken = {box.id for box in shown}
    others += [b.body() for i, b in items.items() if i not in taken and not b.is_frame]
    # A few long lists and nothing more: for thousands of pairs Python would look for garbage.
    return Sight(
        {i: scene.cards[i].body() for i in ids},
        list(scene.wires),
        [item.lines for item in scene.wires.values()],
        dict(scene.groups.stand_in),
        [(box, placed(items[box.id].body())) for box in shown],
        others,
        graph.settings.flow == "down",
        chosen is None,
    )


def along_edge(body: QRectF, end: QPointF, down: bool) -> float:
    """Where on its edge of a card a wire is fastened."""
    return end.x() - body.x() if down else end.y() - body.y()


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


def taken_whole(scene: CanvasScene, box: Box, ids: Collection[str]) -> bool:
    """Whether a frame holds cards and none but these; a note goes with the frame it lies in."""
    if not isinstance(box, Frame):
        return True
    inside = {scene.groups.shown_id(i) for i in held(scene, box)}
    return bool(inside) and inside <= set(ids)


def placed(body: QRectF) -> Placed:
    """Qt's rectangle as the layout's."""
    return Placed(body.x(), body.y(), body.width(), body.height())
