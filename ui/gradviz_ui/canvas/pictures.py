"""Cards kept as pictures where there are many, so that moving about does not draw text anew."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from gradviz.graph import Wire

from ..theme import current
from .painting import paint_card

if TYPE_CHECKING:
    from .items import CardItem

MANY = 60
MOST_PIXELS = 20_000_000
EDGE = 10.0

Key = tuple[object, ...]


class CardPictures:
    """The last picture of each card, up to a number of pixels in all; the oldest go first.

    While ``moving`` a picture of another size is stretched rather than drawn anew.
    """

    def __init__(self) -> None:
        self.moving = False
        self.age = 0
        """Goes up whenever what any card shows may be something else."""
        self.worth = False
        """Whether there are so many cards that keeping pictures pays."""
        self.wires: frozenset[Wire] | None = None
        """The only wires that the part being painted shows; None where any may be in it."""
        self._kept: OrderedDict[str, tuple[Key, QPixmap]] = OrderedDict()
        self._pixels = 0

    def clear(self) -> None:
        """Forget every picture."""
        self._kept.clear()
        self._pixels = 0

    def draw(self, card: CardItem, selected: bool, painter: QPainter, ratio: float) -> None:
        """Draw a card whose corner is the painter's origin."""
        scale = painter.worldTransform().m11()
        key = (scale, ratio, selected, current().name, card.content)
        kept = self._kept.get(card.node_id)
        if kept is not None and _same(kept[0], key):
            self._kept.move_to_end(card.node_id)
        elif kept is None or not self.moving:
            kept = (key, _picture(card, selected, scale, ratio))
            self._keep(card.node_id, kept)
        picture = kept[1]
        size = picture.deviceIndependentSize()
        if kept[0][0] == scale:
            # On whole pixels, or the picture would blur.
            corner = painter.worldTransform().map(QPointF(-EDGE, -EDGE))
            transform = painter.worldTransform()
            painter.resetTransform()
            painter.drawPixmap(QPointF(round(corner.x()), round(corner.y())), picture)
            painter.setWorldTransform(transform)
        else:
            drawn = float(kept[0][0])  # pyright: ignore[reportArgumentType]
            area = QRectF(-EDGE, -EDGE, size.width() / drawn, size.height() / drawn)
            painter.drawPixmap(area, picture, QRectF(picture.rect()))

    def _keep(self, node_id: str, entry: tuple[Key, QPixmap]) -> None:
        old = self._kept.pop(node_id, None)
        self._pixels += _count(entry[1]) - (_count(old[1]) if old else 0)
        self._kept[node_id] = entry
        while self._pixels > MOST_PIXELS:
            _, (_, oldest) = self._kept.popitem(last=False)
            self._pixels -= _count(oldest)


def _same(one: Key, other: Key) -> bool:
    return one[:4] == other[:4] and one[4] is other[4]


def _count(picture: QPixmap) -> int:
    return picture.width() * picture.height()


def _picture(card: CardItem, selected: bool, scale: float, ratio: float) -> QPixmap:
    plan, sharp = card.plan, scale * ratio
    width = round((plan.width + 2 * EDGE) * sharp)
    pixmap = QPixmap(max(1, width), max(1, round((plan.height + 2 * EDGE) * sharp)))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.scale(scale, scale)
    painter.translate(EDGE, EDGE)
    paint_card(painter, card.content, current(), selected, scale)
    painter.end()
    return pixmap
