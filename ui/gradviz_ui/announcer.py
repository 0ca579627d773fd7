"""What the canvas shows, said: a screen reader speaks what is chosen, stepped to or refused."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from .canvas import CanvasView
from .canvas.box_words import counted
from .editor import Editor
from .words import sentence

REST = 150
"""Milliseconds of rest before a step is told: who plays or scrubs hears only where it ends."""


class Announcer(QObject):
    """See the module's text. Without a screen reader it does nothing."""

    said = Signal(str)
    """These words were given to the screen reader."""

    def __init__(self, editor: Editor, canvas: CanvasView) -> None:
        """`canvas` is what the words belong to."""
        super().__init__(canvas)
        self._editor, self._canvas = editor, canvas
        self._step = QTimer(self, singleShot=True, interval=REST)
        self._step.timeout.connect(self._tell_step)
        editor.moment_changed.connect(self._stepped)
        editor.selection_changed.connect(self._tell_selection)
        editor.boxes.changed.connect(self._tell_selection)
        editor.refused.connect(lambda words: self.say(sentence(words)))

    def say(self, words: str) -> None:
        """Have words spoken, where anybody listens."""
        if words and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._canvas, words))
            self.said.emit(words)

    def _tell_selection(self, _chosen: frozenset[str]) -> None:
        editor = self._editor
        count = len(editor.selection) + len(editor.boxes.ids)
        if count and QAccessible.isActive():
            self.say(self._canvas.accessibleDescription() if count == 1 else counted(editor))

    def _stepped(self, _moment: int) -> None:
        if QAccessible.isActive():
            self._step.start()

    def _tell_step(self) -> None:
        if self._canvas.isVisible() and self._editor.workspace == "backward":
            # Only now: what explains steps is not needed for the first picture.
            from .docks.backward_story import Story

            lines = Story.of(self._editor).sentences
            self.say(" ".join("".join(span.text for span in line) for line in lines))
