"""History: every edit of the document since it was opened; a click goes back or forth to it."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QUndoView,
    QVBoxLayout,
    QWidget,
)

from ..editor import Editor
from ..theme import current, qcolor, source, ui_font

ROW = 28


class HistoryPanel(QWidget):
    """See the module's text."""

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self.list = QUndoView(editor.stack)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setEmptyLabel("Opened")
        self.list.setAccessibleName("History")
        self.list.setMouseTracking(True)
        self.list.setItemDelegate(_Rows(self.list))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.addWidget(self.list)
        source().changed.connect(self.list.viewport().update)


class _Rows(QStyledItemDelegate):
    """Edits done in ink, edits taken back faint; amber marks where the document stands."""

    def sizeHint(self, option: QStyleOptionViewItem, index) -> QSize:
        return QSize(100, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index) -> None:
        view = self.parent()
        assert isinstance(view, QUndoView)
        theme, room = current(), QRect(getattr(option, "rect"))  # noqa: B009
        now, row = view.currentIndex().row(), index.row()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if row == now or getattr(option, "state") & QStyle.StateFlag.State_MouseOver:  # noqa: B009
            painter.setBrush(qcolor(theme.achip if row == now else theme.hover))
            painter.drawRoundedRect(room.adjusted(6, 1, -6, -1), 6, 6)
        painter.setBrush(qcolor(theme.act if row == now else theme.track))
        painter.drawEllipse(room.x() + 14, room.center().y() - 3, 7, 7)
        painter.setFont(ui_font(13, QFont.Weight.Medium if row == now else QFont.Weight.Normal))
        painter.setPen(qcolor(theme.faint if row > now else theme.ink))
        words = room.adjusted(32, 0, -12, 0)
        shown = painter.fontMetrics().elidedText(
            index.data(), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown)
