"""The graph's values and gradients at the step looked at, shown in place of the document's own."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from gradviz.descent import State

from ..editor import Editor, Preview

BEHIND_MS = 8
"""How far the graph is behind the other views while steps go by of themselves: painted together
with them it would keep the window from answering."""


class GraphPreview(QObject):
    """See the module's text; `state` tells of the step looked at, or None where there is none."""

    def __init__(self, editor: Editor, state: Callable[[], State | None], parent: QObject) -> None:
        super().__init__(parent)
        self._editor, self._state = editor, state
        self._going = False
        self._soon = QTimer(self, singleShot=True, interval=BEHIND_MS)
        self._soon.timeout.connect(self._show)

    def set_going(self, going: bool) -> None:
        """Follow a moment behind, as steps go by of themselves; or at once."""
        self._going = going
        if not going and self._soon.isActive():
            self.follow()

    def follow(self) -> None:
        """Another step is looked at."""
        if self._going:
            self._soon.start()
        else:
            self._soon.stop()
            self._show()

    def _show(self) -> None:
        editor = self._editor
        state = self._state() if editor.workspace == "descend" else None
        if state is not None:
            editor.set_preview(Preview(state.values, state.gradients))
        elif editor.preview is not None:
            editor.set_preview(None)
