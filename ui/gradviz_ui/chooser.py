"""A field over the window with a list of what fits what is typed: arrows, Return, or a click.

The command palette and the search for nodes are this, each with rows of its own.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QCursor, QKeyEvent, QMouseEvent, QPainter
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

from .icons import icon_pixmap
from .theme import current, qcolor, source, ui_font, value_font

if TYPE_CHECKING:
    from .main_window import MainWindow

ROW = Qt.ItemDataRole.UserRole
ENABLED = Qt.ItemFlag.ItemIsEnabled
WIDTH = 560
HEIGHT = 34
MOST_ROWS = 10


@dataclass(frozen=True, slots=True)
class Row:
    """What can be chosen: its words, fainter ones beside them, and what stands at the right."""

    value: Any
    text: str
    beside: str = ""
    right: str = ""
    icon: str = ""
    enabled: bool = True


class _Rows(QStyledItemDelegate):
    """Icon and words at the left, a figure or a shortcut at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index) -> QSize:
        return QSize(200, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index) -> None:
        row: Row = index.data(ROW)
        theme, room = current(), QRect(getattr(option, "rect"))  # noqa: B009
        if getattr(option, "state") & QStyle.StateFlag.State_Selected:  # noqa: B009
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(qcolor(theme.chip))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawRoundedRect(room.adjusted(6, 1, -6, -1), 6, 6)
        inner, faded = room.adjusted(18, 0, -18, 0), theme.mute if row.enabled else theme.faint
        if row.icon:
            ratio = painter.device().devicePixelRatioF()
            picture = icon_pixmap(row.icon, 16, faded, ratio)
            painter.drawPixmap(QPoint(inner.x(), inner.center().y() - 7), picture)
        vertical = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(value_font(12))
        painter.setPen(qcolor(faded))
        painter.drawText(inner, vertical | Qt.AlignmentFlag.AlignRight, row.right)
        end = painter.fontMetrics().horizontalAdvance(row.right) + 10 if row.right else 0
        painter.setFont(ui_font(13))
        painter.setPen(qcolor(theme.ink if row.enabled else theme.faint))
        words = inner.adjusted(28, 0, -end, 0)
        metrics, elide = painter.fontMetrics(), Qt.TextElideMode.ElideRight
        painter.drawText(words, vertical, metrics.elidedText(row.text, elide, words.width()))
        words.setLeft(words.left() + metrics.horizontalAdvance(row.text) + 10)
        painter.setPen(qcolor(theme.faint))
        painter.setFont(ui_font(12))
        beside = painter.fontMetrics().elidedText(row.beside, elide, max(words.width(), 0))
        painter.drawText(words, vertical, beside)


class Chooser(QFrame):
    """A field and a list over the window; it goes when something was chosen or the focus left.

    Those that inherit say what is offered, and what happens with what was chosen.
    """

    def __init__(self, window: "MainWindow", name: str, hint: str) -> None:
        """`name`: what a screen reader calls the field; `hint`: what stands in it at first."""
        super().__init__(window)
        self._window = window
        self._before: QWidget | None = None
        self._pointer = QCursor.pos()
        self.setObjectName("chooser")
        self.field = QLineEdit()
        self.field.setFont(ui_font(14))
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(name)
        self.list = QListWidget()
        self.list.setAccessibleName("What fits")
        self.list.setItemDelegate(_Rows(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 8, 1, 6)
        layout.setSpacing(6)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        self.field.textEdited.connect(self._search)
        self.field.installEventFilter(self)
        self.list.viewport().installEventFilter(self)
        self.list.itemClicked.connect(lambda _item: self.choose())
        source().changed.connect(self._dress)
        self._dress()
        self.hide()

    def offered(self, typed: str) -> list[Row]:
        """What fits what was typed, the best first."""
        raise NotImplementedError

    def take(self, value: Any) -> None:
        """Do what was chosen."""
        raise NotImplementedError

    def _dress(self) -> None:
        theme = current()
        self.setStyleSheet(
            f"#chooser {{ background: {theme.card}; border: 1px solid {theme.line};"
            " border-radius: 10px; }"
            "QLineEdit { border: none; background: transparent; padding: 4px 16px; }"
            "QListWidget { background: transparent; }"
        )

    def open(self, typed: str = "") -> None:
        """Show what is offered, ready to type."""
        self._before = self._window.focusWidget()
        self._pointer = QCursor.pos()
        self.field.setText(typed)
        self.field.selectAll()
        self._search(typed)
        self.show()
        self.raise_()
        self.field.setFocus()

    def _search(self, typed: str) -> None:
        self.list.clear()
        nothing = Row(None, f"Nothing fits “{typed.strip()}”", enabled=False)
        for row in self.offered(typed) or [nothing]:
            item = QListWidgetItem(row.text)
            item.setData(ROW, row)
            if not row.enabled:
                item.setFlags(item.flags() & ~ENABLED)
            self.list.addItem(item)
        self._move(1, start=-1)
        rows = max(1, min(MOST_ROWS, self.list.count()))
        self.list.setFixedHeight(rows * HEIGHT)
        width = min(WIDTH, self._window.width() - 40)
        self.setGeometry((self._window.width() - width) // 2, 72, width, self.sizeHint().height())

    def _move(self, by: int, start: int | None = None) -> None:
        """Go to the next row that can be chosen, that way round."""
        count = self.list.count()
        row = self.list.currentRow() if start is None else start
        for _ in range(count):
            row = (row + by) % count
            if self.list.item(row).flags() & ENABLED:
                self.list.setCurrentRow(row)
                return

    def choose(self) -> None:
        """Do what is under the mark."""
        item = self.list.currentItem()
        if item is not None and item.flags() & ENABLED:
            row: Row = item.data(ROW)
            self.leave()
            self.take(row.value)

    def leave(self) -> None:
        """Close, and give the focus back."""
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()

    def _follow(self, event: QMouseEvent) -> None:
        """Mark the row under the pointer where that was moved, not where rows came under it."""
        place, item = event.globalPosition().toPoint(), self.list.itemAt(event.position().toPoint())
        if place != self._pointer and item is not None and item.flags() & ENABLED:
            self.list.setCurrentItem(item)
        self._pointer = place

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.list.viewport():
            if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
                self._follow(event)
            return False
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event.key())
        return False

    def _key(self, key: int) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose()
        elif key == Qt.Key.Key_Escape:
            self.leave()
        elif key in steps:
            self._move(steps[Qt.Key(key)])
        else:
            return False
        return True
