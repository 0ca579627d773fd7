"""The library: operations, layers and kept groups, to search, drag onto the canvas or add."""

from PySide6.QtCore import QByteArray, QEvent, QMimeData, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAction, QDrag, QFont, QKeyEvent, QPainter, QShowEvent
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

from ..additions import KEPT, Addition, additions, kept_of
from ..editor import Editor
from ..icons import keep_icon
from ..theme import current, qcolor, source, ui_font
from ..widgets import FocusFrame, text
from .glyph import paint_glyph
from .kept_groups import kept_menu
from .operations import Entry, families, key_of

MIME = "application/x-gradviz-op"
OP = Qt.ItemDataRole.UserRole
ROW, HEADING = 32, 34


class LibraryPanel(QWidget):
    """See the module's text."""

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self._editor = editor
        self._listed: list[str] = []
        self.field = QLineEdit()
        self.field.setPlaceholderText("Search the library")
        self.field.setAccessibleName("Search operations")
        self.field.setClearButtonEnabled(True)
        glass = QAction(self.field)
        keep_icon(glass, "search")
        self.field.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        self.list = OperationList()
        self.none = text("No operation fits these letters.", "mute")
        self.none.setContentsMargins(14, 8, 14, 0)
        self.none.hide()
        top = QWidget()
        line = QVBoxLayout(top)
        line.setContentsMargins(12, 10, 12, 6)
        line.addWidget(self.field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(top)
        layout.addWidget(self.none)
        layout.addWidget(self.list, 1)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._open_menu)
        editor.library.changed.connect(self._show_again)
        editor.library.kept.connect(self.show_kept)
        self.field.textChanged.connect(self._show)
        self.field.installEventFilter(self)
        self.list.itemActivated.connect(self._add)
        source().changed.connect(self.list.viewport().update)
        self._show("")

    def _show(self, typed: str) -> None:
        self.list.clear()
        more = additions(self._editor.library)
        self._listed = [*map(key_of, more)]
        for family in families(typed, more):
            if not typed.strip():
                heading = QListWidgetItem(family.title)
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
                self.list.addItem(heading)
            for entry in family.ops:
                self.list.addItem(entry_item(entry))
        self.none.setVisible(self.list.count() == 0)
        self._mark_first()

    def _mark_first(self) -> None:
        rows = (row for row in range(self.list.count()) if self.list.item(row).data(OP))
        first = next(rows, None)
        if first is not None:
            self.list.setCurrentRow(first)

    def _add(self, item: QListWidgetItem) -> None:
        entry: Entry | None = item.data(OP)
        if entry is not None:
            self._editor.add_wanted.emit(key_of(entry))

    def _show_again(self) -> None:
        """The person's own groups are others now; what was looked at stays in sight."""
        place = self.list.verticalScrollBar().value()
        self._show(self.field.text())
        self.list.verticalScrollBar().setValue(place)

    def showEvent(self, event: QShowEvent) -> None:
        # Another window, or another document's panel, may have kept something meanwhile.
        if [*map(key_of, additions(self._editor.library))] != self._listed:
            self._show_again()
        super().showEvent(event)

    def show_kept(self, name: str) -> None:
        """Bring the row of a kept group into sight."""
        self.field.clear()
        for row in range(self.list.count()):
            entry: Entry | None = self.list.item(row).data(OP)
            if entry is not None and key_of(entry) == f"{KEPT}{name}":
                self.list.setCurrentRow(row)
                top = QListWidget.ScrollHint.PositionAtCenter
                self.list.scrollToItem(self.list.item(row), top)

    def _open_menu(self, place: QPoint) -> None:
        item = self.list.itemAt(place)
        entry: Entry | None = None if item is None else item.data(OP)
        if isinstance(entry, Addition) and kept_of(entry.key) is not None:
            menu = kept_menu(self, self._editor, entry)
            menu.popup(self.list.viewport().mapToGlobal(place))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown,
                               Qt.Key.Key_PageUp):  # fmt: skip
                self.list.setFocus()
                self.list.keyPressEvent(event)
                return True
            item = self.list.currentItem()
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
                self._add(item)
                return True
        return False


def entry_item(entry: Entry) -> QListWidgetItem:
    """A row of the list."""
    item = QListWidgetItem(entry.name)
    item.setData(OP, entry)
    item.setToolTip(f"{entry.public_path}\n{entry.doc}")
    item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, entry.doc)
    return item


class OperationList(QListWidget):
    """Rows to drag: each carries its operation's name."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setDragEnabled(True)
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.setAccessibleName("Operations")
        FocusFrame(self)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_Rows(self))

    def mimeData(self, items) -> QMimeData:
        data = QMimeData()
        entry: Entry = items[0].data(OP)
        data.setData(MIME, QByteArray(key_of(entry).encode()))
        data.setText(entry.name)
        return data

    def startDrag(self, supportedActions: Qt.DropAction) -> None:
        item = self.currentItem()
        if item is not None and item.data(OP) is not None:
            drag = QDrag(self)
            drag.setMimeData(self.mimeData([item]))
            drag.exec(Qt.DropAction.CopyAction)


class _Rows(QStyledItemDelegate):
    """Headings, and operations with their glyph, name and what they do."""

    def sizeHint(self, option: QStyleOptionViewItem, index) -> QSize:
        return QSize(100, ROW if index.data(OP) else HEADING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index) -> None:
        theme, room = current(), QRect(getattr(option, "rect"))  # noqa: B009
        op: Entry | None = index.data(OP)
        if op is None:
            painter.setFont(ui_font(12, QFont.Weight.DemiBold))
            painter.setPen(qcolor(theme.mute))
            painter.drawText(
                room.adjusted(14, 8, -8, 0), Qt.AlignmentFlag.AlignVCenter, index.data()
            )
            return
        state = getattr(option, "state")  # noqa: B009
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(qcolor(theme.chip if chosen else theme.hover))
            painter.drawRoundedRect(room.adjusted(6, 1, -6, -1), 6, 6)
        paint_glyph(painter, room.x() + 14, room.y() + (ROW - 22) // 2, 22, op.symbol, op.category)
        self._words(painter, room.adjusted(46, 0, -14, 0), op)

    def _words(self, painter: QPainter, room: QRect, op: Entry) -> None:
        theme = current()
        broken = isinstance(op, Addition) and bool(op.problem)
        painter.setFont(ui_font(13))
        painter.setPen(qcolor(theme.ink))
        elided = Qt.TextElideMode.ElideRight
        name = painter.fontMetrics().elidedText(op.name, elided, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)
        used = painter.fontMetrics().horizontalAdvance(name) + 10
        painter.setFont(ui_font(12))
        painter.setPen(qcolor(theme.error if broken else theme.mute))
        rest = room.adjusted(used, 0, 0, 0)
        said = painter.fontMetrics().elidedText(
            op.doc.rstrip("."), Qt.TextElideMode.ElideRight, rest.width()
        )
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, said)
