"""A value or a gradient in the inspector: a number, or a heat map over a table."""

from collections.abc import Callable

import numpy as np
from PySide6.QtWidgets import QGridLayout, QSpinBox, QVBoxLayout, QWidget

from gradviz.ops.spec import Array

from ..grids import Place, as_table
from ..numbers import shape_text
from ..spread import spread_of
from ..widgets import empty, text
from .heat_map import HeatMap
from .histogram import Histogram
from .tensor_table import TensorModel, TensorTable

BOXES, BOX = 2, 60
"""How many dimensions are chosen in a line, and how wide each field is."""
MOST_SPREAD = 65_536
"""Elements of which the spread is told while a value moves."""
Put = Callable[[Place, float], str]
"""Sets one element, by its place; the reason where that is refused, else empty."""


class SliceChooser(QWidget):
    """Which table of a tensor with more than two dimensions is shown."""

    def __init__(self, chosen: Callable[[], None]) -> None:
        super().__init__()
        self._chosen = chosen
        self._line = QGridLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(4)
        self._boxes: list[QSpinBox] = []
        self._sizes: Place = ()
        self.hide()

    @property
    def at(self) -> Place:
        """The places chosen in the dimensions before the last two."""
        return tuple(box.value() for box in self._boxes)

    def show_shape(self, shape: Place) -> None:
        """Offer the leading dimensions of that shape."""
        sizes = shape[:-2]
        if sizes == self._sizes:
            return
        self._sizes = sizes
        empty(self._line)
        self._boxes = [self._box(number, size) for number, size in enumerate(sizes)]
        self._line.addWidget(text("slice [", "mute", figures=True), 0, 0)
        for number, box in enumerate(self._boxes):
            self._line.addWidget(box, number // BOXES, 1 + number % BOXES)
        line, place = divmod(max(0, len(sizes) - 1), BOXES)
        self._line.addWidget(text(", :, : ]", "mute", figures=True), line, 2 + place)
        self._line.setColumnStretch(BOXES + 2, 1)
        self.setVisible(bool(sizes))

    def _box(self, number: int, size: int) -> QSpinBox:
        box = QSpinBox()
        box.setFixedWidth(BOX)
        box.setRange(0, max(0, size - 1))
        box.setAccessibleName(f"Place in dimension {number}")
        box.setToolTip(f"dimension {number}: 0 to {size - 1}")
        box.valueChanged.connect(self._chosen)
        return box


class TensorView(QWidget):
    """Shows any array of any shape; with `put`, its elements can be typed over."""

    def __init__(self, role: str, put: Put | None = None) -> None:
        """`role` is ``val`` or ``grad``."""
        super().__init__()
        self._put = put
        self._array: Array = np.zeros(0)
        self.slices = SliceChooser(self._show)
        self.heat = HeatMap(role)
        self.histogram = Histogram(role)
        self.figures = text("", "mute", 11, figures=True)
        self.figures.setWordWrap(True)
        self.model = TensorModel(role, self._put_cell if put else None)
        self.table = TensorTable(self.model)
        self.nothing = text("", "mute")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        for part in (
            self.slices,
            self.heat,
            self.histogram,
            self.figures,
            self.table,
            self.nothing,
        ):
            layout.addWidget(part)
        self.table.setAccessibleName("Values" if role == "val" else "Gradient")

    def show_array(self, array: Array) -> None:
        """Show that array."""
        self._array = array
        self.slices.show_shape(array.shape)
        spread = spread_of(np.asarray(array), MOST_SPREAD)
        self.histogram.show_spread(spread)
        self.figures.setText("" if spread is None else unbroken(spread.said()))
        self.figures.setHidden(spread is None)
        self._show()

    def _show(self) -> None:
        empty = self._array.size == 0
        self.nothing.setText(f"no elements: its shape is {shape_text(self._array.shape)}")
        for part in (self.heat, self.table):
            part.setHidden(empty)
        self.nothing.setVisible(empty)
        if not empty:
            table = as_table(self._array, self.slices.at)
            self.model.show_table(table)
            self.heat.setVisible(table.size > 1)
            self.heat.show_table(np.real(table))

    def _put_cell(self, row: int, column: int, number: float) -> str:
        assert self._put is not None
        if self._array.ndim < 2:
            place: Place = (column,) if self._array.ndim else ()
        else:
            place = (*self.slices.at, row, column)
        return self._put(place, number)


def unbroken(figures: str) -> str:
    """Figures of which none is broken between its name and its number."""
    parts = figures.split("   ")
    return "   ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts)
