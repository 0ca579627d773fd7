"""A shortcut as a button: click it, and press the keys that shall stand there instead."""

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from .widgets import restyle

ALONE = frozenset(
    (
        Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta,
        Qt.Key.Key_AltGr, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock, Qt.Key.Key_unknown,
    )
)  # fmt: skip
"""Keys that are held, and mean nothing alone."""


def pressed_keys(event: QKeyEvent) -> str:
    """What a key press is as a shortcut, in Qt's portable writing; empty for a held key alone."""
    key, held = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if key in ALONE:
        return ""
    if key == Qt.Key.Key_Backtab:
        key, held = Qt.Key.Key_Tab, held | Qt.KeyboardModifier.ShiftModifier
    typed = event.text()
    if typed.isprintable() and typed.strip() and not typed.isalnum():
        # Shift is how such a sign is reached, and on other keyboards it is reached otherwise.
        held &= ~Qt.KeyboardModifier.ShiftModifier
    combined = QKeySequence(QKeyCombination(held, key))
    return combined.toString(QKeySequence.SequenceFormat.PortableText)


class KeyButton(QPushButton):
    """See the module's text. Escape keeps what was there, Backspace takes it away."""

    pressed_anew = Signal(str, str)
    """Sent with the keys that were there, and those to stand there instead: empty for none."""
    recording = Signal(bool)
    """It waits for keys, or no longer."""

    def __init__(self, keys: str, action: str, parent: QWidget | None = None) -> None:
        """`keys` as they are now, empty for a place to add some; `action` is what they are for."""
        super().__init__(parent)
        self.keys, self._waiting = keys, False
        self.setProperty("kind", "small" if keys else "plain")
        self.setText(keys or "+")
        self.setAutoDefault(False)
        about = f"{keys} for {action}; press to change" if keys else f"Add keys for {action}"
        self.setAccessibleName(about)
        self.setToolTip("Click, then press other keys" if keys else "Click, then press keys to add")
        self.clicked.connect(lambda: self._wait(True))

    def _wait(self, waiting: bool) -> None:
        if waiting != self._waiting:
            self._waiting = waiting
            self.setText("Press keys …" if waiting else self.keys or "+")
            restyle(self, waiting=waiting)
            self.recording.emit(waiting)

    def event(self, event: QEvent) -> bool:
        # Before the dialog takes them for its own, Tab and Escape among them.
        kinds = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if self._waiting and isinstance(event, QKeyEvent) and event.type() in kinds:
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self._take(event)
            return True
        return super().event(event)

    def _take(self, event: QKeyEvent) -> None:
        keys = pressed_keys(event)
        if not keys:
            return
        self._wait(False)
        if keys == "Backspace":
            keys = ""
        if keys not in ("Esc", self.keys):
            self.pressed_anew.emit(self.keys, keys)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._wait(False)
