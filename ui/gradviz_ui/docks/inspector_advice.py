"""The inspector's part on what is wrong with its node: warnings, and a button for each way out."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gradviz.graph.findings import Fix

from ..editor import Editor
from ..widgets import empty, row, text
from ..words import breakable
from .problems import FixButton, packed


class AdvicePart(QWidget):
    """Hidden while nothing is found about the node; an error's words stand above it."""

    def __init__(self, editor: Editor, node_id: str) -> None:
        super().__init__()
        self._editor, self._node_id = editor, node_id
        self._shown: list[tuple[str, list[str]]] = []
        self.buttons: tuple[FixButton, ...] = ()
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(14, 0, 14, 8)
        self._lines.setSpacing(6)
        editor.advice.changed.connect(self.refresh)
        self.hide()
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Show what is found now."""
        found = self._editor.advice.about(self._node_id)
        shown = [
            (f.text if f.kind == "warning" else "", [fix.label for fix in f.fixes]) for f in found
        ]
        if shown == self._shown:
            return
        self._shown = shown
        empty(self._lines)
        self.buttons = ()
        for finding, (words, _labels) in zip(found, shown, strict=True):
            if words:
                label = text(breakable(words), "now", 12)
                label.setWordWrap(True)
                self._lines.addWidget(label)
            buttons = tuple(self._button(fix) for fix in finding.fixes)
            self.buttons += buttons
            for together in packed(buttons):
                self._lines.addWidget(row(*together, None, spacing=6))
        self.setHidden(not any(words or labels for words, labels in shown))

    def _button(self, fix: Fix) -> FixButton:
        button = FixButton(fix)
        button.clicked.connect(lambda: self._editor.advice.apply(fix))
        return button
