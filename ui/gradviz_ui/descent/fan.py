"""The ways of a sweep on the contour, coloured along the setting, with their legend."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPen

from gradviz.descent.swarm import Sweep

from ..numbers import short
from ..theme import current, qcolor, sweep_colour, ui_font, value_font
from .frame import Frame, line_through
from .layers import Layer, Order
from .race import Race
from .span_editor import shown_name
from .words import compact

NEAR = 6.0
"""How close to a way the mouse points at it."""


class Fan(Layer):
    """See the module's text."""

    order = Order.WAYS

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self._sweep: Sweep | None = None
        self._stale = False
        self._picked = -1
        self._places: tuple[object, object, list[np.ndarray]] = (None, None, [])

    def show_sweep(self, found: Sweep | None, stale: bool) -> None:
        """Show these ways; faint where they are out of date."""
        self._sweep, self._stale = found, stale
        self.changed.emit()

    def pick_out(self, index: int) -> None:
        """Let one way stand out; −1: none."""
        if index != self._picked:
            self._picked = index
            self.changed.emit()

    def key(self) -> object:
        if self._sweep is None:
            return None
        return self._sweep, self._stale, self._picked, self._race.picture.piece

    def _pixels(self, frame: Frame) -> list[np.ndarray]:
        piece = self._race.picture.piece
        if piece is None or self._sweep is None or len(piece.names) != 2:
            return []
        if self._places[:2] != (self._sweep, piece):
            paths = [r.trajectory for r in self._sweep.runners]
            self._places = self._sweep, piece, [piece.coordinates(p.points) for p in paths]
        return [frame.pixels(places) for places in self._places[2]]

    def paint(self, painter: QPainter, frame: Frame) -> None:
        found = self._sweep
        if found is None:
            return
        painter.setOpacity(0.35 if self._stale else 1.0)
        ways = self._pixels(frame)
        if 0 <= self._picked < len(ways):
            painter.setOpacity(0.22)
        for index, pixels in enumerate(ways):
            self._paint_way(painter, pixels, colour_of(found, index), 1.3)
        painter.setOpacity(1.0)
        if 0 <= self._picked < len(ways):
            self._paint_way(painter, ways[self._picked], qcolor(current().panel, 0.8), 3.6)
            self._paint_way(painter, ways[self._picked], colour_of(found, self._picked), 1.8)
        self._paint_legend(painter, frame, found)

    def _paint_way(
        self, painter: QPainter, pixels: np.ndarray, colour: QColor, width: float
    ) -> None:
        pen = QPen(colour, width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(line_through(pixels))
        end = pixels[-1]
        if np.isfinite(end).all() and frame_holds(end):
            painter.setBrush(colour)
            painter.setPen(QPen(qcolor(current().panel), 1))
            painter.drawEllipse(QPointF(*end), width + 1.6, width + 1.6)

    def _paint_legend(self, painter: QPainter, frame: Frame, found: Sweep) -> None:
        theme = current()
        box = QRectF(frame.box.left() + 34, frame.box.top() + 10, 178, 40)
        painter.setPen(QPen(qcolor(theme.line), 1))
        painter.setBrush(qcolor(theme.card, 0.92))
        painter.drawRoundedRect(box, 6, 6)
        bar = QRectF(box.left() + 10, box.top() + 22, box.width() - 20, 7)
        shades = QLinearGradient(bar.topLeft(), bar.topRight())
        for place in np.linspace(0, 1, 9).tolist():
            shades.setColorAt(place, sweep_colour(place))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shades)
        painter.drawRoundedRect(bar, 3, 3)
        line = QRectF(bar.left(), box.top() + 4, bar.width(), 15)
        painter.setPen(qcolor(theme.ink))
        painter.setFont(ui_font(11))
        painter.drawText(line, Qt.AlignmentFlag.AlignHCenter, shown_name(found.name))
        painter.setPen(qcolor(theme.mute))
        painter.setFont(value_font(10))
        low, high = min(found.values), max(found.values)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, compact(low))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight, compact(high))

    def told(self, place: QPointF, frame: Frame) -> str:
        found = self._sweep
        if found is None:
            return ""
        best, words = NEAR, ""
        for index, pixels in enumerate(self._pixels(frame)):
            away = distance(pixels, place)
            if away < best:
                best, words = away, run_words(found, index)
        return words


def colour_of(found: Sweep, index: int) -> QColor:
    """The colour of one run: by its place among the values."""
    place = sorted(found.values).index(found.values[index])
    return sweep_colour(place / max(1, len(found.values) - 1))


def run_words(found: Sweep, index: int) -> str:
    """What one run was set to, and what came of it."""
    runner = found.runners[index]
    end = (
        f"diverged at step {runner.trajectory.diverged}" if runner.stopped
        else f"final loss {short(runner.trajectory.losses[-1])}"
    )  # fmt: skip
    return f"{shown_name(found.name)} {short(found.values[index])} · {end}"


def frame_holds(pixel: np.ndarray) -> bool:
    """Whether a place is anywhere near the picture."""
    return bool(np.abs(pixel).max() < 1e4)


def distance(pixels: np.ndarray, place: QPointF) -> float:
    """From a place to the nearest point of a line through rows of pixels."""
    line = pixels[np.isfinite(pixels).all(axis=1)] - [place.x(), place.y()]
    if len(line) < 2:
        return float(np.hypot(*line[0])) if len(line) else np.inf
    begin, way = line[:-1], np.diff(line, axis=0)
    share = -(begin * way).sum(axis=1) / np.maximum((way**2).sum(axis=1), 1e-12)
    nearest = begin + np.clip(share, 0, 1)[:, None] * way
    return float(np.hypot(nearest[:, 0], nearest[:, 1]).min())
