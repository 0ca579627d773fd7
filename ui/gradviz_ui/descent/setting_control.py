"""One setting of an optimizer or schedule as a control, made from its description."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from gradviz.optim import Setting

from ..widgets import NumberRule, ScrubField, SliderScale, ValueSlider, text

NONE = "none"
Take = Callable[[Any, bool], str]
"""Takes a value, and whether it is the last of a drag; the reason where it is refused."""


class SettingControl(QWidget):
    """Its name, a slider and a field, or a check box; below, what is wrong with what was set."""

    def __init__(self, setting: Setting, value: Any, take: Take) -> None:
        super().__init__()
        self.setting = setting
        self._take = take
        self.problem = text("", "error", 11)
        self.problem.setWordWrap(True)
        self.problem.hide()
        self._line = QHBoxLayout()
        self._line.setSpacing(8)
        name = text(setting.name, "mute", 12)
        name.setToolTip(setting.doc)
        name.setFixedWidth(92)
        self._line.addWidget(name)
        self.parts: list[QWidget] = []
        self._make(value)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(self._line)
        layout.addWidget(self.problem)
        self.show_value(value)

    def _make(self, value: Any) -> None:
        default = self.setting.default
        if isinstance(default, bool):
            box = QCheckBox()
            box.setAccessibleName(self.setting.name)
            box.setToolTip(self.setting.doc)
            box.clicked.connect(lambda checked: self._send(bool(checked), True))
            self._add(box)
            self._line.addStretch(1)
        elif self.setting.choices:
            box = QComboBox()
            box.setAccessibleName(self.setting.name)
            box.setToolTip(self.setting.doc)
            box.addItems([*([NONE] if default is None else []), *self.setting.choices])
            box.textActivated.connect(lambda word: self._send(None if word == NONE else word, True))
            self._add(box)
        elif isinstance(default, tuple):
            for index, _ in enumerate(default):
                self._add(self._field(value[index], lambda v, i=index: self._part(i, v)))
        else:
            self.slider = ValueSlider(self._scale(), self.setting.name, float(value))
            self.slider.moved.connect(lambda v: self._send(self._typed(v), False))
            self.slider.released.connect(lambda v: self._send(self._typed(v), True))
            self._line.addWidget(self.slider, 1)
            field = self._field(value, lambda v: self._send(self._typed(v), True))
            field.setFixedWidth(72)
            self._add(field)

    def _add(self, widget: QWidget) -> None:
        self.parts.append(widget)
        self._line.addWidget(widget)

    def _scale(self) -> SliderScale:
        setting = self.setting
        whole = isinstance(setting.default, int)
        return SliderScale(setting.low, setting.high, 1 if whole else None, setting.log)

    def _field(self, value: Any, taken: Callable[[float], None]) -> ScrubField:
        whole = isinstance(self.setting.default, int)
        step = 1.0 if whole else max(self.setting.high - self.setting.low, 1e-9) / 1000
        name = self.setting.name
        field = ScrubField(name, float(value), step=step, rule=NumberRule(whole=whole))
        field.committed.connect(taken)
        field.refused.connect(self._say)
        return field

    def _typed(self, value: float) -> Any:
        return round(value) if isinstance(self.setting.default, int) else float(value)

    def _part(self, index: int, value: float) -> None:
        values = list(self._value)
        values[index] = float(value)
        self._send(tuple(values), True)

    def _send(self, value: Any, last: bool) -> None:
        problem = self._take(value, last)
        if problem:
            self.show_value(self._value)
        self._say(problem)

    def _say(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setHidden(not problem)

    def show_value(self, value: Any) -> None:
        """Show the setting as it is now."""
        self._value = value
        if isinstance(value, bool):
            for part in self.parts:
                if isinstance(part, QCheckBox):
                    part.setChecked(value)
            return
        if self.setting.choices:
            for part in self.parts:
                if isinstance(part, QComboBox):
                    part.setCurrentText(value or NONE)
            self._say("")
            return
        values = value if isinstance(value, tuple) else (value,)
        for part, number in zip(self.parts, values, strict=True):
            if isinstance(part, ScrubField):
                part.set_value(float(number))
        if not isinstance(value, tuple):
            self.slider.set_value(float(value))
        self._say("")
