"""The runners on the contour: their ways, where they are at the step looked at, who diverged."""

from functools import reduce

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from ..theme import current, qcolor, ui_font
from .departures import Way
from .frame import Frame
from .layers import Layer, Order
from .polyline import Polyline, Polylines
from .race import Race
from .told import lost
from .ways import FAINT, paint_now, paint_walked, paint_whole
from .words import runner_title


class Lines:
    """Every visible runner's way as a line, the chosen one's last."""

    def __init__(self, race: Race) -> None:
        self._race = race
        self._kept = Polylines()

    def key(self) -> object:
        """What the ways depend on, besides the frame."""
        race = self._race
        shown = [(i, r) for i, r in enumerate(race.runners) if r.spec.visible]
        ways = tuple((i, race.colour(i), Way(r.trajectory)) for i, r in shown)
        return (ways, race.chosen, id(race.picture.piece)) if ways else None

    def of(self, frame: Frame) -> list[tuple[int, Polyline]]:
        """The runners' numbers with their lines, in the order in which they are painted."""
        race = self._race
        found: list[tuple[int, Polyline]] = []
        for index in sorted(range(len(race.runners)), key=lambda i: i == race.chosen):
            runner = race.runners[index]
            if runner.spec.visible:
                path = runner.trajectory
                key = Way(path), frame, race.picture.piece
                line = self._kept.of(index, key, lambda p=path: frame.pixels(race.coordinates(p)))
                found.append((index, line))
        return found


class Whole(Layer):
    """Every visible runner's whole way, faint."""

    order = Order.WAYS

    def __init__(self, race: Race, lines: Lines) -> None:
        super().__init__()
        self._race, self._lines = race, lines

    def key(self) -> object:
        return self._lines.key()

    def paint(self, painter: QPainter, frame: Frame) -> None:
        ratio, lines = painter.device().devicePixelRatio(), self._lines.of(frame)
        box = reduce(QRectF.united, (line.path().controlPointRect() for _, line in lines), QRectF())
        box = QRectF(box.adjusted(-2, -2, 2, 2).toAlignedRect()) & frame.box
        if box.isEmpty():
            return
        picture = QPixmap((box.size() * ratio).toSize())
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        over = QPainter(picture)
        over.setRenderHint(QPainter.RenderHint.Antialiasing)
        over.translate(-box.topLeft())
        for index, line in lines:
            paint_whole(over, line, qcolor(current().series(self._race.colour(index))))
        over.end()
        # All at once, or lines that lie over each other would be less faint.
        painter.setOpacity(FAINT)
        painter.drawPixmap(box.topLeft(), picture)


class Walked(Layer):
    """Every visible runner's way up to the step looked at, with a dot there."""

    order = Order.WAYS
    moving = True

    def __init__(self, race: Race, lines: Lines) -> None:
        super().__init__()
        self._race, self._lines = race, lines

    def paint(self, painter: QPainter, frame: Frame) -> None:
        race = self._race
        lines = [
            (index, line, race.step_of(index), qcolor(current().series(race.colour(index))))
            for index, line in self._lines.of(frame)
        ]
        for _, line, step, colour in lines:
            paint_walked(painter, line, step, colour)
        for index, line, step, colour in lines:
            place = line.place(step)
            if place is not None:
                paint_now(painter, place, colour, index == race.chosen)


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
