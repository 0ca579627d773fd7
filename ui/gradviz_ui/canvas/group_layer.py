"""Groups in the scene: the cards of collapsed ones and the frames of those that are open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from gradviz.graph import Change, Wire
from gradviz.graph.groups import all_members, hidden_in, outward

from .group_card import GroupCard
from .group_frame import FrameItem
from .items import CardItem

if TYPE_CHECKING:
    from .scene import CanvasScene


class GroupLayer:
    """Which card stands for a node that has none of its own; empty where nothing is collapsed."""

    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self.hidden: dict[str, str] = {}
        """For each hidden node, the collapsed group whose card stands for it."""
        self.stand_in: dict[str, str] = {}
        """For each hidden node, the one under whose id that card is among the cards."""
        self.frames: list[FrameItem] = []
        """The frames, those within others after them."""

    def read(self) -> None:
        """Take from the document which groups are collapsed; items come afterwards."""
        graph = self._scene.editor.graph
        self.hidden = hidden_in(graph.groups)
        self.stand_in = {}
        self.frames = []

    def cards(self) -> list[GroupCard]:
        """A card for each collapsed group that lies in no other."""
        scene = self._scene
        inside: dict[str, set[str]] = {}
        for node_id, group_id in self.hidden.items():
            inside.setdefault(group_id, set()).add(node_id)
        made = [
            GroupCard(scene.editor, group_id, frozenset(members), scene.pictures)
            for group_id, members in inside.items()
        ]
        for card in made:
            self.stand_in.update(dict.fromkeys(card.ids, card.node_id))
        return made

    def make_frames(self) -> list[FrameItem]:
        """A frame for each group that is open, and in no collapsed one."""
        groups = self._scene.editor.graph.groups
        for group_id, members in all_members(self._scene.editor.graph).items():
            around = list(outward(groups, group_id))
            if not any(group.collapsed for group in around):
                frame = FrameItem(self._scene.editor, group_id, members, len(around))
                self.frames.append(frame)
        self.frames.sort(key=lambda frame: frame.level)
        self.refit()
        return self.frames

    def refit(self) -> None:
        """Have the frames lie round their cards where these are now, the inmost first."""
        scene = self._scene
        for frame in reversed(self.frames):
            ids = {self.stand_in.get(i, i) for i in frame.ids}
            inner = [f.body() for f in self.frames if f.level > frame.level and f.ids <= frame.ids]
            frame.surround([*(scene.cards[i].body() for i in ids if i in scene.cards), *inner])

    def concerns(self, change: Change) -> bool:
        """Whether a change makes other cards or ports for groups, or other frames."""
        wires = change.wired + change.unwired
        ends = (i for w in wires for i in (w.source, w.target))
        return bool(change.groups) or any(i in self.hidden for i in ends)

    def shown_id(self, node_id: str) -> str:
        """Under which id the card that shows a node is among the cards."""
        return self.stand_in.get(node_id, node_id)

    def card_of(self, node_id: str) -> CardItem:
        """The card that shows a node: its own, or that of a collapsed group."""
        return self._scene.cards[self.stand_in.get(node_id, node_id)]

    def within_a_card(self, wire: Wire) -> bool:
        """Whether a wire is hidden in the card of a collapsed group."""
        group = self.hidden.get(wire.source)
        return group is not None and group == self.hidden.get(wire.target)

    def frame_at(self, point: QPointF) -> FrameItem | None:
        """The inmost frame that a point of the scene takes hold of."""
        return next((f for f in reversed(self.frames) if f.holds(point)), None)

    def bodies(self) -> list[QRectF]:
        """The rectangles of all frames."""
        return [frame.body() for frame in self.frames]
