"""Every setting of one runner: its optimizer, its schedule, and a control for each setting."""

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from gradviz.descent import DescentError, RunnerSpec
from gradviz.descent.methods import RUNNERS, settings_of
from gradviz.descent.settings import checked
from gradviz.optim import Setting
from gradviz.optim.lr_scheduler import SCHEDULES

from ..widgets import empty, text
from .race import Race
from .setting_control import SettingControl

NO_SCHEDULE = "none"


class RunnerForm(QWidget):
    """See the module's text."""

    def __init__(self, race: Race, index: int) -> None:
        super().__init__()
        self._race, self.index = race, index
        self._shape: object = None
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
        self._layout.addWidget(_line("optimizer", self.optimizer))
        self._settings = QVBoxLayout()
        self._layout.addLayout(self._settings)
        self._layout.addWidget(_line("schedule", self.schedule))
        self._scheduled = QVBoxLayout()
        self._layout.addLayout(self._scheduled)
        for inner in (self._settings, self._scheduled):
            inner.setSpacing(6)

    @property
    def spec(self) -> RunnerSpec:
        """The runner as it is set."""
        return self._race.specs[self.index]

    def show_spec(self) -> None:
        """Show the runner's settings; controls are made anew only where there are others."""
        spec = self.spec
        shape = (self.index, spec.optimizer, spec.schedule)
        if shape != self._shape:
            self._shape = shape
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
            self._scheduled, "schedule ", SCHEDULES[spec.schedule].settings if spec.schedule else ()
        )

    def _fill(self, layout: QVBoxLayout, prefix: str, settings: Sequence[Setting]) -> None:
        empty(layout)
        for setting in settings:
            if setting.default is None and not setting.choices:
                continue
            name = prefix + setting.name
            control = SettingControl(
                setting, self._value(name, setting),
                lambda value, last, name=name: self._set(name, value, last),
            )  # fmt: skip
            self.controls[name] = control
            layout.addWidget(control)

    def _value(self, name: str, setting: Setting) -> Any:
        scheduled = name.startswith("schedule ")
        kept = self.spec.schedule_settings if scheduled else self.spec.settings
        return kept.get(setting.name, setting.default)

    def _set(self, name: str, value: Any, last: bool) -> str:
        if name.startswith("schedule "):
            settings = {**self.spec.schedule_settings, name.removeprefix("schedule "): value}
            spec = replace(self.spec, schedule_settings=MappingProxyType(settings))
        else:
            spec = self.spec.with_setting(name, value)
        return self.take(spec, name, last)

    def take(self, spec: RunnerSpec, key: str = "", last: bool = True) -> str:
        """Set the runner so; the reason where its optimizer refuses."""
        try:
            checked(spec)
        except DescentError as problem:
            return str(problem)
        if spec != self.spec:
            self._race.set_runner(self.index, spec, key)
        if last:
            self._race.end_drag()
        return ""

    def _set_optimizer(self, name: str) -> None:
        if name == self.spec.optimizer:
            return
        known = {s.name for s in settings_of(name)}
        kept = {k: v for k, v in self.spec.settings.items() if k in known}
        self.take(replace(self.spec, optimizer=name, settings=MappingProxyType(kept)))

    def _set_schedule(self, name: str) -> None:
        chosen = None if name == NO_SCHEDULE else name
        none: dict[str, Any] = {}
        self.take(replace(self.spec, schedule=chosen, schedule_settings=MappingProxyType(none)))


def _line(name: str, widget: QWidget) -> QWidget:
    line = QWidget()
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    label = text(name, "mute", 12)
    label.setFixedWidth(92)
    layout.addWidget(label)
    layout.addWidget(widget, 1)
    return line
