"""What happens on the ways, marked on the contour at the place where it does."""

import math

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from ..theme import current, qcolor
from .frame import Frame
from .glyphs import paint_glyph
from .happenings import Happening, happenings
from .layers import Layer, Order
from .race import Race
from .words import runner_title

NEAR = 8.0


class Happenings(Layer):
    """A sign on each visible way where it is set otherwise, forks or goes wrong."""

    order = Order.MARKS

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        for signal in (race.prepared, race.ran):
            signal.connect(self.changed)

    def _signs(self) -> list[tuple[float, float, Happening, int, str]]:
        race = self._race
        found: list[tuple[float, float, Happening, int, str]] = []
        for index, runner in enumerate(race.runners):
            told = happenings(race, index) if runner.spec.visible else ()
            if told:
                rows = race.coordinates(runner.trajectory)
                title, colour = runner_title(runner.spec), race.colour(index)
                found += [(*rows[h.step].tolist(), h, colour, title) for h in told]
        return [sign for sign in found if all(map(math.isfinite, sign[:2]))]

    def key(self) -> object:
        return tuple(self._signs()) or None

    def paint(self, painter: QPainter, frame: Frame) -> None:
        for x, y, told, colour, _ in self._signs():
            paint_glyph(painter, told.kind, frame.point(x, y), qcolor(current().series(colour)))

    def told(self, place: QPointF, frame: Frame) -> str:
        for x, y, told, _, title in self._signs():
            away = frame.point(x, y) - place
            if math.hypot(away.x(), away.y()) <= NEAR:
                return f"{title}: {told.words}"
        return ""
