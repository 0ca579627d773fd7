"""The values that are watched: which the document says, and what they were a while ago."""

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from gradviz.graph import Change, compose
from gradviz.graph.watched import watched_output
from gradviz.ops.spec import Array

if TYPE_CHECKING:
    from .editor import Editor

KEPT = 160
"""How many values of a node are remembered."""


class Watches(QObject):
    """Which nodes are watched, in the document; and their recent values, for as long as it is open.

    Of a tensor the mean is remembered.
    """

    changed = Signal()
    """Other nodes are watched, or one of them is called otherwise."""
    moved = Signal()
    """A watched node has another value."""

    def __init__(self, editor: "Editor") -> None:
        super().__init__(editor)
        self._editor = editor
        self._recent: dict[str, deque[float]] = {}
        self._listed: tuple[str, ...] = ()
        self._nodes = frozenset[str]()
        editor.replaced.connect(self._start_anew)
        editor.changed.connect(self._follow)
        editor.evaluated.connect(self._record)
        editor.preview_changed.connect(self._record_all)

    @property
    def ids(self) -> tuple[str, ...]:
        """What is watched, in the order it is listed: see `gradviz.graph.watched`."""
        return self._editor.graph.watches

    @property
    def nodes(self) -> frozenset[str]:
        """The nodes of which any output is watched."""
        listed = self._editor.graph.settings.watches
        if listed is not self._listed:
            self._listed, self._nodes = listed, frozenset(watched_output(k)[0] for k in listed)
        return self._nodes

    def value(self, key: str) -> Array | None:
        """The value to show for what is watched; None where there is none."""
        editor, (node_id, output) = self._editor, watched_output(key)
        if not output:
            value = editor.value(node_id)
            return None if value is None else value.array
        result = editor.evaluation.results.get(node_id)
        # What stands in for the document's own values has only first outputs.
        other = editor.workspace == "descend" and editor.preview is not None
        if result is None or other or not editor.passes.knows(node_id):
            return None
        return result.outputs[output].array if output < len(result.outputs) else None

    def recent(self, key: str) -> tuple[float, ...]:
        """The last values of what is watched, the present one last."""
        return tuple(self._recent.get(key, ()))

    def watch(self, ids: Iterable[str], watched: bool = True) -> None:
        """Watch nodes, or watch them no longer."""
        edit = compose.watch(self._editor.graph, ids, watched)
        if edit.edits:
            self._editor.perform(edit)

    def _start_anew(self) -> None:
        self._recent = {}
        self._record_all()
        self.changed.emit()

    def _follow(self, change: Change) -> None:
        watched = self.nodes
        if not watched and "watches" not in change.settings:
            return
        nodes = {n.id for n in (*change.added, *change.removed)}
        nodes |= {before.id for before, after in change.replaced if before.name != after.name}
        if "watches" in change.settings or nodes & watched:
            keys = set(self._editor.graph.settings.watches)
            self._recent = {k: kept for k, kept in self._recent.items() if k in keys}
            self._record_all()
            self.changed.emit()

    def _record_all(self) -> None:
        self._record(self.nodes)

    def _record(self, ids: Iterable[str]) -> None:
        among = frozenset(ids)
        told = [self._tell(key) for key in self.ids if watched_output(key)[0] in among]
        if told:
            self.moved.emit()

    def _tell(self, key: str) -> None:
        value = self.value(key)
        if value is None:
            return
        number = summary(value)
        recent = self._recent.setdefault(key, deque(maxlen=KEPT))
        if not recent or not same(recent[-1], number):
            recent.append(number)


def summary(array: Array) -> float:
    """The number by which a value is followed: itself, or the mean of a tensor's elements."""
    plain = np.abs(array) if np.iscomplexobj(array) else array
    with np.errstate(all="ignore"):
        return float(np.mean(plain, dtype=np.float64)) if np.size(plain) else float("nan")


def same(one: float, other: float) -> bool:
    """Whether two numbers are the same, nan being itself."""
    return one == other or (one != one and other != other)
