"""What is wrong or probably wrong with the open document, looked at again when it rests."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gradviz.graph import Change, GraphError
from gradviz.graph.advice import advise
from gradviz.graph.changes import ASIDE
from gradviz.graph.document import id_key
from gradviz.graph.findings import Finding, Fix

if TYPE_CHECKING:
    from .editor import Editor

REST, LONG_REST = 120, 600
"""Milliseconds without a change before anything is looked at, in small documents and large."""
LARGE = 2000
RANK = {"error": 0, "missing": 1, "warning": 2}


class Advice(QObject):
    """The findings of one editor, by node; while values change fast the last ones stay."""

    changed = Signal(object)
    """Other things are found: a frozenset of the ids of the nodes they are about."""

    def __init__(self, editor: "Editor") -> None:
        super().__init__(editor)
        self._editor = editor
        self._found: dict[str, tuple[Finding, ...]] = {}
        self._stale = True
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self.refresh)
        editor.replaced.connect(self._start_anew)
        editor.evaluated.connect(self._later)
        editor.changed.connect(self._follow)

    def _start_anew(self) -> None:
        self._found = {}
        self._later()

    def _follow(self, change: Change) -> None:
        renamed = any(before.name != after.name for before, after in change.replaced)
        if change.settings - ASIDE or renamed or change.wired or change.unwired:
            self._later()

    def _later(self, *_: object) -> None:
        self._stale = True
        self._rest.start(LONG_REST if len(self._editor.graph.nodes) > LARGE else REST)

    def refresh(self) -> None:
        """Look now, where anything changed since."""
        if not self._stale:
            return
        self._stale = False
        self._rest.stop()
        before = self._found
        self._found = advise(self._editor.graph, self._editor.evaluation)
        ids = before.keys() | self._found.keys()
        differing = frozenset(i for i in ids if said(before.get(i)) != said(self._found.get(i)))
        if differing:
            self.changed.emit(differing)

    @property
    def all(self) -> tuple[Finding, ...]:
        """Every finding: errors first, then what lacks an input, then warnings."""
        nodes = self._editor.graph.nodes
        found = [f for i, findings in self._found.items() if i in nodes for f in findings]
        return tuple(sorted(found, key=lambda f: (RANK[f.kind], id_key(f.node))))

    def about(self, node_id: str) -> tuple[Finding, ...]:
        """What was found about a node."""
        return self._found.get(node_id, ())

    def warnings(self, node_id: str) -> tuple[str, ...]:
        """What is probably wrong with a node that has a value, in words."""
        return tuple(f.text for f in self.about(node_id) if f.kind == "warning")

    def count_warnings(self) -> int:
        """How many warnings there are."""
        return sum(f.kind == "warning" for f in self.all)

    def apply(self, fix: Fix) -> None:
        """Carry out a fix as one undoable step; refused where the document is another by now."""
        editor = self._editor
        try:
            edit = fix.make(editor.graph)
        except (GraphError, KeyError) as reason:
            editor.refused.emit(f"this fix no longer fits: {reason}")
            return
        if edit.edits:
            editor.perform(edit, fix.label)
            self.refresh()


def said(findings: tuple[Finding, ...] | None) -> list[tuple[str, list[str]]]:
    """What people read of findings, by which they are compared."""
    return [(f.text, [fix.label for fix in f.fixes]) for f in findings or ()]
