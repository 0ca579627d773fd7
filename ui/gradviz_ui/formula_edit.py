"""The text field in which a formula is typed: it grows with its lines and marks what is wrong."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextBlock, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit

from gradviz.program import FormulaError

from .highlight import PythonColours
from .theme import current, qcolor, source, value_font

MOST_LINES = 12
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def line_of(block: QTextBlock) -> QTextCursor:
    """What stands on a line, without the blanks before it."""
    cursor = QTextCursor(block)
    blanks = len(block.text()) - len(block.text().lstrip())
    cursor.setPosition(block.position() + blanks)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    return cursor


def underlined(cursor: QTextCursor, colour: str, ground: str = "") -> QTextEdit.ExtraSelection:
    """Characters with a wavy line of that colour below them."""
    look = QTextCharFormat()
    look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    look.setUnderlineColor(qcolor(colour))
    if ground:
        look.setBackground(qcolor(ground))
    selection = QTextEdit.ExtraSelection()
    setattr(selection, "format", look)  # noqa: B010 - the stubs know no attributes here
    setattr(selection, "cursor", cursor)  # noqa: B010
    return selection


class FormulaEdit(QPlainTextEdit):
    """Enter is done, Shift+Enter a new line, Escape gives up what could not be taken."""

    done = Signal()
    given_up = Signal()
    left = Signal()
    """The field lost the focus."""

    def __init__(self, parameters: Callable[[], frozenset[str]]) -> None:
        super().__init__()
        self._error: FormulaError | None = None
        self._wrong: dict[int, bool] = {}
        self.setFont(value_font(13))
        self.setAccessibleName("Formula")
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("QPlainTextEdit { background: transparent; border: none; padding: 0; }")
        self.document().setDocumentMargin(0)
        self.colours = PythonColours(self.document(), parameters)
        source().changed.connect(self._mark)

    def lines(self) -> int:
        """How many lines are to be seen at once."""
        return max(1, min(MOST_LINES, self.blockCount()))

    def text_height(self) -> int:
        """The height those lines need."""
        few = self.blockCount() <= MOST_LINES
        bar = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if few else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(bar)
        return self.lines() * self.fontMetrics().lineSpacing() + 4

    def replace(self, text: str) -> None:
        """Show another text; the cursor stays where it can."""
        place = min(self.textCursor().position(), len(text))
        self.setPlainText(text)
        cursor = self.textCursor()
        cursor.setPosition(place)
        self.setTextCursor(cursor)

    def show_error(self, error: FormulaError | None) -> None:
        """Underline the characters that an error means."""
        self._error = error
        self._mark()

    def show_wrong(self, lines: dict[int, bool]) -> None:
        """Underline lines by number: of what has no value (True), or is warned of."""
        if lines != self._wrong:
            self._wrong = lines
            self._mark()

    def _mark(self) -> None:
        if self._error is not None:
            span = self._span(self._error)
            self.setExtraSelections([underlined(span, current().error, current().echip)])
            return
        blocks = ((self.document().findBlockByNumber(n), bad) for n, bad in self._wrong.items())
        self.setExtraSelections(
            [
                underlined(line_of(block), current().error if bad else current().warn)
                for block, bad in blocks
                if block.isValid()
            ]
        )

    def _span(self, error: FormulaError) -> QTextCursor:
        block = self.document().findBlockByNumber(error.line - 1)
        cursor = QTextCursor(self.document())
        last = max(0, self.document().characterCount() - 1)
        start = min(block.position() + error.column, last) if block.isValid() else last
        end = min(start + max(1, error.length), last)
        # At the very end there is no character to underline: the one before stands for it.
        cursor.setPosition(min(start, max(0, end - 1)))
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def event(self, event: QEvent) -> bool:
        # Escape and Enter are this field's own while it is being typed in.
        override = event.type() == QEvent.Type.ShortcutOverride
        own = isinstance(event, QKeyEvent) and event.key() in (*ENTER, Qt.Key.Key_Escape)
        if override and own:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.done.emit()
        elif event.key() in ENTER:
            self.insertPlainText("\n")
        elif event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()
