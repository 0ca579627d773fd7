"""The first page about a node: its local derivative, its ledger, and the check by differences."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from gradviz.explain import Check, Span, trial_of

from ..editor import Editor
from ..widgets import column, restyle, row, text
from .backward_check import Checker
from .backward_follow import MOST_CELLS, FollowView, flat_table
from .backward_ledger import LedgerTable
from .backward_story import Shown, Story
from .backward_sums import SumsView
from .backward_tabs import NodePage
from .backward_words import FormulaLines
from .heat_map import HeatMap
from .inspector_parts import Section
from .sentence_view import SentenceView

SIZES = (15.0, 13.5, 12.0)


class LedgerPage(NodePage):
    """upstream × local = contribution, what is added up, and whether it holds."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._story = Story.of(editor)
        self.checker = Checker(self)
        self.local = FormulaLines(SIZES)
        self.table = LedgerTable()
        self.arrived = HeatMap("grad")
        self.notes = SentenceView()
        self.follow = FollowView(editor)
        self.sums = SumsView(editor)
        self.check = text("", "ok", 12, figures=True)
        self.check.setWordWrap(True)
        self._lay_out()
        self.checker.found.connect(self._tell_check)

    def _lay_out(self) -> None:
        self._local_part = Section("Local derivative", self.local)
        parts = (self.table, self.follow, self.notes, self.arrived)
        self._ledger_part = column(*parts, spacing=8, margins=(14, 12, 14, 6))
        differences = text("finite differences", "mute", 13)
        differences.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.check.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.check.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._check_part = Section("Check", row(differences, self.check, spacing=14))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (self._ledger_part, self.sums, self._local_part, self._check_part):
            layout.addWidget(part)

    def tell(self, shown: Shown) -> None:
        """Say it of that node."""
        self._tell_ledger(shown)
        self._tell_notes(shown)
        self._tell_arrived(shown)
        self.follow.tell(shown)
        self.sums.tell(shown)
        self._ask_check(shown)

    def rest(self) -> None:
        """Nobody looks: check nothing, point at nothing."""
        self.checker.ask(None)
        self._editor.spotlight.show_elements()

    def _tell_ledger(self, shown: Shown) -> None:
        told = shown.told
        rows = told.rows if told is not None else ()
        formulas = [r.local_formula for r in rows if r.local_formula]
        if not formulas and rows and told is not None:
            formulas = list(told.formulas)
        self._local_part.setHidden(not formulas)
        self._local_part.header.set_title(
            "Local derivative" if any(r.local_formula for r in rows) else "Gradient rule"
        )
        self.local.tell(formulas)
        self.table.setHidden(not rows)
        self.table.tell(rows, shown.known)

    def _tell_notes(self, shown: Shown) -> None:
        """Kinks beside the table; at a leaf or the seed, where there is none, the sentences."""
        told, step, known = shown.told, shown.step, shown.known
        kinks = dict.fromkeys(r.kink for r in (told.rows if told else ()) if r.kink)
        sentences = tuple((Span(f"{kink}.", "muted"),) for kink in kinks)
        if told is not None and step is not None and step.kind != "node":
            sentences = told.sentences[:1]
        self.notes.setHidden(not (sentences and known))
        self.notes.tell(sentences if known else ())
        self._ledger_part.setHidden(self.table.isHidden() and self.notes.isHidden())

    def _tell_arrived(self, shown: Shown) -> None:
        """The gradient of a tensor as a picture where it starts or stays."""
        step = shown.step
        drawn = step is not None and step.kind != "node" and shown.known
        array = step.upstream if step is not None and drawn else None
        self.arrived.setVisible(array is not None and 1 < array.size <= MOST_CELLS)
        if array is not None and self.arrived.isVisibleTo(self):
            self.arrived.show_table(flat_table(array))

    def _ask_check(self, shown: Shown) -> None:
        walk, node_id, evaluation = self._story.walk, shown.node.id, self._editor.evaluation
        self._check_part.setHidden(not shown.known or walk is None)
        self.check.setText("…")
        if shown.known and walk is not None:
            self.checker.ask(
                lambda: (
                    trial_of(evaluation, walk, node_id)
                    if node_id in self._editor.graph.nodes
                    else None
                )
            )
        else:
            self.checker.ask(None)

    def _tell_check(self, found: Check | str) -> None:
        words, role = check_words(found)
        self.check.setText(words)
        restyle(self.check, role=role)


def check_words(found: Check | str) -> tuple[str, str]:
    """A finding in words, and the role of their colour."""
    if isinstance(found, str):
        return f"cannot be made: {found}", "mute"
    if found.left is not None:
        words, role = found.text, "now"
    else:
        words = f"{'✓' if found.agrees else '✗'} {found.text}"
        role = "ok" if found.agrees else "error"
    if found.tried < found.total:
        words += f" ({found.tried} of {found.total} elements)"
    return words, role
