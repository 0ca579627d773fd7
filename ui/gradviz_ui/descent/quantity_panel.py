"""Curves of one quantity by step, of all visible runners: gradient norms, rates, step sizes."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from ..theme import ui_font
from ..widgets import row
from .chart import StepChart
from .chart_parts import Series
from .quantities import QUANTITIES, Lengths, Quantity
from .race import Race
from .smoothing import smoothed
from .words import runner_title

HUGE = 1e30


class QuantityPanel(QWidget):
    """See the module's text. It works only while it is in sight."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self._lengths: dict[int, Lengths] = {}
        self.chart = StepChart("Quantity by step")
        self.chart.picked.connect(race.go_to)
        self.chart.follow(race.pointer)
        self.chooser = QComboBox()
        self.chooser.setAccessibleName("What is drawn by step")
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.chooser.setFont(ui_font(12))
        for index, quantity in enumerate(QUANTITIES):
            self.chooser.addItem(quantity.name)
            self.chooser.setItemData(index, quantity.doc, Qt.ItemDataRole.ToolTipRole)
        self.chooser.currentIndexChanged.connect(self._read)
        self.smooth, self.log = QCheckBox("smooth"), QCheckBox("log scale")
        for box in (self.smooth, self.log):
            box.setFont(ui_font(12))
        self.log.setChecked(True)
        self.chart.set_log(True)
        self.smooth.toggled.connect(self._read)
        self.log.toggled.connect(self.chart.set_log)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(0)
        head = row(self.chooser, None, self.smooth, self.log, spacing=14, margins=(14, 0, 8, 0))
        layout.addWidget(head)
        layout.addWidget(self.chart, 1)
        for signal in (race.prepared, race.ran):
            signal.connect(self._read)
        race.stepped.connect(self._step)

    @property
    def quantity(self) -> Quantity:
        """What is drawn."""
        return QUANTITIES[self.chooser.currentIndex()]

    def showEvent(self, event: QShowEvent) -> None:
        self._read()
        super().showEvent(event)

    def _read(self) -> None:
        if not self.isVisible():
            return
        race = self._race
        paths = {id(r.trajectory): r.trajectory for r in race.runners}
        self._lengths = {i: self._lengths.get(i) or Lengths(p) for i, p in paths.items()}
        found = [s for i, _ in enumerate(race.runners) if (s := self._series(i)) is not None]
        self.chart.show_series(smoothed(found) if self.smooth.isChecked() else found, race.steps)
        self.chooser.setToolTip(self.quantity.doc)
        self.log.setEnabled(self.chart.can_log)
        self._step()

    def _series(self, index: int) -> Series | None:
        race, runner = self._race, self._race.runners[index]
        if not runner.spec.visible:
            return None
        found = self._lengths[id(runner.trajectory)]
        found.follow()
        values = np.array(self.quantity.of(found), float)
        with np.errstate(invalid="ignore"):
            values[~(np.abs(values) < HUGE)] = np.nan
        at = race.budget.steps_at(runner.trajectory)
        return Series(runner_title(runner.spec), race.colour(index), values[at])

    def _step(self) -> None:
        self.chart.show_step(self._race.step)
