"""Below the formula while it is typed: what is wrong on the line of the cursor, and ways out."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gradviz.graph.findings import Finding, Fix

from .editor import Editor
from .theme import ui_font
from .widgets import empty, restyle, text

MOST_FIXES = 3
SPACING = 6


class FormulaAdvice(QWidget):
    """One finding in words, with its shapes, and a button for each fix; hidden with none."""

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self._editor = editor
        self._shown: tuple[str, tuple[str, ...]] = ("", ())
        self.words = text("", "error", 12)
        self.words.setWordWrap(True)
        self.buttons: list[QPushButton] = []
        self._line = QHBoxLayout()
        self._line.setSpacing(SPACING)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.words)
        layout.addLayout(self._line)
        self.hide()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show the first of these; none hides it."""
        first = next(iter(findings), None)
        fixes = first.fixes[:MOST_FIXES] if first is not None else ()
        shown = ("" if first is None else first.text, tuple(fix.label for fix in fixes))
        self.setHidden(first is None)
        if first is not None:
            restyle(self.words, role="now" if first.kind == "warning" else "error")
        # Fixes are made for the graph as it is when they are applied, so labels tell them apart.
        if shown != self._shown:
            self._shown = shown
            self.words.setText(shown[0])
            self._offer(fixes)

    def _offer(self, fixes: Sequence[Fix]) -> None:
        empty(self._line)
        self.buttons = [self._button(fix) for fix in fixes]
        for button in self.buttons:
            self._line.addWidget(button)
        self._line.addStretch(1)

    def _button(self, fix: Fix) -> QPushButton:
        button = QPushButton(fix.label)
        button.setProperty("kind", "small")
        button.setFont(ui_font(12))
        # The cursor stays in the formula, which would else count as done.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self._editor.advice.apply(fix))
        return button

    def wanted_height(self, width: int) -> int:
        """How high it is at that width; nothing while it is hidden."""
        if self.isHidden():
            return 0
        high = self.words.heightForWidth(width)
        return high + (SPACING + self.buttons[0].sizeHint().height() if self.buttons else 0)
