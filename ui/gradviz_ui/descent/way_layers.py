"""The runners on the contour: their ways, where they are at the step looked at, who diverged."""

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from ..theme import current, qcolor, ui_font
from .frame import Frame
from .layers import Layer, Order
from .race import Race
from .told import lost
from .ways import paint_now, paint_way
from .words import runner_title


class Ways(Layer):
    """Every visible runner's way, the chosen one's on top, with a dot at the step looked at."""

    order = Order.WAYS
    moving = True

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race

    def paint(self, painter: QPainter, frame: Frame) -> None:
        race = self._race
        places = []
        order = sorted(range(len(race.runners)), key=lambda i: i == race.chosen)
        for index in order:
            runner = race.runners[index]
            if not runner.spec.visible:
                continue
            path = runner.trajectory
            pixels = frame.pixels(race.coordinates(path))
            colour = qcolor(current().series(race.colour(index)))
            paint_way(painter, pixels, race.at(path), colour)
            places.append((pixels[race.at(path)], colour, index == race.chosen))
        for place, colour, chosen in places:
            if np.isfinite(place).all():
                paint_now(painter, QPointF(*place), colour, chosen)


class Ends(Layer):
    """Whose way goes wrong, how and from which step on, in words."""

    order = Order.WORDS

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race

    def _lost(self) -> list[tuple[int, str]]:
        race = self._race
        found: list[tuple[int, str]] = []
        for index, runner in enumerate(race.runners):
            words = lost(race, index)
            if runner.spec.visible and words:
                found.append((race.colour(index), f"{runner_title(runner.spec)}: {words}"))
        return found

    def key(self) -> object:
        return tuple(self._lost()) or None

    def paint(self, painter: QPainter, frame: Frame) -> None:
        theme = current()
        painter.setFont(ui_font(12))
        y = frame.box.top() + 22
        for colour, words in self._lost():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(qcolor(theme.series(colour)))
            painter.drawEllipse(QPointF(frame.box.left() + 18, y - 4), 4, 4)
            painter.setPen(qcolor(theme.ink))
            painter.drawText(QPointF(frame.box.left() + 30, y), words)
            y += 20
