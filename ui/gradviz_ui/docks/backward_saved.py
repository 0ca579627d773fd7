"""What a node keeps for its gradient rule: which tensors, how large, and at which version."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from gradviz.explain.saved import Saved, bytes_text, memory, saved_by

from ..editor import Editor
from ..numbers import shape_text
from ..widgets import column, empty, text
from .backward_ledger import figure
from .backward_story import Shown
from .backward_tabs import NodePage

HEADS = ("", "shape", "memory", "version")


class SavedPage(NodePage):
    """A row for each tensor that is kept; one written to since is the error it will be."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.kept: tuple[Saved, ...] = ()
        self.about = text("", "plain", 13)
        self.about.setWordWrap(True)
        table = QWidget()
        self._grid = QGridLayout(table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        for place, share in enumerate((3, 4, 3, 3)):
            self._grid.setColumnStretch(place, share)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(column(self.about, table, spacing=10, margins=(14, 12, 14, 8)))

    def tell(self, shown: Shown) -> None:
        """List what that node keeps."""
        self.kept = saved_by(self._editor.evaluation, shown.node.id)
        self.about.setText(summary(self.kept, bool(shown.node.spec.ports)))
        empty(self._grid)
        for place, head in enumerate(HEADS if self.kept else ()):
            self._grid.addWidget(figure(head, "mute"), 0, place)
        for line, one in enumerate(self.kept, 1):
            name = text(self._name(one), figures=True)
            self._grid.addWidget(name, line, 0, Qt.AlignmentFlag.AlignLeft)
            version = f"{one.version}, now {one.now}" if one.stale else str(one.version)
            role = "error" if one.stale else "plain"
            cells = (shape_text(one.shape), bytes_text(one.bytes), version)
            for place, words in enumerate(cells, 1):
                self._grid.addWidget(figure(words, role if place == 3 else "plain"), line, place)

    def _name(self, one: Saved) -> str:
        known = one.of is not None and one.of in self._editor.graph.nodes
        return self._editor.graph.node(one.of).name if known and one.of is not None else one.name


def summary(kept: tuple[Saved, ...], operation: bool) -> str:
    """What is kept, in a sentence, and what a later version means."""
    if not kept:
        why = "its rule needs none of them" if operation else "it has no rule"
        return f"This node keeps no tensors: {why}."
    stale = [one for one in kept if one.stale]
    words = f"Kept until the pass has been here: {bytes_text(memory(kept))}."
    if stale:
        words += " What was written to since makes the pass stop here, as PyTorch’s does."
    return words
