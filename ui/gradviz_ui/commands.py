"""The one undo command: it wraps any edit of the document."""

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from gradviz.graph import Batch, Change, Edit, ReplaceNode
from gradviz.graph.scenery_edits import ChangeScenery


class EditCommand(QUndoCommand):
    """Takes an edit back and carries it out again; a drag's many edits merge into one.

    It is made for an edit that has just been carried out: a refusal raised from within Qt's
    stack would leave the refused command on it.
    """

    def __init__(
        self, edit: Edit, label: str, carry_out: Callable[[Edit], Change], merge_key: str
    ) -> None:
        super().__init__(label)
        self._edit: Edit = edit
        self._carry_out = carry_out
        self._merge_key = merge_key
        self._done = True

    def id(self) -> int:
        """Only commands with the same merge key are offered to each other."""
        return hash(self._merge_key) & 0x3FFFFFFF if self._merge_key else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over a later edit of the same drag."""
        if not isinstance(other, EditCommand) or other._merge_key != self._merge_key:
            return False
        self._edit = joined(self._edit, other._edit, self.text())
        # What has come to nothing is no step to undo: Qt drops an obsolete command.
        self.setObsolete(not self._edit.edits)
        return True

    def redo(self) -> None:
        """Carry the edit out, but for the first time, when it has been."""
        if not self._done:
            self._carry_out(self._edit)
        self._done = False

    def undo(self) -> None:
        """Take it back."""
        self._carry_out(self._edit.inverse())


def joined(first: Edit, second: Edit, label: str) -> Batch:
    """Two edits in a row as one that is no deeper: a long drag stays one replacement."""
    edits = [*parts(first), *parts(second)]
    kept: list[Edit] = []
    for edit in edits:
        last = kept[-1] if kept else None
        if (
            isinstance(edit, ReplaceNode)
            and isinstance(last, ReplaceNode)
            and last.after.id == edit.before.id
        ):
            kept[-1] = ReplaceNode(last.before, edit.after)
        elif (
            isinstance(edit, ChangeScenery)
            and isinstance(last, ChangeScenery)
            and last.after == edit.before
        ):
            kept[-1] = ChangeScenery(last.before, edit.after)
        else:
            kept.append(edit)
    kinds = ReplaceNode, ChangeScenery
    idle = [e for e in kept if isinstance(e, kinds) and e.before == e.after]
    return Batch(tuple(e for e in kept if e not in idle), label)


def parts(edit: Edit) -> tuple[Edit, ...]:
    """The edits that a batch is made of; another edit is its own only part."""
    return edit.edits if isinstance(edit, Batch) else (edit,)
