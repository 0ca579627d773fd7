"""The ledger of a step as a table: upstream × local = contribution, a row for each input."""

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from gradviz.explain import LedgerRow, amount
from gradviz.explain.sentences import axes_text
from gradviz.ops.spec import Array

from ..copying import offer_copies
from ..fonts import value_font
from ..numbers import full, shape_text, short
from ..widgets import ElidedLabel, empty, text

HEADS = ("", "upstream", "× local", "= contribution")
CELL_ELEMENTS = 3
"""The most elements that a cell writes out; of more it says the shape."""
MOST_ROWS = 40
"""The most inputs listed: a thousand rows would hold up each step."""


def cell_text(value: Array) -> str:
    """A number, a few numbers, or a shape."""
    if np.size(value) == 1:
        return short(np.asarray(value).item())
    return amount(value) if np.size(value) <= CELL_ELEMENTS else shape_text(np.shape(value))


def tip_text(value: Array) -> str:
    """Every digit of a number; of a tensor its shape and the numbers that fit."""
    if np.size(value) == 1:
        return full(np.asarray(value).reshape(-1)[0])
    shown = np.array2string(np.asarray(value), threshold=60, precision=6)
    return f"{shape_text(np.shape(value))}\n{shown}"


def summed_text(row: LedgerRow) -> str:
    """``(4, 3) → (3) summed over axis 0``: how a broadcast input's gradient is made to fit."""
    wide, narrow = shape_text(row.raw_shape), shape_text(np.shape(row.sent))
    return f"{wide} → {narrow} summed over {axes_text(row.summed_axes)}"


class Figure(ElidedLabel):
    """A cell of a table, which gives way where the panel is narrow; every digit can be copied."""

    def __init__(self, words: str, role: str, value: Array | None, strong: bool) -> None:
        super().__init__(words)
        self.value = value
        font = value_font(12)
        font.setBold(strong)
        self.setFont(font)
        self.setProperty("role", role)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_number(self, value: Array) -> None:
        """Show another number in its place."""
        self.value = value
        words = cell_text(value)
        if words != self.text():
            self.setText(words)
        self.setToolTip(tip_text(value))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.value is not None:
            offer_copies(self, event.globalPos(), ("", self.value))
        else:
            super().contextMenuEvent(event)


def figure(
    words: str, role: str, tip: str = "", strong: bool = False, value: Array | None = None
) -> Figure:
    """A cell of words, with the whole of them or every digit as its tooltip."""
    label = Figure(words, role, value, strong)
    label.setToolTip(tip)
    return label


def number(value: Array, role: str, strong: bool = False) -> Figure:
    """A cell of a number or a tensor in short, which can be copied with every digit."""
    return figure(cell_text(value), role, tip_text(value), strong, value)


class LedgerTable(QWidget):
    """A row for each input of the node; what needs no gradient is muted and says so."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(7)
        for column, stretch in enumerate((3, 4, 4, 5)):
            self._grid.setColumnStretch(column, stretch)
        self._form: tuple[object, ...] = ()
        self._numbers: list[Figure] = []

    def tell(self, rows: Iterable[LedgerRow], known: bool = True) -> None:
        """Show these rows; unless ``known`` the numbers are dots still."""
        listed = [row for row in rows if row.source is not None]
        form = (known, len(listed), *map(form_of, listed[:MOST_ROWS]))
        if form != self._form:
            self._form = form
            self._build(listed, known)
        elif known:
            # Making cells anew takes a frame: while values move they only get other numbers.
            values = [value for row in listed[:MOST_ROWS] for value in numbers_of(row)]
            for cell, value in zip(self._numbers, values, strict=True):
                cell.show_number(value)

    def _build(self, listed: list[LedgerRow], known: bool) -> None:
        empty(self._grid)
        for column, head in enumerate(HEADS):
            label = text(head, "mute", 11)
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(label, 0, column)
        line, self._numbers = 1, []
        for row in listed[:MOST_ROWS]:
            for column, cell in enumerate(self._cells(row, known)):
                self._grid.addWidget(cell, line, column)
                if isinstance(cell, Figure) and cell.value is not None:
                    self._numbers.append(cell)
            line += 1
            if row.summed_axes and known:
                self._grid.addWidget(figure(summed_text(row), "mute"), line, 1, 1, 3)
                line += 1
        if len(listed) > MOST_ROWS:
            more = text(f"and {len(listed) - MOST_ROWS} more inputs", "mute", 11)
            self._grid.addWidget(more, line, 0, 1, 4)

    def words(self) -> list[list[str]]:
        """The table as it reads, without its head."""
        lines: list[list[str]] = []
        for line in range(1, self._grid.rowCount()):
            items = [self._grid.itemAtPosition(line, column) for column in range(4)]
            labels = dict.fromkeys(i.widget() for i in items if i is not None)
            found = [w.text() for w in labels if isinstance(w, QLabel)]
            if found:
                lines.append(found)
        return lines

    def _cells(self, row: LedgerRow, known: bool) -> list[QLabel]:
        name = ElidedLabel(row.name)
        name.setFont(value_font(12))
        name.setToolTip(row.name)
        if not row.needed:
            name.setProperty("role", "mute")
        upstream, local = self._factors(row, known)
        if not row.needed:
            return [name, upstream, local, figure("not needed", "mute")]
        if not known:
            return [name, upstream, local, figure("· · ·", "gradient")]
        return [name, upstream, local, number(row.sent, "gradient", strong=True)]

    def _factors(self, row: LedgerRow, known: bool) -> tuple[QLabel, QLabel]:
        upstream = figure("· · ·", "gradient")
        if known:
            upstream = number(row.upstream, "gradient")
        if not row.needed:
            return upstream, figure("", "mute")
        if row.local is None:
            return upstream, figure("by rule", "mute", "Not element by element: see the formula")
        return upstream, number(row.local, "value")


def form_of(row: LedgerRow) -> tuple[object, ...]:
    """What a row of the table is beside its numbers: with the same, only these are others."""
    axes = (row.summed_axes, row.raw_shape, np.shape(row.sent)) if row.summed_axes else ()
    return row.name, row.needed, row.local is None, axes


def numbers_of(row: LedgerRow) -> list[Array]:
    """The numbers of a row, in the order of its cells."""
    if not row.needed:
        return [row.upstream]
    return [value for value in (row.upstream, row.local, row.sent) if value is not None]
