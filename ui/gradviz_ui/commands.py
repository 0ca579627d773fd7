"""The one undo command: it wraps any edit of the document."""

from collections.abc import Callable

from gradviz.graph import Batch, Change, Edit
from PySide6.QtGui import QUndoCommand


class EditCommand(QUndoCommand):
    """Carries an edit out, takes it back; a drag's many edits merge into one."""

    def __init__(
        self, edit: Edit, label: str, carry_out: Callable[[Edit], Change], merge_key: str
    ) -> None:
        super().__init__(label)
        self._edit = edit
        self._carry_out = carry_out
        self._merge_key = merge_key

    def id(self) -> int:
        """Only commands with the same merge key are offered to each other."""
        return hash(self._merge_key) & 0x3FFFFFFF if self._merge_key else -1

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802 - Qt's name
        """Take over a later edit of the same drag."""
        if not isinstance(other, EditCommand) or other._merge_key != self._merge_key:
            return False
        self._edit = Batch((self._edit, other._edit), self.text())
        return True

    def redo(self) -> None:
        """Carry the edit out."""
        self._carry_out(self._edit)

    def undo(self) -> None:
        """Take it back."""
        self._carry_out(self._edit.inverse())
