"""Finite differences beside the gradients: of one node in numbers, and of every node in turn."""

import numpy as np
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from gradviz.explain import Check, trial_of

from ..editor import Editor
from ..numbers import short
from ..widgets import ElidedLabel, column, empty, restyle, row, text
from .aside import Aside
from .backward_check import Checker
from .backward_ledger import figure
from .backward_ledger import number as numbered
from .backward_ledger_page import check_words
from .backward_story import Shown, Story
from .backward_tabs import NodePage
from .inspector_parts import Section

MOST_LISTED = 30
Pair = tuple[str, float, str]


class CheckPage(NodePage):
    """The worst element's gradient and its difference quotient; below, the whole graph."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._story = Story.of(editor)
        self.checker = Checker(self)
        self._pairs: tuple[Pair, ...] = ()
        self.verdict = text("", "mute", 13)
        self.verdict.setWordWrap(True)
        self._numbers = QWidget()
        self._grid = QGridLayout(self._numbers)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        how = text(
            "Each element is moved a little both ways, everything after it is computed again in "
            "double precision, and the slope of the output is compared with the gradient.",
            "mute", 12,
        )  # fmt: skip
        how.setWordWrap(True)
        self.sweep = Sweep(editor)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        parts = (self.verdict, self._numbers, how)
        layout.addWidget(column(*parts, spacing=10, margins=(14, 12, 14, 8)))
        layout.addWidget(Section("The whole graph", self.sweep))
        self.checker.found.connect(self._show)

    def tell(self, shown: Shown) -> None:
        """Check that node's gradient, where it is known."""
        walk, node, evaluation = self._story.walk, shown.node.id, self._editor.evaluation
        self._clear()
        self._say("…" if shown.known else "Nothing to check before its gradient is known.", "mute")
        if not shown.known or walk is None:
            self.checker.ask(None)
            return
        nodes = self._editor.graph.nodes
        self.checker.ask(lambda: trial_of(evaluation, walk, node) if node in nodes else None)

    def rest(self) -> None:
        """Nobody looks: check nothing."""
        self.checker.ask(None)

    def words(self) -> list[tuple[str, str]]:
        """The numbers as they are listed."""
        return [(name, short(float(number))) for name, number, _ in self._pairs]

    def _clear(self) -> None:
        empty(self._grid)

    def _say(self, words: str, role: str) -> None:
        self.verdict.setText(words)
        restyle(self.verdict, role=role)

    def _show(self, found: Check | str) -> None:
        self._say(*check_words(found))
        self._clear()
        if isinstance(found, str):
            return
        pairs: list[Pair] = [
            ("gradient", found.gradient, "gradient"),
            ("differences", found.numeric, "plain"),
        ]
        if found.left is not None and found.right is not None:
            pairs += [("slope below", found.left, "plain"), ("slope above", found.right, "plain")]
        pairs.append(("size of the error", found.error, "plain"))
        self._pairs = tuple(pairs)
        for line, (name, number, role) in enumerate(pairs):
            self._grid.addWidget(text(name, "mute", 12), line, 0)
            self._grid.addWidget(numbered(np.asarray(number), role), line, 1)


class Sweep(QWidget):
    """Checks one node after the other on a thread, and lists the findings, the worst first."""

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self._editor = editor
        self._waiting: list[str] = []
        self._count = 0
        self._checking: str | None = None
        self.found: list[tuple[str, Check | str]] = []
        self.button = QPushButton("Check every gradient")
        self.button.clicked.connect(self.start)
        self.progress = text("", "mute", 12)
        rows = QWidget()
        self._grid = QGridLayout(rows)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(row(self.button, self.progress, None, spacing=12))
        layout.addWidget(rows)
        self._aside = Aside(self)
        self._aside.answered.connect(self._take)
        self._aside.failed.connect(lambda problem: self._take(str(problem)))
        editor.walk_changed.connect(self.stop)

    def start(self) -> None:
        """Check every node that the pass reaches; while it runs, stop."""
        walk = Story.of(self._editor).walk
        if self._checking is not None or walk is None:
            self.stop()
            return
        self.found, self._waiting = [], list(walk.gradients)
        self._count = len(self._waiting)
        self.button.setText("Stop")
        self._list()
        self._go_on()

    def stop(self, *_: object) -> None:
        """Leave what has not been checked yet, and forget what is of another pass."""
        self._aside.drop()
        self._checking, self._waiting = None, []
        self.button.setText("Check every gradient")
        if self.sender() is self._editor:
            self.found = []
            self.progress.setText("")
            self._list()

    def _take(self, found: Check | str) -> None:
        assert self._checking is not None, "only what is asked for is answered"
        self.found.append((self._checking, found))
        self._list()
        self._go_on()

    def _go_on(self) -> None:
        walk = Story.of(self._editor).walk
        while self._waiting and walk is not None:
            self._checking = self._waiting.pop(0)
            trial = trial_of(self._editor.evaluation, walk, self._checking)
            if trial is not None:
                self._aside.ask(trial.run)
                return
        self.stop()

    def _list(self) -> None:
        empty(self._grid)
        wrong = sum(is_wrong(found) for _, found in self.found)
        said = f"{len(self.found)} of {self._count}"
        self.progress.setText(f"{said}, {wrong} disagree" if wrong else f"{said} agree")
        worst = sorted(self.found, key=lambda pair: rank(pair[1]), reverse=True)[:MOST_LISTED]
        for line, (node, found) in enumerate(worst):
            name = ElidedLabel(self._editor.graph.node(node).name)
            words, role = check_words(found)
            self._grid.addWidget(name, line, 0)
            self._grid.addWidget(figure(words, role, words), line, 1)


def is_wrong(found: Check | str) -> bool:
    """Whether differences and gradient disagree."""
    return not isinstance(found, str) and not found.agrees


def rank(found: Check | str) -> tuple[bool, bool, float]:
    """What is worth seeing first: what disagrees, kinks, then the largest error."""
    if isinstance(found, str):
        return False, True, 0.0
    return not found.agrees, found.left is not None, found.error
