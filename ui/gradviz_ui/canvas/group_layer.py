"""Groups in the scene: the cards of collapsed ones and the frames of those that are open."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from gradviz.graph import Change, Wire
from gradviz.graph.borders import border_of
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

    def forget(self) -> None:
        """All items are gone from the scene."""
        self.hidden, self.stand_in, self.frames = {}, {}, []

    def arrange(self) -> None:
        """Give the scene the cards, wires and frames that the document has, keeping what is right.

        Cards of groups, their wires and frames are made anew.
        """
        scene, graph = self._scene, self._scene.editor.graph
        folded = self.hidden.keys()
        for frame in self.frames:
            scene.removeItem(frame)
        self.hidden = hidden_in(graph.groups)
        folded |= self.hidden.keys()
        shown = {i for i in graph.nodes if i not in self.hidden}
        for node_id, card in list(scene.cards.items()):
            if node_id not in shown or isinstance(card, GroupCard):
                scene.removeItem(scene.cards.pop(node_id))
        for wire in list(scene.wires):
            kept = graph.inputs(wire.target).get(wire.port) == wire
            if not kept or wire.source in folded or wire.target in folded:
                scene.removeItem(scene.wires.pop(wire))
        for node_id in graph.nodes:
            if node_id in shown and node_id not in scene.cards:
                scene.add_card(CardItem(scene.editor, node_id, scene.pictures))
        self._add_cards()
        for wire in graph.wires:
            if wire not in scene.wires and not self.within_a_card(wire):
                scene.add_wire(wire)
        self._add_frames()

    def _add_cards(self) -> None:
        """A card for each collapsed group that lies in no other."""
        scene = self._scene
        inside: dict[str, set[str]] = {}
        for node_id, group_id in self.hidden.items():
            inside.setdefault(group_id, set()).add(node_id)
        self.stand_in = {}
        for group_id, members in inside.items():
            card = GroupCard(scene.editor, group_id, frozenset(members), scene.pictures)
            self.stand_in.update(dict.fromkeys(members, card.node_id))
            scene.add_card(card)

    def _add_frames(self) -> None:
        """A frame for each group that is open, and in no collapsed one."""
        scene = self._scene
        groups = scene.editor.graph.groups
        self.frames = []
        for group_id, members in all_members(scene.editor.graph).items():
            around = list(outward(groups, group_id))
            if not any(group.collapsed for group in around):
                self.frames.append(FrameItem(scene.editor, group_id, members, len(around)))
        self.frames.sort(key=lambda frame: frame.level)
        self.refit()
        for frame in self.frames:
            scene.addItem(frame)

    def refit(self, ways: Mapping[str, QPointF] = MappingProxyType({})) -> None:
        """Have the frames lie round their cards where these are now, the inmost first.

        ``ways``: how far from there some cards are drawn meanwhile.
        """
        scene = self._scene

        def body(shown: str) -> QRectF:
            here = scene.cards[shown].body()
            return here.translated(ways[shown]) if shown in ways else here

        for frame in reversed(self.frames):
            ids = {self.stand_in.get(i, i) for i in frame.ids}
            inner = [f.body() for f in self.frames if f.level > frame.level and f.ids <= frame.ids]
            frame.surround([*(body(i) for i in ids if i in scene.cards), *inner])

    def concerns(self, change: Change) -> bool:
        """Whether a change makes other cards or ports for groups, or other frames."""
        wires = change.wired + change.unwired
        ends = (i for w in wires for i in (w.source, w.target))
        if change.groups or any(i in self.hidden for i in ends):
            return True
        # Ports are in the order of the places within, and a number typed on one takes it away.
        cards = (self.card_of(a.id) for _, a in change.replaced if a.id in self.stand_in)
        graph = self._scene.editor.graph
        return any(
            card.border != border_of(graph, card.group_id)
            for card in dict.fromkeys(cards)
            if isinstance(card, GroupCard)
        )

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
