"""The factors of a tensor's gradient as heat maps; the element under the pointer is followed
through all of them, and through the cards on the canvas."""

import numpy as np
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from gradviz.explain import Followed, LedgerRow, Span, follow
from gradviz.graph import WalkStep
from gradviz.ops.spec import Array

from ..editor import Editor
from ..numbers import shape_text
from ..widgets import text
from .backward_jacobian import InputChoice
from .backward_story import Shown, Story
from .cell_grid import Cell
from .heat_map import HeatMap
from .sentence_view import SentenceView

HIGHEST = 96
SIGNS = ("", "×", "=")
NAMES = ("upstream", "local derivative", "contribution")
MOST_CELLS = 40_000


def flat_table(array: Array) -> Array:
    """A tensor as a table: all dimensions but the last go down, as on the cards."""
    plain = np.asarray(array)
    return plain.reshape(-1, plain.shape[-1]) if plain.ndim else plain.reshape(1, 1)


def index_of(cell: Cell, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The element of a tensor that a cell of its table is."""
    if not shape:
        return ()
    return tuple(int(i) for i in np.unravel_index(cell[0] * shape[-1] + cell[1], shape))


def cell_of(index: tuple[int, ...], shape: tuple[int, ...]) -> Cell:
    """Where an element of a tensor stands in its table."""
    flat = int(np.ravel_multi_index(index, shape)) if shape else 0
    return divmod(flat, shape[-1]) if shape else (0, 0)


class FollowView(QWidget):
    """upstream × local = contribution for one input, each as a picture."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._story = Story.of(editor)
        self._step: WalkStep | None = None
        self._rows: tuple[LedgerRow, ...] = ()
        self.choice = InputChoice(self._show)
        self.maps = (HeatMap("grad", HIGHEST), HeatMap("val", HIGHEST), HeatMap("grad", HIGHEST))
        self.followed = SentenceView()
        self._shapes: list[QLabel] = []
        self._signs: list[QLabel] = []
        maps = QWidget()
        grid = QGridLayout(maps)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        # Under the heads of the ledger they need none of their own: the signs say which is which.
        for place, (sign, heat) in enumerate(zip(SIGNS, self.maps, strict=True)):
            if sign:
                self._signs.append(text(sign, "mute", 13))
                grid.addWidget(self._signs[-1], 0, 2 * place - 1)
            self._shapes.append(text("", "mute", 11))
            self._shapes[place].setToolTip(NAMES[place])
            heat.setAccessibleName(NAMES[place])
            heat.setToolTip(NAMES[place])
            grid.addWidget(heat, 0, 2 * place)
            grid.addWidget(self._shapes[place], 1, 2 * place)
            grid.setColumnStretch(2 * place, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(8)
        for part in (self.choice, maps, self.followed):
            layout.addWidget(part)
        self.maps[2].pointed.connect(self._follow)
        self.maps[0].pointed.connect(self._follow_back)

    @property
    def row(self) -> LedgerRow | None:
        """The input that is shown."""
        return self._rows[min(self.choice.current, len(self._rows) - 1)] if self._rows else None

    def tell(self, shown: Shown) -> None:
        """Show the factors of that step, where any of them is a tensor and its turn has come."""
        rows = shown.told.rows if shown.told is not None and shown.known else ()
        self._step = shown.step
        self._rows = tuple(r for r in rows if r.needed and worth_a_picture(r))
        self.setVisible(bool(self._rows))
        self.choice.offer(tuple(r.name for r in self._rows))
        self._show()

    def _show(self) -> None:
        row = self.row
        if row is None:
            return
        # A rule that is no product has no factor to multiply by: what arrived goes through it.
        for label, sign in zip(self._signs, SIGNS[1:], strict=True):
            label.setText(sign if row.local is not None else "→")
        factors = (row.upstream, row.local, row.sent)
        for heat, label, factor in zip(self.maps, self._shapes, factors, strict=True):
            heat.mark()
            drawn = factor is not None and 0 < factor.size <= MOST_CELLS
            heat.setVisible(drawn)
            label.setText("by rule" if factor is None else shape_text(np.shape(factor)))
            if factor is not None and drawn:
                heat.show_table(flat_table(factor))
        self._say_nothing()

    def _say_nothing(self) -> None:
        hint = "Point at an element to follow it through every factor."
        self.followed.tell(((Span(hint, "muted"),),))

    def _follow(self, cell: Cell | None) -> None:
        """Follow the element of the contribution under the pointer."""
        row, walk, step = self.row, self._story.walk, self._step
        if row is None or walk is None or step is None or cell is None:
            self._forget()
            return
        index = index_of(cell, np.shape(row.sent))
        found = follow(self._editor.evaluation, walk, step, row.port, index)
        if found is not None:
            self._mark(row, found)

    def _follow_back(self, cell: Cell | None) -> None:
        """Point at the element of the gradient that arrived, here and on the card."""
        row, step = self.row, self._step
        if row is None or step is None or cell is None:
            self._forget()
            return
        index = index_of(cell, np.shape(row.upstream))
        self.maps[0].mark(cell)
        self._editor.spotlight.show_elements({step.node: frozenset((index,))})

    def _forget(self) -> None:
        for heat in self.maps:
            heat.mark()
        self._say_nothing()
        self._editor.spotlight.show_elements()

    def _mark(self, row: LedgerRow, found: Followed) -> None:
        arrived = [t.index for t in found.terms if t.output == 0]
        self.maps[2].mark(cell_of(found.index, np.shape(row.sent)))
        self.maps[0].mark(*(cell_of(i, np.shape(row.upstream)) for i in arrived))
        local = np.shape(row.local) if row.local is not None else None
        if local is not None and local == np.shape(row.upstream):
            self.maps[1].mark(*(cell_of(i, local) for i in arrived))
        elif local is not None and local == np.shape(row.sent):
            self.maps[1].mark(cell_of(found.index, local))
        self.followed.tell((found.sentence,))
        assert row.source is not None, "an input that is sent something is a node"
        self._editor.spotlight.show_elements(
            {found.node: frozenset(arrived), row.source: frozenset((found.index,))}
        )


def worth_a_picture(row: LedgerRow) -> bool:
    """Whether any factor of a row has more than one number."""
    sizes = [np.size(f) for f in (row.upstream, row.local, row.sent) if f is not None]
    return max(sizes) > 1
