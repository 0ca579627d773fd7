"""First, back, play, step, last, and the slider over all steps."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ..theme import source
from ..widgets import IconButton, NumberRule, ScrubField, SliderScale, Steady, text
from .happenings import happenings, position
from .race import Race
from .timeline import Sign, Timeline
from .words import runner_title

TICK_MS = 50
LATER_MS = 20
LONGEST_SECONDS = 8.0
MOST_STEPS = 100_000


class Transport(QWidget):
    """See the module's text. Playing goes through a long race in a few seconds."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self.slider = Timeline()
        self.slider.moved.connect(lambda value: race.go_to(round(value)))
        self.label = text("", figures=True, size=13)
        self._place = Steady(self.label)
        self._shape: tuple[str, int] | None = None
        self.total = ScrubField(
            "Number of steps", 60, step=1, rule=NumberRule(1, MOST_STEPS, whole=True)
        )
        self.total.setFixedWidth(58)
        self.total.entered.connect(race.editor.typed)
        self.total.committed.connect(lambda n: race.set_settings("Set the steps", steps=round(n)))
        self.play_button = IconButton("play", "Play", colour="sel", size=20)
        self._assemble()
        race.prepared.connect(self._show)
        race.stepped.connect(self._show)
        for signal in (race.prepared, race.ran):
            signal.connect(self._mark)
        race.editor.workspace_changed.connect(self.pause)
        race.editor.replaced.connect(self.pause)
        race.editor.left.connect(self.pause)
        source().changed.connect(self.update)

    def _assemble(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.setSpacing(2)
        for icon, name, act in (
            ("first", "First step", self.first), ("back", "Step back", self.back),
            ("", "", None), ("step", "Step", self.forward), ("last", "Last step", self.last),
        ):  # fmt: skip
            button = IconButton(icon, name, size=20) if act else self.play_button
            button.clicked.connect(act or self.play_pause)
            button.setFixedWidth(29)
            layout.addWidget(button)
        layout.addSpacing(10)
        layout.addWidget(self.slider, 1)
        layout.addSpacing(10)
        layout.addWidget(self._place)
        layout.addSpacing(4)
        layout.addWidget(self.total)

    @property
    def playing(self) -> bool:
        """Whether it goes on by itself."""
        return self._timer.isActive()

    def first(self) -> None:
        """Go to the start."""
        self._race.go_to(0)

    def back(self) -> None:
        """Go a step back."""
        self._race.go_to(self._race.step - 1)

    def forward(self) -> None:
        """Go a step on."""
        self._race.go_to(self._race.step + 1)

    def last(self) -> None:
        """Go to the end."""
        self._race.go_to(self._race.steps)

    def play_pause(self) -> None:
        """Go on by itself, from the start where this is the end; or stop."""
        if self.playing:
            self.pause()
        elif self._race.descent is not None:
            if self._race.step >= self._race.steps:
                self._race.go_to(0)
            self._timer.start()
            self._race.graph.set_going(True)
            self.play_button.show_icon("pause", "Pause")

    def pause(self, *_: object) -> None:
        """Stop where it stands."""
        self._timer.stop()
        self._race.graph.set_going(False)
        self.play_button.show_icon("play", "Play")

    def _tick(self) -> None:
        if self._race.just_shown:
            # Both in one turn of the event loop would keep the window from answering.
            QTimer.singleShot(LATER_MS, self, self._go_on)
        else:
            self._go_on()

    def _go_on(self) -> None:
        if not self.playing:
            return
        stride = max(1, round(self._race.steps / (LONGEST_SECONDS * 1000 / TICK_MS)))
        self._race.go_to(self._race.step + stride)
        if self._race.step >= self._race.steps or self._race.descent is None:
            self.pause()

    def _show(self) -> None:
        race = self._race
        if self.slider.scale.high != race.steps:
            self.slider.set_scale(SliderScale(0, max(1, race.steps), step=1))
        self.slider.set_value(race.step)
        self.total.set_value(race.steps)
        digits = len(str(race.steps))
        unit = "step" if race.budget.by_step else "evaluation"
        self.label.setText(f"{unit} {race.step:>{digits}} /")
        if self._shape != (unit, digits):
            self._shape = unit, digits
            self._place.setFixedWidth(self.label.sizeHint().width())

    def _mark(self) -> None:
        race = self._race
        signs: list[Sign] = []
        for index, runner in enumerate(race.runners):
            for told in happenings(race, index) if runner.spec.visible else ():
                words = f"{runner_title(runner.spec)}: {told.words}"
                at = position(race, index, told.step)
                signs.append(Sign(at, told.kind, race.colour(index), words))
        self.slider.show_signs(signs)
