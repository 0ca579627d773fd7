"""The list of runners: who races, and how each is set."""

from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QScrollArea, QVBoxLayout, QWidget

from gradviz.descent import RunnerSpec

from ..widgets import PanelHeader
from .race import Race
from .runner_row import RunnerRow

FRESH = (
    ("SGD", {"lr": 0.1}), ("SGD", {"lr": 0.03, "momentum": 0.9}), ("Adam", {"lr": 0.1}),
    ("RMSprop", {"lr": 0.05}), ("Adagrad", {"lr": 0.5}),
)  # fmt: skip


class RunnerPanel(QWidget):
    """See the module's text."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self.rows: list[RunnerRow] = []
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumHeight(140)
        self.add_button = QPushButton("＋ add")
        self.add_button.setProperty("kind", "plain")
        self.add_button.setAccessibleName("Add a runner")
        self.add_button.clicked.connect(self._add)
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        inner = QWidget()
        inner.setLayout(self._list)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(PanelHeader("Runners", self.add_button))
        layout.addWidget(scroll, 1)
        race.prepared.connect(self.show_specs)
        for signal in (race.ran, race.stepped):
            signal.connect(self._show_now)

    def show_specs(self) -> None:
        """Show the runners as they are set; rows stay where they can."""
        specs = self._race.specs
        while len(self.rows) > len(specs):
            row = self.rows.pop()
            row.hide()
            row.deleteLater()
        while len(self.rows) < len(specs):
            row = RunnerRow(self._race, len(self.rows))
            self._list.insertWidget(len(self.rows), row)
            self.rows.append(row)
        for row in self.rows:
            row.show_spec()

    def _show_now(self) -> None:
        for row in self.rows[: len(self._race.specs)]:
            row.show_now()

    def _add(self) -> None:
        present = [(s.optimizer, dict(s.settings)) for s in self._race.specs]
        fresh = next((f for f in FRESH if f not in present), FRESH[0])
        self._race.add_runner(RunnerSpec(fresh[0], MappingProxyType(dict(fresh[1]))))
