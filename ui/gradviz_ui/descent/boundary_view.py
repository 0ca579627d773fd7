"""What a model makes of the plane that its points lie in, at the step looked at."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gradviz.descent import Landscape, Objective
from gradviz.descent.boundary import Field, Regions, extent, find_model
from gradviz.plan import PlanError

from ..numbers import short
from ..theme import Theme, current, qcolor, source, ui_font, value_font
from .contours import lines
from .frame import Frame
from .marks import REACH, paint_mark
from .race import Race
from .words import numbers, runner_title

FIRST_CLASS = 2
"""The series whose colour the first class has; those before it mean gradients and values."""
HEAD = 44.0
EDGE = 14.0


class BoundaryView(QWidget):
    """See the module's text. The line is where the classes part; a cross marks a point that the
    model gives another class than its own.
    """

    found = Signal(bool)
    """Sent with whether there is a model of points in the plane, when that has changed."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self._objective: Objective | None = None
        self._field: Field | None = None
        self._regions: Regions | None = None
        self._answers = np.empty(0, int)
        self._mouse: QPointF | None = None
        self.setMouseTracking(True)
        self.setAccessibleName("Decision boundary")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        for signal in (race.prepared, race.ran):
            signal.connect(self._prepare)
        race.stepped.connect(self._read)
        source().changed.connect(self.update)

    @property
    def field(self) -> Field | None:
        """What is shown; None where there is no such model."""
        return self._field

    @property
    def regions(self) -> Regions | None:
        """The regions shown."""
        return self._regions

    @property
    def right(self) -> int:
        """How many points the model gives their own class."""
        # Nothing was asked of the model while it is out of sight.
        if self._field is None or len(self._answers) != len(self._field.model.classes):
            return 0
        return int((self._answers == self._field.model.classes).sum())

    def sizeHint(self) -> QSize:
        return QSize(420, 420)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 180)

    def _prepare(self) -> None:
        """Look for the model anew where the objective is another."""
        descent = self._race.descent
        objective = None if descent is None else descent.objective
        if objective is self._objective:
            return
        before, self._objective = self._field is not None, objective
        self._field = None if objective is None else field_of(objective)
        self._read()
        if (self._field is not None) != before:
            self.found.emit(not before)

    def _read(self) -> None:
        """Ask the model again, with the parameters of the chosen runner's step."""
        self._regions = None
        runner, field = self._race.runner, self._field
        if runner is not None and field is not None and self.isVisible():
            point = runner.trajectory.points[self._race.at(runner.trajectory)]
            try:
                self._regions, self._answers = field.regions(point), field.answers(point)
            except PlanError:
                self._regions = None
        self.setAccessibleDescription(self.words())
        self.update()

    def showEvent(self, event) -> None:
        self._read()
        super().showEvent(event)

    def words(self) -> str:
        """What is shown, in a sentence."""
        field, runner = self._field, self._race.runner
        if field is None or runner is None or self._objective is None:
            return ""
        name = self._objective.graph.node(field.model.scores).name
        step = self._race.at(runner.trajectory)
        who = runner_title(runner.spec)
        count = len(field.model.classes)
        return f"{name} by {who} at step {step}: {self.right} of {count} points right"

    # painting ----------------------------------------------------------------------------------

    def frame(self) -> Frame | None:
        """A square below the words, as both coordinates have one scale."""
        if self._field is None:
            return None
        room = QRectF(self.rect()).adjusted(EDGE, HEAD, -EDGE, -EDGE)
        side = max(1.0, min(room.width(), room.height()))
        left = room.left() + (room.width() - side) / 2
        xs, ys = self._field.xs, self._field.ys
        box = QRectF(left, room.top(), side, side)
        return Frame(box, (float(xs[0]), float(xs[-1])), (float(ys[0]), float(ys[-1])))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        field, frame, theme = self._field, self.frame(), current()
        if field is None or frame is None:
            return
        self._paint_head(painter, field)
        painter.save()
        painter.setClipRect(frame.box)
        if self._regions is not None:
            paint_regions(painter, self._regions, frame, theme)
        self._paint_points(painter, field, frame)
        painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(qcolor(theme.line), 1))
        painter.drawRect(frame.box)
        if self._mouse is not None and frame.box.contains(self._mouse):
            self._paint_told(painter, frame)

    def _paint_head(self, painter: QPainter, field: Field) -> None:
        theme, model = current(), field.model
        painter.setFont(ui_font(12))
        metrics = QFontMetricsF(painter.font())
        painter.setPen(qcolor(theme.ink))
        room = self.width() - 2 * EDGE
        words = metrics.elidedText(self.words(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(EDGE, 18), words)
        x, y = EDGE + 5.0, 32.0
        for index in range(model.count):
            paint_mark(painter, QPointF(x, y), index, class_colour(index), theme)
            painter.setPen(qcolor(theme.mute))
            label = f"class {index}"
            painter.drawText(QPointF(x + 9, y + 4), label)
            x += 9 + metrics.horizontalAdvance(label) + 16
        painter.setPen(QPen(qcolor(theme.ink), 1.6))
        painter.drawLine(QPointF(x - 4, y), QPointF(x + 12, y))
        painter.setPen(qcolor(theme.mute))
        painter.drawText(QPointF(x + 18, y + 4), self._line_words(field))

    def _line_words(self, field: Field) -> str:
        if field.model.threshold is None or self._objective is None:
            return "where they part"
        name = self._objective.graph.node(field.model.scores).name
        return f"{name} = {short(field.model.threshold) if field.model.threshold else 0}"

    def _paint_points(self, painter: QPainter, field: Field, frame: Frame) -> None:
        theme, model = current(), field.model
        places = frame.pixels(np.asarray(model.places, float))
        known = self._regions is not None
        reach = min(REACH, max(2.0, frame.box.width() / 85))
        arm = 1.5 * reach
        for index, (x, y) in enumerate(places.tolist()):
            kind = int(model.classes[index])
            paint_mark(painter, QPointF(x, y), kind, class_colour(kind), theme, reach)
            if known and self._answers[index] != kind:
                painter.setPen(QPen(qcolor(theme.ink), 1.2))
                for way in (-1, 1):
                    painter.drawLine(
                        QPointF(x - arm, y - arm * way), QPointF(x + arm, y + arm * way)
                    )

    def _paint_told(self, painter: QPainter, frame: Frame) -> None:
        theme, words = current(), self.told(self._mouse)
        painter.setFont(value_font(11))
        width = QFontMetricsF(painter.font()).horizontalAdvance(words) + 12
        box = QRectF(frame.box.right() - width - 4, frame.box.top() + 4, width, 18)
        painter.fillRect(box, qcolor(theme.panel, 0.85))
        painter.setPen(qcolor(theme.ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def told(self, place: QPointF | None) -> str:
        """What the model says of a place: its coordinates, the score and the class."""
        frame, field, regions = self.frame(), self._field, self._regions
        if frame is None or field is None or place is None or regions is None:
            return ""
        x, y = frame.coordinates(place)
        column = int(np.abs(regions.xs - x).argmin())
        row = int(np.abs(regions.ys - y).argmin())
        here = regions.margins[:, row, column]
        kind = int(here.argmax())
        threshold = field.model.threshold
        if threshold is None:
            score = f"ahead by {short(float(here[kind]))}"
        else:
            score = short(float(here[1]) + threshold)
        return f"{numbers(np.array([x, y]))} · {score} · class {kind}"

    # hands -------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse = event.position()
        self.update()

    def leaveEvent(self, event) -> None:
        self._mouse = None
        self.update()


def field_of(objective: Objective) -> Field | None:
    """The field of an objective's model; None where it has none that can be drawn."""
    model = find_model(objective)
    if model is None:
        return None
    try:
        return Field(objective, model, extent(model))
    except PlanError:
        return None


def class_colour(index: int) -> QColor:
    """A class's colour."""
    return qcolor(current().series(FIRST_CLASS + index))


def paint_regions(painter: QPainter, regions: Regions, frame: Frame, theme: Theme) -> None:
    """Each place in its class's colour, the stronger the further it is ahead, and the line."""
    image = picture(regions.margins, theme)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    # A pixel of the picture is a place of the grid, so the outermost reach half a cell too far.
    across = frame.box.width() / (image.width() - 1) / 2
    up = frame.box.height() / (image.height() - 1) / 2
    painter.drawImage(frame.box.adjusted(-across, -up, across, up), image)
    painter.setPen(QPen(qcolor(theme.ink), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    shown = regions.margins[1:] if len(regions.margins) == 2 else regions.margins
    for margin in shown:
        land = Landscape(regions.xs, regions.ys, margin)
        painter.drawPath(lines(land, (0.0,), frame.pixels))


def picture(margins: np.ndarray, theme: Theme) -> QImage:
    """A pixel a place; what is not a number is the ground's colour."""
    best = np.nan_to_num(margins, nan=-np.inf).argmax(axis=0)
    lead = np.take_along_axis(margins, best[None], 0)[0]
    finite = np.abs(lead[np.isfinite(lead)])
    scale = float(np.percentile(finite, 75)) if finite.size else 1.0
    share = 0.14 + 0.32 * np.tanh(np.nan_to_num(lead / (scale or 1.0), nan=0.0, posinf=9.0))
    share[np.isnan(lead)] = 0.0
    ground = rgb(qcolor(theme.panel))
    hues = np.array([rgb(class_colour(i)) for i in range(len(margins))])
    mixed = ground + (hues[best] - ground) * share[..., None]
    rows = np.ascontiguousarray(np.rint(mixed[::-1]).astype(np.uint8))
    height, width, _ = rows.shape
    image = QImage(rows.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.copy()


def rgb(colour: QColor) -> np.ndarray:
    """A colour as three numbers."""
    return np.array([colour.red(), colour.green(), colour.blue()], float)
