"""Where every runner is at the step under the mouse, marked on the contour."""

from collections.abc import Iterable

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from .frame import Frame
from .happenings import position
from .layers import Layer, Order
from .pointer import nearest, paint_pointed
from .polyline import Polyline
from .race import Race
from .way_layers import Lines


class PointedLayer(Layer):
    """See the module's text."""

    order = Order.NOW
    moving = True

    def __init__(self, race: Race, lines: Lines) -> None:
        super().__init__()
        self._race, self._lines = race, lines
        race.pointer.moved.connect(self.changed)

    def over(self, place: QPointF, frame: Frame) -> int | None:
        """The step of the race whose place on a way is under the mouse."""
        return over_ways(self._race, self._lines.of(frame), place)

    def paint(self, painter: QPainter, frame: Frame) -> None:
        race, pointed = self._race, self._race.pointer.position
        if pointed is None:
            return
        for index, line in self._lines.of(frame):
            step = race.budget.at(race.runners[index].trajectory, pointed)
            place = line.place(step)
            if place is not None:
                paint_pointed(painter, place)


def over_ways(race: Race, lines: Iterable[tuple[int, Polyline]], place: QPointF) -> int | None:
    """The step of the race that lies under the mouse on one of the runners' lines."""
    best, found = float("inf"), None
    for index, line in lines:
        near = nearest(line.pixels, place)
        if near is not None and near[1] <= best:
            best, found = near[1], position(race, index, near[0])
    return found
