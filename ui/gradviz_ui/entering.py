"""Which group the canvas shows the inside of: a way of looking, and no part of the document.

What is added meanwhile belongs to that group, in the same step of the undo list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gradviz.graph import AddNode, Batch, Change, ChangeGroups, Edit, Graph, Group
from gradviz.graph.belonging import is_seen
from gradviz.graph.decorating import turned
from gradviz.graph.groups import members_of, outward
from gradviz.graph.scenery import Box, Route
from gradviz.graph.scenery_edits import ChangeScenery

if TYPE_CHECKING:
    from .editor import Editor


class Entering(QObject):
    """The group that was entered last, and with it those that it lies in; none at first."""

    going = Signal()
    """Another group will be shown: what the view looks at is still what it was."""
    changed = Signal()
    """Another group is shown, or the whole document."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._chain: tuple[str, ...] = ()
        self._members: frozenset[str] | None = None
        editor.replaced.connect(self._start_anew)
        editor.changed.connect(self._follow)
        editor.selection_changed.connect(self._keep_in_sight)

    @property
    def group(self) -> str | None:
        """The group whose inside is shown; None for the whole document."""
        return self._chain[-1] if self._chain else None

    @property
    def chain(self) -> tuple[str, ...]:
        """The groups that were entered, the outermost first."""
        return self._chain

    @property
    def members(self) -> frozenset[str] | None:
        """The nodes that are shown, by a card of their own or a group's; None for all."""
        if self.group is not None and self._members is None:
            # Until a change is announced, a group may be gone that was entered.
            there = self.group in self._editor.graph.groups
            self._members = members_of(self._editor.graph, self.group) if there else frozenset()
        return self._members

    def shows(self, node_id: str) -> bool:
        """Whether a node is among those shown."""
        return not self._chain or self.members is None or node_id in self.members

    def shows_box(self, box: Box) -> bool:
        """Whether a frame or a note is shown: no collapsed group hides it."""
        return is_seen(self._editor.graph.groups, self.group, box.group)

    def shown(self) -> Iterable[str]:
        """The nodes that are shown, in the document's order."""
        return (i for i in self._editor.graph.nodes if self.shows(i))

    @property
    def groups(self) -> Mapping[str, Group]:
        """The groups that are shown, as if that which was entered were all there is."""
        groups, inside = self._editor.graph.groups, self.group
        if inside is None:
            return groups
        found: dict[str, Group] = {}
        for group in groups.values():
            around = [g.id for g in outward(groups, group.id)]
            if inside in around[1:]:
                found[group.id] = group.changed(parent=None) if around[1] == inside else group
        return found

    def enter(self, group_id: str) -> None:
        """Show the inside of a group."""
        groups = self._editor.graph.groups
        self._show(tuple(reversed([g.id for g in outward(groups, group_id)])))

    def leave(self) -> None:
        """Show what is around the group; nothing where none was entered."""
        left = self.group
        self._show(self._chain[:-1])
        if left is not None and left in self._editor.graph.groups:
            self._editor.select(members_of(self._editor.graph, left))

    def go_out_to(self, depth: int) -> None:
        """Show the group that was entered as the first, second …; with 0 the whole document."""
        while len(self._chain) > depth:
            self.leave()

    def bring(self, node_id: str) -> None:
        """Go out as far as needed for a node to be among those shown."""
        chain = self._chain
        while chain and node_id not in members_of(self._editor.graph, chain[-1]):
            chain = chain[:-1]
        self._show(chain)

    def _show(self, chain: tuple[str, ...]) -> None:
        if chain == self._chain:
            return
        self.going.emit()
        self._chain, self._members = chain, None
        self.changed.emit()
        self._forget_unseen()

    def _forget_unseen(self) -> None:
        """Nothing is selected that is not shown."""
        chosen = self._editor.selection
        if not all(map(self.shows, chosen)):
            self._editor.select(i for i in chosen if self.shows(i))

    def _start_anew(self) -> None:
        self._show(())

    def _follow(self, change: Change) -> None:
        """A group that was entered may be gone, or lie in another one."""
        if not (self._chain and (change.groups or change.removed or change.added)):
            return
        self._members = None
        groups = self._editor.graph.groups
        there = next((i for i in reversed(self._chain) if i in groups), None)
        self._show(tuple(reversed([g.id for g in outward(groups, there)])))
        self._forget_unseen()

    def _keep_in_sight(self, chosen: frozenset[str]) -> None:
        """What somebody selects elsewhere in the window is brought among what is shown."""
        outside = [i for i in chosen if not self.shows(i)]
        if outside and self.group in self._editor.graph.groups:
            chain = self._chain
            graph = self._editor.graph
            while chain and not members_of(graph, chain[-1]).issuperset(outside):
                chain = chain[:-1]
            self._show(chain)

    def within(self, edit: Edit) -> Edit:
        """An edit after which what it adds is in the group that is shown."""
        if self.group is None or not adds(edit):
            return edit
        graph = self._editor.graph
        before = set(graph.groups)
        change = edit.apply(graph)
        try:
            joined = joining(graph, self.group, change, before)
        finally:
            edit.inverse().apply(graph)
        if not joined:
            return edit
        return Batch((edit, *joined), getattr(edit, "label", ""))


def adds(edit: Edit) -> bool:
    """Whether an edit adds nodes, frames or notes."""
    if isinstance(edit, Batch):
        return any(adds(inner) for inner in edit.edits)
    if isinstance(edit, ChangeScenery):
        return bool({piece.key for piece in edit.after} - {piece.key for piece in edit.before})
    return isinstance(edit, AddNode)


def joining(graph: Graph, inside: str, change: Change, before: set[str]) -> tuple[Edit, ...]:
    """The edits that bring what a change added into a group, where it is in none."""
    if inside not in graph.groups:
        return ()
    loose = {n.id for n in change.added if n.id not in graph.group_of}
    made = [g for i, g in graph.groups.items() if i not in before and g.parent is None]
    group = graph.groups[inside]
    old = ([group] if loose else []) + made
    new = [group.changed(members=group.members | loose)] if loose else []
    new += [g.changed(parent=inside) for g in made]
    groups = (ChangeGroups(tuple(old), tuple(new)),) if old else ()
    pieces = [now for was, now in change.scenery if was is None and now is not None]
    stray = [p for p in pieces if not isinstance(p, Route) and p.group is None]
    boxes = turned((box, replace(box, group=inside)) for box in stray)
    return (*groups, *boxes.edits)
