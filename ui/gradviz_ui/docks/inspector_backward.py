"""The inspector's part in Backward: the local derivatives of the step, and what it sends where."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from gradviz.explain import LedgerRow
from gradviz.ops.spec import Array

from ..editor import Editor
from ..formulas import FormulaError, FormulaLabel
from ..numbers import full, shape_text, short
from ..widgets import ElidedLabel, column, text
from ..widgets.plain import Role
from .backward_story import Story
from .inspector_parts import Section

HEADS = ("", "upstream", "× local", "= contribution")


def figure(array: Array | None) -> tuple[str, str]:
    """A number, or a tensor's shape, and all its digits; nothing for None."""
    if array is None:
        return "", ""
    if array.size == 1:
        number = array.reshape(-1)[0]
        return short(number), full(number)
    return shape_text(array.shape), ""


class StepSections(QWidget):
    """Shown under the node of the step just taken; hidden under any other."""

    def __init__(self, editor: Editor, node_id: str) -> None:
        super().__init__()
        self._editor, self._node_id = editor, node_id
        self._story = Story.of(editor)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._shown: tuple[LedgerRow, ...] | None = None
        self.refresh()

    def refresh(self) -> None:
        """Show the step as it is now."""
        step = self._editor.step if self._story.told else None
        told = self._story.explanation if step is not None else None
        here = told is not None and step is not None and step.node == self._node_id
        rows = told.rows if told is not None and here else ()
        self.setVisible(bool(rows))
        if rows is not self._shown:
            self._shown = rows
            self._fill(rows)

    def _fill(self, rows: tuple[LedgerRow, ...]) -> None:
        while (item := self._layout.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        formulas = [part for row in rows if (part := local_formula(row)) is not None]
        if formulas:
            self._layout.addWidget(Section("Local derivative", *formulas))
        if rows:
            self._layout.addWidget(Section("Gradient arriving, gradient leaving", ledger(rows)))


def local_formula(row: LedgerRow) -> QWidget | None:
    """The local derivative of an input as an equation."""
    if not row.local_formula:
        return None
    try:
        return FormulaLabel(row.local_formula, 16)
    except FormulaError:
        return text(row.local_formula, "mute", figures=True)


def ledger(rows: tuple[LedgerRow, ...]) -> QWidget:
    """Upstream times local is the contribution, an input a line; below a line how sums stand."""
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(6)
    for place, head in enumerate(HEADS):
        grid.addWidget(text(head, "mute"), 0, place, Qt.AlignmentFlag.AlignRight)
    notes: list[QWidget] = []
    for line, entry in enumerate(rows, 1):
        name = ElidedLabel(entry.name)
        name.setFont(text("", figures=True).font())
        name.setMaximumWidth(96)
        grid.addWidget(name, line, 0)
        for place, cell in enumerate(cells(entry), 1):
            grid.addWidget(cell, line, place, Qt.AlignmentFlag.AlignRight)
        notes.extend(sum_notes(entry))
    grid.setColumnStretch(0, 1)
    return column(table, *notes, spacing=8)


def cells(row: LedgerRow) -> list[QWidget]:
    """The three figures of a line."""
    found: list[QWidget] = []
    roles: tuple[Role, ...] = ("gradient", "value", "gradient")
    for array, role in zip((row.upstream, row.local, row.contribution), roles, strict=True):
        words, digits = figure(array)
        found.append(text(words, role, figures=True))
        found[-1].setToolTip(digits)
    if not row.needed:
        found[-1] = text("not needed", "mute")
    return found


def sum_notes(row: LedgerRow) -> list[QWidget]:
    """What is added up for an input, in words: broadcast dimensions, and terms of a fan-out."""
    found: list[str] = []
    if row.summed_axes:
        axes = ", ".join(str(axis) for axis in row.summed_axes)
        found.append(f"{row.name} was broadcast: its gradient is summed over axis {axes}.")
    if row.terms > 1 and row.accumulated is not None:
        so_far, _ = figure(row.accumulated)
        found.append(f"Term {row.term} of {row.terms} for {row.name}; the sum so far: {so_far}")
    if row.kink:
        found.append(row.kink)
    notes: list[QWidget] = []
    for words in found:
        note = text(words, "mute")
        note.setWordWrap(True)
        notes.append(note)
    return notes
