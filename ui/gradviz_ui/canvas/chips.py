"""Where the numbers on the wires go, so that none covers a card or another number."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gradviz.graph import Wire
from gradviz.graph.forward_mode import TangentTerm
from gradviz.graph.walk import Sent

from ..numbers import shape_text, short
from ..passes import Role
from ..theme import current, qcolor
from .items import WireItem
from .naming import scalar
from .painting import fonts, measures

HEIGHT = 17.0
_TILE = 160.0
_PLACES = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.12, 0.88)
_HIDES = 0.2
"""The share of a chip over a card from which it hides what the card says."""
_SIDES = (0.0, -13.0, 13.0, -24.0, 24.0)


def chip_text(sent: Sent | TangentTerm) -> str:
    """A contribution in short: its number, or a tensor's shape."""
    value = np.asarray(sent.value if isinstance(sent, Sent) else sent.term)
    return short(scalar(value)) if value.ndim == 0 else shape_text(value.shape)


class ChipPlacer:
    """Gives each wire's chip a free place and keeps it until something moves."""

    def __init__(self) -> None:
        self._tiles: dict[tuple[int, int], list[QRectF]] = defaultdict(list)
        self.places: dict[Wire, tuple[QRectF, str]] = {}

    def clear(self, obstacles: Iterable[QRectF]) -> None:
        """Start anew among these cards."""
        self._tiles.clear()
        self.places.clear()
        for box in obstacles:
            self._block(box.adjusted(-3, -3, 3, 3))

    def place(self, item: WireItem, text: str) -> QRectF:
        """Where the chip of a wire stands; nowhere (empty) where a shape would hide a card's words.

        The cards tell shapes as well; the numbers on the wires are told by nothing else.
        """
        known = self.places.get(item.wire)
        if known is not None and known[1] == text:
            return known[0]
        width = measures("small").horizontalAdvance(text) + 12
        candidates = list(self._candidates(item, width))
        free = (box for box in candidates if not self._blocked(box))
        chosen = next(free, None)
        if chosen is None:
            chosen = min(candidates, key=self._covered)
            if text.startswith("(") and self._covered(chosen) > _HIDES * width * HEIGHT:
                chosen = QRectF()
        self.places[item.wire] = (chosen, text)
        if not chosen.isEmpty():
            self._block(chosen)
        return chosen

    def _candidates(self, item: WireItem, width: float) -> Iterator[QRectF]:
        points = [item.path.pointAtPercent(part) for part in _PLACES]
        for side in _SIDES:
            for point in points:
                yield QRectF(point.x() - width / 2, point.y() + side - HEIGHT / 2, width, HEIGHT)

    def _block(self, box: QRectF) -> None:
        for tile in _tiles(box):
            self._tiles[tile].append(box)

    def _blocked(self, box: QRectF) -> bool:
        return any(box.intersects(other) for tile in _tiles(box) for other in self._tiles[tile])

    def _covered(self, box: QRectF) -> float:
        shared = [box & other for tile in _tiles(box) for other in self._tiles[tile]]
        return sum(s.width() * s.height() for s in shared)


def _tiles(box: QRectF) -> Iterator[tuple[int, int]]:
    for column in range(int(box.left() // _TILE), int(box.right() // _TILE) + 1):
        for row in range(int(box.top() // _TILE), int(box.bottom() // _TILE) + 1):
            yield column, row


def paint_chip(painter: QPainter, area: QRectF, text: str, role: Role, active: bool) -> None:
    """Draw one contribution, in the colour of what the pass brings."""
    theme = current()
    ground = theme.pchip if role == "parameter" else theme.gchip
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge = theme.act if active else ground
    painter.setPen(QPen(qcolor(edge), 1))
    painter.setBrush(qcolor(theme.achip if active else ground))
    painter.drawRoundedRect(area, 5, 5)
    painter.setPen(qcolor(getattr(theme, role)))
    painter.setFont(fonts()["small"])
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
