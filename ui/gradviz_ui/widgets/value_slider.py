"""The thin slider of learning rates and scalar leaves."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ..numbers import short
from ..theme import current, qcolor, source
from .slider_scale import SliderScale

_RADIUS = 6.0
_GROOVE = 4.0
_FINE = 0.1

_KEYS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_PageDown: -10,
    Qt.Key.Key_PageUp: 10,
    Qt.Key.Key_Home: -1e9,
    Qt.Key.Key_End: 1e9,
}


class ValueSlider(QWidget):
    """A float on a thin line with a round handle.

    Drag it, turn the wheel over it while it has the focus, or use the arrow keys (Page Up and
    Down go ten steps, Home and End to the ends); Shift makes each of them ten times finer.
    A value set from outside may lie beyond the range: the handle then waits at the end.
    """

    moved = Signal(float)
    """Sent with each new value while the user changes it."""
    released = Signal(float)
    """Sent once with the last value: at the end of a drag, after each key and wheel turn."""

    def __init__(
        self, scale: SliderScale, name: str, value: float | None = None, parent=None
    ) -> None:
        """Make one; `name` says what it sets, for those who cannot see it."""
        super().__init__(parent)
        self._scale = scale
        self._value = scale.low if value is None else value
        self._colour = "sel"
        self._dragging = False
        self._grabbed = 0.0
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        source().changed.connect(self.update)
        self._describe()

    @property
    def value(self) -> float:
        """The value it stands for."""
        return self._value

    @property
    def scale(self) -> SliderScale:
        """Its range."""
        return self._scale

    def set_value(self, value: float) -> None:
        """Show a value; nothing is sent."""
        if float(value) != self._value:
            self._value = float(value)
            self._describe()
            self.update()

    def set_scale(self, scale: SliderScale) -> None:
        """Give it another range; the value stays."""
        self._scale = scale
        self.update()

    def set_colour(self, colour: str) -> None:
        """Colour the handle: a field of `Theme` or ``#RRGGBB``."""
        self._colour = colour
        self.update()

    def _describe(self) -> None:
        self.setAccessibleDescription(short(self._value))

    def _user_sets(self, value: float, last: bool) -> None:
        if value != self._value:
            self.set_value(value)
            self.moved.emit(value)
        if last:
            self.released.emit(self._value)

    def _place_at(self, x: float) -> float:
        return (x - _RADIUS - 1) / max(1.0, self.width() - 2 * _RADIUS - 2)

    def _handle(self) -> QPointF:
        way = self.width() - 2 * _RADIUS - 2
        return QPointF(_RADIUS + 1 + self._scale.place(self._value) * way, self.height() / 2)

    def sizeHint(self) -> QSize:
        return QSize(120, 20)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, 18)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        offset = event.position().x() - self._handle().x()
        self._dragging = True
        # A press on the handle keeps it under the finger; elsewhere it jumps there.
        self._grabbed = offset if abs(offset) <= _RADIUS + 2 else 0.0
        self._drag(event)

    def _drag(self, event: QMouseEvent) -> None:
        self._user_sets(
            self._scale.value(self._place_at(event.position().x() - self._grabbed)), last=False
        )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._drag(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragging and event.button() == Qt.MouseButton.LeftButton:
            self._dragging = False
            self.released.emit(self._value)
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turns = (event.angleDelta().y() or event.angleDelta().x()) / 120
        if not self.hasFocus() or not turns:
            event.ignore()
            return
        self._user_sets(self._scale.moved(self._value, turns * _fineness(event)), last=True)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = _KEYS.get(Qt.Key(event.key()))
        if steps is None:
            super().keyPressEvent(event)
            return
        self._user_sets(self._scale.moved(self._value, steps * _fineness(event)), last=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current()
        colour = self._colour if self._colour.startswith("#") else getattr(theme, self._colour)
        handle = self._handle()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(theme.track))
        groove = QRectF(1, handle.y() - _GROOVE / 2, self.width() - 2, _GROOVE)
        painter.drawRoundedRect(groove, _GROOVE / 2, _GROOVE / 2)
        if self.hasFocus() or self._dragging or self.underMouse():
            painter.setBrush(qcolor(colour, 0.22))
            painter.drawEllipse(handle, _RADIUS + 3, _RADIUS + 3)
        painter.setBrush(qcolor(colour if self.isEnabled() else theme.faint))
        painter.drawEllipse(handle, _RADIUS, _RADIUS)
        if self.hasFocus():
            painter.setPen(QPen(qcolor(theme.panel), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(handle, _RADIUS - 2, _RADIUS - 2)


def _fineness(event: QKeyEvent | QWheelEvent) -> float:
    return _FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
