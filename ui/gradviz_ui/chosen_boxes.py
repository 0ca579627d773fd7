"""Which frames and notes are selected, beside the nodes that `Editor.selection` has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gradviz.graph import Change
from gradviz.graph.scenery import boxes

if TYPE_CHECKING:
    from .editor import Editor


class ChosenBoxes(QObject):
    """Owned by the editor. Selecting nodes alone ends the selection of frames and notes."""

    changed = Signal(object)
    """Others are selected: a frozenset of ids."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._together = False
        self.ids: frozenset[str] = frozenset()
        editor.changed.connect(self._follow)
        editor.replaced.connect(self.clear)
        editor.entering.going.connect(self.clear)
        editor.selection_changed.connect(self._nodes_selected)

    def choose(self, ids: Iterable[str], nodes: Iterable[str] = ()) -> None:
        """Make exactly these frames and notes, and these nodes, what is selected."""
        self._together = True
        self._editor.select(nodes)
        self._together = False
        self._set(ids)

    def clear(self) -> None:
        """Select no frame and no note."""
        self._set(())

    def _set(self, ids: Iterable[str]) -> None:
        known, shows = boxes(self._editor.graph), self._editor.entering.shows_box
        chosen = frozenset(i for i in ids if i in known and shows(known[i]))
        if chosen != self.ids:
            self.ids = chosen
            self.changed.emit(chosen)

    def _follow(self, change: Change) -> None:
        if self.ids and (change.scenery or change.groups):
            self._set(self.ids)

    def _nodes_selected(self, nodes: frozenset[str]) -> None:
        if nodes and not self._together:
            self.clear()
