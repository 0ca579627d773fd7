"""Names and figures in rows. Cells are kept and given other words: to make them takes a frame."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from gradviz.ops.spec import Array

from ..copying import offer_copies
from ..fonts import value_font
from ..widgets import ElidedLabel, restyle

WIDEST_NAME = 116


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """What a cell says, in which role, and the number that can be copied from it."""

    words: str
    role: str = "mute"
    tip: str = ""
    strong: bool = False
    value: Array | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A name and cells; ``wide``: its one cell takes the room of all of them."""

    name: str
    cells: tuple[Cell, ...]
    role: str = "plain"
    wide: bool = False


class Figure(ElidedLabel):
    """A cell of a table, which gives way where the panel is narrow; every digit can be copied."""

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell.words)
        self._strong: bool | None = None
        self._tip = ""
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.become(cell)

    def become(self, cell: Cell) -> None:
        """Say something else."""
        self.value = cell.value
        if cell.strong != self._strong:
            self._strong = cell.strong
            font = value_font(12)
            font.setBold(cell.strong)
            self.setFont(font)
        restyle(self, role=cell.role)
        self.setText(cell.words)
        if cell.tip != self._tip:
            self._tip = cell.tip
            self.setToolTip(cell.tip)

    def _tell(self) -> None:
        # Every digit says more than the words that were cut.
        if not self._tip:
            super()._tell()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.value is not None:
            offer_copies(self, event.globalPos(), ("", self.value))
        else:
            super().contextMenuEvent(event)


class FigureTable(QWidget):
    """Rows under a line of heads; those that are not needed now are hidden, and kept."""

    def __init__(
        self,
        make_name: Callable[[], QLabel],
        stretches: Sequence[int],
        heads: Iterable[QWidget] = (),
        spacing: int = 7,
    ) -> None:
        super().__init__()
        self._make_name = make_name
        self._measured = make_name()
        self._measured.setParent(self)
        self._measured.hide()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(5)
        self._grid.setVerticalSpacing(spacing)
        for column, stretch in enumerate(stretches):
            self._grid.setColumnStretch(column, stretch)
        for column, head in enumerate(heads):
            self._grid.addWidget(head, 0, column)
        self._names: dict[int, QLabel] = {}
        self._figures: dict[tuple[int, int, int], Figure] = {}
        self._rows: tuple[Row, ...] = ()

    def show_rows(self, rows: Iterable[Row]) -> None:
        """Show these in place of those before."""
        self._rows = tuple(rows)
        metrics = self._measured.fontMetrics()
        names = [metrics.horizontalAdvance(row.name) for row in self._rows]
        self._grid.setColumnMinimumWidth(0, min(WIDEST_NAME, max(names, default=0) + 2))
        used: set[QLabel] = set()
        for line, row in enumerate(self._rows, 1):
            if not row.wide:
                used.add(self._named(line, row))
            span = self._grid.columnCount() - 1 if row.wide else 1
            for column, cell in enumerate(row.cells, 1):
                used.add(self._figure((line, column, span), cell))
        for label in (*self._names.values(), *self._figures.values()):
            if label.isHidden() == (label in used):
                label.setHidden(label not in used)

    def _named(self, line: int, row: Row) -> QLabel:
        if line not in self._names:
            self._names[line] = self._make_name()
            self._grid.addWidget(self._names[line], line, 0)
        label = self._names[line]
        if label.property("role") != row.role:
            font = label.font()
            font.setWeight(QFont.Weight.DemiBold if row.role == "title" else QFont.Weight.Normal)
            label.setFont(font)
            restyle(label, role=row.role)
        if label.text() != row.name:
            label.setText(row.name)
        return label

    def _figure(self, place: tuple[int, int, int], cell: Cell) -> Figure:
        known = self._figures.get(place)
        if known is not None:
            known.become(cell)
            return known
        line, column, span = place
        made = self._figures[place] = Figure(cell)
        self._grid.addWidget(made, line, column, 1, span)
        return made

    def words(self) -> list[list[str]]:
        """The rows as they read."""
        named = ((() if row.wide else (row.name,), row.cells) for row in self._rows)
        return [[*name, *(cell.words for cell in cells)] for name, cells in named]
