"""The list of runners: who races, and how each is set."""

from collections.abc import Callable, Sequence
from types import MappingProxyType

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gradviz.descent import RunnerSpec

from ..theme import current
from ..widgets import PanelHeader
from .race import Race
from .race_strip import RaceStrip
from .runner_row import RunnerRow

FRESH = (
    ("SGD", {"lr": 0.1}), ("SGD", {"lr": 0.03, "momentum": 0.9}), ("Adam", {"lr": 0.1}),
    ("RMSprop", {"lr": 0.05}), ("Adagrad", {"lr": 0.5}),
)  # fmt: skip


class RunnerPanel(QWidget):
    """See the module's text. A row goes with its runner wherever that is moved."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self.rows: list[RunnerRow] = []
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumHeight(140)
        self.add_button = _plain("＋ add", "Add a runner", self.add)
        self.reset_button = _plain("reset", "Reset the race", race.reset)
        self.reset_button.setToolTip("Go to the start, without what was changed on the way")
        self.strip = RaceStrip(race)
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        self._inner = QWidget()
        self._inner.setLayout(self._list)
        self._mark = QFrame(self._inner)
        self._mark.hide()
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self._inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(PanelHeader("Runners", self.reset_button, self.add_button))
        layout.addWidget(self.strip)
        layout.addWidget(self.area, 1)
        race.prepared.connect(self.show_specs)
        for signal in (race.ran, race.stepped):
            signal.connect(self._show_now)

    def show_specs(self) -> None:
        """Show the runners as they are set; each row stays with the runner it shows."""
        specs = self._race.specs
        left = list(self.rows)
        rows = [row or self._made() for row in _matched(left, specs)]
        for row in left:
            row.hide()
            row.deleteLater()
        self.rows = rows
        for index, row in enumerate(rows):
            row.place(index)
            if self._list.indexOf(row) != index:
                self._list.insertWidget(index, row)
            row.show_spec()
        self._show_reset()

    def _made(self) -> RunnerRow:
        row = RunnerRow(self._race, 0)
        row.dragged.connect(self._drag)
        row.dropped.connect(self._drop)
        row.stepped.connect(self._go)
        return row

    def _show_now(self) -> None:
        for row in self.rows[: len(self._race.specs)]:
            row.show_now()
        self._show_reset()

    def _show_reset(self) -> None:
        self.reset_button.setEnabled(self._race.step > 0 or self._race.changed_on_the_way)

    def add(self) -> None:
        """Add a runner that is not there yet."""
        present = [(s.optimizer, dict(s.settings)) for s in self._race.specs]
        fresh = next((f for f in FRESH if f not in present), FRESH[0])
        self._race.add_runner(RunnerSpec(fresh[0], MappingProxyType(dict(fresh[1]))))

    # another place in the list ---------------------------------------------------------------

    def _gap_at(self, place: QPointF) -> int:
        """Before which row something let go there would come."""
        y = self._inner.mapFromGlobal(place).y()
        return sum(y > row.y() + row.height() / 2 for row in self.rows)

    def _drag(self, row: RunnerRow, place: QPointF) -> None:
        gap = self._gap_at(place)
        self._mark.setProperty("gap", gap)
        y = self.rows[gap].y() if gap < len(self.rows) else self.rows[-1].geometry().bottom()
        self._mark.setStyleSheet(f"background: {current().sel};")
        self._mark.setGeometry(0, max(0, y - 1), self._inner.width(), 3)
        self._mark.raise_()
        self._mark.show()
        at = self.area.viewport().mapFromGlobal(place.toPoint())
        self.area.ensureVisible(0, (at + QPoint(0, -self._inner.y())).y(), 0, 24)

    def _drop(self, row: RunnerRow) -> None:
        self._mark.hide()
        gap = int(self._mark.property("gap"))
        self._race.move_runner(row.index, gap - (gap > row.index))

    def _go(self, row: RunnerRow, by: int) -> None:
        index = max(0, min(row.index + by, len(self.rows) - 1))
        self._race.choose(index)
        self.rows[index].setFocus()
        self.area.ensureWidgetVisible(self.rows[index], 0, 8)


def _matched(left: list[RunnerRow], specs: Sequence[RunnerSpec]) -> list[RunnerRow | None]:
    """Take out of `left` a row for each runner: first those that show the very same one, then
    those whose runner is only called or coloured otherwise, then any.
    """
    found: list[RunnerRow | None] = [None] * len(specs)
    for alike in (_same, _goes_alike, lambda row, spec: True):
        for index, spec in enumerate(specs):
            for row in left if found[index] is None else ():
                if alike(row, spec):
                    found[index] = row
                    left.remove(row)
                    break
    return found


def _same(row: RunnerRow, spec: RunnerSpec) -> bool:
    return row.spec == spec


def _goes_alike(row: RunnerRow, spec: RunnerSpec) -> bool:
    return row.spec is not None and row.spec.parts_from(spec) is None


def _plain(words: str, name: str, do: Callable[[], None]) -> QPushButton:
    button = QPushButton(words)
    button.setProperty("kind", "plain")
    button.setAccessibleName(name)
    button.clicked.connect(lambda: do())
    return button
