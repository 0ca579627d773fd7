"""The canvas of all three workspaces."""

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QWidget

from ..editor import Editor
from .navigation import STEP, NavigableView


class CanvasView(NavigableView):
    """The open document as cards and wires."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(editor, parent)

    def zoom_in(self) -> None:
        """Show everything a notch larger."""
        self.zoom_by(STEP)

    def zoom_out(self) -> None:
        """Show everything a notch smaller."""
        self.zoom_by(1 / STEP)

    def zoom_reset(self) -> None:
        """Show everything in natural size."""
        self.zoom_by(1 / self.zoom)
