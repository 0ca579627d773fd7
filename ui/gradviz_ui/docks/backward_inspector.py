"""What happens at one node in the pass, in full: the right side of Backward."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from gradviz.explain import Span
from gradviz.explain.names import category_of, node_mark, shown_name
from gradviz.explain.reasons import why_no_grad
from gradviz.graph import Node

from ..editor import Editor
from ..fonts import ui_font
from ..widgets import ElidedLabel, column, row, text
from .backward_check_page import CheckPage
from .backward_inputs import InputsPage
from .backward_jacobian import JacobianPage
from .backward_ledger import cell_text
from .backward_ledger_page import LedgerPage
from .backward_paths import PathsPage
from .backward_saved import SavedPage
from .backward_story import Shown, Story
from .backward_tabs import PageTabs
from .backward_tangents import TangentsPage
from .backward_words import scrolled
from .glyph import Glyph
from .inspector_facts import forward_text, shape_line, subtitle
from .inspector_parts import Fact
from .sentence_view import SentenceView


class BackwardInspector(QWidget):
    """The node of the step, or the one selected since: whichever was asked for last."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._story = Story.of(editor)
        self._chosen: str | None = None
        self._make_parts()
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        editor.selection_changed.connect(self._select)
        editor.moment_changed.connect(self._follow)
        editor.changed.connect(self._later)
        self._story.changed.connect(self._later)
        self.refresh()

    @property
    def node(self) -> str | None:
        """The node shown."""
        if self._chosen is not None and self._chosen in self._editor.graph.nodes:
            return self._chosen
        step = self._editor.step if self._story.told else None
        if step is not None:
            return step.node
        return None if self._story.track is None else self._editor.graph.output()

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
        self.gradient = Fact("gradient", "gradient")
        self.tangent = Fact("tangent", "tangent")
        self.note = SentenceView()
        self.go = QPushButton("Go to its step")
        self.go.clicked.connect(self._go)
        self.inputs = InputsPage(self._editor)
        self.tangents = TangentsPage(self._editor)
        self.ledger = LedgerPage(self._editor)
        self.tabs = PageTabs()
        self.paths = PathsPage(self._editor)
        self.jacobian = JacobianPage(self._editor)
        self.tabs.add("ledger", "Ledger", self.ledger)
        self.tabs.add("paths", "Paths", self.paths)
        self.tabs.add("jacobian", "Jacobian", self.jacobian)
        self.check = CheckPage(self._editor)
        self.tabs.add("check", "Check", self.check)
        self.saved = SavedPage(self._editor)
        self.tabs.add("saved", "Saved", self.saved)
        self.empty = text("", "mute", 13)
        self.empty.setWordWrap(True)

    def _lay_out(self) -> None:
        words = column(self.name, self.about, spacing=0)
        words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        head = row(self.glyph, words, spacing=10)
        facts = column(self.forward, self.shape, self.gradient, self.tangent, spacing=0)
        self._waiting = column(self.note, self.go, margins=(14, 6, 14, 10))
        page = column(
            column(head, margins=(14, 14, 14, 8)), facts, self._waiting, self.inputs, self.tangents,
            self.tabs, None, spacing=0,
        )  # fmt: skip
        self._pages = QStackedWidget()
        self._pages.addWidget(scrolled(page))
        self._pages.addWidget(column(self.empty, None, margins=(14, 18, 14, 8)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)

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
        track, node = self._story.track, self.node
        moment = track.moment_of(node) if track is not None and node is not None else None
        if moment is not None:
            self._editor.set_moment(moment)

    # what is said -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the node as the moment has it."""
        if not self._story.told:
            return
        node_id = self.node
        self._pages.setCurrentIndex(0 if node_id is not None else 1)
        self.empty.setText(self._story.problem)
        if node_id is None:
            self.tabs.rest()
            return
        node = self._editor.graph.node(node_id)
        self._tell_facts(node)
        passes = self._editor.passes
        self.inputs.setVisible(passes.forward)
        self.tangents.setVisible(passes.tangential)
        self.tangent.say("")
        if passes.forward:
            self._tell_forward(node)
        elif passes.tangential:
            self._tell_tangents(node)
        else:
            self._tell_backward(self._story.about(node))

    def _tell_facts(self, node: Node) -> None:
        graph, evaluation = self._editor.graph, self._editor.evaluation
        value, known = evaluation.value(node.id), self._editor.passes.knows(node.id)
        self.glyph.show_mark(node_mark(node), category_of(node))
        self.name.setText(shown_name(node.name))
        self.about.setText(subtitle(node))
        self.forward.say(forward_text(graph, evaluation, node) if known else "")
        shapes = shape_line(graph, evaluation, node) if value is not None else "—"
        self.shape.say(f"{shapes} · {value.dtype.name}" if value is not None else shapes)

    def _tell_forward(self, node: Node) -> None:
        known = self._editor.passes.knows(node.id)
        self.gradient.say("")
        self.tabs.hide()
        self._wait("" if known else "Its value is not computed yet.", not known)
        self.inputs.tell(node, known)

    def _tell_tangents(self, node: Node) -> None:
        kind, value = self._editor.passes.tangents.shown(node.id)
        words = {"none": "fixed", "pending": "· · ·"}.get(kind, "")
        self.tangent.say(cell_text(value) if value is not None else words)
        self.gradient.say("")
        self.tabs.hide()
        why = {
            "none": "The direction does not move this node, or no derivative leads here.",
            "pending": "Its tangent is not computed yet.",
        }.get(kind, "")
        self._wait(why, kind == "pending")
        self.tangents.tell(node)

    def _tell_backward(self, shown: Shown) -> None:
        kind, value = self._editor.gradient(shown.node.id)
        words = {"none": "no grad", "pending": "· · ·"}.get(kind, "")
        if value is not None:
            words = cell_text(value) + (" so far" if kind == "partial" else "")
        self.gradient.say(words)
        self.tabs.setHidden(self._story.walk is None or shown.step is None)
        self._wait("" if shown.known else self._why_not(shown), shown.step is not None)
        self.tabs.tell(shown)

    def _why_not(self, shown: Shown) -> str:
        if self._story.walk is None:
            return "No pass has been started yet." if self._story.asks_seed else ""
        if shown.step is None:
            walk, node = self._story.walk, shown.node.id
            reason = why_no_grad(self._editor.evaluation, walk, node)
            return reason.text if reason is not None else ""
        turn = f"its turn comes at step {shown.step.index + 1}"
        return f"The gradient is not complete yet: {turn}."

    def _wait(self, why: str, has_step: bool) -> None:
        self._waiting.setHidden(not why)
        self.go.setHidden(not has_step)
        self.note.tell(((Span(why, "muted"),),))
