"""Search at the cursor: type a name, a symbol, a number or a formula, and Enter adds it."""

from collections import Counter

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gradviz.graph import GraphError
from gradviz.program import FormulaError

from ..additions import additions
from ..editor import Editor
from ..theme import current, qcolor, source, ui_font
from ..widgets import text
from .choices import Choice, Situation, choices, number_typed
from .connecting import Plug, value_of
from .expressions import expression, gone_on_from, looks_typed
from .floating import lie_at, room_over
from .painting import mark_font

WIDTH = 316
ROW = 40
ROWS = 7
EDGE = 8


class _Row(QStyledItemDelegate):
    """One result: glyph, name, description."""

    def sizeHint(self, option: QStyleOptionViewItem, index) -> QSize:
        return QSize(WIDTH - 20, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index) -> None:
        choice: Choice = index.data(Qt.ItemDataRole.UserRole)
        theme = current()
        area: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if option.state & QStyle.StateFlag.State_Selected:  # pyright: ignore[reportAttributeAccessIssue]
            painter.setBrush(qcolor(theme.chip))
            painter.drawRoundedRect(area.adjusted(2, 1, -2, -1), 6, 6)
        painter.setBrush(qcolor(theme.category(choice.category)))
        square = QRect(area.x() + 10, area.y() + 9, 22, 22)
        painter.drawRoundedRect(square, 5, 5)
        painter.setPen(Qt.GlobalColor.white)
        painter.setFont(mark_font(choice.mark))
        painter.drawText(square, Qt.AlignmentFlag.AlignCenter, choice.mark)
        painter.setPen(qcolor(theme.ink))
        painter.setFont(ui_font(13))
        line = QRect(area.x() + 42, area.y() + 4, area.width() - 50, 17)
        title = painter.fontMetrics().elidedText(
            choice.title, Qt.TextElideMode.ElideRight, line.width()
        )
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, title)
        painter.setPen(qcolor(theme.mute))
        painter.setFont(ui_font(11))
        shown = painter.fontMetrics().elidedText(
            choice.doc, Qt.TextElideMode.ElideRight, line.width()
        )
        painter.drawText(line.translated(0, 16), Qt.AlignmentFlag.AlignVCenter, shown)


class SearchPopup(QFrame):
    """A field and what fits the text in it; lies over the canvas."""

    chosen = Signal(object)
    """A `Choice` was made."""
    turned = Signal()
    """It is open now, or closed."""

    def __init__(self, parent: QWidget, editor: Editor) -> None:
        super().__init__(parent)
        self._ground, self._editor = parent, editor
        self._now, self._pulled = Situation(), None
        self.setObjectName("search")
        self.field = QLineEdit()
        self.field.setPlaceholderText("Operation, layer, number, or x * 2")
        self.field.setAccessibleName("Search operations")
        self.results = QListWidget()
        self.results.setAccessibleName("What fits")
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.setItemDelegate(_Row(self.results))
        self.results.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.results.setFrameShape(QFrame.Shape.NoFrame)
        self.said = text("", "mute", 12)
        self.said.setWordWrap(True)
        self.said.setContentsMargins(6, 2, 6, 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        layout.setSpacing(6)
        for part in (self.field, self.results, self.said):
            layout.addWidget(part)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.results.itemClicked.connect(lambda _item: self._choose())
        source().changed.connect(self._dress)
        self._dress()
        self.hide()

    def _dress(self) -> None:
        theme = current()
        self.setStyleSheet(
            f"#search {{ background: {theme.panel}; border: 1px solid {theme.line};"
            " border-radius: 10px; }"
            f"QListWidget {{ background: {theme.panel}; }}"
        )

    def open_at(self, place: QPoint, pulled: Plug | None = None) -> None:
        """Open near a point of the parent, within its bounds.

        ``pulled`` is the port whose wire was let go there, or the output that a wire comes from.
        """
        self._pulled = pulled
        self._now = Situation(
            inputs_only=pulled is not None and pulled.output,
            feeding=pulled is not None and not pulled.output,
            pulled=value_of(self._editor, pulled),
            used=Counter(node.op for node in self._editor.graph.nodes.values()),
            taken=self._editor.graph.ids_by_name,
        )
        room = room_over(self._ground)
        self.resize(min(WIDTH, room.width()), min(self._height(ROWS), room.height()))
        lie_at(self, self._ground, place)
        self.field.clear()
        self._search("")
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _height(self, rows: int) -> int:
        return self.field.sizeHint().height() + ROW * rows + 3 * EDGE

    def _search(self, typed: str) -> None:
        found = choices(typed, self._now, additions(self._editor.library))
        said = nothing(typed, self._now.inputs_only)
        if looks_typed(typed) and number_typed(typed) is None:
            try:
                plug = gone_on_from(self._editor, typed, self._pulled)
                found.insert(0, expression(self._editor.graph, typed, plug))
            except (FormulaError, GraphError) as problem:
                said = f"As a formula: {problem}."
        self.results.clear()
        for choice in found:
            item = QListWidgetItem(choice.title)
            item.setData(Qt.ItemDataRole.UserRole, choice)
            self.results.addItem(item)
        self.results.setCurrentRow(0)
        self.results.setVisible(bool(found))
        self.said.setVisible(not found)
        self.said.setText("" if found else said)
        self._fit(len(found))

    def _fit(self, rows: int) -> None:
        """Be as high as what fits, or what is said; the top stays where it is."""
        wide = self.width() - 2 * EDGE
        said = self.field.sizeHint().height() + self.said.heightForWidth(wide) + 3 * EDGE
        wanted = self._height(min(rows, ROWS)) if rows else said
        self.resize(self.width(), min(wanted, room_over(self._ground).bottom() + 1 - self.y()))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.turned.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.turned.emit()

    def _choose(self) -> None:
        item = self.results.currentItem()
        if item is not None:
            choice = item.data(Qt.ItemDataRole.UserRole)
            self.close()
            self.chosen.emit(choice)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.close()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(Qt.Key(event.key()))
        return False

    def _key(self, key: Qt.Key) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1,
                 Qt.Key.Key_PageDown: ROWS, Qt.Key.Key_PageUp: -ROWS}  # fmt: skip
        if key in steps:
            row = self.results.currentRow() + steps[key]
            self.results.setCurrentRow(min(max(row, 0), self.results.count() - 1))
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose()
            return True
        if key == Qt.Key.Key_Escape:
            self.close()
            self._ground.setFocus()
            return True
        return key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


def nothing(typed: str, inputs_only: bool) -> str:
    """What is said where nothing fits."""
    if inputs_only and number_typed(typed) is not None:
        return "A number reads nothing; * 2 goes on from the wire."
    return f"Nothing is called “{typed.strip()}”. A formula such as x * 2 makes its nodes."
