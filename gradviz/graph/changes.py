"""What a document announces after an edit, as one frozen value."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from gradviz.graph.document import Node, Wire
    from gradviz.graph.groups import Group
    from gradviz.graph.scenery import Piece

Key = TypeVar("Key", bound=Hashable)
Kept = TypeVar("Kept")

ASIDE = frozenset(("descent", "watches", "bookmarks", "view"))
"""Settings of a document that no card shows, and no value or pass depends on."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became different: added, removed and replaced nodes (``(before, after)``), wires.

    It is the difference between two states, whatever lay between them: a node added and
    removed again, or a wire taken away and put back, is not in it, and one with the same id as
    a removed one counts as replaced. Applied in the order unwired, removed, replaced, added,
    wired it turns the one state into the other. ``groups`` are pairs too, with None where there
    was, or is, no such group; so are the frames, notes and ways of wires in ``scenery``.
    ``settings``: which of the document's are others now.
    """

    added: tuple[Node, ...] = ()
    removed: tuple[Node, ...] = ()
    replaced: tuple[tuple[Node, Node], ...] = ()
    wired: tuple[Wire, ...] = ()
    unwired: tuple[Wire, ...] = ()
    settings: frozenset[str] = frozenset()
    groups: tuple[tuple[Group | None, Group | None], ...] = ()
    scenery: tuple[tuple[Piece | None, Piece | None], ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) for f in fields(self))

    def __add__(self, later: Change) -> Change:
        return Change.net((self, later))

    @staticmethod
    def net(changes: Iterable[Change]) -> Change:
        """Several changes, one after the other, as one."""
        total = Difference()
        for change in changes:
            total.follow(change)
        return total.change()

    def touched(self) -> set[str]:
        """Ids of nodes whose values may differ now (a mere move or renaming is not among them)."""
        recomputed = {after.id for before, after in self.replaced if not before.computes_as(after)}
        return (
            recomputed
            | {n.id for n in self.added}
            | {n.id for n in self.removed}
            | {w.target for w in self.wired + self.unwired}
        )


@dataclass(slots=True)
class Difference:
    """The sum of changes while it is made: each node's first and last state, each wire's."""

    nodes: dict[str, tuple[Node | None, Node | None]] = field(
        default_factory=dict[str, "tuple[Node | None, Node | None]"]
    )
    wires: dict[Wire, int] = field(default_factory=dict["Wire", int])
    groups: dict[str, tuple[Group | None, Group | None]] = field(
        default_factory=dict[str, "tuple[Group | None, Group | None]"]
    )
    scenery: dict[str | Wire, tuple[Piece | None, Piece | None]] = field(
        default_factory=dict["str | Wire", "tuple[Piece | None, Piece | None]"]
    )
    settings: frozenset[str] = frozenset()

    def follow(self, change: Change) -> None:
        """Take in one more change."""
        for wire in change.unwired:
            self.wires[wire] = self.wires.get(wire, 0) - 1
        for node in change.removed:
            self.becomes(node.id, node, None)
        for before, after in change.replaced:
            self.becomes(after.id, before, after)
        for node in change.added:
            self.becomes(node.id, None, node)
        for wire in change.wired:
            self.wires[wire] = self.wires.get(wire, 0) + 1
        if change.groups:
            follow_pairs(self.groups, change.groups, lambda group: group.id)
        if change.scenery:
            follow_pairs(self.scenery, change.scenery, lambda piece: piece.key)
        self.settings |= change.settings

    def becomes(self, node_id: str, before: Node | None, after: Node | None) -> None:
        """Note a node's new state; its first one stays."""
        first = self.nodes[node_id][0] if node_id in self.nodes else before
        self.nodes[node_id] = (first, after)

    def change(self) -> Change:
        """What is left when back-and-forth is dropped."""
        pairs = self.nodes.values()
        return Change(
            added=tuple(b for a, b in pairs if a is None and b is not None),
            removed=tuple(a for a, b in pairs if a is not None and b is None),
            replaced=tuple((a, b) for a, b in pairs if a is not None and b is not None and a != b),
            wired=tuple(w for w, n in self.wires.items() if n > 0),
            unwired=tuple(w for w, n in self.wires.items() if n < 0),
            settings=self.settings,
            groups=tuple((a, b) for a, b in self.groups.values() if a != b),
            scenery=tuple((a, b) for a, b in self.scenery.values() if a != b),
        )


def follow_pairs(
    known: dict[Key, tuple[Kept | None, Kept | None]],
    pairs: Iterable[tuple[Kept | None, Kept | None]],
    key_of: Callable[[Kept], Key],
) -> None:
    """Add a later change of what is kept by a key: it began as it was known to begin."""
    for old, new in pairs:
        for key in {key_of(each) for each in (old, new) if each is not None}:
            known[key] = (known[key][0] if key in known else old, new)
