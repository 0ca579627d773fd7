"""The ledger of a step as a table: upstream × local = contribution, a row for each input."""

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from gradviz.explain import LedgerRow, amount
from gradviz.explain.sentences import axes_text
from gradviz.ops.spec import Array

from ..fonts import value_font
from ..numbers import full, shape_text, short
from ..widgets import ElidedLabel, text
from .figure_table import Cell, Figure, FigureTable, Row

HEADS = ("", "upstream", "× local", "= contribution")
CELL_ELEMENTS = 3
"""The most elements that a cell writes out; of more it says the shape."""
LONGEST = 14
"""How long such a list is at most: a cell has no more room."""
MOST_ROWS = 40
"""The most inputs listed: a thousand rows would hold up each step."""


def cell_text(value: Array) -> str:
    """A number, a few numbers, or a shape."""
    if np.size(value) == 1:
        return short(np.asarray(value).item())
    words = amount(value) if np.size(value) <= CELL_ELEMENTS else ""
    return words if 0 < len(words) <= LONGEST else shape_text(np.shape(value))


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


def figure(
    words: str, role: str, tip: str = "", strong: bool = False, value: Array | None = None
) -> Figure:
    """A cell of words, with the whole of them or every digit as its tooltip."""
    return Figure(Cell(words, role, tip, strong, value))


def number(value: Array, role: str, strong: bool = False) -> Figure:
    """A cell of a number or a tensor in short, which can be copied with every digit."""
    return Figure(number_cell(value, role, strong))


def number_cell(value: Array, role: str, strong: bool = False) -> Cell:
    """What such a cell says."""
    return Cell(cell_text(value), role, tip_text(value), strong, value)


def heading(words: str) -> QLabel:
    """A muted word over a column of numbers."""
    label = text(words, "mute", 11)
    label.setAlignment(Qt.AlignmentFlag.AlignRight)
    return label


def input_name() -> QLabel:
    """The name of an input, which gives way where the panel is narrow."""
    label = ElidedLabel()
    label.setFont(value_font(12))
    return label


class LedgerTable(FigureTable):
    """A row for each input of the node; what needs no gradient is muted and says so."""

    def __init__(self) -> None:
        super().__init__(input_name, (0, 1, 1, 1), [heading(words) for words in HEADS])

    def tell(self, rows: Iterable[LedgerRow], known: bool = True) -> None:
        """Show these rows; unless ``known`` the numbers are dots still."""
        listed = [row for row in rows if row.source is not None]
        lines: list[Row] = []
        for row in listed[:MOST_ROWS]:
            lines.append(Row(row.name, cells_of(row, known), "plain" if row.needed else "mute"))
            if row.summed_axes and known:
                lines.append(Row("", (Cell(summed_text(row)),), wide=True))
        if len(listed) > MOST_ROWS:
            more = f"and {len(listed) - MOST_ROWS} more inputs"
            lines.append(Row("", (Cell(more),), wide=True))
        self.show_rows(lines)


def cells_of(row: LedgerRow, known: bool) -> tuple[Cell, ...]:
    """What arrives for an input, its local derivative and what is sent to it."""
    waiting = Cell("· · ·", "gradient")
    upstream = number_cell(row.upstream, "gradient") if known else waiting
    if not row.needed:
        return upstream, Cell(""), Cell("not needed")
    local = Cell("by rule", tip="Not element by element: see the formula")
    if row.local is not None:
        local = number_cell(row.local, "value")
    return upstream, local, number_cell(row.sent, "gradient", strong=True) if known else waiting
