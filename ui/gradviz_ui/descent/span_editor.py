"""Which setting of the selected runner is varied, and how far, as a line of controls."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from gradviz.descent import DescentError, RunnerSpec
from gradviz.descent.number_settings import SCHEDULED, number_settings, usual_span, with_value
from gradviz.descent.settings import Span

from ..theme import ui_font
from ..widgets import NumberRule, ProblemLine, ScrubField, row, text


class SpanEditor(QWidget):
    """A setting, from, to, how many values, spread evenly or by powers; below, what is wrong."""

    chosen = Signal(object)
    """Sent with another `Span`, every value of which the runner can be run with."""

    def __init__(self, lead: str) -> None:
        """`lead`: what it is for, as its parts are called aloud."""
        super().__init__()
        self._spec = RunnerSpec()
        self._span = usual_span(self._spec, "lr")
        self.name = QComboBox()
        self.name.setAccessibleName(f"{lead}: setting")
        self.name.setMinimumContentsLength(8)
        self.name.textActivated.connect(self._choose)
        self.low = ScrubField(f"{lead}: from", 0.0, step=1e-3)
        self.high = ScrubField(f"{lead}: to", 1.0, step=1e-3)
        self.count = ScrubField(f"{lead}: values", 20, step=0.1, rule=NumberRule(2, 100, True))
        self.log = QCheckBox("log")
        self.log.setToolTip("Spread the values by powers of ten")
        self.log.setFont(ui_font(12))
        self.problem = ProblemLine()
        for field, width in ((self.low, 87), (self.high, 70), (self.count, 44)):
            field.setFixedWidth(width)
            field.committed.connect(lambda _value: self._take(self._typed()))
            field.refused.connect(self._say)
        self.log.clicked.connect(lambda _on: self._take(self._typed()))
        times = text("×", "mute", 12)
        times.setToolTip("How many values")
        parts = (self.name, self.low, text("–", "mute", 12), self.high, times, self.count, self.log)
        line = row(*parts, None, spacing=4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 5, 0, 3)
        layout.setSpacing(2)
        layout.addWidget(line)
        layout.addWidget(self.problem)

    def show_span(self, spec: RunnerSpec, span: Span) -> None:
        """Show what a runner is varied by."""
        self._spec, self._span = spec, span
        names = list(number_settings(spec))
        if names != [self.name.itemData(i) for i in range(self.name.count())]:
            self.name.clear()
            for name in names:
                self.name.addItem(shown_name(name), name)
        self.name.setCurrentIndex(names.index(span.name))
        self.low.set_value(span.low)
        self.high.set_value(span.high)
        self.count.set_value(span.count)
        self.log.setChecked(span.log)
        self._say("")

    def _typed(self) -> Span:
        return replace(
            self._span, low=self.low.value, high=self.high.value,
            count=round(self.count.value), log=self.log.isChecked(),
        )  # fmt: skip

    def _choose(self) -> None:
        name = self.name.currentData()
        if name != self._span.name:
            self._take(usual_span(self._spec, name, self._span.count))

    def _take(self, span: Span) -> None:
        problem = fault(self._spec, span)
        if problem:
            self.show_span(self._spec, self._span)
            self._say(problem)
        elif span != self._span:
            self.chosen.emit(span)

    def _say(self, problem: str) -> None:
        self.problem.say(problem[:1].upper() + problem[1:])


def fault(spec: RunnerSpec, span: Span) -> str:
    """Why a runner cannot be run with each value of a span; empty where it can."""
    try:
        for value in span.values():
            with_value(spec, span.name, value)
    except DescentError as problem:
        return str(problem)
    return ""


def shown_name(name: str) -> str:
    """A setting as a person reads it: a schedule's is named after what it is."""
    return name.removeprefix(SCHEDULED) + " (schedule)" if name.startswith(SCHEDULED) else name
