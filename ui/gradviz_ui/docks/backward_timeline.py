"""A pass as a line of dots: what is done, what is now, what is to come."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QRegion,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ..editor import Editor
from ..tangents import TrackStep
from ..theme import current, qcolor, source, ui_font
from .backward_moments import LINE_Y, MomentScale
from .backward_story import Story

DOT = 5.0
STOP_Y = 5.0


class Timeline(MomentScale):
    """Every moment of the pass along a line; click or drag to go to one.

    Moment 0, before anything was computed, is a ring at the left.
    """

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(editor, parent)
        self._pictured: tuple[object, ...] = ()
        self._ahead, self._done, self._words = QPixmap(), QPixmap(), QPixmap()
        self.setFixedHeight(54)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Timeline of the pass")
        source().changed.connect(self.update)
        Story.of(editor).changed.connect(self.update)
        editor.stops.changed.connect(self.update)

    @property
    def _travelled(self) -> str:
        return getattr(current(), self._editor.passes.role)

    def sizeHint(self) -> QSize:
        return QSize(400, 54)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.moments:
            return
        # Neither a step nor a value that moves changes these: their pictures are shown again.
        look = self._look()
        if look != self._pictured:
            self._pictured = look
            self._ahead = self._drawn(lambda painter: self._paint_line(painter, done=False))
            self._done = self._drawn(lambda painter: self._paint_line(painter, done=True))
            self._words = self._drawn(self._paint_standing)
        painter, now = QPainter(self), self._editor.moment
        painter.drawPixmap(0, 0, self._ahead)
        if now:
            # Not setClipping(False): Qt would then take no heed of the clip region set further on.
            painter.save()
            painter.setClipRect(QRectF(0, 0, self.position(now), self.height()))
            painter.drawPixmap(0, 0, self._done)
            painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_marker(painter)
        self._paint_stops(painter)
        self._paint_labels(painter)
        painter.end()

    def _look(self) -> tuple[object, ...]:
        """All that the pictures depend on."""
        ratio = self.devicePixelRatioF()
        return self.names, self._editor.passes.role, self.size(), ratio, current()

    def _drawn(self, draw: Callable[[QPainter], None]) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw(painter)
        painter.end()
        return picture

    def _paint_line(self, painter: QPainter, done: bool) -> None:
        """The whole line as it looks where the pass has been, or has yet to come."""
        theme, place = current(), self.position
        colour = qcolor(self._travelled if done else theme.track)
        width, cap = 5.0 if self.is_bar else 2.0, Qt.PenCapStyle.RoundCap
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, cap))
        painter.drawLine(QPointF(place(0), LINE_Y), QPointF(place(self.moments), LINE_Y))
        if self.is_bar:
            return
        painter.setPen(QPen(colour if done else qcolor(theme.wire), 1.5))
        painter.setBrush(qcolor(theme.panel))
        painter.drawEllipse(QPointF(place(0), LINE_Y), DOT - 1, DOT - 1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for moment in range(1, self.moments + 1):
            painter.drawEllipse(QPointF(place(moment), LINE_Y), DOT, DOT)

    def _paint_standing(self, painter: QPainter) -> None:
        painter.setFont(ui_font(11))
        painter.setPen(qcolor(current().mute))
        for _, place, words in self.standing():
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)

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
        """The word of the present moment, and of those that stand all that it leaves room for."""
        now, *others = self.labels()
        room = QRegion()
        for _, place, _ in others:
            room = room.united(place.toAlignedRect())
        painter.setClipRegion(room)
        painter.drawPixmap(0, 0, self._words)
        painter.setClipping(False)
        painter.setFont(ui_font(11, QFont.Weight.DemiBold))
        painter.setPen(qcolor(current().ink))
        painter.drawText(now[1], Qt.AlignmentFlag.AlignCenter, now[2])

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
