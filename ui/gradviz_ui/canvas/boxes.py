"""Frames and notes as items of the scene: where they lie, and how they look."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gradviz.graph.scenery import Box, Frame, Point

from ..editor import Editor
from ..theme import Theme, current, qcolor, tinted
from .note_text import NoteText, note_text
from .small import font, measure

UNDER_GROUPS, OVER_WIRES = -300.0, 0.5
STRIP = 30.0
"""The height of a frame's upper part, with its title, by which it is taken hold of."""
PAD = 12.0
"""Between the edge of a note and its text."""
RADIUS = 8.0
LETTERS, LARGEST = 13.0, 26.0
READABLE = 0.35
"""Below this zoom the text of a note is grey lines, and is left out."""
UNTITLED = "Frame"
EMPTY = "*Empty note*"


class BoxItem(QGraphicsItem):
    """One frame or note."""

    def __init__(self, editor: Editor, box: Box) -> None:
        super().__init__()
        self.box_id = box.id
        self._editor = editor
        self.box = box
        self._body = QRectF()
        self.take(box)

    def take(self, box: Box) -> None:
        """Show it as the document has it now, or will where a gesture ends here."""
        self.prepareGeometryChange()
        self.box = box
        width, height = box.size
        if self.text is not None:
            height = max(height, self.text.size().height() + 2 * PAD)
        self._body = QRectF(*box.at, width, height)
        # The smaller lie on the larger.
        deep = min(90.0, sqrt(width * height) / 100)
        self.setZValue(UNDER_GROUPS - deep if self.is_frame else OVER_WIRES)
        self.update()

    @property
    def is_frame(self) -> bool:
        """Whether it is a frame, and not a note."""
        return isinstance(self.box, Frame)

    @property
    def text(self) -> NoteText | None:
        """A note's text as it is laid out; None for a frame."""
        if isinstance(self.box, Frame):
            return None
        return note_text(self.box.text.strip() or EMPTY, self.box.size[0] - 2 * PAD)

    def body(self) -> QRectF:
        """The rectangle in the scene; nobody may change it."""
        return self._body

    def handle(self) -> QRectF:
        """By what it is taken hold of: the upper part of a frame, the whole of a note."""
        if not self.is_frame:
            return self._body
        height = min(STRIP, self._body.height())
        return QRectF(self._body.x(), self._body.y(), self._body.width(), height)

    def preview(self, body: QRectF) -> None:
        """Show it elsewhere, or of another size, while a gesture runs."""
        at, size = (body.x(), body.y()), (body.width(), body.height())
        self.take(replace(self.box, at=at, size=size))

    def boundingRect(self) -> QRectF:
        return self._body.adjusted(-2, -2, 2, 2)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.box_id in self._editor.boxes.ids
        scale = painter.worldTransform().m11()
        if isinstance(self.box, Frame):
            self._paint_frame(painter, self.box, chosen, scale)
        else:
            self._paint_note(painter, chosen, scale)

    def paint_far(self, painter: QPainter, theme: Theme) -> None:
        """Draw it as a plain box; the title of a frame as large as it can be."""
        part = 0.12 if self.is_frame else 0.4
        ground = theme.bg if self.is_frame else theme.card
        painter.setPen(QPen(tinted(theme.line, self.box.colour, 0.75), 0))
        painter.setBrush(tinted(ground, self.box.colour, part))
        painter.drawRect(self._body)
        if isinstance(self.box, Frame):
            paint_title(painter, self.box, self._body, painter.worldTransform().m11())

    def _edge(self, chosen: bool) -> QPen:
        theme, colour = current(), self.box.colour
        if chosen:
            return QPen(qcolor(theme.sel), 2.0)
        return QPen(tinted(theme.line, colour, 0.75), 1.2)

    def _paint_frame(self, painter: QPainter, frame: Frame, chosen: bool, scale: float) -> None:
        theme = current()
        tint = theme.tints[frame.colour] if frame.colour else theme.mute
        painter.setBrush(qcolor(tint, 0.10 if frame.colour else 0.05))
        painter.setPen(self._edge(chosen))
        painter.drawRoundedRect(self._body, RADIUS, RADIUS)
        paint_title(painter, frame, self._body, scale)

    def _paint_note(self, painter: QPainter, chosen: bool, scale: float) -> None:
        theme, body = current(), self._body
        painter.setBrush(tinted(theme.card, self.box.colour, 0.14))
        painter.setPen(self._edge(chosen))
        painter.drawRoundedRect(body, 4, 4)
        bar = QRectF(body.x(), body.y() + 4, 3, body.height() - 8)
        painter.fillRect(bar, tinted(theme.wire, self.box.colour, 1.0))
        if self.text is None or scale < READABLE:
            return
        painter.save()
        painter.translate(body.topLeft() + QPointF(PAD, PAD))
        self.text.draw(painter)
        painter.restore()


def rounded(room: QRectF) -> tuple[Point, Point]:
    """A rectangle as corner and size, in whole units."""
    left, top = round(room.left()), round(room.top())
    return (left, top), (round(room.right()) - left, round(room.bottom()) - top)


def paint_title(painter: QPainter, frame: Frame, body: QRectF, scale: float) -> None:
    """A frame's title, as large as is readable from here and fits."""
    size = round(2 * min(LARGEST, max(LETTERS, 12.0 / scale))) / 2
    if size * scale < 6:
        return
    theme = current()
    area = QRectF(body.x() + 12, body.y(), body.width() - 24, max(STRIP, size * 1.5))
    painter.setFont(font("name", size))
    painter.setPen(qcolor(theme.ink if frame.title else theme.mute))
    elide = Qt.TextElideMode.ElideRight
    said = measure("name", size).elidedText(frame.title or UNTITLED, elide, area.width())
    painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), said)
