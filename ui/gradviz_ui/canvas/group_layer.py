"""Groups in the scene: the cards of collapsed ones and the frames of those that are open.

Inside a group that was entered there is only what it holds, between the ports on its border.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from gradviz.graph import Change, Group, Wire
from gradviz.graph.borders import border_of
from gradviz.graph.groups import hidden_in, members_within, outward

from .group_card import GroupCard
from .group_frame import FrameItem
from .items import CardItem
from .pins import PinItem, pins_of, place_pins

if TYPE_CHECKING:
    from .scene import CanvasScene


class GroupLayer:
    """Which card stands for a node that has none of its own; empty where nothing is collapsed."""

    def __init__(self, scene: CanvasScene, whole: bool) -> None:
        """`whole`: show the document, whichever group was entered."""
        self._scene, self._whole = scene, whole
        self.hidden: dict[str, str] = {}
        """For each hidden node, the collapsed group whose card stands for it."""
        self.stand_in: dict[str, str] = {}
        """For each hidden node, the one under whose id that card is among the cards."""
        self.frames: list[FrameItem] = []
        """The frames, those within others after them."""
        self.pins: list[PinItem] = []
        """The ports of the group that was entered."""

    def forget(self) -> None:
        """All items are gone from the scene."""
        self.hidden, self.stand_in, self.frames, self.pins = {}, {}, [], []

    @property
    def inside(self) -> str | None:
        """The group whose inside is shown; None for the whole document."""
        return None if self._whole else self._scene.editor.entering.group

    @property
    def groups(self) -> Mapping[str, Group]:
        """The groups that are shown."""
        editor = self._scene.editor
        return editor.graph.groups if self._whole else editor.entering.groups

    def shows(self, node_id: str) -> bool:
        """Whether a node is shown, by a card of its own or a group's."""
        return self._whole or self._scene.editor.entering.shows(node_id)

    def arrange(self) -> None:
        """Give the scene the cards, wires and frames that the document has, keeping what is right.

        Cards of groups, their wires and frames are made anew; :meth:`refit` then puts these frames
        and the ports of the group that was entered where they belong.
        """
        scene, graph = self._scene, self._scene.editor.graph
        folded = self.hidden.keys()
        for item in (*self.frames, *self.pins):
            scene.removeItem(item)
        self.pins = []
        self.hidden = hidden_in(self.groups)
        folded |= self.hidden.keys()
        shown = {i for i in graph.nodes if i not in self.hidden and self.shows(i)}
        for node_id, card in list(scene.cards.items()):
            if node_id not in shown or isinstance(card, GroupCard):
                scene.removeItem(scene.cards.pop(node_id))
        for wire in list(scene.wires):
            kept = graph.inputs(wire.target).get(wire.port) == wire
            seen = self.shows(wire.source) and self.shows(wire.target)
            if not (kept and seen) or wire.source in folded or wire.target in folded:
                scene.removeItem(scene.wires.pop(wire))
        for node_id in graph.nodes:
            if node_id in shown and node_id not in scene.cards:
                scene.add_card(CardItem(scene.editor, node_id, scene.pictures))
        self._add_cards()
        for wire in graph.wires:
            if wire not in scene.wires and self.has_line(wire):
                scene.add_wire(wire)
        self._add_frames()
        self._add_pins()

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
        groups = self.groups
        self.frames = []
        for group_id, members in members_within(groups).items():
            around = list(outward(groups, group_id))
            if not any(group.collapsed for group in around):
                self.frames.append(FrameItem(scene.editor, group_id, members, len(around)))
        self.frames.sort(key=lambda frame: frame.level)
        for frame in self.frames:
            scene.addItem(frame)

    def _add_pins(self) -> None:
        """The ports of the group that was entered, beside what is in it."""
        scene, inside = self._scene, self.inside
        self.pins = [] if inside is None else pins_of(scene.editor, inside)
        for pin in self.pins:
            scene.addItem(pin)

    def refit(self, ways: Mapping[str, QPointF] = MappingProxyType({})) -> None:
        """Have the frames lie round their cards where these are now, the inmost first.

        ``ways``: how far from there some cards are drawn meanwhile.
        """
        scene = self._scene

        def body(shown: str) -> QRectF:
            here = scene.cards[shown].body()
            return here.translated(ways[shown]) if shown in ways else here

        beside = scene.scenery.by_group() if self.frames else {}
        for frame in reversed(self.frames):
            ids = {self.stand_in.get(i, i) for i in frame.ids}
            inner = [f.body() for f in self.frames if f.level > frame.level and f.ids <= frame.ids]
            boxes = beside.get(frame.group_id, [])
            frame.surround([*(body(i) for i in ids if i in scene.cards), *inner, *boxes])
        if self.pins and not ways:
            place_pins(self.pins, self, reduce(QRectF.united, self._boxes(), QRectF()))

    def concerns(self, change: Change) -> bool:
        """Whether a change makes other cards or ports for groups, or other frames."""
        wires = change.wired + change.unwired
        ends = (i for w in wires for i in (w.source, w.target))
        if change.groups or any(i in self.hidden for i in ends):
            return True
        others = wires or change.replaced or change.removed or "flow" in change.settings
        if self.inside is not None and others:
            # Its ports may be others, called otherwise, or at other edges.
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

    def has_line(self, wire: Wire) -> bool:
        """Whether a wire is shown: it leads from one card that is there to another."""
        if not (self.shows(wire.source) and self.shows(wire.target)):
            return False
        group = self.hidden.get(wire.source)
        return group is None or group != self.hidden.get(wire.target)

    def frame_at(self, point: QPointF) -> FrameItem | None:
        """The inmost frame that a point of the scene takes hold of."""
        return next((f for f in reversed(self.frames) if f.holds(point)), None)

    def pin_at(self, point: QPointF) -> PinItem | None:
        """The port of the group that was entered, at a point of the scene."""
        return next((pin for pin in self.pins if pin.holds(point)), None)

    def bodies(self) -> list[QRectF]:
        """The rectangles of all frames."""
        return [frame.body() for frame in self.frames]

    def outermost(self) -> list[QRectF]:
        """The rectangles of all frames and ports."""
        return [*self.bodies(), *(pin.body() for pin in self.pins)]

    def card_bodies(self) -> Iterable[QRectF]:
        """The rectangles of all cards."""
        return self._scene.shapes.boxes.values()

    def _boxes(self) -> list[QRectF]:
        return [*self.bodies(), *self._scene.scenery.bodies(), self._scene.shapes.bounds()]


def item_of(layer: GroupLayer, group_id: str) -> CardItem | FrameItem | None:
    """What a group is shown by: its card, or its frame where it is open."""
    within = next((i for i, group in layer.hidden.items() if group == group_id), None)
    if within is not None:
        return layer.card_of(within)
    return next((frame for frame in layer.frames if frame.group_id == group_id), None)
