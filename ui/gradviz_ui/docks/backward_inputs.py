"""What a node reads on the forward pass, and what it makes of it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from gradviz.explain import explain_forward
from gradviz.explain.model import InputRow
from gradviz.graph import ForwardWalk, Node

from ..editor import Editor
from ..numbers import shape_text
from ..widgets import empty, text
from .backward_ledger import number
from .backward_story import Story
from .backward_words import FormulaLines
from .inspector_parts import Section

SIZES = (15.0, 13.5, 12.0)


class InputsPage(QWidget):
    """The equation of a node with its numbers, and a row for each value that goes in."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._story = Story.of(editor)
        self.equation = FormulaLines(SIZES)
        table = QWidget()
        self._grid = QGridLayout(table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(7)
        self._grid.setColumnStretch(2, 1)
        self._equation_part = Section("Value", self.equation)
        self._inputs_part = Section("What goes in", table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._inputs_part)
        layout.addWidget(self._equation_part)

    def tell(self, node: Node, known: bool) -> None:
        """Show the step of that node; nothing of it before it was taken."""
        walk = self._story.track
        moment = walk.moment_of(node.id) if isinstance(walk, ForwardWalk) else None
        told = None
        if isinstance(walk, ForwardWalk) and moment is not None and known:
            told = explain_forward(self._editor.evaluation, walk, moment)
        rows = told.inputs if told is not None else ()
        self._fill(rows)
        self._inputs_part.setHidden(not rows)
        formulas = told.formulas if told is not None else ()
        self._equation_part.setHidden(not formulas)
        self.equation.tell(formulas)

    def words(self) -> list[list[str]]:
        """The table as it reads."""
        lines: list[list[str]] = []
        for line in range(self._grid.rowCount()):
            items = [self._grid.itemAtPosition(line, place) for place in range(3)]
            found = [item.widget() for item in items if item is not None]
            if found:
                lines.append([str(w.property("text")) for w in found if w is not None])
        return lines

    def _fill(self, rows: tuple[InputRow, ...]) -> None:
        empty(self._grid)
        for line, row in enumerate(rows):
            stretched = "" if row.stretched is None else f"→ {shape_text(row.stretched)}"
            note = text(stretched, "mute", 11)
            note.setToolTip("Stretched to this shape before it is used" if stretched else "")
            self._grid.addWidget(text(row.name, figures=True), line, 0, Qt.AlignmentFlag.AlignLeft)
            self._grid.addWidget(note, line, 1)
            self._grid.addWidget(number(row.value, "value"), line, 2)
