"""A tensor's numbers as a table: what is on the screen is read, never the whole tensor."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemDelegate, QFrame, QTableView, QWidget

from gradviz.ops.spec import Array

from ..grids import text_of
from ..numbers import full, short
from ..theme import current, qcolor, source, value_font
from ..widgets import NotANumberError, NumberRule

Index = QModelIndex | QPersistentModelIndex
ROW, COLUMN, HEAD, AROUND = 26, 78, 32, 13
NARROWEST, MOST_MEASURED = 52, 64
MOST_ROWS = 10
MOST_COPIED = 1_000_000


class TensorModel(QAbstractTableModel):
    """One table of a tensor. `put` carries an edit out; with none it can only be read."""

    refused = Signal(str)
    """What was typed into a cell cannot be taken: why; empty where it was."""

    def __init__(self, role: str, put: Callable[[int, int, float], str] | None = None) -> None:
        super().__init__()
        self._role, self.put = role, put
        self._table: Array = np.zeros((0, 0))

    @property
    def table(self) -> Array:
        """What it shows."""
        return self._table

    def show_table(self, table: Array) -> None:
        """Show other numbers."""
        if table.shape == self._table.shape:
            self._table = table
            self.repaint()
            return
        self.beginResetModel()
        self._table = table
        self.endResetModel()

    def repaint(self) -> None:
        """Have every cell drawn again."""
        rows, columns = self._table.shape
        if rows and columns:
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, columns - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else self._table.shape[0]

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._table.shape[1]

    def flags(self, index: Index) -> Qt.ItemFlag:
        edit = Qt.ItemFlag.ItemIsEditable if self.put else Qt.ItemFlag.NoItemFlags
        return super().flags(index) | edit

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        return str(section) if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        number = self._table[index.row(), index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return short(number)
        if role in (Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole):
            return full(number)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole:
            odd = not np.isfinite(number)
            return qcolor(current().error if odd else getattr(current(), self._role))
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if self.put is None or role != Qt.ItemDataRole.EditRole:
            return False
        try:
            number = NumberRule().parse(str(value))
        except NotANumberError as problem:
            self.refused.emit(str(problem))
            return False
        reason = self.put(index.row(), index.column(), number)
        self.refused.emit(reason)
        return not reason


class TensorTable(QTableView):
    """The table, as high as its rows up to ten; copying gives every digit.

    Of a table that can be edited Enter goes on to the next number.
    """

    pasted = Signal()
    """Somebody wants what is on the clipboard put in."""
    cleared = Signal()
    """Somebody wants the marked numbers to be zero."""

    def __init__(self, model: TensorModel) -> None:
        super().__init__()
        self.numbers = model
        self.setModel(model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(value_font(12))
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setWordWrap(False)
        self.setStyleSheet("QTableView::item { padding: 3px 2px; }")
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        for header, size in ((self.horizontalHeader(), COLUMN), (self.verticalHeader(), ROW)):
            header.setDefaultSectionSize(size)
            header.setMinimumSectionSize(20)
            header.setHighlightSections(False)
            header.setFont(value_font(11))
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight)
        self.horizontalHeader().setFixedHeight(26)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        model.modelReset.connect(self._fit_anew)
        model.dataChanged.connect(self._fit)
        source().changed.connect(model.repaint)

    def _fit_anew(self) -> None:
        self.horizontalHeader().setDefaultSectionSize(NARROWEST)
        self._fit()

    def _fit(self, *_: object) -> None:
        rows, columns = self.numbers.table.shape
        header = self.horizontalHeader()
        # Numbers that move do not make columns narrower again, which would make them dance.
        header.setDefaultSectionSize(max(header.defaultSectionSize(), self._column_width()))
        head = HEAD if rows > MOST_ROWS else HEAD - 10
        self.verticalHeader().setFixedWidth(head)
        wide = columns * header.defaultSectionSize() + head > self.width()
        self.setFixedHeight(min(rows, MOST_ROWS) * ROW + 28 + (12 if wide else 0))

    def _column_width(self) -> int:
        """As wide as the longest of few numbers; of many there is no use in it, they scroll."""
        table = self.numbers.table
        if table.size > MOST_MEASURED:
            return COLUMN
        measure = self.fontMetrics().horizontalAdvance
        return min(COLUMN, max((measure(short(x)) for x in table.flat), default=0) + AROUND)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._fit()

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:
            # Down a matrix, along a vector, as one fills them in.
            here, down = self.currentIndex(), self.numbers.rowCount() > 1
            following = here.siblingAtRow(here.row() + 1) if down else None
            step = following or here.siblingAtColumn(here.column() + 1)
            if step.isValid():
                self.setCurrentIndex(step)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        editable = self.numbers.put is not None
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif editable and event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit()
        elif editable and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    @property
    def whole(self) -> bool:
        """Whether all numbers are marked, or none."""
        marked = self.selectionModel().selectedIndexes()
        return not marked or len(marked) == self.numbers.table.size

    def marked(self) -> list[tuple[int, int]]:
        """Rows and columns of the marked numbers."""
        return [(i.row(), i.column()) for i in self.selectionModel().selectedIndexes()]

    def copy(self) -> None:
        """Put the marked numbers on the clipboard, or all; a row a line, tabs between them."""
        table = self.numbers.table
        ranges = self.selectionModel().selection()
        if not ranges.isEmpty():
            area = ranges.first()
            table = table[area.top() : area.bottom() + 1, area.left() : area.right() + 1]
        if 0 < table.size <= MOST_COPIED:
            QGuiApplication.clipboard().setText(text_of(table))
