"""One setting of an optimizer or schedule as a control, made from its description."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from gradviz.optim import Setting

from ..widgets import NumberRule, ProblemLine, ScrubField, SliderScale, ValueSlider
from .setting_name import SettingName
from .words import written

NONE = "none"
Take = Callable[[Any, bool], str]
"""Takes a value, and whether it is the last of a drag; the reason where it is refused."""


class SettingControl(QWidget):
    """Its name, and what it needs to be set: a slider and a field, fields, a box or a list.

    Below, what is wrong with what was set last, and what would be right.
    """

    def __init__(self, setting: Setting, value: Any, take: Take) -> None:
        super().__init__()
        self.setting = setting
        self._take = take
        self._value = value
        self.name = SettingName(setting)
        self.name.clicked.connect(lambda: self._send(setting.default, True))
        self.problem = ProblemLine()
        self._line = QHBoxLayout()
        self._line.setSpacing(8)
        self._line.addWidget(self.name)
        self.box: QCheckBox | None = None
        self.list: QComboBox | None = None
        self.slider: ValueSlider | None = None
        self.fields: list[ScrubField] = []
        self._make()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(self._line)
        layout.addWidget(self.problem)
        self.show_value(value)

    @property
    def _whole(self) -> bool:
        default = self.setting.default
        return default is None or isinstance(default, int)

    def _make(self) -> None:
        default = self.setting.default
        if self.setting.choices:
            self._make_list()
        elif isinstance(default, bool):
            self._make_box(lambda checked: self._send(checked, True))
        elif isinstance(default, tuple):
            for index, number in enumerate(default):
                self._make_field(float(number), lambda v, i=index: self._send_part(i, v))
        else:
            if default is None:
                low = round(self.setting.low)
                self._make_box(lambda checked: self._send(low if checked else None, True))
            self._make_slider()

    def _make_list(self) -> None:
        none = [NONE] if self.setting.default is None else []
        self.list = QComboBox()
        self.list.addItems([*none, *self.setting.choices])
        self.list.setAccessibleName(self.setting.name)
        self.list.setMinimumContentsLength(6)
        self.list.textActivated.connect(
            lambda word: self._send(None if word == NONE else word, True)
        )
        self._line.addWidget(self.list, 1)

    def _make_box(self, sent: Callable[[bool], None]) -> None:
        self.box = QCheckBox()
        self.box.setAccessibleName(self.setting.name)
        self.box.clicked.connect(lambda checked: sent(bool(checked)))
        self._line.addWidget(self.box)
        if self.setting.default is not None:
            self._line.addStretch(1)

    def _make_slider(self) -> None:
        setting = self.setting
        scale = SliderScale(setting.low, setting.high, 1 if self._whole else None, setting.log)
        self.slider = ValueSlider(scale, setting.name)
        self.slider.moved.connect(lambda v: self._send(self._typed(v), False))
        self.slider.released.connect(lambda v: self._send(self._typed(v), True))
        self._line.addWidget(self.slider, 1)
        field = self._make_field(setting.low, lambda v: self._send(self._typed(v), True))
        field.setFixedWidth(72)

    def _make_field(self, value: float, taken: Callable[[float], None]) -> ScrubField:
        step = 1.0 if self._whole else max(self.setting.high - self.setting.low, 1e-9) / 1000
        rule = NumberRule(whole=self._whole)
        field = ScrubField(self.setting.name, value, step=step, rule=rule)
        field.setMinimumWidth(48)
        field.committed.connect(taken)
        field.refused.connect(self._say)
        self.fields.append(field)
        self._line.addWidget(field)
        return field

    # what is set -----------------------------------------------------------------------------

    def _typed(self, value: float) -> Any:
        return round(value) if self._whole else float(value)

    def _send_part(self, index: int, value: float) -> None:
        values = list(self._value)
        values[index] = float(value)
        self._send(tuple(values), True)

    def _send(self, value: Any, last: bool) -> None:
        problem = self._take(value, last)
        if problem:
            self.show_value(self._value)
        self._say(problem)

    def _say(self, problem: str) -> None:
        whole = problem if problem.endswith(".") else f"{problem}."
        default = written(self.setting.default)
        self.problem.say(f"{whole} The default is {default}." if problem else "")

    def show_value(self, value: Any) -> None:
        """Show the setting as it is now."""
        self._value = value
        self.name.show_changed(value != self.setting.default)
        if self.box is not None:
            self.box.setChecked(
                value is True or (not isinstance(value, bool) and value is not None)
            )
        if self.list is not None:
            self.list.setCurrentText(str(value or NONE))
        if self.slider is not None:
            self.slider.setEnabled(value is not None)
            self.slider.set_value(self.setting.low if value is None else float(value))
        numbers = value if isinstance(value, tuple) else (value,)
        for field, number in zip(self.fields, numbers, strict=False):
            field.setEnabled(number is not None)
            field.set_value(self.setting.low if number is None else float(number))
        self._say("")
