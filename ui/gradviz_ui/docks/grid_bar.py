"""Below a leaf's numbers: rows and columns to add and take away, copying, pasting, and why not."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gradviz.ops.spec import Array

from ..grids import (
    GridError,
    as_table,
    numbers_in,
    put_block,
    replaced_by,
    with_line,
    without_lines,
)
from ..widgets import IconButton, ProblemLine, row, text
from .tensor_view import TensorView

Replace = Callable[[Array, str], str]
"""Gives the leaf other elements, with what to call that; the reason where it is refused."""
ROWS, COLUMNS = -2, -1


class GridBar(QWidget):
    """Works on the table of a view, whose array it knows."""

    def __init__(self, view: TensorView, replace: Replace) -> None:
        super().__init__()
        self._view, self._replace = view, replace
        self._array: Array = np.zeros(())
        self.add_row = button("plus", "Add a row below", lambda: self._add(ROWS))
        self.remove_row = button("minus", "Take the marked rows away", lambda: self._remove(ROWS))
        self.add_column = button("plus", "Add a column to the right", lambda: self._add(COLUMNS))
        self.remove_column = button(
            "minus", "Take the marked columns away", lambda: self._remove(COLUMNS)
        )
        self.copy = button("copy", "Copy the marked numbers, or all  (Ctrl+C)", view.table.copy)
        self.paste = button("paste", "Paste numbers from a spreadsheet  (Ctrl+V)", self.paste_text)
        self.problem = ProblemLine(11.5)
        self.line = row(
            text("rows", "mute", 12), self.remove_row, self.add_row,
            text("  columns", "mute", 12), self.remove_column, self.add_column,
            None, self.copy, self.paste, spacing=2,
        )  # fmt: skip
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.line)
        layout.addWidget(self.problem)
        view.table.pasted.connect(self.paste_text)
        view.table.cleared.connect(self._clear)
        view.model.refused.connect(self.say)

    def show_array(self, array: Array) -> None:
        """Work on that array."""
        self._array = array
        table = as_table(array, self._view.slices.at) if array.ndim < 3 else array
        self.remove_row.setEnabled(array.ndim > 1 and table.shape[-2] > 1)
        self.remove_column.setEnabled(array.ndim > 0 and table.shape[-1] > 1)

    def say(self, problem: str) -> None:
        """Say why something was not done; nothing where it was."""
        said = problem[:1].upper() + problem[1:]
        self.problem.say(said + "." if said and not said.endswith(".") else said)

    def _carry_out(self, make: Callable[[], Array], label: str) -> None:
        try:
            self.say(self._replace(make(), label))
        except GridError as problem:
            self.say(str(problem))

    def paste_text(self) -> None:
        """Put the numbers on the clipboard in, from the current cell on, or in place of all."""
        written = QGuiApplication.clipboard().text()
        self._carry_out(lambda: self._pasted(written), "Paste numbers")

    def _pasted(self, written: str) -> Array:
        block, table = numbers_in(written), self._view.table
        if self._array.ndim == 0 or (table.whole and self._array.ndim < 3):
            return replaced_by(self._array, block)
        marked = table.marked() or [(0, 0)]
        first = min(r for r, _ in marked), min(c for _, c in marked)
        return put_block(self._array, block, self._view.slices.at, *first)

    def _clear(self) -> None:
        def zeroed() -> Array:
            made = np.array(self._array)
            for r, c in self._view.table.marked():
                as_table(made, self._view.slices.at)[r, c] = 0
            return made

        self._carry_out(zeroed, "Set numbers to 0")

    def _lines(self, axis: int) -> list[int]:
        marked = self._view.table.marked()
        last = self._array.shape[axis] - 1 if self._array.ndim >= -axis else 0
        return sorted({place[axis] for place in marked}) or [last]

    def _add(self, axis: int) -> None:
        word = "a row" if axis == ROWS else "a column"
        after = self._lines(axis)[-1]
        self._carry_out(lambda: with_line(self._array, axis, after), f"Add {word}")

    def _remove(self, axis: int) -> None:
        lines = self._lines(axis)
        word = "rows" if axis == ROWS else "columns"
        self._carry_out(lambda: without_lines(self._array, axis, lines), f"Take {word} away")


def button(icon: str, name: str, run: Callable[[], object]) -> IconButton:
    """A small button of the bar."""
    made = IconButton(icon, name, size=14)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.clicked.connect(lambda: run())
    return made
