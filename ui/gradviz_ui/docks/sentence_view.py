"""Sentences in the colours of what they speak of, laid out once however often a layout asks.

A label of rich text lays its words out anew for each question of a layout and again to paint
them, which takes a quarter of a frame; these change with every step and every move of a slider.
"""

from math import ceil

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QWidget

from gradviz.explain import Sentence

from ..prose import sentences_html
from ..theme import current, source, ui_font

NARROWEST = 60


class SentenceView(QLabel):
    """Sentences whose numbers have the colours of what they are; the text can be selected.

    It is a label to those who hear the window; what there is to see it draws itself. Unless
    ``wrapped``, all stands on one line.
    """

    def __init__(self, parent: QWidget | None = None, *, wrapped: bool = True) -> None:
        super().__init__(parent)
        self._wrapped = wrapped
        self._sentences: tuple[Sentence, ...] = ()
        self._heights: dict[int, int] = {}
        self._document = QTextDocument()
        self._cursor = QTextCursor(self._document)
        self.html = ""
        """What is shown."""
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        if not wrapped:
            policy.setHorizontalPolicy(QSizePolicy.Policy.Maximum)
        policy.setHeightForWidth(wrapped)
        self.setSizePolicy(policy)
        self.setFont(ui_font(13))
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        source().changed.connect(self._redraw)

    def tell(self, sentences: tuple[Sentence, ...]) -> None:
        """Show these sentences."""
        if sentences == self._sentences:
            return
        self._sentences = sentences
        self.setAccessibleName("\n".join("".join(s.text for s in p) for p in sentences))
        self._redraw()

    def _redraw(self) -> None:
        before = self._heights.get(self.width()) if self._wrapped else None
        self.html = sentences_html(self._sentences, current())
        self._heights = {}
        self._document = QTextDocument()
        self._document.setUndoRedoEnabled(False)
        self._document.setDocumentMargin(0)
        self._document.setDefaultFont(self.font())
        self._document.setHtml(self.html)
        self._cursor = QTextCursor(self._document)
        block = self._document.begin()
        while block.isValid():
            # What was found out by laying out serves to draw.
            block.layout().setCacheEnabled(True)
            block = block.next()
        # The layouts around are bothered only where it takes another room.
        if before is None or not self.isVisible() or self.heightForWidth(self.width()) != before:
            self.updateGeometry()
        self.update()

    # its room ---------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        if not self._wrapped:
            self._document.setTextWidth(-1)
            size = self._document.size()
            return QSize(ceil(size.width()), ceil(size.height()))
        width = max(self.width(), NARROWEST)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST if self._wrapped else 1, self.fontMetrics().height())

    def hasHeightForWidth(self) -> bool:
        return self._wrapped

    def heightForWidth(self, arg__1: int) -> int:
        if not self._wrapped:
            return -1
        if arg__1 not in self._heights:
            self._document.setTextWidth(arg__1)
            self._heights[arg__1] = ceil(self._document.size().height())
        return self._heights[arg__1]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != self.width():
            # Layouts remember the heights of earlier words.
            self.updateGeometry()

    # its looks --------------------------------------------------------------------------------

    def paintEvent(self, arg__1: QPaintEvent) -> None:
        painter, context = QPainter(self), QAbstractTextDocumentLayout.PaintContext()
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Text, palette.color(self.foregroundRole()))
        context.palette = palette  # pyright: ignore[reportAttributeAccessIssue]
        if self._cursor.hasSelection():
            chosen = QAbstractTextDocumentLayout.Selection()
            chosen.cursor = self._cursor  # pyright: ignore[reportAttributeAccessIssue]
            chosen.format.setBackground(palette.highlight())  # pyright: ignore
            chosen.format.setForeground(palette.highlightedText())  # pyright: ignore
            context.selections = [chosen]  # pyright: ignore[reportAttributeAccessIssue]
        self._document.setTextWidth(self.width() if self._wrapped else -1)
        self._document.documentLayout().draw(painter, context)
        painter.end()

    # selecting --------------------------------------------------------------------------------

    def selectedText(self) -> str:
        return self._cursor.selection().toPlainText()

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        if ev.button() == Qt.MouseButton.LeftButton:
            self._go(ev.position(), bool(ev.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        if ev.buttons() & Qt.MouseButton.LeftButton:
            self._go(ev.position(), True)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        self.update()

    def focusOutEvent(self, ev: QFocusEvent) -> None:
        super().focusOutEvent(ev)
        if ev.reason() != Qt.FocusReason.PopupFocusReason:
            self._cursor.clearSelection()
            self.update()

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        if ev.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif ev.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        else:
            super().keyPressEvent(ev)

    def contextMenuEvent(self, ev: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy", self.copy).setEnabled(self._cursor.hasSelection())
        menu.addAction("Select all", self.select_all)
        menu.popup(ev.globalPos())

    def copy(self) -> None:
        """Put what is selected on the clipboard."""
        if self._cursor.hasSelection():
            QGuiApplication.clipboard().setText(self.selectedText())

    def select_all(self) -> None:
        """Select every word."""
        self._cursor.select(QTextCursor.SelectionType.Document)
        self.update()

    def _go(self, place: QPointF, extend: bool) -> None:
        mode = QTextCursor.MoveMode
        at = self._document.documentLayout().hitTest(place, Qt.HitTestAccuracy.FuzzyHit)
        self._cursor.setPosition(at, mode.KeepAnchor if extend else mode.MoveAnchor)
        self.update()
