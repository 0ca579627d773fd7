"""A node's tangent in full: slope × tangent for each input, and reverse mode beside forward."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gradviz.explain import Explanation, explain_tangents
from gradviz.explain.model import TangentRow
from gradviz.explain.tangents import agreement, passes
from gradviz.graph import Node, Walk
from gradviz.graph.forward_mode import Cost, ForwardPass, costs

from ..editor import Editor
from ..numbers import full, short
from ..widgets import column, text
from .backward_ledger import heading, number_cell
from .backward_story import Story
from .backward_words import FormulaLines
from .figure_table import Cell, FigureTable, Row
from .inspector_parts import Section

SIZES = (15.0, 13.5, 12.0)
MOST_ROWS = 40
HEADINGS = ("", "slope", "× tangent", "= term")


class TangentsPage(QWidget):
    """What goes into a node's tangent, the formula, and both modes beside each other."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._story = Story.of(editor)
        heads = [heading(words) for words in HEADINGS]
        self.table = FigureTable(lambda: text(figures=True), (1, 1, 1, 1), heads)
        heads = [heading(words) for words in ("", "forward mode", "reverse mode")]
        self.modes = FigureTable(lambda: text("", "mute", 12), (1, 1, 1), heads)
        self.formula = FormulaLines(SIZES)
        self._cost: tuple[Walk, Cost, Cost] | None = None
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
        self.table.show_rows(lines_of(rows))
        self._terms.setHidden(not rows)
        formulas = () if told is None else told.formulas
        self._equation.setHidden(not formulas)
        self.formula.tell(formulas)

    def _compare(self, found: ForwardPass) -> None:
        walk, evaluation = self._editor.walk, self._editor.evaluation
        self._both.setHidden(walk is None)
        if walk is None:
            return
        told, name = agreement(found, walk), evaluation.graph.node(walk.output).name
        reached = (found.moment_of(walk.output) or 0) <= self._editor.moment
        if self._cost is None or self._cost[0] is not walk:
            self._cost = walk, *costs(evaluation, walk.output)
        _, forward, reverse = self._cost
        slope = digits(told.forward, "tangent") if reached else Cell("· · ·")
        self.modes.show_rows((
            Row(f"slope of {name}", (slope, digits(told.reverse, "gradient")), "mute"),
            Row("all slopes", (plain(passes(forward.passes)), plain(passes(reverse.passes))),
                "mute"),
            Row("node visits", (plain(f"{forward.steps:,}"), plain(f"{reverse.steps:,}")), "mute"),
        ))  # fmt: skip
        same = "The same number, found from either end." if told.agree else (
            f"Not the same: they differ by {short(told.forward - told.reverse)}."
        )  # fmt: skip
        waiting = "Forward mode has not come to the output yet; reverse mode’s number is gradient"
        self.verdict.setText(same if reached else f"{waiting} · direction.")


def lines_of(rows: tuple[TangentRow, ...]) -> list[Row]:
    """Slope × tangent = term, for each input that moves."""
    many = "A tensor of slopes between all elements: see the Jacobian of this node"
    lines: list[Row] = []
    for row in rows[:MOST_ROWS]:
        slope = Cell("Jacobian", tip=many)
        if row.slope is not None:
            slope = number_cell(row.slope, "value")
        tangent = number_cell(row.tangent, "tangent")
        term = number_cell(row.term, "tangent", strong=True)
        lines.append(Row(row.name, (slope, tangent, term)))
    if len(rows) > MOST_ROWS:
        lines.append(Row("", (Cell(f"{len(rows) - MOST_ROWS} more"),), wide=True))
    return lines


def plain(words: str) -> Cell:
    """A count."""
    return Cell(words, "plain")


def digits(value: float, role: str) -> Cell:
    """A number in short, every digit as its tooltip."""
    return Cell(short(value), role, full(value))
