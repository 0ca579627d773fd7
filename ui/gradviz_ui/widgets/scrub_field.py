"""A number to drag, or to type over."""

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from ..numbers import full, short
from ..theme import value_font
from .number_entry import NotANumberError, NumberRule
from .plain import restyle

_ARROWS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}


class ScrubField(QLineEdit):
    """A number field. Drag sideways to change it (Shift: a tenth, Ctrl: tenfold), or click,
    Return or a digit to type; Return sets what was typed, Escape gives it up. The up and down
    keys change it by a step.

    At rest it shows 4 digits, while typing all of them. What is not a number turns the field red,
    says why, and is never sent.
    """

    moved = Signal(float)
    """Sent with each new value during a drag."""
    committed = Signal(float)
    """Sent once a change is meant: end of a drag, Return, leaving the field, an arrow key."""
    entered = Signal()
    """Sent once Return has taken what was typed, whether it is another number or not."""
    refused = Signal(str)
    """Sent with the reason when what was typed cannot be taken."""

    def __init__(
        self,
        name: str,
        value: float = 0.0,
        *,
        step: float = 0.01,
        rule: NumberRule | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Make one; `name` says what it sets, `step` is what one pixel of dragging adds."""
        super().__init__(parent)
        self._value, self._step, self._rule = float(value), step, rule or NumberRule()
        self._pressed_at: float | None = None
        self._start = self._value
        self._dragging = False
        self.setAccessibleName(name)
        self.setProperty("invalid", False)
        self.setFont(value_font(12))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.textEdited.connect(lambda _text: self._mark(""))
        self._rest()

    @property
    def value(self) -> float:
        """The number it stands for; what is being typed does not count yet."""
        return self._value

    @property
    def editing(self) -> bool:
        """Whether a number is being typed."""
        return not self.isReadOnly()

    def set_value(self, value: float) -> None:
        """Show a number; nothing is sent, and what is being typed stays."""
        self._value = float(value)
        if not self.editing:
            self._rest()

    def set_step(self, step: float) -> None:
        """Have one pixel of dragging add that much from now on."""
        self._step = step

    def set_rule(self, rule: NumberRule) -> None:
        """Have it take these numbers from now on."""
        self._rule = rule

    def refuse(self, reason: str) -> None:
        """Say why the number it was given cannot be taken."""
        self._mark(reason)
        self._show_reason()

    def edit(self) -> None:
        """Start typing, with the whole number selected."""
        self.setReadOnly(False)
        self.setText(self._number(full))
        self.selectAll()
        self.setCursor(Qt.CursorShape.IBeamCursor)

    def _number(self, write) -> str:
        whole = self._rule.whole and math.isfinite(self._value)
        return write(int(self._value) if whole else self._value)

    def _rest(self) -> None:
        self._mark("")
        self.setReadOnly(True)
        self.setText(self._number(short))
        self.deselect()
        self.setCursor(Qt.CursorShape.SizeHorCursor)

    def _mark(self, reason: str) -> None:
        restyle(self, invalid=bool(reason))
        self.setToolTip(reason or self._number(full))
        self.setAccessibleDescription(reason or self._number(short))

    def _show_reason(self) -> None:
        QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), self.toolTip(), self)

    def _take(self) -> bool:
        try:
            value = self._rule.parse(self.text())
        except NotANumberError as error:
            self._mark(str(error))
            self.refused.emit(str(error))
            return False
        different, self._value = value != self._value, value
        self._rest()
        if different:
            self.committed.emit(value)
        return True

    def _move(self, value: float) -> bool:
        digits = max(0, 2 - math.floor(math.log10(self._step)))
        value = self._rule.nearest(round(value, digits))
        different, self._value = value != self._value, value
        self._rest()
        return different

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.editing or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self._pressed_at, self._start, self._dragging = event.position().x(), self._value, False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None:
            super().mouseMoveEvent(event)
            return
        distance = event.position().x() - self._pressed_at
        self._dragging = self._dragging or abs(distance) >= 3
        if self._dragging and self._move(self._start + distance * self._step * _scale(event)):
            self.moved.emit(self._value)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None:
            super().mouseReleaseEvent(event)
            return
        self._pressed_at = None
        if not self._dragging:
            self.edit()
        elif self._value != self._start:
            self.committed.emit(self._value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if self.editing and enter:
            if self._take():
                self.entered.emit()
            else:
                self._show_reason()
        elif self.editing and key == Qt.Key.Key_Escape:
            self._rest()
        elif key in _ARROWS and (not self.editing or self._take()):
            if self._move(self._value + _ARROWS[key] * self._step * _scale(event)):
                self.committed.emit(self._value)
        elif not self.editing and (enter or key == Qt.Key.Key_F2):
            self.edit()
        elif not self.editing and event.text() and event.text() in "0123456789.-+−":
            self.edit()
            super().keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        # A menu borrows the focus; what is typed waits for it to close.
        borrowed = event.reason() == Qt.FocusReason.PopupFocusReason
        if self.editing and not borrowed and not self._take():
            self._rest()
        super().focusOutEvent(event)


def _scale(event: QMouseEvent | QKeyEvent) -> float:
    if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
        return 0.1
    return 10.0 if event.modifiers() & Qt.KeyboardModifier.ControlModifier else 1.0
