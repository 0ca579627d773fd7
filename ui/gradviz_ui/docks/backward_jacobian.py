"""The local Jacobian of a node: the matrix, the row that arrives, and what comes of it."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QLabel, QVBoxLayout, QWidget

from gradviz.explain import Jacobian, Span, entry_meaning, jacobians
from gradviz.explain.jacobian import column_meaning, row_meaning
from gradviz.ops.spec import Array

from ..editor import Editor
from ..widgets import column, empty, text
from ..widgets.choice_button import ChoiceButton, ChoiceGroup
from .backward_story import Shown, Story
from .backward_tabs import NodePage
from .heat_map import HeatMap
from .sentence_view import SentenceView

STRIP = 26
HIGHEST = 210


class InputChoice(QWidget):
    """Which of several inputs is meant: their names side by side."""

    def __init__(self, chosen) -> None:
        super().__init__()
        self._chosen = chosen
        self._names: tuple[str, ...] = ()
        self._group: ChoiceGroup | None = None
        self._line = QVBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)

    @property
    def current(self) -> int:
        """The number of the input that is chosen."""
        return int(self._group.current()) if self._group is not None else 0

    def button(self, number: int) -> QAbstractButton:
        """The button of that input."""
        assert self._group is not None, "asked only where there is a choice"
        return self._group.button(number)

    def offer(self, names: tuple[str, ...]) -> None:
        """Offer inputs by those names; a single one is no choice."""
        self.setHidden(len(names) < 2)
        if names == self._names:
            return
        self._names, bar = names, QWidget()
        empty(self._line)
        layout = QGridLayout(bar)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(14)
        layout.setColumnStretch(len(names), 1)
        self._group = ChoiceGroup(self)
        for number, name in enumerate(names):
            button = ChoiceButton(name, 12, 1, bar)
            self._group.add(str(number), button)
            layout.addWidget(button, 0, number)
        self._group.idToggled.connect(lambda _number, on: self._chosen() if on else None)
        self._line.addWidget(bar)


class JacobianPage(NodePage):
    """Rows are elements of the node, columns of its input; a click says what an entry means."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._story = Story.of(editor)
        self._found: tuple[Jacobian, ...] = ()
        self._known = False
        self.choice = InputChoice(self._show)
        self.about = text("", "plain", 13)
        self.about.setWordWrap(True)
        self.arrived = HeatMap("grad", HIGHEST)
        self.matrix = HeatMap("val", HIGHEST)
        self.sent = HeatMap("grad", STRIP)
        self.meaning = SentenceView()
        self.matrix.clicked.connect(self._point)
        self.matrix.setCursor(Qt.CursorShape.PointingHandCursor)
        self.matrix.setAccessibleName("Jacobian")
        self._lay_out()

    def _lay_out(self) -> None:
        self._picture = QWidget()
        grid = QGridLayout(self._picture)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        self.arrived.setFixedWidth(STRIP)
        self._heads: dict[str, QLabel] = {}
        for place, key in enumerate(("upstream", "∂out/∂in")):
            self._heads[key] = text(key, "mute", 11)
            grid.addWidget(self._heads[key], 0, place)
        grid.addWidget(self.arrived, 1, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.matrix, 1, 1, Qt.AlignmentFlag.AlignTop)
        self._heads["sent"] = text("= upstream × matrix, what the input is sent", "mute", 11)
        grid.addWidget(self._heads["sent"], 2, 1)
        grid.addWidget(self.sent, 3, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        parts = (self.choice, self.about, self._picture, self.meaning)
        layout.addWidget(column(*parts, spacing=10, margins=(14, 12, 14, 8)))

    def tell(self, shown: Shown) -> None:
        """Show the Jacobians of that node."""
        walk = self._story.walk
        self._known = shown.known
        step = shown.step
        node = shown.node
        self._found = ()
        if walk is not None and step is not None and node.spec.ports:
            found = jacobians(self._editor.evaluation, node.id, walk, step.output)
            self._found = found
        self.choice.offer(tuple(f.source_name for f in self._found))
        self._show()

    def rest(self) -> None:
        """Nobody looks: nothing is pointed at."""
        self._editor.spotlight.show_elements()

    @property
    def shown(self) -> Jacobian | None:
        """The Jacobian by the input that is chosen."""
        return self._found[min(self.choice.current, len(self._found) - 1)] if self._found else None

    def _show(self) -> None:
        found = self.shown
        self.rest()
        self.matrix.mark()
        self.arrived.mark()
        self.sent.mark()
        self.meaning.tell(())
        matrix = None if found is None else found.matrix
        self._picture.setVisible(matrix is not None)
        if found is None:
            self.about.setText("A leaf has no inputs: nothing is differentiated here.")
            return
        self.about.setText(f"{found.text}.")
        passed = self._known and found.upstream is not None and found.sent is not None
        for part in (self.arrived, self._heads["upstream"], self.sent, self._heads["sent"]):
            part.setVisible(passed)
        if matrix is None:
            return
        self._heads["∂out/∂in"].setText(found.quotient)
        self.matrix.show_table(np.atleast_2d(matrix))
        self._align()
        if passed:
            self._show_pass(found)
        hint = "Click an entry to see what it means." if matrix.size > 1 else ""
        self.meaning.tell(((Span(hint, "muted"),),) if hint else ())
        if matrix.size == 1:
            self._point(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._align()

    def _align(self) -> None:
        """Have the row below stand under the columns of the matrix."""
        found = self.shown
        if found is not None and found.matrix is not None:
            self.sent.limit_cells(self.matrix.cell_width)

    def _show_pass(self, found: Jacobian) -> None:
        assert found.upstream is not None and found.sent is not None
        self.arrived.show_table(as_column(found.upstream))
        self.sent.show_table(found.sent.reshape(1, -1))

    def _point(self, row: int, place: int) -> None:
        found = self.shown
        if found is None or found.matrix is None:
            return
        self.matrix.mark((row, place))
        self.arrived.mark((row, 0))
        self.sent.mark((0, place))
        told = entry_meaning(found, row, place)
        where = f"{row_meaning(found, row)}; {column_meaning(found, place)}."
        self.meaning.tell((told, (Span(f"{where[0].upper()}{where[1:]}", "muted"),)))
        self._point_elsewhere(found, row, place)

    def _point_elsewhere(self, found: Jacobian, row: int, place: int) -> None:
        out = tuple(int(i) for i in np.unravel_index(row, found.out_shape)) or ()
        into = tuple(int(i) for i in np.unravel_index(place, found.in_shape)) or ()
        self._editor.spotlight.show_elements(
            {found.node: frozenset((out,)), found.source: frozenset((into,))}
        )


def as_column(array: Array) -> Array:
    """A row as a column."""
    return np.asarray(array).reshape(-1, 1)
