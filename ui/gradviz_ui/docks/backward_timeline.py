"""A pass as a line of dots: what is done, what is now, what is to come."""

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ..editor import Editor
from ..tangents import Track, TrackStep
from ..theme import current, qcolor, source, ui_font
from .backward_moments import LINE_Y, MARGIN, MomentScale, step_name
from .backward_story import Story

DOT = 5.0
STOP_Y = 5.0


class Timeline(MomentScale):
    """Every moment of the pass along a line; click or drag to go to one.

    Moment 0, before anything was computed, is a ring at the left.
    """

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(editor, parent)
        self._picture = QPixmap()
        self._pictured: tuple[object, ...] = ()
        self._named: tuple[object, tuple[str, ...]] | None = None
        self.setFixedHeight(54)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Timeline of the pass")
        source().changed.connect(self.update)
        Story.of(editor).changed.connect(self.update)
        editor.stops.changed.connect(self.update)
        editor.changed.connect(self._forget_names)

    @property
    def _travelled(self) -> str:
        return getattr(current(), self._editor.passes.role)

    def sizeHint(self) -> QSize:
        return QSize(400, 54)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.moments:
            return
        # While values move the pass stays as it is: then its picture is shown again.
        look, ratio = self._look(), self.devicePixelRatioF()
        if look != self._pictured:
            self._pictured = look
            self._picture = QPixmap(self.size() * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._picture)
            self._draw(painter)
            painter.end()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.end()

    def _look(self) -> tuple[object, ...]:
        """All that the picture depends on."""
        editor, track = self._editor, Story.of(self._editor).track
        return (
            self._names_of(track), editor.moment, editor.passes.role, self.size(),
            self.devicePixelRatioF(), current(), self.hasFocus(), tuple(editor.stops.moments()),
            editor.stops.breakpoints,
        )  # fmt: skip

    def _names_of(self, track: Track | None) -> tuple[str, ...]:
        """What the steps are called, worked out once a pass and after each edit."""
        if self._named is None or self._named[0] is not track:
            steps = () if track is None else track.steps
            self._named = track, tuple(step_name(self._editor, step) for step in steps)
        return self._named[1]

    def _forget_names(self, *_: object) -> None:
        self._named = None

    def _draw(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_line(painter)
        if self.is_bar:
            self._paint_marker(painter)
        else:
            self._paint_dots(painter)
        self._paint_stops(painter)
        self._paint_labels(painter)

    def _paint_line(self, painter: QPainter) -> None:
        theme = current()
        width = 5.0 if self.is_bar else 2.0
        start, now = self.position(0), self.position(self._editor.moment)
        ahead = QPen(qcolor(theme.track), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        painter.setPen(ahead)
        painter.drawLine(QPointF(start, LINE_Y), QPointF(self.position(self.moments), LINE_Y))
        if self._editor.moment:
            done = QPen(ahead)
            done.setColor(qcolor(self._travelled))
            painter.setPen(done)
            painter.drawLine(QPointF(start, LINE_Y), QPointF(now, LINE_Y))

    def _paint_dots(self, painter: QPainter) -> None:
        theme, now, spacing, travelled = (
            current(),
            self._editor.moment,
            self.spacing,
            self._travelled,
        )
        painter.setPen(QPen(qcolor(travelled if now else theme.wire), 1.5))
        painter.setBrush(qcolor(theme.panel))
        painter.drawEllipse(QPointF(self.position(0), LINE_Y), DOT - 1, DOT - 1)
        painter.setPen(Qt.PenStyle.NoPen)
        for colour, some in (
            (travelled, range(1, now)), (theme.track, range(now + 1, self.moments + 1)),
        ):  # fmt: skip
            painter.setBrush(qcolor(colour))
            for moment in some:
                painter.drawEllipse(QPointF(MARGIN + moment * spacing, LINE_Y), DOT, DOT)
        self._paint_marker(painter)

    def _paint_marker(self, painter: QPainter) -> None:
        theme = current()
        place = QPointF(self.position(self._editor.moment), LINE_Y)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(theme.act, 0.25))
        painter.drawEllipse(place, DOT + 4, DOT + 4)
        painter.setBrush(qcolor(theme.act))
        painter.drawEllipse(place, DOT + 0.5, DOT + 0.5)
        if self.hasFocus():
            painter.setPen(QPen(qcolor(theme.sel), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(place, DOT + 5.5, DOT + 5.5)

    def _paint_stops(self, painter: QPainter) -> None:
        """Above the line: a filled dot for a breakpoint, a ring where a condition holds."""
        track = Story.of(self._editor).track
        if track is None:
            return
        for moment in self._editor.stops.moments():
            marked = is_breakpoint(self._editor, track.steps[moment - 1])
            painter.setPen(QPen(qcolor(current().error), 1.3))
            painter.setBrush(qcolor(current().error if marked else current().panel))
            painter.drawEllipse(QPointF(self.position(moment), STOP_Y), 2.7, 2.7)

    def _paint_labels(self, painter: QPainter) -> None:
        theme, now = current(), self._editor.moment
        for moment, place, words in self.labels():
            heavy = QFont.Weight.DemiBold if moment == now else QFont.Weight.Normal
            painter.setFont(ui_font(11, heavy))
            painter.setPen(qcolor(theme.ink if moment == now else theme.mute))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.moments:
            self._editor.set_moment(self.moment_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self.moments:
            self._editor.set_moment(self.moment_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moment, page = self._editor.moment, max(1, self.moments // 10)
        places = {
            Qt.Key.Key_Left: moment - 1,
            Qt.Key.Key_Right: moment + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self.moments,
            Qt.Key.Key_PageUp: moment - page,
            Qt.Key.Key_PageDown: moment + page,
        }
        key = Qt.Key(event.key())
        if key in places:
            self._editor.set_moment(places[key])
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self.moments:
            moment = self.moment_at(event.pos().x())
            QToolTip.showText(event.globalPos(), f"{moment}  {self.label(moment)}", self)
            return True
        return super().event(event)


def is_breakpoint(editor: Editor, step: TrackStep) -> bool:
    """Whether a run halts at this step because its node is marked."""
    if step.node not in editor.stops.breakpoints or editor.track is None:
        return False
    return editor.track.moment_of(step.node) == step.index + 1
