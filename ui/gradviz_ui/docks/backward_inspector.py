"""What happens at one node in the backward pass, in full: the right side of Backward."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from gradviz.explain import Check, Explanation, Span, Trial, asides, explain, trial_of
from gradviz.explain.names import node_mark
from gradviz.graph import Node, WalkStep

from ..editor import Editor
from ..fonts import ui_font
from ..widgets import ElidedLabel, column, row, text
from .backward_check import Checker
from .backward_ledger import LedgerTable, cell_text
from .backward_story import Story
from .backward_words import FormulaLines, SentenceView
from .glyph import Glyph
from .inspector_facts import forward_text, shape_line, subtitle
from .inspector_parts import Fact, Section

SIZES = (15.0, 13.5, 12.0)


class BackwardInspector(QWidget):
    """The node of the step, or the one selected since: whichever was asked for last."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._story = Story.of(editor)
        self._chosen: str | None = None
        self.checker = Checker(self)
        self._make_parts()
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        editor.selection_changed.connect(self._select)
        editor.moment_changed.connect(self._follow)
        editor.changed.connect(self._later)
        self._story.changed.connect(self._later)
        self.checker.found.connect(self._tell_check)
        self.refresh()

    @property
    def node(self) -> str | None:
        """The node shown."""
        if self._chosen is not None and self._chosen in self._editor.graph.nodes:
            return self._chosen
        walk, step = self._story.walk, self._editor.step if self._story.told else None
        if step is not None:
            return step.node
        return None if walk is None else walk.output

    def _make_parts(self) -> None:
        self.glyph = Glyph(30)
        self.name = ElidedLabel()
        font = ui_font(15)
        font.setBold(True)
        self.name.setFont(font)
        self.about = ElidedLabel()
        self.about.setFont(ui_font(12))
        self.about.setProperty("role", "mute")
        self.forward = Fact("forward", "value")
        self.shape = Fact("shape")
        self.dtype = Fact("dtype")
        self.gradient = Fact("gradient", "gradient")
        self.local = FormulaLines(SIZES)
        self.ledger = LedgerTable()
        self.sums = SentenceView()
        self.note = SentenceView()
        self.go = QPushButton("Go to its step")
        self.go.clicked.connect(self._go)
        self.check = text("", "ok", 12, figures=True)
        self.check.setWordWrap(True)
        self.empty = text("", "mute", 13)
        self.empty.setWordWrap(True)

    def _lay_out(self) -> None:
        words = column(self.name, self.about, spacing=0)
        words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        head = row(self.glyph, words, spacing=10)
        self._waiting = column(self.note, self.go, margins=(14, 10, 14, 4))
        self._local_part = Section("Local derivative", self.local)
        self._ledger_part = Section("Gradient arriving, gradient leaving", self.ledger, self.sums)
        differences = text("finite differences", "mute", 13)
        differences.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.check.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.check.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._check_part = Section("Check", row(differences, self.check, spacing=14))
        facts = column(self.forward, self.shape, self.dtype, self.gradient, spacing=0)
        self._page = column(
            column(head, margins=(14, 14, 14, 8)), facts, self._waiting, self._local_part,
            self._ledger_part, self._check_part, None, spacing=0,
        )  # fmt: skip
        self._bare = column(self.empty, None, margins=(14, 18, 14, 8))
        area = QScrollArea()
        area.setWidget(column(self._page, self._bare, spacing=0))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)

    # which node ---------------------------------------------------------------------------

    def _select(self, ids: frozenset[str]) -> None:
        self._chosen = next(iter(ids)) if len(ids) == 1 else None
        self._later()

    def _follow(self, *_: object) -> None:
        self._chosen = None
        self._later()

    def _later(self, *_: object) -> None:
        self._soon.start()

    def _go(self) -> None:
        walk, node = self._story.walk, self.node
        moment = walk.moment_of(node) if walk is not None and node is not None else None
        if moment is not None:
            self._editor.set_moment(moment)

    # what is said -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the node as the moment has it."""
        if not self._story.told:
            return
        node_id = self.node
        self._page.setHidden(node_id is None)
        self._bare.setHidden(node_id is not None)
        self.empty.setText(self._editor.walk_problem)
        if node_id is None:
            self.checker.ask(None)
            return
        node = self._editor.graph.node(node_id)
        self._tell_facts(node)
        self._tell_step(node)

    def _tell_facts(self, node: Node) -> None:
        graph, evaluation = self._editor.graph, self._editor.evaluation
        value = evaluation.value(node.id)
        constant = not node.spec.ports and not (value is not None and value.requires_grad)
        self.glyph.show_mark(node_mark(node), "const" if constant else node.spec.category)
        self.name.setText(node.name)
        self.about.setText(subtitle(node))
        self.forward.say(forward_text(graph, evaluation, node))
        self.shape.say(shape_line(graph, evaluation, node) if value is not None else "—")
        self.dtype.say(value.dtype.name if value is not None else "")

    def _own_step(self, node_id: str) -> WalkStep | None:
        walk = self._story.walk
        if walk is None:
            return None
        active = self._editor.step
        if active is not None and active.node == node_id:
            return active
        return walk.own_steps.get(node_id)

    def _tell_step(self, node: Node) -> None:
        walk, step = self._story.walk, self._own_step(node.id)
        told = None
        if walk is not None and step is not None:
            active = step is self._editor.step
            made = explain(self._editor.evaluation, walk, step) if not active else None
            told = made or self._story.explanation
        known = step is not None and step.index < self._editor.moment
        self._tell_gradient(node.id)
        self._tell_waiting(node, step, known)
        self._tell_ledger(told, known)
        self._tell_sum(told, step, known)
        self._ask_check(node.id, known)

    def _tell_gradient(self, node_id: str) -> None:
        kind, value = self._editor.gradient(node_id)
        words = {"none": "no grad", "pending": "· · ·"}.get(kind, "")
        if value is not None:
            words = cell_text(value) + (" so far" if kind == "partial" else "")
        self.gradient.say(words)

    def _tell_waiting(self, node: Node, step: WalkStep | None, known: bool) -> None:
        self._waiting.setHidden(known)
        self.go.setHidden(step is None)
        if self._story.walk is None:
            why = "No pass has been started yet." if self._story.asks_seed else ""
        elif step is None:
            why = f"The pass does not reach {node.name}: no gradient comes here."
        else:
            why = f"The gradient is not complete yet: its turn comes at step {step.index + 1}."
        self.note.tell(((Span(why, "muted"),),))

    def _tell_ledger(self, told: Explanation | None, known: bool) -> None:
        rows = told.rows if told is not None else ()
        formulas = [r.local_formula for r in rows if r.local_formula]
        if not formulas and rows and told is not None:
            formulas = list(told.formulas)
        self._local_part.setHidden(not formulas)
        self._local_part.header.set_title(
            "Local derivative" if any(r.local_formula for r in rows) else "Gradient rule"
        )
        self.local.tell(formulas)
        self.ledger.setHidden(not rows)
        self.ledger.tell(rows, known)

    def _tell_sum(self, told: Explanation | None, step: WalkStep | None, known: bool) -> None:
        sentences = tuple(s for r in (told.rows if told else ()) if r.needed for s in asides(r))
        if told is not None and step is not None and step.kind != "node":
            sentences = told.sentences
        self.sums.setHidden(not (sentences and known))
        self.sums.tell(sentences if known else ())
        self._ledger_part.setHidden(self.ledger.isHidden() and self.sums.isHidden())
        leaf = step is not None and step.kind == "leaf"
        self._ledger_part.header.set_title(
            "Gradient arrived" if leaf else "Gradient arriving, gradient leaving"
        )

    def _ask_check(self, node_id: str, known: bool) -> None:
        walk = self._story.walk
        self._check_part.setHidden(not known or walk is None)
        self.check.setText("…")
        if known and walk is not None:
            self.checker.ask(lambda: self._trial(node_id))
        else:
            self.checker.ask(None)

    def _trial(self, node_id: str) -> Trial | None:
        walk = self._story.walk
        if walk is None or node_id not in self._editor.graph.nodes:
            return None
        return trial_of(self._editor.evaluation, walk, node_id)

    def _tell_check(self, found: Check | str) -> None:
        if isinstance(found, str):
            words, role = f"cannot be made: {found}", "mute"
        elif found.left is not None:
            words, role = found.text, "now"
        else:
            words = f"{'✓' if found.agrees else '✗'} {found.text}"
            role = "ok" if found.agrees else "error"
        if isinstance(found, Check) and found.tried < found.total:
            words += f" ({found.tried} of {found.total} elements)"
        self.check.setText(words)
        if self.check.property("role") != role:
            self.check.setProperty("role", role)
            self.check.style().unpolish(self.check)
            self.check.style().polish(self.check)
