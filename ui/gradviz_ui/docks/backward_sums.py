"""What adds up: the terms of a fan-out, those still missing, and calls of backward in a row."""

from bisect import bisect_left
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gradviz.explain import Landing, label
from gradviz.graph import Sent, WalkStep
from gradviz.ops.spec import Array

from ..editor import Editor
from ..widgets import text
from .backward_ledger import cell_text, number_cell
from .backward_story import Shown, Story
from .figure_table import Cell, FigureTable, Row
from .inspector_parts import Section

MOST_TERMS = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sum: what it is, its number (None: still missing), and whether it is now."""

    name: str
    value: Array | None
    now: bool = False
    total: bool = False


class SumTable(FigureTable):
    """Terms one below the other, and their sum under a line."""

    def __init__(self) -> None:
        super().__init__(lambda: text("", "mute", 12), (0, 1), spacing=6)
        self._lines: tuple[Line, ...] = ()

    def tell(self, lines: tuple[Line, ...]) -> None:
        """Show these lines."""
        self._lines = lines
        self.show_rows(row_of(line) for line in lines)

    def words(self) -> list[list[str]]:
        return [
            [line.name, "· · ·" if line.value is None else cell_text(line.value)]
            for line in self._lines
        ]


def row_of(line: Line) -> Row:
    """A line of a sum as a row of the table."""
    role = "title" if line.total else "now" if line.now else "mute"
    if line.value is not None:
        return Row(line.name, (number_cell(line.value, "gradient", strong=line.total),), role)
    return Row(line.name, (Cell("· · ·" if line.name.startswith("from") else ""),), role)


class SumsView(QWidget):
    """A sum for each place that the step adds to, or that the node itself is; and ``.grad``."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._story = Story.of(editor)
        self.tables: list[SumTable] = []
        self._made: list[tuple[Section, SumTable]] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)

    def tell(self, shown: Shown) -> None:
        """Show the sums that concern that node."""
        sums: list[tuple[str, tuple[Line, ...]]] = []
        for node, output in self._places(shown):
            name = label(self._editor.graph, node)
            title = f"Added up at {name}: it is used more than once"
            sums.append((title, self._terms(node, output)))
        landing = shown.told.landing if shown.told is not None and shown.known else None
        if landing is not None and landing.before is not None:
            earlier = self._editor.passes.earlier
            title = f"Across {earlier + 1} calls of backward"
            sums.append((title, across(landing, landing.before)))
        for place, (title, lines) in enumerate(sums):
            if place == len(self._made):
                self._add()
            section, table = self._made[place]
            section.header.set_title(title)
            table.tell(lines)
            section.setVisible(True)
        for section, _ in self._made[len(sums) :]:
            section.setVisible(False)
        self.tables = [table for _, table in self._made[: len(sums)]]
        self.setVisible(bool(self.tables))

    def _add(self) -> None:
        table = SumTable()
        section = Section("", table)
        self._layout.addWidget(section)
        self._made.append((section, table))

    def _places(self, shown: Shown) -> list[tuple[str, int]]:
        walk = self._story.walk
        if walk is None or shown.step is None:
            return []
        sent = shown.step.sent if shown.known else ()
        places = [(shown.node.id, walk.shown_output(shown.node.id))]
        places += [(c.to, c.output) for c in sent]
        return [p for p in dict.fromkeys(places) if len(walk.terms(*p)) > 1]

    def _terms(self, node: str, output: int) -> tuple[Line, ...]:
        walk, moment = self._story.walk, self._editor.moment
        assert walk is not None, "asked only of places that a pass reaches"
        terms = walk.terms(node, output)
        arrived = bisect_left(walk.arrivals[node, output], moment)
        first, last = listed(arrived, len(terms))
        lines = [self._line(*term) for term in terms[first:last]]
        missing = len(terms) - arrived
        said = f"sum so far, {missing} missing" if missing else "sum"
        total = terms[arrived - 1][1].accumulated if arrived else None
        before = [Line(f"{first} before", None)] if first else []
        after = [Line(f"{len(terms) - last} more", None)] if last < len(terms) else []
        return (*before, *lines, *after, Line(said, total, total=True))

    def _line(self, step: WalkStep, sent: Sent) -> Line:
        moment = self._editor.moment
        name = f"from {label(self._editor.graph, step.node)}"
        value = sent.value if step.index < moment else None
        return Line(name, value, step.index + 1 == moment)


def listed(arrived: int, count: int) -> tuple[int, int]:
    """Which of the terms of a long sum are listed: those about the last that arrived."""
    first = max(0, min(arrived - MOST_TERMS // 2, count - MOST_TERMS))
    return first, min(count, first + MOST_TERMS)


def across(landing: Landing, before: Array) -> tuple[Line, ...]:
    """What a leaf's ``.grad`` held, what this pass adds, and what it holds then."""
    return (
        Line("held from earlier calls", before), Line("+ this pass", landing.arrived, now=True),
        Line(f"{landing.name}.grad", landing.after, total=True),
    )  # fmt: skip
