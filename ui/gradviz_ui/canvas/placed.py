"""Where the cards and wires of a scene are: kept item by item, so that an edit of one among ten
thousand costs what that one does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QObject, QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from gradviz.graph import Wire

from .extents import Corners
from .hits import Hit, hit_card
from .items import CardItem, WireItem

if TYPE_CHECKING:
    from .carrying import Carried
    from .group_frame import FrameItem


class Shapes:
    """The boxes of all cards, with their coloured marks, and the lines of all wires.

    An item that is in the scene reports here whenever it is put elsewhere.
    """

    def __init__(self) -> None:
        self.boxes: dict[str, QRectF] = {}
        """Each card's rectangle, by its id among the cards."""
        self.marks: dict[str, dict[str, QRectF]] = {}
        """By category, and then by card, the patch of colour that a card is from far away."""
        self.lines: dict[Wire, QLineF] = {}
        """Each wire straight from its start to its end, or to its first dot."""
        self.bent: dict[Wire, list[QLineF]] = {}
        """What comes after that, of wires with dots."""
        self.corners = Corners(self.boxes)
        """Of the boxes."""
        self._categories: dict[str, str] = {}

    def clear(self) -> None:
        """Nothing is there."""
        self.__init__()

    def put_card(self, card: CardItem) -> None:
        """A card is there, or somewhere else, or another colour."""
        node_id, body, category = card.node_id, card.body(), card.category()
        self.boxes[node_id] = body
        self.corners.note(node_id)
        before = self._categories.get(node_id)
        if before is not None and before != category:
            del self.marks[before][node_id]
        self._categories[node_id] = category
        self.marks.setdefault(category, {})[node_id] = card.mark()

    def put_wire(self, item: WireItem) -> None:
        """A wire is there, or runs another way."""
        self.lines[item.wire], *rest = item.lines
        self.bent.pop(item.wire, None)
        if rest:
            self.bent[item.wire] = rest

    def put_straight(self, items: Iterable[WireItem]) -> None:
        """Many wires without dots run other ways."""
        self.lines.update((item.wire, item.lines[0]) for item in items)
        if self.bent:
            for item in items:
                self.bent.pop(item.wire, None)

    def drop_card(self, card: CardItem) -> None:
        """A card is gone."""
        del self.boxes[card.node_id]
        self.corners.note(card.node_id)
        del self.marks[self._categories.pop(card.node_id)][card.node_id]

    def drop_wire(self, item: WireItem) -> None:
        """A wire is gone."""
        del self.lines[item.wire]
        self.bent.pop(item.wire, None)

    def bounds(self) -> QRectF:
        """The rectangle round all cards; empty where there are none."""
        return self.corners.around()


class PlacedScene(QGraphicsScene):
    """Cards by id and wires by `Wire`, and what lies where."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, CardItem] = {}
        self.wires: dict[Wire, WireItem] = {}
        self.shapes = Shapes()
        self.carried: Carried | None = None
        """What is being carried elsewhere by hand, where that is much."""

    def addItem(self, item: QGraphicsItem) -> None:
        """Put an item in; a card or a wire reports where it is from now on."""
        super().addItem(item)
        if isinstance(item, CardItem):
            item.report = self.shapes.put_card
            self.shapes.put_card(item)
        elif isinstance(item, WireItem):
            item.report = self.shapes.put_wire
            self.shapes.put_wire(item)

    def removeItem(self, item: QGraphicsItem) -> None:
        """Take an item out."""
        super().removeItem(item)
        if isinstance(item, CardItem):
            item.report = None
            self.shapes.drop_card(item)
        elif isinstance(item, WireItem):
            item.report = None
            self.shapes.drop_wire(item)

    def empty(self) -> None:
        """Take every item out."""
        self.clear()
        self.carried = None
        self.setSceneRect(QRectF(0, 0, 1, 1))
        self.shapes.clear()
        self.cards.clear()
        self.wires.clear()

    def frame_at(self, point: QPointF) -> FrameItem | None:
        """The frame that a point takes hold of; a scene with frames says which."""
        return None

    def hit(self, point: QPointF, reach: float = 9.0) -> Hit:
        """What lies under a point of the scene; the card added last is on top."""
        found = Hit()
        around = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
        for item in self.items(around, Qt.ItemSelectionMode.IntersectsItemBoundingRect):
            near = hit_card(item, point, reach) if isinstance(item, CardItem) else None
            if near is not None and near.card is not None:
                if near.card.body().contains(point):
                    return near
                found = near if found.card is None else found
        frame = self.frame_at(point) if found.card is None else None
        return found if frame is None else Hit("frame", frame)

    def within(self, area: QRectF) -> set[str]:
        """Ids of the nodes whose cards a rectangle touches."""
        return set[str]().union(*(self.cards[i].ids for i in self.shapes.corners.meeting(area)))
