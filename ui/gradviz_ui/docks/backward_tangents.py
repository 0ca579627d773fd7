"""A node's tangent in full: slope × tangent for each input, and reverse mode beside forward."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from gradviz.explain import Explanation, explain_tangents
from gradviz.explain.model import TangentRow
from gradviz.explain.tangents import agreement, passes
from gradviz.graph import Node
from gradviz.graph.forward_mode import ForwardPass, costs

from ..editor import Editor
from ..numbers import full, short
from ..widgets import column, empty, text
from .backward_ledger import Figure, figure, number
from .backward_story import Story
from .backward_words import FormulaLines
from .inspector_parts import Section

SIZES = (15.0, 13.5, 12.0)
MOST_ROWS = 40
HEADINGS = ("", "slope", "× tangent", "= term")


class Table(QWidget):
    """Cells in rows; the first column holds names."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(7)

    def fill(self, lines: list[tuple[QWidget, ...]]) -> None:
        """Show these cells in place of those before."""
        empty(self._grid)
        for line, cells in enumerate(lines):
            for place, cell in enumerate(cells):
                self._grid.setColumnStretch(place, 1)
                self._grid.addWidget(cell, line, place)

    def words(self) -> list[list[str]]:
        """The table as it reads."""
        found: list[list[str]] = []
        for line in range(self._grid.rowCount()):
            items = [self._grid.itemAtPosition(line, p) for p in range(self._grid.columnCount())]
            cells = [item.widget() for item in items if item is not None]
            if cells:
                found.append([str(cell.property("text")) for cell in cells if cell is not None])
        return found


class TangentsPage(QWidget):
    """What goes into a node's tangent, the formula, and both modes beside each other."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._story = Story.of(editor)
        self.table, self.modes = Table(), Table()
        self.formula = FormulaLines(SIZES)
        self.verdict = text("", "mute", 12)
        self.verdict.setWordWrap(True)
        self._terms = Section("What goes in", self.table)
        self._equation = Section("Tangent", self.formula)
        self._both = Section("Beside reverse mode", column(self.modes, self.verdict, spacing=8))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (self._terms, self._equation, self._both):
            layout.addWidget(part)

    def tell(self, node: Node) -> None:
        """Show that node's step, where it was taken, and what both modes say of the output."""
        found, moment = self._story.track, self._editor.moment
        told: Explanation | None = None
        if isinstance(found, ForwardPass):
            own = found.moment_of(node.id)
            if own is not None and own <= moment:
                told = explain_tangents(self._editor.evaluation, found, own)
            self._compare(found)
        rows = () if told is None else told.tangents
        self.table.fill(self._lines(rows) if rows else [])
        self._terms.setHidden(not rows)
        formulas = () if told is None else told.formulas
        self._equation.setHidden(not formulas)
        self.formula.tell(formulas)

    def _lines(self, rows: tuple[TangentRow, ...]) -> list[tuple[QWidget, ...]]:
        lines: list[tuple[QWidget, ...]] = [tuple(heading(words) for words in HEADINGS)]
        for row in rows[:MOST_ROWS]:
            many = "A tensor of slopes between all elements: see the Jacobian of this node"
            slope = (
                figure("Jacobian", "mute", many)
                if row.slope is None
                else number(row.slope, "value")
            )
            lines.append((
                text(row.name, figures=True), slope, number(row.tangent, "tangent"),
                number(row.term, "tangent", strong=True),
            ))  # fmt: skip
        if len(rows) > MOST_ROWS:
            lines.append((text(f"{len(rows) - MOST_ROWS} more", "mute", 12),))
        return lines

    def _compare(self, found: ForwardPass) -> None:
        walk, evaluation = self._editor.walk, self._editor.evaluation
        self._both.setHidden(walk is None)
        if walk is None:
            return
        told, name = agreement(found, walk), evaluation.graph.node(walk.output).name
        reached = (found.moment_of(walk.output) or 0) <= self._editor.moment
        forward, reverse = costs(evaluation, walk.output)
        slope = digits(told.forward, "tangent") if reached else figure("· · ·", "mute")
        self.modes.fill([
            (heading(""), heading("forward mode"), heading("reverse mode")),
            (text(f"slope of {name}", "mute", 12), slope, digits(told.reverse, "gradient")),
            (text("all slopes", "mute", 12), plain(passes(forward.passes)),
             plain(passes(reverse.passes))),
            (text("node visits", "mute", 12), plain(f"{forward.steps:,}"),
             plain(f"{reverse.steps:,}")),
        ])  # fmt: skip
        same = "The same number, found from either end." if told.agree else (
            f"Not the same: they differ by {short(told.forward - told.reverse)}."
        )  # fmt: skip
        waiting = "Forward mode has not come to the output yet; reverse mode’s number is gradient"
        self.verdict.setText(same if reached else f"{waiting} · direction.")


def heading(words: str) -> QWidget:
    """A muted word over a column of numbers."""
    label = text(words, "mute", 11)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label


def plain(words: str) -> Figure:
    """A count at the right of its cell."""
    return figure(words, "plain")


def digits(value: float, role: str) -> Figure:
    """A number in short, every digit as its tooltip."""
    return figure(short(value), role, full(value))
