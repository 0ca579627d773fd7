"""Operation search at the cursor: type a name, a symbol or a number, and Enter adds it."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
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

from gradviz.ops.spec import Op
from gradviz.ops.table import OPS

from ..additions import Addition, fits
from ..matching import match_score
from ..numbers import MINUS, short
from ..theme import current, qcolor, source, ui_font
from .painting import mark_font

WIDTH = 316
ROW = 40
ROWS = 7
MOST = 40
TYPED = {"*": "×", "/": "÷", "-": "−", "**": "xⁿ"}
"""The symbols of the keyboard for those that operations have."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be added: an operation, or a leaf with a value of its own."""

    op: str
    title: str
    doc: str
    mark: str
    category: str
    parameter: bool = False
    value: float | None = None
    key: str = ""
    """What it is where it is no single operation: see `gradviz_ui.additions`."""


PARAMETER = Choice(
    "tensor", "parameter", "A number with a slider that requires a gradient.", "θ", "leaf", True
)
CONSTANT = Choice("tensor", "constant", "A number that needs no gradient.", "c", "const")


def of_op(op: Op) -> Choice:
    """An operation of the table."""
    return Choice(op.name, op.name, op.doc, op.symbol, op.category)


def of_addition(addition: Addition) -> Choice:
    """A layer, or a group that was kept."""
    a = addition
    return Choice("", a.name, a.doc, a.symbol, a.category, key=a.key)


def choices(typed: str, inputs_only: bool = False, more: Iterable[Addition] = ()) -> list[Choice]:
    """What fits the text typed, the best first. ``inputs_only``: what has an input to wire.

    ``more`` is what may be added besides operations.
    """
    number = number_typed(typed)
    if number is not None:
        text = short(number)
        leaves = [
            Choice("tensor", f"constant {text}", CONSTANT.doc, "c", "const", value=number),
            Choice("tensor", f"parameter {text}", PARAMETER.doc, "θ", "leaf", True, number),
        ]
        return [] if inputs_only else leaves
    scored = [(score(typed, op), -place, of_op(op)) for place, op in enumerate(OPS.values())
              if op.addable and op.name != "tensor" and (op.ports or not inputs_only)]  # fmt: skip
    if not inputs_only:
        scored += [(leaf_score(typed, c), 1, c) for c in (PARAMETER, CONSTANT)]
    if typed.strip():
        scored += [(fits(typed, a), -len(scored), of_addition(a)) for a in more]
    fitting = [entry for entry in scored if entry[0] > 0]
    ranked = sorted(fitting, key=lambda entry: (entry[0], entry[1]), reverse=True)
    return [choice for _, _, choice in ranked[:MOST]]


def number_typed(typed: str) -> float | None:
    """The number that was typed, or None where it is something else."""
    try:
        value = float(typed.strip().replace(MINUS, "-").replace("_", "?"))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def score(typed: str, op: Op) -> int:
    """How well an operation fits: its name before its aliases, symbol, family and description."""
    wanted = typed.strip().casefold()
    wanted = TYPED.get(wanted, wanted)
    if not wanted:
        return 1
    if wanted in (op.symbol.casefold(), op.name.casefold()):
        return 5000
    if wanted in op.aliases:
        return 4000
    named = 2 * match_score(wanted, op.name)
    alias = max((match_score(wanted, a) for a in op.aliases), default=0)
    family = match_score(wanted, op.family) // 4
    described = 40 if wanted in op.doc.casefold() else 0
    return max(named, alias, family, described)


def leaf_score(typed: str, leaf: Choice) -> int:
    """How well a leaf fits; with nothing typed leaves come first."""
    wanted = typed.strip()
    return 2 * match_score(wanted, leaf.title) if wanted else 2


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
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, choice.title)
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

    def __init__(self, parent: QWidget, more: Callable[[], Iterable[Addition]]) -> None:
        """`more` gives what may be added besides operations."""
        super().__init__(parent)
        self._ground, self._inputs_only, self._more = parent, False, more
        self.setObjectName("search")
        self.field = QLineEdit()
        self.field.setPlaceholderText("Operation, layer, symbol or number")
        self.field.setAccessibleName("Search operations")
        self.results = QListWidget()
        self.results.setAccessibleName("What fits")
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.setItemDelegate(_Row(self.results))
        self.results.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.results.setFrameShape(QFrame.Shape.NoFrame)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.field)
        layout.addWidget(self.results)
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

    def open_at(self, place: QPoint, inputs_only: bool = False) -> None:
        """Open near a point of the parent, within its bounds."""
        self._inputs_only = inputs_only
        room = self._ground.rect().adjusted(6, 6, -6, -6)
        wanted = self.field.sizeHint().height() + ROW * ROWS + 24
        self.resize(min(WIDTH, room.width()), min(wanted, room.height()))
        left = min(place.x(), room.right() - self.width())
        top = min(place.y(), room.bottom() - self.height())
        self.move(max(room.left(), left), max(room.top(), top))
        self.field.clear()
        self._search("")
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _search(self, typed: str) -> None:
        self.results.clear()
        for choice in choices(typed, self._inputs_only, self._more()):
            item = QListWidgetItem(choice.title)
            item.setData(Qt.ItemDataRole.UserRole, choice)
            self.results.addItem(item)
        self.results.setCurrentRow(0)

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
