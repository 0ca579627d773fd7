"""The gradient of a node as a sum over paths: how many there are, and what each brings."""

from itertools import islice

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gradviz.explain import Path, PathProduct, Paths, path_product, path_sum, path_text
from gradviz.explain.paths import count_text

from ..editor import Editor
from ..theme import current, qcolor, source, ui_font, value_font
from ..widgets import column, text
from .backward_story import Shown, Story
from .backward_tabs import NodePage
from .backward_words import FormulaLines
from .inspector_parts import Section

MOST_LISTED = 60
ROW = 42
MOST_ROWS = 6
SIZES = (15.0, 13.0, 11.5)
PRODUCT = Qt.ItemDataRole.UserRole


class PathRows(QStyledItemDelegate):
    """The way on one line, what it brings on the next."""

    def sizeHint(self, option: QStyleOptionViewItem, index) -> QSize:
        return QSize(100, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index) -> None:
        product: PathProduct = index.data(PRODUCT)
        theme, room = current(), option.rect.adjusted(14, 4, -14, -4)
        painter.save()
        if option.state & option.state.State_Selected:
            painter.fillRect(option.rect, qcolor(theme.gchip))
        elif option.state & option.state.State_MouseOver:
            painter.fillRect(option.rect, qcolor(theme.hover))
        for font, colour, place, words in (
            (ui_font(12, QFont.Weight.Medium), theme.ink, Qt.AlignmentFlag.AlignTop, index.data()),
            (value_font(11), theme.grad, Qt.AlignmentFlag.AlignBottom, product.text),
        ):
            painter.setFont(font)
            painter.setPen(qcolor(colour))
            metrics = QFontMetricsF(font)
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, room.width())
            painter.drawText(room, place | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()


class PathsPage(NodePage):
    """The paths from the output back to a node; the chosen one is shown on the canvas."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._story = Story.of(editor)
        self.count = text("", "plain", 13)
        self.count.setWordWrap(True)
        self.hidden = text("", "mute", 12)
        self.hidden.setWordWrap(True)
        self.list = QListWidget()
        self.list.setItemDelegate(PathRows(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.list.setAccessibleName("Paths")
        self.product = FormulaLines(SIZES)
        self.sum = FormulaLines(SIZES)
        self._product_part = Section("Along this path", self.product)
        self._sum_part = Section("Over all paths", self.sum)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(column(self.count, self.hidden, spacing=4, margins=(14, 12, 14, 8)))
        for part in (self.list, self._product_part, self._sum_part):
            layout.addWidget(part)
        self.list.currentRowChanged.connect(self._choose)
        source().changed.connect(self.list.viewport().update)

    def tell(self, shown: Shown) -> None:
        """List the paths to that node."""
        walk = self._story.walk
        found = None
        if walk is not None:
            found = path_sum(self._editor.evaluation, walk, shown.node.id)
        self.list.blockSignals(True)
        self.list.clear()
        if walk is not None and found is not None:
            listed = [p.path for p in found.products]
            if not listed:
                listed = list(islice(Paths(walk).between(shown.node.id), MOST_LISTED))
            self._fill(listed)
            self.count.setText(found.text if shown.known else waiting_text(found.count))
            more = found.count - len(listed)
            self.hidden.setText(f"The {len(listed)} shortest are listed." if more > 0 else "")
            self.sum.tell((found.formula,) if shown.known else ())
        self.list.blockSignals(False)
        self.hidden.setVisible(bool(self.hidden.text()))
        self.list.setVisible(self.list.count() > 0)
        self.list.setFixedHeight(ROW * min(MOST_ROWS, self.list.count()) + 4)
        self._sum_part.setVisible(shown.known and found is not None)
        self._choose(-1)

    def rest(self) -> None:
        """Nobody looks: no path is pointed at."""
        self._editor.spotlight.show_path(())

    def _fill(self, paths: list[Path]) -> None:
        walk, evaluation = self._story.walk, self._editor.evaluation
        assert walk is not None, "asked only where a pass reaches the node"
        for path in paths:
            item = QListWidgetItem(path_text(evaluation.graph, path))
            product = path_product(evaluation, walk, path)
            item.setData(PRODUCT, product)
            item.setToolTip(f"{item.text()}\n{product.text}")
            self.list.addItem(item)

    def _choose(self, row: int) -> None:
        item = self.list.item(row) if row >= 0 else None
        product: PathProduct | None = None if item is None else item.data(PRODUCT)
        self._product_part.setVisible(product is not None)
        self.product.tell(() if product is None else (product.formula,))
        self._editor.spotlight.show_path(() if product is None else product.path.wires)


def waiting_text(count: int) -> str:
    """What is said before the gradient is known: how many paths, not what they bring."""
    ways = "one path leads" if count == 1 else f"{count_text(count)} paths lead"
    return f"{ways[0].upper()}{ways[1:]} here; what they bring is known at this node’s step."
