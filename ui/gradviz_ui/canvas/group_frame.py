"""The quiet frame round the cards of an expanded group, with its name and a corner to fold it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ..editor import Editor
from ..icons import icon_pixmap
from ..theme import current, qcolor
from .small import font, measure

UNDER_WIRES = -100.0
PADDING = 14.0
TITLE = 26.0
FOLD = 24.0
LARGEST = 19.0
RADIUS = 10.0


class FrameItem(QGraphicsItem):
    """The frame of one group; ``level`` counts the groups that it lies in."""

    def __init__(self, editor: Editor, group_id: str, ids: frozenset[str], level: int) -> None:
        super().__init__()
        self.group_id, self.ids, self.level = group_id, ids, level
        self.node_id = min(ids, key=lambda i: (len(i), i))
        self._editor = editor
        self._body = QRectF()
        self.setZValue(UNDER_WIRES + level)

    def surround(self, boxes: Iterable[QRectF]) -> None:
        """Lie round these boxes."""
        room = QRectF()
        for box in boxes:
            room = room.united(box)
        self.prepareGeometryChange()
        self._body = room.adjusted(-PADDING, -PADDING - TITLE, PADDING, PADDING)

    def body(self) -> QRectF:
        """The frame's rectangle in the scene; nobody may change it."""
        return self._body

    def fold(self) -> QRectF:
        """Where it is folded into a card."""
        return QRectF(self._body.x() + 4, self._body.y() + 4, FOLD, TITLE)

    def title(self) -> QRectF:
        """Where the name stands, by which it is taken hold of."""
        named = measure("name", LARGEST).horizontalAdvance(self.name) + 12
        room = self._body.width() - FOLD - 12
        return QRectF(self.fold().right(), self._body.y() + 4, min(named, room), TITLE)

    def holds(self, point: QPointF) -> bool:
        """Whether a point of the scene is one by which the frame is taken hold of."""
        return self.fold().contains(point) or self.title().contains(point)

    @cached_property
    def name(self) -> str:
        """The group's name; another name makes another frame."""
        return self._editor.graph.groups[self.group_id].name

    @cached_property
    def colour(self) -> str:
        """The category whose colour it has; empty for none."""
        return self._editor.graph.groups[self.group_id].colour

    def boundingRect(self) -> QRectF:
        return self._body.adjusted(-1.5, -1.5, 1.5, 1.5)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme = current()
        tint = theme.category(self.colour) if self.colour else theme.mute
        chosen = self.ids <= self._editor.selection
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(qcolor(tint, 0.06))
        painter.setPen(QPen(qcolor(theme.sel if chosen else tint, 1.0 if chosen else 0.45), 1.2))
        painter.drawRoundedRect(self._body, RADIUS, RADIUS)
        if self.group_id in self._editor.alike.marked:
            pen = QPen(qcolor(theme.sel), 1.6)
            pen.setDashPattern([4.0, 3.0])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self._body.adjusted(-1, -1, 1, 1), RADIUS, RADIUS)
        scale = painter.worldTransform().m11()
        if scale < 0.3:
            return
        corner = self.fold()
        pixmap = icon_pixmap("chevron-down", 14, theme.mute, 2.0)
        side = min(20.0, max(14.0, 13 / scale))
        place = QRectF(0, 0, side, side)
        place.moveCenter(corner.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(place, pixmap, QRectF(pixmap.rect()))
        # As large as the strip can hold where the frame is seen from some way off.
        size = round(2 * min(LARGEST, max(12.0, 11.5 / scale))) / 2
        painter.setFont(font("name", size))
        painter.setPen(qcolor(theme.ink))
        area = self.title()
        said = measure("name", size).elidedText(
            self.name, Qt.TextElideMode.ElideRight, area.width()
        )
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), said)
