"""What the chosen runner takes its step with, drawn at its point: arrows and squares."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gradviz.descent import AxesSlice
from gradviz.descent.buffers import Buffer, buffers

from ..theme import current, qcolor, ui_font
from .frame import Frame
from .layers import Layer, Order
from .race import Race
from .typeset import math_font

LONGEST = 76.0
"""How long the longest arrow is, and half of the widest square, in pixels."""
HEAD = 7.0
LINE = 17.0


@dataclass(frozen=True)
class Drawn:
    """One buffer as it is drawn: in pixels from the point, against it where it is a gradient."""

    symbol: str
    title: str
    square: bool
    corrected: bool
    colour: QColor
    reach: tuple[float, float]


class Buffers(Layer):
    """The gradient and what is carried as arrows against it, and squares about the point.

    All gradients are to one scale, chosen so that the longest is well to be seen; steps are as
    long as they are.
    """

    order = Order.NOW
    moving = True

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self._shown = False

    def drawn(self, frame: Frame) -> tuple[Drawn, ...]:
        """What is drawn at the step looked at; nothing where there is no picture of two axes."""
        race = self._race
        runner, piece = race.runner, race.picture.piece
        if runner is None or piece is None or len(piece.names) != 2 or runner.problem:
            return ()
        per = (
            frame.box.width() / (frame.across[1] - frame.across[0]),
            frame.box.height() / (frame.up[1] - frame.up[0]),
        )
        step = race.at(runner.trajectory)
        flat = isinstance(piece, AxesSlice)
        found = [
            b for b in buffers(runner, step) if b.form == "arrow" or (b.form == "square" and flat)
        ]
        reaches = [piece.directed([b.value])[0] * per for b in found]
        scale = _scale([r for b, r in zip(found, reaches, strict=True) if not b.steps])
        made = [
            _drawn(b, r * (1.0 if b.steps else scale)) for b, r in zip(found, reaches, strict=True)
        ]
        rows = race.coordinates(runner.trajectory)
        if step + 1 < len(rows):
            reach = (rows[step + 1] - rows[step]) * per
            colour = qcolor(current().val)
            made.append(Drawn("Δθ", "this step", False, False, colour, _pair(reach)))
        return tuple(d for d in made if all(map(math.isfinite, d.reach)))

    def paint(self, painter: QPainter, frame: Frame) -> None:
        runner = self._race.runner
        if runner is None:
            return
        rows = self._race.coordinates(runner.trajectory)
        place = rows[self._race.at(runner.trajectory)]
        drawn = self.drawn(frame)
        if not drawn or not np.isfinite(place).all():
            return
        at = frame.point(*place)
        for one in sorted(drawn, key=lambda d: not d.square):
            (_paint_square if one.square else _paint_arrow)(painter, at, one)
        _paint_legend(painter, frame, drawn, [at, frame.point(*rows[0])])


def _scale(reaches: Sequence[np.ndarray]) -> float:
    lengths = [float(np.hypot(*r)) for r in reaches]
    longest = max((v for v in lengths if math.isfinite(v)), default=0.0)
    return LONGEST / longest if longest > 0 else 0.0


def _drawn(buffer: Buffer, reach: np.ndarray) -> Drawn:
    square = buffer.form == "square"
    first = buffer.title == "gradient"
    colour = qcolor(current().grad if first else current().ink)
    if square:
        return Drawn(buffer.symbol if buffer.steps else f"√{buffer.symbol}", buffer.title, True,
                     buffer.corrected, colour, _pair(np.abs(reach)))  # fmt: skip
    name = buffer.symbol.removesuffix("(θ)")
    symbol = name[1:] if name.startswith("−") else f"−{name}"
    return Drawn(symbol, buffer.title, False, buffer.corrected, colour, _pair(-reach))


def _pair(reach: np.ndarray) -> tuple[float, float]:
    return float(reach[0]), float(reach[1])


def _pen(one: Drawn, width: float) -> QPen:
    pen = QPen(one.colour, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    if one.corrected:
        pen.setDashPattern([2.5, 2.5])
    return pen


def _paint_square(painter: QPainter, at: QPointF, one: Drawn) -> None:
    wide, tall = one.reach
    ground = QColor(one.colour)
    ground.setAlphaF(0.0 if one.corrected else 0.10)
    painter.setBrush(ground)
    painter.setPen(_pen(one, 1.3))
    painter.drawRect(QRectF(at.x() - wide, at.y() - tall, 2 * wide, 2 * tall))


def _paint_arrow(painter: QPainter, at: QPointF, one: Drawn) -> None:
    x, y = one.reach
    length = math.hypot(x, y)
    if length < 2.0:
        return
    tip = at + QPointF(x, -y)
    shaft = max(0.0, 1.0 - HEAD * 0.8 / length)
    end = at + QPointF(x * shaft, -y * shaft)
    under = QPen(qcolor(current().bg, 0.55), 4.0)
    painter.setPen(under)
    painter.drawLine(QLineF(at, end))
    painter.setPen(_pen(one, 2.0))
    painter.drawLine(QLineF(at, end))
    way = math.atan2(-y, x)
    sides = [tip - QPointF(math.cos(way + a), math.sin(way + a)) * HEAD for a in (0.45, -0.45)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(one.colour)
    painter.drawPolygon(QPolygonF([tip, *sides]))


def _paint_legend(
    painter: QPainter, frame: Frame, drawn: Sequence[Drawn], shunned: Sequence[QPointF]
) -> None:
    """A row each, in the corner farthest from what is not to be hidden."""
    theme = current()
    words, signs = ui_font(11), math_font(14)
    painter.setFont(words)
    wide = max(painter.fontMetrics().horizontalAdvance(d.title) for d in drawn) + 84
    box = _corner(frame.box, wide, LINE * len(drawn) + 10, shunned)
    painter.setPen(QPen(qcolor(theme.line), 1))
    painter.setBrush(qcolor(theme.card, 0.88))
    painter.drawRoundedRect(box, 6, 6)
    for index, one in enumerate(drawn):
        y = box.top() + 5 + LINE * (index + 0.5)
        sign = replace(one, reach=(6.0, 5.0) if one.square else (24.0, 0.0))
        if one.square:
            _paint_square(painter, QPointF(box.left() + 21, y), sign)
        else:
            _paint_arrow(painter, QPointF(box.left() + 9, y), sign)
        painter.setPen(qcolor(theme.ink))
        painter.setFont(signs)
        painter.drawText(QPointF(box.left() + 41, y + 4.5), one.symbol)
        painter.setPen(qcolor(theme.mute))
        painter.setFont(words)
        painter.drawText(QPointF(box.left() + 76, y + 4), one.title)


def _corner(box: QRectF, wide: float, tall: float, shunned: Sequence[QPointF]) -> QRectF:
    """A place in a corner, clear of the numbers along the lower and the left edge."""
    lefts = (box.right() - wide - 10, box.left() + 44)
    tops = (box.bottom() - tall - 26, box.top() + 34)
    corners = [QRectF(left, top, wide, tall) for top in tops for left in lefts]

    def distance(corner: QRectF) -> float:
        middle = corner.center()
        away = [p - middle for p in shunned]
        return min(math.hypot(p.x() / wide, p.y() / tall) for p in away)

    clear = [c for c in corners if distance(c) > 1.0]
    return clear[0] if clear else max(corners, key=distance)
