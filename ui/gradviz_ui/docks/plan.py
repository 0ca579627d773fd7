"""Plan: the program the document is compiled to for what runs it many times, and what it leaves
to the engine."""

import re
from collections import defaultdict
from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import (
    QGuiApplication,
    QResizeEvent,
    QShowEvent,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QTextEdit, QVBoxLayout, QWidget

from gradviz.plan import Plan, PlanError, left_to_engine

from ..editor import Editor
from ..status import duration
from ..theme import current, qcolor, source
from ..widgets import IconButton, column, row, scroll_area, text, thin_line
from ..words import listed
from .source_view import SourceView

LARGEST = 2000
LEAST_SAID, ABOVE = 4, 2
"""What is said of the engine may take so many lines in any case; room above it, in pixels."""
MOVED = "What moved last was evaluated by the engine:"
MOST_REASONS = 4
MOST_NAMES = 12
RUN = "Run by the engine, not compiled:"
FOLLOWED = "Changes of these are evaluated by the engine, and compiled anew:"
OF_NODE = re.compile(r"  # (∂?)(\w+)( \(.*\))?$")
"""How a line of a plan ends: with the name of its node, after ∂ where it is of its gradient."""
OF_LEAF = re.compile(r"# ([pPc]\d+): .*, (\w+)$")


class PlanPanel(QWidget):
    """See the module's text. It is made when it is seen, and anew when more than values changed.

    A click on a line goes to the node whose work it does; the lines of selected nodes are marked.
    """

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self._editor = editor
        self._plan: Plan | None = None
        self._lines: dict[str, list[int]] = {}
        self._writing = False
        self.figures = text("", "mute")
        self.eager = text("", "mute", 11)
        self.eager.setWordWrap(True)
        self.eager.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.view = SourceView("Plan", self._arguments)
        self.copy_button = IconButton("copy", "Copy the plan")
        self.copy_button.clicked.connect(self.copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(row(self.figures, None, self.copy_button, margins=(14, 0, 8, 0)))
        self._said = column(self.eager, margins=(14, ABOVE, 14, 6))
        self._eager_part = scroll_area(self._said)
        layout.addWidget(self._eager_part)
        self._below = thin_line()
        layout.addWidget(self._below)
        layout.addWidget(self.view, 1)
        self._soon = QTimer(self, singleShot=True, interval=60)
        self._soon.timeout.connect(self._write)
        self.view.cursorPositionChanged.connect(self._go)
        editor.replaced.connect(self._changed)
        editor.changed.connect(self._changed)
        editor.selection_changed.connect(self._mark)
        source().changed.connect(self._mark)

    def _changed(self, *_: object) -> None:
        if self.isVisible():
            self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._write()

    def _write(self) -> None:
        """Show the plan of the present document, which is the same one while values move."""
        count, plan, problem = len(self._editor.graph.nodes), None, ""
        if count > LARGEST:
            problem = f"{count:,} nodes: the plan is too long to be shown."
        else:
            try:
                plan = self._editor.plans.plan()
            except PlanError as refused:
                problem = f"No plan: {refused}."
        if plan is not None and plan is self._plan:
            self._tell_eager(self._left(plan))
            return
        first, self._plan = self._plan is None, plan
        written = "" if plan is None else plan.shown().strip()
        self._writing = True
        self.view.show_source(written)
        self._writing = False
        if first:
            # What is laid out before the program begins is worth a look, but not the first.
            self.view.verticalScrollBar().setValue(written[: written.find("def ")].count("\n"))
        self.figures.setText("Plan" if plan is None else f"compiled in {seconds_of(plan)}")
        self._tell_eager(problem if plan is None else self._left(plan))
        self.copy_button.setEnabled(plan is not None)
        self._lines = self._found()
        self._mark()

    def _left(self, plan: Plan) -> str:
        """What is left to the engine: in this program, and when something changes."""
        editor = self._editor
        parts = (
            (RUN, plan.fallbacks), (FOLLOWED, left_to_engine(editor.graph, editor.evaluation)),
        )  # fmt: skip
        return "\n".join(eager_text(title, found) for title, found in parts if found)

    def _tell_eager(self, words: str) -> None:
        """Say what is not compiled, and why leaves that move are not followed by a plan."""
        why = self._editor.replaying.why
        self.eager.setText("\n".join([words] * bool(words) + [f"{MOVED} {why}."] * bool(why)))
        for part in (self._eager_part, self._below):
            part.setHidden(not self.eager.text())
        self._make_room()

    def _make_room(self) -> None:
        """Let what is said take as much as it needs, and scroll rather than crowd out the plan."""
        needed = self._said.heightForWidth(self.width())
        line = self.eager.fontMetrics().lineSpacing()
        lines = max(LEAST_SAID, self.height() // 3 // line)
        self._eager_part.setFixedHeight(max(0, min(needed, lines * line + ABOVE)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _arguments(self) -> frozenset[str]:
        """The names that leaves have in the program."""
        plan = self._plan
        names = [] if plan is None else [f"p{i}" for i in range(len(plan.program.leaves))]
        return frozenset(names + [name.upper() for name in names])

    def _found(self) -> dict[str, list[int]]:
        """The lines of each node, by its id."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, line in enumerate(self.view.toPlainText().splitlines()):
            node = self._node_of(line)
            if node is not None:
                found[node].append(number)
        return found

    def _node_of(self, line: str) -> str | None:
        match = OF_NODE.search(line) or OF_LEAF.match(line)
        node = None if match is None else self._editor.graph.named(match[2])
        return None if node is None else node.id

    def _go(self) -> None:
        """Go to the node of the line that was clicked, or come to with the keys."""
        if self._writing:
            return
        node = self._node_of(self.view.textCursor().block().text())
        if node is not None and self._editor.selection != {node}:
            self._editor.go_to(node)

    def _mark(self, *_: object) -> None:
        """Mark the lines of what is selected, and bring them into sight."""
        numbers = sorted(n for i in self._editor.selection for n in self._lines.get(i, ()))
        blocks = [self.view.document().findBlockByNumber(n) for n in numbers]
        marks: list[QTextEdit.ExtraSelection] = []
        for block in blocks:
            mark = QTextEdit.ExtraSelection()
            mark.cursor = QTextCursor(block)  # pyright: ignore[reportAttributeAccessIssue]
            form = mark.format  # pyright: ignore[reportAttributeAccessIssue]
            form.setBackground(qcolor(current().sel, 0.14))
            form.setProperty(QTextFormat.Property.FullWidthSelection, True)
            marks.append(mark)
        self.view.setExtraSelections(marks)
        here = self.view.textCursor().blockNumber()
        if blocks and here not in numbers:
            self._writing = True
            self.view.setTextCursor(QTextCursor(blocks[0]))
            self._writing = False

    def copy(self) -> None:
        """Put the plan on the clipboard, with what it leaves to the engine."""
        if self._plan is not None:
            QGuiApplication.clipboard().setText(self._plan.source)


def seconds_of(plan: Plan) -> str:
    """How long writing a plan has taken."""
    return duration(plan.compile_seconds)


def eager_text(title: str, found: Mapping[str, str]) -> str:
    """Nodes that the engine runs and why, a line for each reason."""
    names: dict[str, list[str]] = defaultdict(list)
    for name, reason in found.items():
        names[reason].append(name)
    lines = [f"{listed(those, MOST_NAMES)}: {reason}" for reason, those in names.items()]
    if len(lines) > MOST_REASONS:
        lines[MOST_REASONS:] = [f"and {len(lines) - MOST_REASONS} more"]
    return "\n".join([title, *lines])
