"""The bottom panel of Backward: the pass as a timeline, the step in words and as formulas."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ..editor import Editor
from ..icons import keep_icon
from ..keymap import say_keys
from ..numbers import short
from ..widgets import IconButton, PanelHeader, column, text
from .backward_along import AlongBar
from .backward_player import Player
from .backward_predict import PredictBar
from .backward_seed import SeedForm
from .backward_start import DirectionSwitch, StartBar
from .backward_story import Story
from .backward_timeline import Timeline
from .backward_words import FormulaLines, scrolled
from .sentence_view import SentenceView

__all__ = ["BackwardPanel"]


class BackwardPanel(QWidget):
    """Transport, timeline, sentence and formulas, all at the editor's moment."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._editor = editor
        self._story = Story.of(editor)
        self.player = Player(editor)
        self.timeline = Timeline(editor)
        self.sentences = SentenceView()
        self.formulas = FormulaLines()
        self.direction = DirectionSwitch(editor)
        self._header = PanelHeader(self.direction)
        # What is shown at this width must not hold the panel at it.
        self._header.setMinimumWidth(600)
        self._problem = text("", "mute", 13)
        self._problem.setWordWrap(True)
        self.start = StartBar(editor)
        self.seed_form = SeedForm(editor)
        self.predict = PredictBar(editor)
        self._pages = QStackedWidget()
        self.along = AlongBar(editor)
        self._header.add_beside(self.start)
        self._header.add_beside(self.along)
        self._make_transport()
        self._lay_out()
        self._story.changed.connect(self.refresh)
        self.player.changed.connect(self._show_player)
        editor.selection_changed.connect(self._show_reach)
        self._show_player()
        self.refresh()

    # what keys, menus and buttons do ------------------------------------------------------

    def first(self) -> None:
        """Go to before the seed."""
        self._editor.set_moment(0)

    def back(self) -> None:
        """Take a step back."""
        self._editor.set_moment(self._editor.moment - 1)

    def step(self) -> None:
        """Take a step."""
        self._editor.set_moment(self._editor.moment + 1)

    def last(self) -> None:
        """Go to the end of the pass."""
        self._editor.set_moment(len(self._story.track or ()))

    def play_pause(self) -> None:
        """Walk by itself, or stop."""
        if self.player.playing:
            self.player.pause()
        else:
            self.player.play()

    def run_on(self) -> None:
        """Run to the next stop."""
        self._editor.stops.run(True)

    def run_back(self) -> None:
        """Run back to the stop before."""
        self._editor.stops.run(False)

    def go_to_selected(self) -> None:
        """Go to the step of the selected node, where it has one."""
        moment = self._selected_moment()
        if moment is not None:
            self._editor.set_moment(moment)

    def _selected_moment(self) -> int | None:
        track = self._story.track
        if track is None or len(self._editor.selection) != 1:
            return None
        return track.moment_of(next(iter(self._editor.selection)))

    # how it looks -----------------------------------------------------------------------------

    def _make_transport(self) -> None:
        self.first_button = IconButton("first", "To the start", size=16)
        self.back_button = IconButton("back", "Step back", size=16)
        self.step_button = QPushButton("Step")
        self.step_button.setProperty("kind", "plain")
        self.step_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        keep_icon(self.step_button, "step", "ink")
        self.play_button = IconButton("play", "Play", size=16)
        self.last_button = IconButton("last", "To the end", size=16)
        self.run_back_button = IconButton("run-back", "Run back to the previous stop", size=16)
        self.run_on_button = IconButton("run-on", "Run to the next stop", size=16)
        self.target_button = IconButton("target", "Go to the selected node's step", size=16)
        for button, action in (
            (self.first_button, "first"), (self.back_button, "back"), (self.last_button, "last"),
            (self.run_back_button, "run_back"), (self.run_on_button, "run_on"),
            (self.target_button, "go_to_selected"),
        ):  # fmt: skip
            say_keys(button, button.accessibleName(), action)
        self.speed_button = QPushButton()
        self.speed_button.setProperty("kind", "plain")
        self.speed_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.speed_button.setToolTip("How fast it plays; click for the next speed")
        self.loop_button = QPushButton("loop")
        self.loop_button.setCheckable(True)
        self.loop_button.setProperty("kind", "plain")
        self.loop_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.loop_button.setToolTip("Play again from the start after the end")
        keep_icon(self.loop_button, "loop")
        for button, act in (
            (self.first_button, self.first),
            (self.run_back_button, self.run_back),
            (self.back_button, self.back),
            (self.step_button, self.step),
            (self.play_button, self.play_pause),
            (self.run_on_button, self.run_on),
            (self.last_button, self.last),
            (self.target_button, self.go_to_selected),
            (self.speed_button, self.player.next_speed),
        ):
            button.clicked.connect(act)
            self._header.add(button)
        self._header.add(self.loop_button)
        self.loop_button.toggled.connect(self._set_loop)

    def _lay_out(self) -> None:
        words = column(scrolled(self.sentences), margins=(24, 8, 20, 8))
        symbols = column(scrolled(self.formulas), margins=(20, 8, 24, 8))
        below = QWidget()
        halves = QHBoxLayout(below)
        halves.setContentsMargins(0, 0, 0, 0)
        halves.setSpacing(0)
        halves.addWidget(words, 1)
        halves.addWidget(symbols, 1)
        parts = (self.timeline, self.predict, below)
        self._pages.addWidget(column(*parts, spacing=0, margins=(0, 4, 0, 0)))
        self._pages.addWidget(column(self._problem, None, margins=(24, 20, 24, 8)))
        self._pages.addWidget(column(scrolled(self.seed_form), margins=(24, 14, 24, 8)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._header)
        layout.addWidget(self._pages, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_header()

    def _fit_header(self) -> None:
        """Where the panel is narrow, what menus and keys offer too gives way."""
        wide, passes = self.width(), self._editor.passes
        self.loop_button.setVisible(wide >= 1120)
        self.speed_button.setVisible(wide >= 1120)
        self.target_button.setVisible(wide >= 1000)
        self.start.setHidden(not passes.reverse)
        self.along.setHidden(not passes.tangential)
        self.start.show_calls(wide >= 1120)

    def refresh(self) -> None:
        """Show the editor's moment."""
        if not self._story.told:
            return
        track, moment = self._story.track, self._editor.moment
        self._pages.setCurrentIndex(0 if track is not None else 2 if self._story.asks_seed else 1)
        if self._story.asks_seed:
            self.seed_form.refresh()
        self.direction.refresh()
        self._fit_header()
        self._problem.setText(self._story.problem)
        count = 0 if track is None else len(track)
        self._header.set_note(f"step {moment} of {count}" if track is not None else "")
        self.first_button.setEnabled(moment > 0)
        self.back_button.setEnabled(moment > 0)
        self.run_back_button.setEnabled(moment > 0)
        self.run_on_button.setEnabled(moment < count)
        self.step_button.setEnabled(moment < count)
        self.last_button.setEnabled(moment < count)
        self.play_button.setEnabled(count > 0)
        told = self._story.explanation
        self.sentences.tell(self._story.sentences)
        self.formulas.tell(told.formulas if told else ())
        self._show_reach()

    def _show_reach(self, *_: object) -> None:
        self.target_button.setEnabled(self._selected_moment() is not None)

    def _set_loop(self, loop: bool) -> None:
        self.player.loop = loop

    def _show_player(self) -> None:
        playing = self.player.playing
        self.play_button.show_icon("pause" if playing else "play", "Pause" if playing else "Play")
        speed = self.player.speed
        shown = short(int(speed)) if speed.is_integer() else str(speed)
        self.speed_button.setText(f"speed ×{shown}")
