"""What adds up: the terms of a fan-out, those still missing, and calls of backward in a row."""

from bisect import bisect_left
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from gradviz.explain import Landing, label
from gradviz.graph import Sent, WalkStep
from gradviz.ops.spec import Array

from ..editor import Editor
from ..widgets import empty, text
from .backward_ledger import Figure, cell_text, figure, number
from .backward_story import Shown, Story
from .inspector_parts import Section

MOST_TERMS = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sum: what it is, its number (None: still missing), and whether it is now."""

    name: str
    value: Array | None
    now: bool = False
    total: bool = False


class SumTable(QWidget):
    """Terms one below the other, and their sum under a line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._lines: tuple[Line, ...] = ()
        self._numbers: list[Figure] = []

    def tell(self, lines: tuple[Line, ...]) -> None:
        """Show these lines."""
        before, self._lines = self._lines, lines
        values = [line.value for line in lines if line.value is not None]
        if tuple(map(form_of, before)) != tuple(map(form_of, lines)):
            self._build(lines)
        else:
            # Making cells anew takes a frame: while values move they only get other numbers.
            for cell, value in zip(self._numbers, values, strict=True):
                cell.show_number(value)

    def _build(self, lines: tuple[Line, ...]) -> None:
        self._numbers = []
        empty(self._grid)
        for place, line in enumerate(lines):
            name = text(line.name, "title" if line.total else "now" if line.now else "mute", 12)
            shown = figure("· · ·" if line.name.startswith("from") else "", "mute")
            if line.value is not None:
                shown = number(line.value, "gradient", strong=line.total)
                self._numbers.append(shown)
            self._grid.addWidget(name, place, 0, Qt.AlignmentFlag.AlignLeft)
            self._grid.addWidget(shown, place, 1)

    def words(self) -> list[tuple[str, str]]:
        """The lines as they read."""
        return [
            (line.name, "· · ·" if line.value is None else cell_text(line.value))
            for line in self._lines
        ]


def form_of(line: Line) -> tuple[object, ...]:
    """What a line is beside its number."""
    return line.name, line.value is None, line.now, line.total


class SumsView(QWidget):
    """A sum for each place that the step adds to, or that the node itself is; and ``.grad``."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._story = Story.of(editor)
        self.tables: list[SumTable] = []
        self._titles: list[str] = []
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
        titles = [title for title, _ in sums]
        if titles != self._titles:
            self._build(titles)
        for table, (_, lines) in zip(self.tables, sums, strict=True):
            table.tell(lines)
        self.setVisible(bool(self.tables))

    def _build(self, titles: list[str]) -> None:
        empty(self._layout)
        self._titles = titles
        self.tables = [SumTable() for _ in titles]
        for title, table in zip(titles, self.tables, strict=True):
            self._layout.addWidget(Section(title, table))

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
