"""The places worth knowing on a landscape: critical points, and where runners came to rest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from gradviz.descent.basins import Basins
from gradviz.descent.critical import KINDS, Critical

from ..numbers import short
from ..theme import current, qcolor
from .words import numbers

SAME = 0.02
"""How close an end and a minimum are, as a share of the picture, to be one place."""


@dataclass(frozen=True)
class Spot:
    """One place: its kind and curvatures, and the number of its basin where it has one.

    The curvatures are not known where no critical point was found there, only runners end.
    """

    kind: str
    place: tuple[float, float]
    loss: float
    eigenvalues: tuple[float, float] | None = None
    basin: int | None = None
    share: float = 0.0

    def words(self, loss: str) -> str:
        """What it is, in a few lines; ``loss``: what the loss is called."""
        parts = [f"{self.title} at {numbers(self.place)} · {loss} {short(self.loss)}"]
        if self.eigenvalues is not None:
            parts.append(f"eigenvalues {', '.join(short(v) for v in self.eigenvalues)}")
        if self.basin is not None:
            parts.append(f"reached from {percent(self.share)} of the starts")
        return "\n".join(parts)

    @property
    def title(self) -> str:
        """Its kind, with its number where it has a basin."""
        return self.kind if self.basin is None else f"{self.kind} {self.basin + 1}"


def spots(found: Basins | None, points: Sequence[Critical]) -> tuple[Spot, ...]:
    """All places: those with a basin first, the widest before the others; then by kind."""
    made: list[Spot] = []
    left = list(points)
    for index, end in enumerate(() if found is None else found.ends):
        assert found is not None
        scale = np.array([np.ptp(found.xs), np.ptp(found.ys)])
        share = found.share(index)
        near = [p for p in left if p.kind in ("minimum", "degenerate")
                and np.abs((np.array(p.place) - end.place) / scale).max() < SAME]  # fmt: skip
        if near:
            best = min(near, key=lambda p: float(np.hypot(*(np.array(p.place) - end.place))))
            left.remove(best)
            made.append(Spot(best.kind, best.place, best.loss, best.eigenvalues, index, share))
        else:
            made.append(Spot("minimum", end.place, end.loss, None, index, share))
    rest = sorted(left, key=lambda p: (KINDS.index(p.kind), p.loss))
    return (*made, *(Spot(p.kind, p.place, p.loss, p.eigenvalues) for p in rest))


def basin_colour(index: int) -> QColor:
    """The colour of a basin; the theme's list repeats."""
    return qcolor(current().series(index))


def percent(share: float) -> str:
    """A share in percent: whole, but for what is very little."""
    return f"{100 * share:.0f} %" if share >= 0.01 or share == 0 else "under 1 %"


def spot_path(kind: str, reach: float) -> QPainterPath:
    """The form of a kind of place around the origin: disc, saddle's cross, triangle or square."""
    path = QPainterPath()
    if kind == "minimum":
        path.addEllipse(QPointF(0, 0), reach, reach)
    elif kind == "maximum":
        corners = ((0.0, -1.25), (1.15, 0.85), (-1.15, 0.85))
        path.moveTo(QPointF(*corners[-1]) * reach)
        for corner in corners:
            path.lineTo(QPointF(*corner) * reach)
    elif kind == "saddle":
        thin, wide = 0.42 * reach, 1.2 * reach
        path.addRect(QRectF(-wide, -thin, 2 * wide, 2 * thin))
        other = QPainterPath()
        other.addRect(QRectF(-thin, -wide, 2 * thin, 2 * wide))
        path = path.united(other)
    else:
        path.addRect(QRectF(-reach, -reach, 2 * reach, 2 * reach))
    return path


def paint_spot(painter: QPainter, spot: Spot, place: QPointF, reach: float = 5.0) -> None:
    """The mark of a place: its form by its kind, a basin's in the basin's colour."""
    theme = current()
    fill = qcolor(theme.ink) if spot.basin is None else basin_colour(spot.basin)
    turned = spot_path(spot.kind, reach)
    painter.save()
    painter.translate(place)
    if spot.kind == "saddle":
        painter.rotate(45)
    halo = QPen(qcolor(theme.panel), 3.0)
    halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(halo)
    painter.setBrush(fill)
    painter.drawPath(turned)
    painter.setPen(QPen(qcolor(theme.ink), 1.0) if spot.basin is not None else Qt.PenStyle.NoPen)
    painter.drawPath(turned)
    painter.restore()
