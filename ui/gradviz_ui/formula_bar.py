"""The graph as text: typing here changes the graph, changing the graph rewrites what stands here.

It lies over the top bar, because with several lines it grows downwards over the workspace.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gradviz.graph import Change, Graph
from gradviz.program import FormulaError, formula, update

from .editor import Editor
from .formula_advice import FormulaAdvice
from .formula_marks import by_line, marked_lines
from .overlay import Overlay
from .theme import value_font
from .widgets import ElidedLabel, restyle, text
from .widgets.plain import Role
from .words import sentence

if TYPE_CHECKING:
    from .formula_edit import FormulaEdit

LIVE = 200
"""Milliseconds without a key before what is typed is taken."""
REST = 120
"""Milliseconds without an edit of the graph before it is written out anew."""
LARGEST = 1500
"""Nodes above which a formula is only written when it is asked for."""
BURST = 2000
"""Milliseconds without a key after which typing is another undo step."""


def timer(parent: QObject, interval: int, then: Callable[[], object]) -> QTimer:
    """A timer that rings once, so many milliseconds after its last start."""
    result = QTimer(parent, singleShot=True, interval=interval)
    result.timeout.connect(then)
    return result


def parameters(graph: Graph) -> frozenset[str]:
    """The names of the leaves that require a gradient."""
    leaves = (node for node in graph.nodes.values() if not node.spec.ports)
    return frozenset(leaf.name for leaf in leaves if leaf.attrs.get("requires_grad"))


def show_state(label: QLabel, words: str, role: str) -> None:
    """Say how it stands, in the colour of what it means."""
    label.setText(words)
    restyle(label, role=role)


def standing(nodes: int, failed: int, open_ended: int, warned: int) -> tuple[str, Role]:
    """How many nodes have no value or are warned of, and the role of what it means."""
    parts = [
        counted(failed, "error") if failed else "",
        f"{open_ended} need{'s' if open_ended == 1 else ''} an input" if open_ended else "",
        counted(warned, "warning") if warned else "",
    ]
    said = " · ".join(part for part in parts if part)
    if said:
        return said, "error" if failed or open_ended else "now"
    return f"✓ {counted(nodes, 'node')}" if nodes else "", "ok"


def counted(number: int, noun: str) -> str:
    """``1 error``, ``2 errors``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def only_moved(change: Change) -> bool:
    """Whether nothing of which a formula speaks is different."""
    rest = change.added or change.removed or change.wired or change.unwired
    return not rest and all(before.stands_for(after) for before, after in change.replaced)


class RestingLine(ElidedLabel):
    """All lines in one where there is room, else the last and how many more there are."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[str] = []

    def show_lines(self, lines: list[str]) -> None:
        """Show these lines."""
        self._lines = lines
        self._fit()

    def _fit(self) -> None:
        whole = ";  ".join(self._lines)
        if len(self._lines) > 1 and self.fontMetrics().horizontalAdvance(whole) > self.width():
            whole = f"{self._lines[-1]}      + {len(self._lines) - 1} more"
        if whole != self.text():
            self.setText(whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class FormulaBar(Overlay):
    """One elided line at rest, a text field with as many lines as it needs while edited."""

    written = Signal(object, str)
    """Typing is over and changed the document: the ids of the nodes before, and under what key
    edits join the change."""
    problems_wanted = Signal()
    """Somebody asks what is behind the count of problems."""

    def __init__(self, editor: Editor, room: QWidget, parent: QWidget) -> None:
        """`room` is the place in the top bar that it lies over, `parent` what holds both."""
        super().__init__(room, parent)
        self._editor = editor
        self._writing = self._own = self._dirty = False
        self._burst = 0
        self._before: frozenset[str] = frozenset()
        self._key = ""
        self._make()
        self._later = timer(self, REST, self._rewrite)
        self._live = timer(self, LIVE, self.take)
        self._pause = timer(self, BURST, self._end_burst)
        editor.replaced.connect(self._anew)
        editor.changed.connect(self._changed)
        editor.evaluated.connect(self._say)
        editor.advice.changed.connect(self._say)
        self._anew()

    def _make(self) -> None:
        sign = text("ƒ", "mute", 13, figures=True)
        sign.setFixedWidth(14)
        sign.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.rest = RestingLine()
        self.rest.setFont(value_font(13))
        self.rest.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.rest.setCursor(Qt.CursorShape.IBeamCursor)
        self.field: FormulaEdit | None = None
        self.state = text("", "ok", 12)
        self.problem = text("", "error", 12)
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.advice = FormulaAdvice(self._editor)
        self.hint = text("Enter  done     Shift+Enter  new line     Esc  give up", "mute", 11)
        self.hint.hide()
        for label in (sign, self.rest, self.state):
            label.setFixedHeight(18)
        self._line = QHBoxLayout()
        self._line.setSpacing(8)
        self._line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        self._line.addWidget(self.rest, 1, Qt.AlignmentFlag.AlignTop)
        self._line.addWidget(self.state, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 7, 12, 6)
        layout.setSpacing(6)
        layout.addLayout(self._line, 1)
        layout.addWidget(self.problem)
        layout.addWidget(self.advice)
        layout.addWidget(self.hint)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Formula")

    # what it shows -----------------------------------------------------------------------

    @property
    def editing(self) -> bool:
        """Whether it is being typed in."""
        return self.field is not None and self.field.isVisible()

    def _anew(self) -> None:
        self._dirty = False
        self._live.stop()
        self._rewrite()
        self._say()

    def _changed(self, change: Change) -> None:
        if not (self._own or only_moved(change)):
            self._later.start()

    def _rewrite(self) -> None:
        if self._dirty:
            return
        count = len(self._editor.graph.nodes)
        if count > LARGEST and not self.editing:
            self.rest.show_lines([f"{count:,} nodes: press Return to see them written out"])
            return
        written = formula(self._editor.graph)
        self.rest.show_lines(written.splitlines())
        self.rest.setToolTip(written)
        if self.field is not None and self.field.toPlainText() != written:
            self._writing = True
            self.field.replace(written)
            self._writing = False
            self._fail(None)

    def _say(self, *_: object) -> None:
        if self.field is not None and self.editing:
            found, written = self._editor.advice.all, self.field.toPlainText()
            graph, line = self._editor.graph, self.field.textCursor().blockNumber()
            self.field.show_wrong(marked_lines(written, graph, found))
            here = by_line(written, graph, found).get(line, [])
            self.advice.show_findings([] if self._dirty else [*here, *found])
            self.place()
        count = len(self._editor.graph.nodes)
        results = [r for r in self._editor.evaluation.results.values() if not r.outputs]
        failed = sum(r.error is not None for r in results)
        open_ended = sum(bool(r.missing) for r in results)
        if self._dirty and not self.problem.isHidden():
            show_state(self.state, "not taken", "error")
        else:
            first = next(iter(self._editor.advice.all), None)
            self.state.setToolTip("" if first is None else first.text)
            words, role = standing(count, failed, open_ended, self._editor.advice.count_warnings())
            show_state(self.state, words, role)

    # typing ------------------------------------------------------------------------------

    def edit(self) -> None:
        """Start typing."""
        if self.field is None:
            self.field = self._make_field()
        self._end_burst()
        self._before, self._key = frozenset(self._editor.graph.nodes), ""
        self.rest.hide()
        self.field.show()
        self._rewrite()
        self.hint.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.place()

    def _make_field(self) -> "FormulaEdit":
        from .formula_edit import FormulaEdit

        field = FormulaEdit(lambda: parameters(self._editor.graph))
        self._line.insertWidget(1, field, 1)
        field.textChanged.connect(self._typed)
        field.cursorPositionChanged.connect(self._say)
        field.done.connect(self._done)
        field.given_up.connect(self._give_up)
        field.left.connect(self._done)
        return field

    def _typed(self) -> None:
        if not self._writing:
            self._dirty = True
            self._live.start()
            self._pause.start()
            self.place()

    def take(self) -> bool:
        """Make the graph what the text says; False, with the reason shown, where it cannot be."""
        self._live.stop()
        if self.field is None or not self._dirty:
            return True
        try:
            edit = update(self._editor.graph, self.field.toPlainText())
        except FormulaError as error:
            self._fail(error)
            return False
        self._own = True
        key = f"formula {self._burst}"
        taken = not edit.edits or self._editor.perform(edit, "Edit Formula", key)
        self._key = key if edit.edits and taken else self._key
        self._own = False
        self._dirty = not taken
        self._fail(None)
        self._say()
        return taken

    def _fail(self, error: FormulaError | None) -> None:
        self.problem.setText("" if error is None else sentence(error.message))
        self.problem.setHidden(error is None)
        if self.field is not None:
            self.field.show_error(error)
        self._say()
        self.place()

    def _done(self) -> None:
        # What is wrong stays, marked, until it is mended or given up.
        if self.take():
            self._rest()
            key, self._key = self._key, ""
            if key:
                self.written.emit(self._before, key)

    def _give_up(self) -> None:
        self._live.stop()
        self._dirty = False
        self._rewrite()
        self._rest()

    def _rest(self) -> None:
        if self.field is None or not self.editing:
            return
        had_focus = self.field.hasFocus()
        self.field.hide()
        self.hint.hide()
        self.advice.hide()
        self.rest.show()
        self._fail(None)
        self._rewrite()
        if had_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self._editor.typed.emit()

    def _end_burst(self) -> None:
        self._burst += 1

    # its place ---------------------------------------------------------------------------

    def active(self) -> bool:
        return self.editing or super().active()

    def wanted_height(self) -> int:
        if self.field is None or not self.editing:
            return 0
        below = self.hint.sizeHint().height() + 6
        if not self.problem.isHidden():
            below += self.problem.heightForWidth(self.width() - 24) + 6
        advice = self.advice.wanted_height(self.width() - 24)
        return self.field.text_height() + 14 + below + (advice + 6 if advice else 0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        counting = self.state.property("role") != "ok" and not self._dirty
        if counting and self.state.geometry().contains(place):
            self.problems_wanted.emit()
        else:
            self.edit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.edit()
        else:
            super().keyPressEvent(event)
