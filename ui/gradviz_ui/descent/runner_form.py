"""Every setting of one runner: its optimizer, its schedule, and a control for each setting."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from gradviz.descent import RunnerSpec
from gradviz.descent.methods import RUNNERS, settings_of
from gradviz.optim import Setting
from gradviz.optim.lr_scheduler import SCHEDULES

from ..widgets import ProblemLine, empty, text
from .race import Race
from .setting_control import SettingControl
from .setting_name import WIDTH

NO_SCHEDULE = "none"
SCHEDULED = "schedule "
"""Before the names of a schedule's settings, which may be those of an optimizer too."""


class RunnerForm(QWidget):
    """See the module's text."""

    def __init__(self, race: Race, index: int) -> None:
        super().__init__()
        self._race, self.index = race, index
        self._shown: RunnerSpec | None = None
        self.optimizer = QComboBox()
        self.optimizer.addItems(list(RUNNERS))
        self.optimizer.setAccessibleName("Optimizer")
        self.optimizer.textActivated.connect(self._set_optimizer)
        self.schedule = QComboBox()
        self.schedule.addItems([NO_SCHEDULE, *SCHEDULES])
        self.schedule.setAccessibleName("Schedule")
        self.schedule.textActivated.connect(self._set_schedule)
        self.controls: dict[str, SettingControl] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 6, 0, 2)
        self._layout.setSpacing(6)
        self.problem = ProblemLine()
        self._layout.addWidget(_line("optimizer", self.optimizer))
        self._layout.addWidget(self.problem)
        self._settings = QVBoxLayout()
        self._layout.addLayout(self._settings)
        self._layout.addWidget(_line("schedule", self.schedule))
        self._scheduled = QVBoxLayout()
        self._layout.addLayout(self._scheduled)
        for inner in (self._settings, self._scheduled):
            inner.setSpacing(6)

    @property
    def spec(self) -> RunnerSpec:
        """The runner as it is set at the step looked at."""
        return self._race.specs[self.index].at(self._race.step_of(self.index))

    def show_spec(self) -> None:
        """Show the runner's settings; controls are made anew only where there are others."""
        spec = self.spec.bare
        if spec == self._shown:
            return
        before, self._shown = self._shown, spec
        known = before is not None and (before.optimizer, before.schedule)
        if known != (spec.optimizer, spec.schedule):
            self._rebuild()
        for name, control in self.controls.items():
            control.show_value(self._value(name, control.setting))

    def _rebuild(self) -> None:
        spec = self.spec
        self.optimizer.setCurrentText(spec.optimizer)
        self.schedule.setCurrentText(spec.schedule or NO_SCHEDULE)
        self.controls = {}
        self._fill(self._settings, "", settings_of(spec.optimizer))
        self._fill(
            self._scheduled, SCHEDULED, SCHEDULES[spec.schedule].settings if spec.schedule else ()
        )

    def _fill(self, layout: QVBoxLayout, prefix: str, settings: Sequence[Setting]) -> None:
        empty(layout)
        for setting in settings:
            name = prefix + setting.name
            control = SettingControl(
                setting, self._value(name, setting),
                lambda value, last, name=name: self.set_value(name, value, last),
            )  # fmt: skip
            self.controls[name] = control
            layout.addWidget(control)

    def _value(self, name: str, setting: Setting) -> Any:
        spec = self.spec
        kept = spec.schedule_settings if name.startswith(SCHEDULED) else spec.settings
        return kept.get(setting.name, setting.default)

    def set_value(self, name: str, value: Any, last: bool) -> str:
        """Set one setting; the reason where it is refused. `last`: it ends a drag."""
        schedule = self.spec.schedule

        def edit(spec: RunnerSpec) -> RunnerSpec:
            if not name.startswith(SCHEDULED):
                known = name in {s.name for s in settings_of(spec.optimizer)}
                return spec.with_setting(name, value) if known else spec
            if spec.schedule != schedule:
                return spec
            settings = {**spec.schedule_settings, name.removeprefix(SCHEDULED): value}
            return replace(spec, schedule_settings=MappingProxyType(settings))

        return self._edit(edit, name, last)

    def _edit(
        self, edit: Callable[[RunnerSpec], RunnerSpec], key: str = "", last: bool = True
    ) -> str:
        problem = self._race.edit_runner(self.index, edit, key)
        if last:
            self._race.end_drag()
        return problem

    def _set_optimizer(self, name: str) -> None:
        known = {s.name for s in settings_of(name)}

        def edit(spec: RunnerSpec) -> RunnerSpec:
            kept = {k: v for k, v in spec.settings.items() if k in known}
            return replace(spec, optimizer=name, settings=MappingProxyType(kept))

        if name != self.spec.optimizer:
            self._say(self._edit(edit))

    def _set_schedule(self, name: str) -> None:
        chosen = None if name == NO_SCHEDULE else name
        none: dict[str, Any] = {}

        def edit(spec: RunnerSpec) -> RunnerSpec:
            return replace(spec, schedule=chosen, schedule_settings=MappingProxyType(none))

        if chosen != self.spec.schedule:
            self._say(self._edit(edit))

    def _say(self, problem: str) -> None:
        """What an optimizer or a schedule has against being chosen."""
        self.problem.say(problem)
        if problem:
            self._rebuild()


def _line(name: str, widget: QComboBox) -> QWidget:
    widget.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    widget.setMinimumContentsLength(8)
    line = QWidget()
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    label = text(name, "mute", 12)
    label.setFixedWidth(WIDTH)
    layout.addWidget(label)
    layout.addWidget(widget, 1)
    return line
