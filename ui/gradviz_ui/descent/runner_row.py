"""One runner in the list: what it is, how fast it learns, how far it has come."""

from dataclasses import replace

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from ..numbers import short
from ..theme import current, qcolor, source, ui_font
from ..widgets import ElidedLabel, IconButton, SliderScale, ValueSlider, restyle, text, thin_line
from .race import Race
from .runner_form import RunnerForm
from .words import compact, rate_of, runner_title

RATES = SliderScale(1e-4, 1.0, log=True)


class Dot(QAbstractButton):
    """A runner's colour; a click hides or shows its way."""

    def __init__(self, index: int) -> None:
        super().__init__()
        self.index = index
        self.setCheckable(True)
        self.setFixedSize(QSize(18, 18))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Shown")
        source().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = qcolor(current().series(self.index))
        middle = QPointF(self.width() / 2, self.height() / 2)
        painter.setPen(colour)
        painter.setBrush(colour if self.isChecked() else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(middle, 5.5, 5.5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(qcolor(current().sel))
            painter.drawEllipse(middle, 8.0, 8.0)


class RunnerRow(QWidget):
    """See the module's text. A click chooses the runner; the last button opens its settings."""

    def __init__(self, race: Race, index: int) -> None:
        super().__init__()
        self._race, self.index = race, index
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.dot = Dot(index)
        self.dot.clicked.connect(self._toggle_visible)
        self.title = ElidedLabel("")
        self.title.setFont(ui_font(13, QFont.Weight.DemiBold))
        self.rate = text("", "mute", 12, figures=True)
        self.slider = ValueSlider(RATES, "lr")
        self.slider.moved.connect(lambda value: self._set_rate(value, False))
        self.slider.released.connect(lambda value: self._set_rate(value, True))
        self.state = text("", "mute", 11)
        self.form = RunnerForm(race, index)
        self.form.hide()
        self.copy = IconButton("duplicate", "Duplicate", size=15)
        self.copy.clicked.connect(lambda: race.add_runner(self.form.spec, self.index + 1))
        self.bin = IconButton("delete", "Remove", size=15)
        self.bin.clicked.connect(lambda: race.remove_runner(self.index))
        self.more = IconButton("chevron-down", "Settings", size=15)
        self.more.clicked.connect(self.toggle_form)
        self._assemble()
        source().changed.connect(self.show_now)

    def _assemble(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.dot)
        top.addWidget(self.title, 1)
        top.addWidget(self.rate)
        for button in (self.copy, self.bin, self.more):
            button.setFixedSize(22, 22)
            top.addWidget(button)
        inner = QVBoxLayout()
        inner.setContentsMargins(12, 7, 8, 9)
        inner.setSpacing(3)
        inner.addLayout(top)
        inner.addWidget(self.slider)
        inner.addWidget(self.state)
        inner.addWidget(self.form)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(inner)
        layout.addWidget(thin_line())

    def toggle_form(self) -> None:
        """Show or hide every setting."""
        opened = self.form.isHidden()
        self.form.setVisible(opened)
        self.more.show_icon("chevron-up" if opened else "chevron-down", "Settings")
        self._race.choose(self.index)

    def show_spec(self) -> None:
        """Show the runner as it is set."""
        spec = self._race.specs[self.index]
        self.title.setText(runner_title(spec))
        self.rate.setText(f"lr {compact(rate_of(spec))}")
        self.slider.set_value(rate_of(spec))
        self.dot.setChecked(spec.visible)
        self.bin.setEnabled(len(self._race.specs) > 1)
        self.form.show_spec()
        self.show_now()

    def show_now(self) -> None:
        """Show how far it has come."""
        self.slider.set_colour(current().series(self.index))
        words, bad = self._words()
        self.state.setText(words)
        restyle(self.state, role="error" if bad else "mute")
        self.update()

    def _words(self) -> tuple[str, bool]:
        race = self._race
        if self.index >= len(race.runners):
            return "…", False
        path = race.runners[self.index].trajectory
        if path.diverged is not None and race.step >= path.diverged:
            return f"diverged at step {path.diverged}: the loss grew out of all bounds", True
        step = race.at(path)
        schedule = race.specs[self.index].schedule
        rate = f"{schedule}, lr {short(path.rates[step])}" if schedule else "no schedule"
        return f"{rate} · step {step} · J = {short(path.losses[step])}", False

    def _set_rate(self, value: float, last: bool) -> None:
        self._race.choose(self.index)
        self.form.take(self.form.spec.with_setting("lr", value), "lr", last)

    def _toggle_visible(self) -> None:
        spec = self._race.specs[self.index]
        self._race.set_runner(self.index, replace(spec, visible=not spec.visible))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._race.choose(self.index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.toggle_form()
        elif event.key() == Qt.Key.Key_Delete:
            self._race.remove_runner(self.index)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        if self.index == self._race.chosen and len(self._race.specs) > 1:
            painter.fillRect(self.rect(), qcolor(theme.hover))
            painter.fillRect(0, 0, 2, self.height() - 1, qcolor(theme.series(self.index)))
        if self.hasFocus():
            painter.setPen(qcolor(theme.sel))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -2))
