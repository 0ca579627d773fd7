"""Losses and parameters by step, of all runners."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from gradviz.descent import full_losses
from gradviz.descent.history import column

from ..theme import ui_font
from ..widgets import PanelHeader, row
from .chart import StepChart
from .chart_parts import Series
from .departures import Way
from .happenings import happenings, position
from .race import Race
from .smoothing import smoothed
from .told import lost
from .when_seen import WhenSeen
from .words import runner_title

MOST_PARAMETERS = 8


class LossPanel(QWidget):
    """Loss by step, with the switch to a logarithmic scale."""

    def __init__(self, race: Race, ruled: bool = True) -> None:
        super().__init__()
        self._race = race
        self.chart = StepChart("Loss by step")
        self.chart.picked.connect(race.go_to)
        self.chart.follow(race.pointer)
        self.switch = QCheckBox("log scale")
        self.switch.setFont(ui_font(12))
        self.switch.setToolTip("Not for losses below 0")
        self.switch.toggled.connect(self.chart.set_log)
        self.smooth = QCheckBox("smooth")
        self.smooth.setFont(ui_font(12))
        self.smooth.setToolTip("A running mean, with the losses as they are faint behind it")
        self.smooth.toggled.connect(self._read)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        switches = row(self.smooth, self.switch, spacing=14)
        layout.addWidget(PanelHeader("Loss by step", switches, ruled=ruled))
        layout.addWidget(self.chart, 1)
        self._seen = WhenSeen(self, self._read)
        for signal in (race.prepared, race.ran):
            signal.connect(self._seen.ask)
        race.stepped.connect(self._step)

    def _read(self) -> None:
        found = losses(self._race)
        found = smoothed(found) if self.smooth.isChecked() else found
        self.chart.show_series(found, self._race.steps)
        self.switch.setEnabled(self.chart.can_log)
        self._step()

    def _step(self) -> None:
        self.chart.show_step(self._race.step)


class ParameterPanel(QWidget):
    """The chosen runner's parameters by step: those on the axes, and the first others."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self.chart = StepChart("Parameters by step")
        self.chart.picked.connect(race.go_to)
        self.chart.follow(race.pointer)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.chart)
        self._way: Way | None = None
        self._seen = WhenSeen(self, self._read)
        for signal in (race.prepared, race.ran):
            signal.connect(self._seen.ask)
        race.stepped.connect(self._step)

    def _read(self) -> None:
        self._way = self._way_now()
        self.chart.show_series(parameters(self._race), self._race.steps)
        self.chart.show_step(self._race.step)

    def _way_now(self) -> Way:
        runner = self._race.runner
        return Way(None if runner is None else runner.trajectory)

    def _step(self) -> None:
        if self._way_now() != self._way:
            self._seen.ask()
        self.chart.show_step(self._race.step)


def losses(race: Race) -> list[Series]:
    """Each visible runner's losses; where data is sampled, on all of it, and on each batch."""
    found: list[Series] = []
    sampled = race.descent is not None and race.descent.objective.batches is not None
    for index, runner in enumerate(race.runners):
        path = runner.trajectory
        if runner.spec.visible:
            note, marks = lost(race, index), marked(race, index)
            at, title, colour = race.budget.steps_at(path), runner_title(runner.spec), race.colour
            if sampled:
                full = usable(full_losses(runner.objective, path))[at]
                found.append(Series(title, colour(index), full, note, marks=marks))
                title, note, marks = f"{title}, its batch", "", ()
            values = usable(path.losses)[at]
            found.append(Series(title, colour(index), values, note, faint=sampled, marks=marks))
    return found


def usable(losses: Sequence[float]) -> np.ndarray:
    """Losses with a gap where one is beyond all bounds."""
    values = np.array(losses, dtype=float)
    values[~(np.abs(values) < 1e30)] = np.nan
    return values


def marked(race: Race, index: int) -> tuple[tuple[int, str], ...]:
    """Where on a runner's curve something happens, and of what kind it is."""
    return tuple((position(race, index, h.step), h.kind) for h in happenings(race, index))


def parameters(race: Race) -> list[Series]:
    """Single parameters of the chosen runner; as many as can be told apart."""
    runner, descent = race.runner, race.descent
    if runner is None or descent is None:
        return []
    axes = list(descent.axes)
    axes += [a for a in descent.objective.axis_choices() if a not in axes]
    path = runner.trajectory
    steps = race.budget.steps_at(path)
    return [
        Series(
            descent.objective.axis_name(axis), index,
            np.array(column(path.points, axis.node)[(steps, *axis.index)], dtype=float),
        )
        for index, axis in enumerate(axes[:MOST_PARAMETERS])
    ]  # fmt: skip
