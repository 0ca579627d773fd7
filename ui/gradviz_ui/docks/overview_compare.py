"""Two passes side by side: one is pinned, something is changed, and what differs is listed."""

from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from gradviz.explain.comparing import Difference, Pin, differences, pin
from gradviz.ops.spec import Array

from ..editor import Editor
from ..keymap import say_keys
from ..numbers import full, short
from ..widgets import ElidedLabel, column, empty, row, text
from .backward_ledger import figure, number, tip_text
from .overview_page import OverviewPage

MOST_LISTED = 40
HEADS = ("", "value was", "is", "grad was", "is")


class ComparePage(OverviewPage):
    """Pin a pass, change anything, and see which values and gradients differ, and by how much."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self.pinned: Pin | None = None
        self.shown: tuple[Difference, ...] = ()
        self.button = QPushButton("Pin this pass")
        say_keys(self.button, "Keep this pass to compare the next ones with", "pin")
        self.button.clicked.connect(self.pin)
        self.about = text("", "mute", 13)
        self.about.setWordWrap(True)
        table = QWidget()
        self._grid = QGridLayout(table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(6)
        for place in range(5):
            self._grid.setColumnStretch(place, 1)
        parts = (row(self.button, None), self.about, table)
        self.put(column(*parts, spacing=10, margins=(14, 12, 14, 8)))
        editor.replaced.connect(self._forget)

    def _forget(self) -> None:
        self.pinned = None

    def pin(self) -> None:
        """Keep the present pass."""
        walk = self._story.walk
        if walk is not None:
            self.pinned = pin(self.editor.evaluation, walk)
            self.refresh()

    def refresh(self) -> None:
        """Hold the present pass against the pinned one."""
        walk = self._story.walk
        self.button.setEnabled(walk is not None)
        self.button.setText("Pin this pass" if self.pinned is None else "Pin this one instead")
        self.shown = ()
        if self.pinned is not None:
            rows = differences(self.pinned, self.editor.evaluation, walk)
            self.shown = tuple(r for r in rows if not r.same and differs(r))
        if self.pinned is None:
            self.about.setText(
                "Pin this pass, then move a slider or edit the graph: what differs is listed here."
            )
        elif not self.shown:
            self.about.setText("Pinned. Nothing differs yet.")
        else:
            count = len(self.shown)
            self.about.setText(f"{count} node{'s differ' if count > 1 else ' differs'}:")
        self._fill()

    def _fill(self) -> None:
        empty(self._grid)
        if not self.shown:
            return
        for place, head in enumerate(HEADS):
            self._grid.addWidget(figure(head, "mute"), 0, place)
        for line, one in enumerate(self.shown[:MOST_LISTED], 1):
            name = ElidedLabel(one.name)
            self._grid.addWidget(name, line, 0)
            cells = (
                cell(one.value[0], "mute"), changed(one.value[1], one.value_change, "value"),
                cell(one.gradient[0], "mute"),
                changed(one.gradient[1], one.gradient_change, "gradient"),
            )  # fmt: skip
            for place, widget in enumerate(cells, 1):
                self._grid.addWidget(widget, line, place)


def cell(value: Array | None, role: str) -> QWidget:
    """A number or a shape; a dash where there is none."""
    return figure("—", "mute") if value is None else number(value, role)


def changed(value: Array | None, distance: float | None, role: str) -> QWidget:
    """What a node is now; of a tensor of the same shape how far its elements went at most."""
    if value is None or value.size == 1 or distance is None:
        return cell(value, role)
    tip = f"{tip_text(value)}\nthe largest change of an element is {full(distance)}"
    return figure(f"±{short(distance)}", role, tip, value=value)


def differs(one: Difference) -> bool:
    """Whether anything about a node is another: None on both sides is not."""
    changed = [c for c in (one.value_change, one.gradient_change) if c]
    pairs = (one.value, one.gradient)
    return bool(changed) or any((a is None) != (b is None) for a, b in pairs)
