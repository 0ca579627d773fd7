"""The scene: one item a node and a wire, kept in step with the document by its announcements."""

from collections.abc import Iterable
from functools import partial, reduce

from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from gradviz.graph import Change, Wire
from gradviz.graph.changes import ASIDE

from ..editor import Editor
from ..theme import source
from .chip_layer import ChipLayer
from .group_frame import FrameItem
from .group_layer import GroupLayer
from .items import CardItem, WireItem, at
from .pictures import MANY, CardPictures
from .placed import PlacedScene
from .relocating import only_places, relocate
from .scenery_layer import SceneryLayer
from .turns import turn_between
from .wire_labels import WireLabels

MARGIN, SLACK = 200.0, 4000.0
"""How far the scene reaches beyond the cards; and how much farther once they reach its edge, for
each other size has everything in it filed anew."""

NOWHERE = QPointF()


class CanvasScene(PlacedScene):
    """Cards by node id, wires by `Wire`; both follow the editor, and nothing else adds any."""

    reshaped = Signal()
    """Cards came, went, moved or changed size."""
    shifted = Signal()
    """Cards are shown elsewhere while a gesture or an animation runs."""
    rebuilt = Signal()
    """Another document is shown."""
    turned = Signal(object)
    """The pass stands at another moment: the `Turn`, or None where anything may look different."""
    marched = Signal(object)
    """The dashes of these wires, a `Turn`, have moved on."""

    def __init__(
        self, editor: Editor, parent: QObject | None = None, *, whole: bool = False
    ) -> None:
        """`whole`: it shows the document, whichever group was entered."""
        super().__init__(parent)
        self.editor = editor
        self.groups = GroupLayer(self, whole)
        self.scenery = SceneryLayer(self)
        self.chips = ChipLayer(self)
        self.labels = WireLabels(self)
        self.pictures = CardPictures()
        self._moment: int | None = None
        editor.replaced.connect(self.build)
        if not whole:
            editor.entering.changed.connect(self.build)
        editor.changed.connect(self.follow)
        editor.evaluated.connect(self._values_changed)
        editor.selection_changed.connect(self.repaint_cards)
        editor.boxes.changed.connect(self.repaint_cards)
        editor.moment_changed.connect(self._turn)
        for signal in (editor.walk_changed, editor.preview_changed):
            signal.connect(self.forget_all)
        editor.workspace_changed.connect(self.forget_all)
        editor.advice.changed.connect(self._values_changed)
        editor.alike.changed.connect(self.repaint_cards)
        for signal in (
            editor.stops.changed,
            editor.spotlight.changed,
            editor.passes.sizes_changed,
        ):
            signal.connect(self.forget_all)
        source().changed.connect(self.repaint_cards)
        self.build()

    # following the document ----------------------------------------------------------------

    def build(self) -> None:
        """Make every item anew."""
        self.groups.forget()
        self.scenery.forget()
        self.empty()
        self.pictures.clear()
        self.groups.arrange()
        self.scenery.arrange()
        self._settle()
        self.rebuilt.emit()

    def follow(self, change: Change) -> None:
        """Take over one announced change; its parts may name what came and went within it."""
        graph = self.editor.graph
        # Before any wire is led anywhere: another operation has other ports for it to end at.
        other = {a.id for b, a in change.replaced if a.op != b.op and a.id in graph.nodes}
        for node_id in (other - self.groups.hidden.keys()) & self.cards.keys():
            self.cards[node_id].measure()
        arranged = self.groups.concerns(change)
        if arranged:
            self.groups.arrange()
        for wire in change.unwired:
            self._match_wire(wire)
        for node in change.added + change.removed:
            self._match_card(node.id)
        for wire in change.wired:
            self._match_wire(wire)
        moved = {a.id for _, a in change.replaced if a.id in graph.nodes}
        resized = moved | {w.target for w in change.wired + change.unwired}
        # Their cards were made from what is there now.
        resized -= {n.id for n in change.added}
        shown = {self.groups.shown_id(i) for i in resized}
        refresh = partial(relocate, self) if only_places(change) else self._refresh
        settled = refresh(shown & self.cards.keys())
        self.reroute(other & self.cards.keys())
        # What waits for a node, however far from it, says its name.
        renamed = {a.id for b, a in change.replaced if a.name != b.name and a.id in graph.nodes}
        waiting = {self.groups.shown_id(i) for i in graph.downstream(renamed)}
        for node_id in waiting & self.cards.keys():
            self.cards[node_id].forget()
            self.cards[node_id].update()
        if "flow" in change.settings:
            self._refresh(self.cards)
            self.reroute(self.cards)
            settled = True
        if change.settings - (ASIDE - {"watches"}):
            self.forget_all()
        self.scenery.follow(change)
        wired = change.wired or change.unwired
        reshaped = change.added or change.removed or wired or change.scenery
        if settled or reshaped or other or arranged:
            self._settle()

    def _match_card(self, node_id: str) -> None:
        there = node_id in self.editor.graph.nodes
        wanted = there and node_id not in self.groups.hidden and self.groups.shows(node_id)
        if wanted and node_id not in self.cards:
            self.add_card(CardItem(self.editor, node_id, self.pictures))
        elif node_id not in self.editor.graph.nodes and node_id in self.cards:
            self.removeItem(self.cards.pop(node_id))

    def _match_wire(self, wire: Wire) -> None:
        kept = self.editor.graph.inputs(wire.target).get(wire.port) == wire
        wanted = kept and self.groups.has_line(wire)
        if wanted and wire not in self.wires:
            ends = (self.groups.shown_id(i) for i in (wire.source, wire.target))
            if all(i in self.cards for i in ends):
                self.add_wire(wire)
        elif not wanted and wire in self.wires:
            self.removeItem(self.wires.pop(wire))

    def add_card(self, card: CardItem) -> None:
        """Put a card in, where the document has it."""
        card.put(card.home())
        self.cards[card.node_id] = card
        self.addItem(card)

    def add_wire(self, wire: Wire) -> None:
        """Put a wire in between the cards that show its ends."""
        item = WireItem(self.editor, wire, self.pictures)
        self.wires[wire] = item
        self.route(item)
        self.addItem(item)

    def route(
        self,
        item: WireItem,
        out: QPointF = NOWHERE,
        there: QPointF = NOWHERE,
        dots: list[QPointF] | None = None,
    ) -> None:
        """Lead a wire from port to port, through its dots or, while one is dragged, through these.

        Its ends may be somewhat off the ports for a while.
        """
        wire = item.wire
        source, target = self.groups.card_of(wire.source), self.groups.card_of(wire.target)
        start = source.port_of(wire.source, wire.output, output=True)
        end = target.port_of(wire.target, wire.port, output=False)
        through = self.scenery.dots(wire) if dots is None else dots
        item.route(start + out, end + there, through, self.editor.graph.settings.flow == "down")

    def _refresh(self, ids: Iterable[str]) -> bool:
        """Take size and place of these cards from the document; whether any is another."""
        moved: list[str] = []
        for node_id in ids:
            card = self.cards[node_id]
            before, home = card.body(), card.home()
            if card.measure() or before.topLeft() != home:
                card.put(home)
                moved.append(node_id)
            self.shapes.put_card(card)
            card.update()
        self.reroute(moved)
        return bool(moved)

    def reroute(self, ids: Iterable[str]) -> None:
        """Bring the wires of cards to where the ports are; each once, whatever it joins."""
        graph, wires = self.editor.graph, dict[Wire, None]()
        for node_id in ids:
            for inside in self.groups.card_of(node_id).ids:
                wires.update(dict.fromkeys(graph.inputs(inside).values()))
                wires.update(dict.fromkeys(graph.outputs(inside)))
        for wire in wires:
            if wire in self.wires:
                self.route(self.wires[wire])

    def _settle(self) -> None:
        """Something has another place: what was derived from places is stale."""
        self.chips.forget()
        self.groups.refit()
        self.pictures.worth = len(self.cards) > MANY
        wanted = self.bounds().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        if not self.sceneRect().contains(wanted):
            self.setSceneRect(wanted.adjusted(-SLACK, -SLACK, SLACK, SLACK))
        self.reshaped.emit()

    def _values_changed(self, ids: frozenset[str]) -> None:
        shown = {self.groups.shown_id(i) for i in ids} & self.cards.keys()
        resized = [i for i in shown if self.cards[i].measure()]
        self.reroute(resized)
        if resized:
            self._settle()
        if len(shown) > MANY:
            self.update()
        else:
            for node_id in shown:
                self.cards[node_id].update()

    def forget_all(self, *_: object) -> None:
        """Values, gradients or the moment are others for any card: read them as they are shown."""
        self.pictures.age += 1
        self._moment = None
        self.update()
        self.turned.emit(None)

    def _turn(self, moment: int) -> None:
        """The pass stands at another moment: read only what that changes."""
        before, self._moment = self._moment, moment
        editor = self.editor
        track = editor.track if editor.workspace == "backward" else None
        # A wire from outside the group that was entered is no item by itself.
        whole = before is None or self.groups.inside is not None
        turn = None if before is None or whole else turn_between(track, before, moment)
        if turn is None:
            self.forget_all()
            self._moment = moment
            return
        for node_id in {self.groups.shown_id(i) for i in turn.nodes} & self.cards.keys():
            self.cards[node_id].forget()
        self.turned.emit(turn)

    def repaint_cards(self, *_: object) -> None:
        """Only the looks are others."""
        self.update()

    # moving without the document knowing yet -------------------------------------------------

    def shift(self, places: dict[str, QPointF]) -> None:
        """Show cards elsewhere while a gesture or an animation runs; `restore` ends it."""
        for node_id, place in places.items():
            if node_id in self.groups.stand_in:
                card = self.groups.card_of(node_id)
                card.put(card.home() + place - at(self.editor.graph.node(node_id).position))
            elif node_id in self.cards:
                self.cards[node_id].put(place)
        self.reroute({self.groups.shown_id(i) for i in places} & self.cards.keys())
        self.chips.forget()
        self.groups.refit()
        self.shifted.emit()

    def restore(self, ids: Iterable[str]) -> None:
        """Show cards where the document has them."""
        graph = self.editor.graph
        self.shift({i: at(graph.node(i).position) for i in ids if i in graph.nodes})
        self._settle()

    # asking ----------------------------------------------------------------------------------

    def bounds(self) -> QRectF:
        """The rectangle round all cards and what stands by them; empty where there is nothing."""
        around = self.groups.outermost() + self.scenery.bodies()
        return reduce(QRectF.united, around, self.shapes.bounds())

    def frame_at(self, point: QPointF) -> FrameItem | None:
        """The frame of a group that a point takes hold of."""
        return self.groups.frame_at(point)
