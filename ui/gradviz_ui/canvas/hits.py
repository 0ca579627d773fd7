"""What lies under a point of the canvas."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF

from .group_frame import FrameItem
from .items import ABOVE, CardItem
from .metrics import GLYPH, PAD
from .painting import literal_rect, measures

Part = Literal["empty", "card", "title", "value", "slider", "input", "output", "literal", "frame"]
REACH = 9.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A part of a card, or empty ground. ``port`` counts inputs, outputs or literals."""

    part: Part = "empty"
    card: CardItem | FrameItem | None = None
    port: int = 0

    @property
    def node_id(self) -> str:
        """The node's id; empty on empty ground."""
        return "" if self.card is None else self.card.node_id

    @property
    def group_id(self) -> str:
        """The group whose card or frame it is; empty for a node's own."""
        return getattr(self.card, "group_id", "")


def hit_card(card: CardItem, point: QPointF, reach: float = REACH) -> Hit | None:
    """Which part of this card a point of the scene lies on, or None."""
    body = card.body()
    above = max(reach, ABOVE) if card.plan.down else reach
    if not body.adjusted(-90, -above, reach, reach).contains(point):
        return None
    x, y = point.x() - body.x(), point.y() - body.y()
    port = _port_at(card, x, y, reach)
    if port is not None:
        return port
    for index, text in card.content.literals:
        if literal_rect(card.plan, index, text).contains(QPointF(x, y)):
            return Hit("literal", card, index)
    return Hit(_part_at(card, x, y), card) if body.contains(point) else None


def _port_at(card: CardItem, x: float, y: float, reach: float) -> Hit | None:
    parts: tuple[tuple[Part, tuple[tuple[float, float], ...]], ...] = (
        ("input", card.plan.inputs),
        ("output", card.plan.outputs),
    )
    near: list[tuple[float, Part, int]] = [
        ((px - x) ** 2 + (py - y) ** 2, part, index)
        for part, ports in parts
        for index, (px, py) in enumerate(ports)
        if abs(px - x) <= reach and abs(py - y) <= reach
    ]
    if not near:
        return None
    _, part, index = min(near)
    return Hit(part, card, index)


def _part_at(card: CardItem, x: float, y: float) -> Part:
    plan = card.plan
    if plan.slider is not None and plan.slider.holds(x, y, 3.0):
        return "slider"
    if plan.title.holds(x, y) and x > PAD + GLYPH:
        named = measures("title").horizontalAdvance(card.content.title)
        beyond = plan.title.x + named + 2 < x
        return "literal" if beyond and card.content.suffix else "title"
    return "value" if plan.value.holds(x, y) else "card"
