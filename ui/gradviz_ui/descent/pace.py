"""Runners take their steps in slices between two frames, so that the window never waits."""

from collections import deque
from collections.abc import Sequence
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

from gradviz.descent import Runner, full_losses
from gradviz.descent.budget import Budget

from .entrants import CANNOT

SLICE_SECONDS = 0.006
PATIENCE_SECONDS = 0.15
HELD_SECONDS = 0.02
"""How long unfinished ways wait where another step is looked at: each has to be painted."""
SHOWN_SECONDS = 0.1
"""How long at least between two times that unfinished ways are shown: it takes a while."""
FIRST_BATCH, MOST_BATCH = 1, 4096
BATCH_SECONDS = 0.001
"""How long a batch of a runner's steps is to take: the next is as long as fits into it."""
MOST_GROWTH = 16


class Pace(QObject):
    """Brings a set of runners to the end of a budget; a newer set replaces an unfinished one."""

    further = Signal(object)
    """Sent with the list of runners when all are there; and meanwhile, where it takes long."""
    finished = Signal()
    """All are there, and no step is left to take."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runners: list[Runner] = []
        self._queue: deque[Runner] = deque()
        self._batches: dict[int, int] = {}
        self._shown = self._held = 0.0
        self._budget = Budget("steps", 0)
        self._began = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._tick)

    @property
    def running(self) -> bool:
        """Whether steps are still to be taken."""
        return self._timer.isActive()

    @property
    def hurrying(self) -> bool:
        """Whether steps are still to be taken that are likely to be there in a moment."""
        return self.running and perf_counter() - self._began < PATIENCE_SECONDS

    @property
    def runners(self) -> tuple[Runner, ...]:
        """Those that take steps; none once all are there."""
        return tuple(self._runners) if self.running else ()

    def start(self, runners: Sequence[Runner], budget: Budget) -> None:
        """Take the first slice now, and the rest between frames."""
        self._runners, self._budget = list(runners), budget
        self._queue = deque(self.waiting(runners, budget))
        self._batches = dict.fromkeys(map(id, runners), FIRST_BATCH)
        self._began = self._shown = perf_counter()
        self._timer.start()
        self._tick()

    def stop(self) -> None:
        """Take no more steps."""
        self._timer.stop()

    def hold(self) -> None:
        """Another step is looked at: let that be painted before ways are shown that grow."""
        self._held = perf_counter()

    @property
    def just_shown(self) -> bool:
        """Whether ways that grow were shown so lately that they may not be painted yet."""
        return self.running and perf_counter() - self._shown < HELD_SECONDS

    def finish(self) -> None:
        """Take all that is left at once."""
        self._held = 0.0
        while self.running:
            self._tick()

    def _tick(self) -> None:
        if self._slice():
            self._timer.stop()
            self.finished.emit()

    def _slice(self) -> bool:
        end = perf_counter() + SLICE_SECONDS
        now = end - SLICE_SECONDS
        while self._queue and now < end:
            # They take turns, so that none waits for the end of others.
            runner = self._queue.popleft()
            self._advance(runner)
            if self._budget.open(runner):
                self._queue.append(runner)
            now = perf_counter()
        if now - self._began < PATIENCE_SECONDS:
            due = not self._queue
        else:
            late = not self._queue or now - self._shown >= SHOWN_SECONDS
            due = late and now - self._held >= HELD_SECONDS
        if due:
            self._shown = now
            self.further.emit(list(self._runners))
        return due and not self._queue

    def _advance(self, runner: Runner) -> None:
        """Take a batch of steps, as long as fits into a slice with those of the others."""
        batch, begin = self._batches[id(runner)], perf_counter()
        try:
            self._budget.advance(runner, batch)
        except CANNOT as problem:
            # It was set to something on its way that does not apply here: it stays where it is.
            runner.problem = str(problem)
        full_losses(runner.objective, runner.trajectory)
        fitting = BATCH_SECONDS / max(perf_counter() - begin, 1e-6)
        batch = round(batch * min(fitting, MOST_GROWTH))
        self._batches[id(runner)] = max(1, min(batch, MOST_BATCH))

    @staticmethod
    def waiting(runners: Sequence[Runner], budget: Budget) -> list[Runner]:
        """Those that have neither come to the end nor stopped before."""
        return [r for r in runners if budget.open(r)]
