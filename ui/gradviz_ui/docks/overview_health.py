"""What is wrong with a pass: where a nan began, units that learn nothing, leaves without .grad."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from gradviz.explain.nonfinite import Origin, first_nonfinite
from gradviz.explain.reasons import why_no_grad
from gradviz.explain.saved import bytes_text, memory, saved_by, whole_memory
from gradviz.explain.units import unhealthy

from ..editor import Editor
from ..numbers import short
from ..widgets import column, empty, text
from ..widgets.choice_button import ChoiceButton
from .inspector_parts import Section
from .overview_page import OverviewPage

MOST_LISTED = 40


class Findings(QWidget):
    """A line for each finding; a click on its name goes to the node."""

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self._editor = editor
        self.lines: list[tuple[str, str]] = []
        self.names: list[ChoiceButton] = []
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setHorizontalSpacing(14)
        self._layout.setVerticalSpacing(6)
        self._layout.setColumnStretch(1, 1)

    def tell(self, found: Iterator[tuple[str, str]], nothing: str) -> None:
        """Show findings as pairs of a node and what is said of it; ``nothing`` where none is."""
        lines = list(found)
        empty(self._layout)
        self.lines, self.names = lines, []
        for line, (node, words) in enumerate(lines[:MOST_LISTED]):
            self._add(line, node, words)
        if not lines:
            self._layout.addWidget(text(nothing, "mute", 13), 0, 0, 1, 2)
        if len(lines) > MOST_LISTED:
            more = text(f"and {len(lines) - MOST_LISTED} more", "mute", 12)
            self._layout.addWidget(more, MOST_LISTED, 0, 1, 2)

    def _add(self, line: int, node: str, words: str) -> None:
        name = ChoiceButton(self._editor.graph.node(node).name, 12, 1, self)
        name.setCheckable(False)
        name.setToolTip("Show this node")
        name.clicked.connect(lambda: self._editor.go_to(node))
        self.names.append(name)
        said = text(words, "mute", 12)
        said.setWordWrap(True)
        self._layout.addWidget(
            name, line, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        )
        self._layout.addWidget(said, line, 1)


class HealthPage(OverviewPage):
    """Not a number, dead units, no gradient, memory: each with the nodes it is about."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self.origin = text("", "plain", 13)
        self.origin.setWordWrap(True)
        self.where = Findings(editor)
        self.units = Findings(editor)
        self.without = Findings(editor)
        self.memory = text("", "plain", 13)
        self.memory.setWordWrap(True)
        self.kept = Findings(editor)
        self.put(column(self.origin, self.where, spacing=8, margins=(14, 12, 14, 8)))
        self.put(Section("Dead and saturated units", self.units))
        self.put(Section("Leaves whose .grad stays None", self.without))
        self.put(Section("Kept for the pass", self.memory, self.kept))

    def refresh(self) -> None:
        """Look through the present pass."""
        editor, evaluation, walk = self.editor, self.editor.evaluation, self._story.walk
        found = first_nonfinite(evaluation, walk)
        self.origin.setText("Every number is finite." if found is None else found.text)
        self.where.setVisible(found is not None)
        if found is not None:
            self.where.tell(iter([(found.node, factors_text(found))]), "")
        units = ((u.node, f"{u.text}.") for u in unhealthy(evaluation))
        self.units.tell(units, "Every unit of every activation passes gradients on.")
        leaves = [n.id for n in editor.graph.nodes.values() if not n.spec.ports]
        reasons = ((i, why_no_grad(evaluation, walk, i)) for i in leaves)
        said = ((i, reason.text) for i, reason in reasons if reason is not None)
        self.without.tell(said, "Every leaf gets a gradient.")
        self._tell_memory()

    def _tell_memory(self) -> None:
        evaluation = self.editor.evaluation
        total = whole_memory(evaluation)
        self.memory.setText(f"The tape keeps {bytes_text(total)} until the pass is done.")
        rows = [(i, memory(saved_by(evaluation, i))) for i in self.editor.graph.nodes]
        largest = sorted((r for r in rows if r[1]), key=lambda row: -row[1])[:6]
        self.kept.tell(((i, bytes_text(count)) for i, count in largest), "Nothing is kept.")


def factors_text(found: Origin) -> str:
    """The numbers that made it, by name, and how far it spread."""
    made = ", ".join(f"{name} = {short(number)}" for name, number in found.factors)
    spread = len(found.affected)
    reach = f"{spread} node{'s' * (spread != 1)} affected"
    return f"{made}; {reach}" if made else reach
