"""Groups of the same structure as the one that is selected or pointed at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gradviz.graph import Change
from gradviz.graph.alike import Structure, alike
from gradviz.graph.groups import members_of, outward

if TYPE_CHECKING:
    from .editor import Editor


class Alike(QObject):
    """Owned by the editor; views mark the groups in `marked`."""

    changed = Signal()
    """Others are marked."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._known: dict[str, Structure] = {}
        self._pointed = ""
        self.marked: frozenset[str] = frozenset()
        editor.replaced.connect(self._start_anew)
        editor.changed.connect(self._follow)
        editor.selection_changed.connect(self._mark)

    def of(self, group_id: str) -> list[str]:
        """The other groups of the same structure."""
        if group_id not in self._editor.graph.groups:
            return []
        return alike(self._editor.graph, group_id, self._known)

    def point_at(self, group_id: str) -> None:
        """The pointer is on the card or the frame of a group; empty: on none."""
        if group_id != self._pointed:
            self._pointed = group_id
            self._mark()

    def _selected(self) -> str:
        """The group that is selected, and nothing else; empty where there is none."""
        chosen, graph = self._editor.selection, self._editor.graph
        if not chosen or not graph.groups:
            return ""
        around = outward(graph.groups, graph.group_of.get(next(iter(chosen))))
        return next((g.id for g in around if members_of(graph, g.id) == chosen), "")

    def _mark(self, *_: object) -> None:
        meant = self._pointed or self._selected()
        marked = frozenset(self.of(meant) if meant else ())
        if marked != self.marked:
            self.marked = marked
            self.changed.emit()

    def _follow(self, change: Change) -> None:
        if not (change.touched() or change.groups):
            return
        self._known.clear()
        if self._editor.graph.groups or self.marked:
            self._mark()

    def _start_anew(self) -> None:
        self._known.clear()
        self._pointed = ""
        self._mark()
