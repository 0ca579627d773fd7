"""Typing a note in place: its Markdown, over the note, taken when the person goes elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget

from ..theme import current, source, ui_font, value_font

Take = Callable[[str], None]
LEAST_WIDTH, LEAST_HEIGHT, MOST_HEIGHT = 240, 96, 320
HINT = "Markdown, $LaTeX$ · Ctrl+Enter takes it, Esc does not"
KEYS = 22
FIELD_SIZE = QSize(LEAST_WIDTH, LEAST_HEIGHT + KEYS)
"""What the empty field takes with its hint, in pixels."""


class NoteEditor(QPlainTextEdit):
    """A field of several lines. Ctrl+Enter, or going elsewhere, takes what was typed; Esc does not.

    A field of text edited by hand for minutes is not thrown away by a click beside it.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ground = parent
        self._take: Take = lambda typed: None
        self._open = False
        self._hint = QLabel(HINT, parent)
        self._hint.setFont(ui_font(11))
        self.setAccessibleName("Note, in Markdown with LaTeX")
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.installEventFilter(self)
        source().changed.connect(self._dress)
        self._dress()
        self.hide()
        self._hint.hide()

    def _dress(self) -> None:
        theme = current()
        self.setStyleSheet(
            f"QPlainTextEdit {{ background: {theme.card}; color: {theme.ink}; padding: 4px;"
            f" border: 2px solid {theme.sel}; border-radius: 5px; }}"
        )
        self._hint.setStyleSheet(
            f"background: {theme.card}; color: {theme.mute}; border: 1px solid {theme.line};"
            " border-radius: 4px; padding: 1px 6px;"
        )

    def open_over(self, area: QRect, text: str, zoom: float, take: Take) -> None:
        """Edit `text` over a rectangle of the parent."""
        self.finish()
        self._take, self._open = take, True
        self.setFont(value_font(min(max(12.0, 12.0 * zoom), 18.0)))
        lines = (text.count("\n") + 2) * self.fontMetrics().lineSpacing() + 20
        width = max(area.width(), LEAST_WIDTH)
        height = max(area.height(), LEAST_HEIGHT, min(lines, MOST_HEIGHT))
        room = self._ground.rect().adjusted(8, 8, -8, -8 - KEYS)
        width, height = min(width, room.width()), min(height, room.height())
        left = min(max(area.x(), room.left()), room.right() + 1 - width)
        top = min(max(area.y(), room.top()), room.bottom() + 1 - height)
        self.setGeometry(left, top, width, height)
        self._hint.adjustSize()
        beside = min(left, self._ground.width() - self._hint.width() - 8)
        self._hint.move(max(8, beside), top + height + 3)
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)
        for part in (self, self._hint):
            part.show()
            part.raise_()
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def finish(self, *, taken: bool = True) -> None:
        """Close it, and take what was typed unless that is not wanted."""
        if not self._open:
            return
        self._open = False
        had_focus = self.hasFocus()
        self.hide()
        self._hint.hide()
        if had_focus:
            self._ground.setFocus()
        if taken:
            self._take(self.toPlainText())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if event.key() == Qt.Key.Key_Escape:
                self.finish(taken=False)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and held:
                self.finish()
                return True
        return False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.finish()
