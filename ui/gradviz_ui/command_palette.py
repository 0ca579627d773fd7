"""Every action by name: Ctrl+K, a few letters, Enter."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
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

from .actions import ACTIONS, Action
from .icons import icon_pixmap
from .matching import match_score
from .theme import current, qcolor, source, ui_font, value_font

if TYPE_CHECKING:
    from .main_window import MainWindow

ENTRY = Qt.ItemDataRole.UserRole
WIDTH = 560
ROW = 34
MOST_ROWS = 10


def found(typed: str) -> list[Action]:
    """The actions that fit what was typed, the best first; all of them for nothing."""
    scored = [
        (max(match_score(typed, f"{a.menu} {a.text}"), match_score(typed, a.words) - 8), -i, a)
        for i, a in enumerate(ACTIONS)
        if a.id != "palette"
    ]
    fitting = [entry for entry in scored if entry[0] > 0]
    return [action for *_, action in sorted(fitting, key=lambda entry: entry[:2], reverse=True)]


class _Rows(QStyledItemDelegate):
    """Icon, menu and name at the left, the shortcut at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index) -> QSize:
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index) -> None:
        entry: Action = index.data(ENTRY)
        theme, room = current(), QRect(getattr(option, "rect"))  # noqa: B009
        enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        if getattr(option, "state") & QStyle.StateFlag.State_Selected:  # noqa: B009
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(qcolor(theme.chip))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawRoundedRect(room.adjusted(6, 1, -6, -1), 6, 6)
        inner = room.adjusted(18, 0, -18, 0)
        ink = theme.ink if enabled else theme.faint
        if entry.icon:
            ratio = painter.device().devicePixelRatioF()
            picture = icon_pixmap(entry.icon, 16, theme.mute if enabled else theme.faint, ratio)
            painter.drawPixmap(QPoint(inner.x(), inner.center().y() - 7), picture)
        vertical = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(ui_font(13))
        painter.setPen(qcolor(ink))
        painter.drawText(inner.adjusted(28, 0, 0, 0), vertical, entry.text)
        painter.setPen(qcolor(theme.faint))
        width = painter.fontMetrics().horizontalAdvance(entry.text)
        painter.setFont(ui_font(12))
        painter.drawText(inner.adjusted(28 + width + 10, 0, 0, 0), vertical, entry.menu)
        painter.setFont(value_font(12))
        painter.setPen(qcolor(theme.mute if enabled else theme.faint))
        keys = entry.sequences[0].toString() if entry.keys else ""
        painter.drawText(inner, vertical | Qt.AlignmentFlag.AlignRight, keys)


class CommandPalette(QFrame):
    """A field and a list over the window; it goes when something was chosen or the focus left."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._before: QWidget | None = None
        self.setObjectName("palette")
        self.field = QLineEdit()
        self.field.setFont(ui_font(14))
        self.field.setPlaceholderText("Type what you want to do")
        self.field.setAccessibleName("Command")
        self.list = QListWidget()
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
        self.list.itemEntered.connect(self.list.setCurrentItem)
        self.list.itemClicked.connect(lambda _item: self.choose())
        source().changed.connect(self._dress)
        self._dress()
        self.hide()

    def _dress(self) -> None:
        theme = current()
        self.setStyleSheet(
            f"#palette {{ background: {theme.card}; border: 1px solid {theme.line};"
            " border-radius: 10px; }"
            "QLineEdit { border: none; background: transparent; padding: 4px 16px; }"
            "QListWidget { background: transparent; }"
        )

    def open(self) -> None:
        """Show every action, ready to type."""
        self._before = self._window.focusWidget()
        self.field.clear()
        self._search("")
        self.show()
        self.raise_()
        self.field.setFocus()

    def _search(self, typed: str) -> None:
        self.list.clear()
        for entry in found(typed):
            item = QListWidgetItem(entry.text)
            item.setData(ENTRY, entry)
            if not entry.when(self._window):
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self.list.addItem(item)
        self._move(1, start=-1)
        rows = max(1, min(MOST_ROWS, self.list.count()))
        self.list.setFixedHeight(rows * ROW)
        width = min(WIDTH, self._window.width() - 40)
        self.setGeometry((self._window.width() - width) // 2, 72, width, self.sizeHint().height())

    def _move(self, by: int, start: int | None = None) -> None:
        """Go to the next action that can be done, that way round."""
        count = self.list.count()
        row = self.list.currentRow() if start is None else start
        for _ in range(count):
            row = (row + by) % count
            if self.list.item(row).flags() & Qt.ItemFlag.ItemIsEnabled:
                self.list.setCurrentRow(row)
                return

    def choose(self) -> None:
        """Do the action under the mark."""
        item = self.list.currentItem()
        if item is not None and item.flags() & Qt.ItemFlag.ItemIsEnabled:
            entry: Action = item.data(ENTRY)
            self.leave()
            self._window.actions_by_name.run(entry)

    def leave(self) -> None:
        """Close, and give the focus back."""
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
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
