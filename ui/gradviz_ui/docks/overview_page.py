"""What the pages about a whole pass have in common: made once, told anew while they are seen."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ..editor import Editor
from .backward_story import Story


class OverviewPage(QWidget):
    """Parts one below the other; `refresh` is called while the page is in sight."""

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self.editor = editor
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addStretch(1)
        self._story = Story.of(editor)
        self._told: object = None
        self._story.changed.connect(self._again)

    def put(self, part: QWidget) -> None:
        """Add a part at the end."""
        self._layout.insertWidget(self._layout.count() - 1, part)

    def refresh(self) -> None:
        """Say what holds of the present pass."""
        raise NotImplementedError

    def _again(self) -> None:
        """Another moment of the same pass changes nothing here."""
        walk = self._story.walk
        if self.isVisible() and (walk is None or walk is not self._told):
            self._told = walk
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._again()
