"""A document as a card: its picture, its title, and the first sentence about it."""

import math
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QWidget

from .theme import current, qcolor, source, ui_font

PICTURE_HEIGHT = 132
HEIGHT = 233
LINES = 3
"""Of what is said below the title."""
LEAST_WIDTH = 236
GAP = 18
DOTS = 16


class SampleCard(QAbstractButton):
    """Click it, or press Return or Space on it, to open what it shows."""

    def __init__(self, path: Path, title: str, about: str) -> None:
        super().__init__()
        self.path, self.title, self.about = path, title, about
        self.picture: QPixmap | None = None
        self.setAccessibleName(title)
        self.setAccessibleDescription(about)
        self.setToolTip(about)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(LEAST_WIDTH, HEIGHT)
        source().changed.connect(self.update)

    def picture_size(self) -> QSize:
        """How large its picture should be, in logical pixels."""
        return QSize(max(1, self.width() - 24), PICTURE_HEIGHT - 16)

    def show_picture(self, picture: QPixmap) -> None:
        """Show what the document looks like."""
        self.picture = picture
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(LEAST_WIDTH, HEIGHT)

    def keyPressEvent(self, event) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current()
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        shape = QPainterPath()
        shape.addRoundedRect(frame, 9, 9)
        painter.fillPath(shape, qcolor(theme.card))
        painter.save()
        painter.setClipPath(shape)
        self._paint_picture(painter, QRectF(0, 0, self.width(), PICTURE_HEIGHT))
        painter.restore()
        lit = self.underMouse() or self.hasFocus()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(qcolor(theme.sel if lit else theme.line), 1.5 if lit else 1))
        painter.drawPath(shape)
        self._paint_words(painter)

    def _paint_picture(self, painter: QPainter, room: QRectF) -> None:
        theme = current()
        painter.fillRect(room, qcolor(theme.bg))
        painter.setPen(QPen(qcolor(theme.grid), 1.6))
        columns, rows = math.ceil(room.width() / DOTS), int(room.height() / DOTS)
        painter.drawPoints(
            [QPointF(8 + DOTS * i, 8 + DOTS * j) for i in range(columns) for j in range(rows)]
        )
        if self.picture is not None:
            size = self.picture.deviceIndependentSize()
            corner = QPointF(
                round((room.width() - size.width()) / 2), round((room.height() - size.height()) / 2)
            )
            painter.drawPixmap(corner, self.picture)
        painter.fillRect(QRectF(0, room.bottom() - 1, room.width(), 1), qcolor(theme.line))

    def _paint_words(self, painter: QPainter) -> None:
        theme = current()
        room = QRect(14, PICTURE_HEIGHT + 11, self.width() - 28, 20)
        painter.setFont(ui_font(14, QFont.Weight.DemiBold))
        painter.setPen(qcolor(theme.ink))
        elided = painter.fontMetrics().elidedText(
            self.title, Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, elided)
        painter.setFont(ui_font(12))
        painter.setPen(qcolor(theme.mute))
        said = wrapped(self.about, painter.fontMetrics(), room.width(), LINES)
        for number, line in enumerate(said):
            spot = room.translated(0, 23 + number * 17)
            painter.drawText(spot, Qt.AlignmentFlag.AlignVCenter, line)


def wrapped(words: str, metrics: QFontMetrics, width: int, most: int) -> list[str]:
    """Words in at most so many lines; what does not fit ends in an ellipsis."""
    lines, rest = [], words.split()
    while rest and len(lines) < most - 1:
        taken = 1
        while taken < len(rest) and metrics.horizontalAdvance(" ".join(rest[: taken + 1])) <= width:
            taken += 1
        lines.append(" ".join(rest[:taken]))
        rest = rest[taken:]
    if rest:
        lines.append(metrics.elidedText(" ".join(rest), Qt.TextElideMode.ElideRight, width))
    return lines


class CardGrid(QWidget):
    """Cards in as many columns as fit, all equally wide."""

    def __init__(self, cards: Sequence[QWidget]) -> None:
        super().__init__()
        self._cards = cards
        self._columns = 0
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GAP)
        self._arrange(1)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        for index, card in enumerate(self._cards):
            self._layout.addWidget(card, index // columns, index % columns)
        for column in range(max(columns, self._columns)):
            self._layout.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST_WIDTH, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange(max(1, (event.size().width() + GAP) // (LEAST_WIDTH + GAP)))
        super().resizeEvent(event)
