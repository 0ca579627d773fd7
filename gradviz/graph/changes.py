"""What a document announces after an edit, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradviz.graph.document import Node, Wire


@dataclass(frozen=True, slots=True)
class Change:
    """What became different: added, removed and replaced nodes (``(before, after)``), wires.

    A change of ``settings`` (title, output, descent, view) is only flagged.
    """

    added: tuple[Node, ...] = ()
    removed: tuple[Node, ...] = ()
    replaced: tuple[tuple[Node, Node], ...] = ()
    wired: tuple[Wire, ...] = ()
    unwired: tuple[Wire, ...] = ()
    settings: bool = False

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) for f in fields(self))

    def __add__(self, later: Change) -> Change:
        return Change(
            self.added + later.added,
            self.removed + later.removed,
            self.replaced + later.replaced,
            self.wired + later.wired,
            self.unwired + later.unwired,
            self.settings or later.settings,
        )

    def touched(self) -> set[str]:
        """Ids of nodes whose values may differ now (a mere move or renaming is not among them)."""
        recomputed = {
            after.id for before, after in self.replaced if not before.computes_as(after)
        }
        return (
            recomputed
            | {n.id for n in self.added}
            | {n.id for n in self.removed}
            | {w.target for w in self.wired + self.unwired}
        )
