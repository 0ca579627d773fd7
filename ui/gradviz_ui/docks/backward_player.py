"""Walking the backward pass by itself: a timer that moves the editor's moment."""

from PySide6.QtCore import QObject, QTimer, Signal

from ..editor import Editor

SPEEDS = (0.5, 1.0, 2.0, 4.0)
STEP_MS = 900
"""How long a step is shown at speed 1: long enough to read a number."""


class Player(QObject):
    """Takes a step at a time until the end, or again from the start where it loops."""

    changed = Signal()
    """It started, stopped, or has another speed."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self._editor = editor
        self.speed = 1.0
        self.loop = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        editor.workspace_changed.connect(self.pause)
        editor.replaced.connect(self.pause)
        editor.left.connect(self.pause)
        editor.walk_changed.connect(self._stop_without_walk)

    @property
    def playing(self) -> bool:
        """Whether it walks now."""
        return self._timer.isActive()

    def play(self) -> None:
        """Walk on from here; from the start where this is the end."""
        track = self._editor.track
        if track is None or self.playing:
            return
        if self._editor.moment >= len(track):
            self._editor.set_moment(0)
        self._timer.start(round(STEP_MS / self.speed))
        self.changed.emit()

    def pause(self, *_: object) -> None:
        """Stop where it stands."""
        if self.playing:
            self._timer.stop()
            self.changed.emit()

    def set_speed(self, speed: float) -> None:
        """Walk that many times as fast as at first; ValueError unless it is one of `SPEEDS`."""
        if speed not in SPEEDS:
            raise ValueError(f"speed is one of {SPEEDS}, not {speed}")
        self.speed = speed
        if self.playing:
            self._timer.start(round(STEP_MS / speed))
        self.changed.emit()

    def next_speed(self) -> None:
        """Take the next of the speeds, after the last the first."""
        self.set_speed(SPEEDS[(SPEEDS.index(self.speed) + 1) % len(SPEEDS)])

    def _stop_without_walk(self) -> None:
        if self.playing and self._editor.track is None:
            self.pause()

    def _tick(self) -> None:
        track = self._editor.track
        if track is None:
            self.pause()
        elif self._editor.moment < len(track):
            self._editor.set_moment(self._editor.moment + 1)
            halted = self._editor.stops.halt_here()
            if halted or (self._editor.moment >= len(track) and not self.loop):
                self.pause()
        elif self.loop:
            self._editor.set_moment(0)
        else:
            self.pause()
