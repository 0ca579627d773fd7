"""The map of two settings: a cell for each pair, in the colour and with the sign of its outcome."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gradviz.descent.phase import OUTCOMES, PhaseMap

from ..numbers import short
from ..theme import current, qcolor, source, ui_font, value_font
from .land_layers import nice_ticks
from .outcome_marks import paint_outcome
from .span_editor import shown_name
from .tips import paint_tip
from .words import compact

LEFT, TOP, RIGHT, BOTTOM = 62, 34, 14, 42
MOVES = {
    Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (1, 0), Qt.Key.Key_Down: (-1, 0),
}  # fmt: skip

WAITING = "A run for each pair of settings: the map is drawn when all have ended."

Cell = tuple[int, int]
"""A row and a column, from the lower left."""


class PhaseView(QWidget):
    """Point at a cell, or move with the arrow keys, to read it; click, or Return, to take it."""

    picked = Signal(int, int)
    """Sent with the row and column of the cell whose settings are to be taken."""

    def __init__(self) -> None:
        super().__init__()
        self._map: PhaseMap | None = None
        self._stale = False
        self._loss = ""
        self._now: tuple[float, float] | None = None
        self._picture: tuple[object, QPixmap] | None = None
        self.cell: Cell | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Phase map")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        source().changed.connect(self.update)

    def show_map(self, found: PhaseMap | None, stale: bool, loss: str) -> None:
        """Show this map, faint where it is out of date; `loss`: what the loss is called."""
        if found is not self._map:
            self._point_at(None)
        self._map, self._stale, self._loss = found, stale, loss
        self.update()

    def show_now(self, now: tuple[float, float] | None) -> None:
        """Show what the runner is set to."""
        if now != self._now:
            self._now = now
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, 500)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 200)

    # where things are --------------------------------------------------------------------------

    def box(self) -> QRectF:
        """Where the cells are."""
        return QRectF(self.rect()).adjusted(LEFT, TOP, -RIGHT, -BOTTOM)

    def cell_box(self, cell: Cell) -> QRectF:
        """Where a cell is, on whole pixels, so that no seam shows."""
        found, box = self._map, self.box()
        assert found is not None, "asked only of what is shown"
        rows, columns = found.outcomes.shape
        row, column = cell
        left, right = (round(box.left() + box.width() * (column + k) / columns) for k in (0, 1))
        top, bottom = (round(box.bottom() - box.height() * (row + k) / rows) for k in (1, 0))
        return QRectF(left, top, right - left, bottom - top)

    def _cell_at(self, place: QPointF) -> Cell | None:
        box = self.box()
        if self._map is None or not box.contains(place):
            return None
        rows, columns = self._map.outcomes.shape
        column = int((place.x() - box.left()) / box.width() * columns)
        row = int((box.bottom() - place.y()) / box.height() * rows)
        return min(row, rows - 1), min(column, columns - 1)

    # painting ----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        found = self._map
        if found is None:
            painter.setPen(qcolor(current().mute))
            painter.setFont(ui_font(13))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, WAITING)
            return
        painter.setOpacity(0.4 if self._stale else 1.0)
        painter.drawPixmap(0, 0, self._cells(found))
        painter.setOpacity(1.0)
        self._paint_legend(painter, found)
        self._paint_axes(painter, found)
        self._paint_now(painter, found)
        if self.cell is not None:
            box = self.cell_box(self.cell)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(qcolor(current().ink), 2))
            painter.drawRect(box)
            paint_tip(painter, self.words(self.cell), box.center(), QRectF(self.rect()))

    def _cells(self, found: PhaseMap) -> QPixmap:
        """All cells, painted once."""
        ratio = self.devicePixelRatioF()
        key = (id(found), self.size(), ratio, current().name)
        if self._picture is None or self._picture[0] != key:
            picture = QPixmap(self.size() * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for cell in np.ndindex(*found.outcomes.shape):
                paint_outcome(painter, int(found.outcomes[cell]), self.cell_box(cell))
            painter.end()
            self._picture = key, picture
        return self._picture[1]

    def _paint_legend(self, painter: QPainter, found: PhaseMap) -> None:
        painter.setFont(ui_font(12))
        x = float(LEFT)
        for outcome, word in enumerate(OUTCOMES):
            paint_outcome(painter, outcome, QRectF(x, 9, 18, 18))
            painter.setPen(qcolor(current().ink if (found.outcomes == outcome).any()
                                  else current().faint))  # fmt: skip
            painter.drawText(QPointF(x + 24, 22), word)
            x += 24 + painter.fontMetrics().horizontalAdvance(word) + 16

    def _paint_axes(self, painter: QPainter, found: PhaseMap) -> None:
        theme, box = current(), self.box()
        painter.setFont(value_font(10))
        painter.setPen(qcolor(theme.mute))
        rows, columns = found.outcomes.shape
        for value in ticks(found.across, int(box.width() // 74)):
            x = box.left() + (along(value, found.across) + 0.5) / columns * box.width()
            spot = QRectF(x - 36, box.bottom() + 5, 72, 14)
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, compact(value))
        for value in ticks(found.up, int(box.height() // 44)):
            y = box.bottom() - (along(value, found.up) + 0.5) / rows * box.height()
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 7, LEFT - 7, 14), right, compact(value))
        painter.setFont(ui_font(12))
        painter.setPen(qcolor(theme.ink))
        across, up = (shown_name(name) for name in found.names)
        below = QRectF(box.left(), box.bottom() + 20, box.width(), 18)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, across)
        painter.save()
        painter.translate(11, box.center().y())
        painter.rotate(-90)
        middle = QRectF(-box.height() / 2, -9, box.height(), 18)
        painter.drawText(middle, Qt.AlignmentFlag.AlignCenter, up)
        painter.restore()

    def _paint_now(self, painter: QPainter, found: PhaseMap) -> None:
        place = self.now_place()
        if place is None:
            return
        theme = current()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(qcolor(theme.bg), 4.5))
        painter.drawEllipse(place, 7.0, 7.0)
        painter.setPen(QPen(qcolor(theme.act), 2.4))
        painter.drawEllipse(place, 7.0, 7.0)

    def now_place(self) -> QPointF | None:
        """Where the runner's own settings lie; None where they are not in the picture."""
        found, now, box = self._map, self._now, self.box()
        if found is None or now is None:
            return None
        x, y = (along(v, values) for v, values in zip(now, (found.across, found.up), strict=True))
        if math.isnan(x) or math.isnan(y):
            return None
        rows, columns = found.outcomes.shape
        across, up = (x + 0.5) / columns * box.width(), (y + 0.5) / rows * box.height()
        return QPointF(box.left() + across, box.bottom() - up)

    def words(self, cell: Cell) -> list[str]:
        """What is said of a cell."""
        found = self._map
        assert found is not None, "asked only of what is shown"
        row, column = cell
        across, up = (shown_name(name) for name in found.names)
        final = float(found.final[cell])
        end = f"final {self._loss} {short(final)}" if math.isfinite(final) else "no number left"
        pair = f"{across} {short(found.across[column])} · {up} {short(found.up[row])}"
        return [pair, f"{OUTCOMES[int(found.outcomes[cell])]} · {end}"]

    # hands -------------------------------------------------------------------------------------

    def _point_at(self, cell: Cell | None) -> None:
        if cell != self.cell:
            self.cell = cell
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self._cell_at(event.position()))
        pointing = Qt.CursorShape.PointingHandCursor
        self.setCursor(Qt.CursorShape.ArrowCursor if self.cell is None else pointing)

    def leaveEvent(self, event) -> None:
        self._point_at(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.cell is not None:
            self.picked.emit(*self.cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        found, move = self._map, MOVES.get(Qt.Key(event.key()))
        if found is not None and move is not None:
            rows, columns = found.outcomes.shape
            row, column = self.cell or (0, 0)
            if self.cell is not None:
                row, column = row + move[0], column + move[1]
            self._point_at((max(0, min(rows - 1, row)), max(0, min(columns - 1, column))))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.cell is not None:
            self.picked.emit(*self.cell)
        else:
            super().keyPressEvent(event)


def ticks(values: tuple[float, ...], most: int) -> list[float]:
    """A few round numbers among values: whole powers of ten where they are spread by powers."""
    low, high = min(values), max(values)
    if is_log(values):
        powers = [10.0**k for k in range(math.ceil(math.log10(low) - 1e-9),
                                         math.floor(math.log10(high) + 1e-9) + 1)]  # fmt: skip
        if len(powers) > 1:
            return powers[:: math.ceil(len(powers) / max(2, most))]
    return nice_ticks(low, high)


def along(value: float, values: tuple[float, ...]) -> float:
    """A value's place among others, in steps from the first; nan where it is beyond them."""
    order = np.argsort(values)
    ranks = np.array(values)[order]
    if is_log(values):
        if value <= 0:
            return math.nan
        ranks, value = np.log(ranks), math.log(value)
    least = 1e-9 * abs(float(ranks[-1] - ranks[0]))
    inside = float(np.clip(value, ranks[0], ranks[-1]))
    near = abs(inside - value) <= least
    return float(np.interp(inside, ranks, order.astype(float))) if near else math.nan


def is_log(values: tuple[float, ...]) -> bool:
    """Whether values are spread by powers rather than evenly."""
    if min(values) <= 0 or len(values) < 3:
        return False
    steps, ratios = np.diff(values), np.diff(np.log(values))
    return bool(np.ptp(np.abs(ratios)) < np.ptp(np.abs(steps)) / max(values))
