"""What holds for all runners: what each has as much of, and from where on settings change."""

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from gradviz.descent.settings import BUDGETS

from ..theme import ui_font
from ..widgets import thin_line
from .race import Race

EQUAL = ("equal steps", "equal evaluations")
"""The budgets as they are called here, in their order."""


class RaceStrip(QWidget):
    """Two choosers side by side."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self.budget = _chooser("Budget of every runner", *EQUAL)
        self.budget.setToolTip(
            "What every runner has as much of: steps, or gradients evaluated, of which a line "
            "search and Newton's method take several a step"
        )
        self.budget.activated.connect(self._set_budget)
        self.since = _chooser("From where on settings change", "set from the start", "")
        self.since.setToolTip("Whether what you set holds from the start, or from this step on")
        self.since.activated.connect(lambda row: race.set_from_now(row == 1))
        line = QHBoxLayout()
        line.setContentsMargins(12, 6, 8, 6)
        line.setSpacing(6)
        line.addWidget(self.budget, 1)
        line.addWidget(self.since, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(line)
        layout.addWidget(thin_line())
        for signal in (race.prepared, race.ran, race.stepped):
            signal.connect(self._show)
        self._show()

    def _show(self) -> None:
        race = self._race
        self.budget.setCurrentIndex(BUDGETS.index(race.settings.budget))
        self.since.setItemText(1, f"set from step {race.step_of(race.chosen)}")
        self.since.setCurrentIndex(int(race.from_now))

    def _set_budget(self, row: int) -> None:
        if BUDGETS[row] != self._race.settings.budget:
            self._race.set_settings("Set the budget", budget=BUDGETS[row])


def _chooser(name: str, *choices: str) -> QComboBox:
    box = QComboBox()
    box.addItems(list(choices))
    box.setFont(ui_font(12))
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return box
