"""Runners take their steps in slices between two frames, so that the window never waits."""

from collections.abc import Sequence
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

from gradviz.descent import Runner, full_losses
from gradviz.descent.budget import Budget

from .entrants import CANNOT

SLICE_SECONDS = 0.006
PATIENCE_SECONDS = 0.15
BATCH = 4


class Pace(QObject):
    """Brings a set of runners to the end of a budget; a newer set replaces an unfinished one."""

    further = Signal(object)
    """Sent with the list of runners when all are there; and meanwhile, where it takes long."""
    finished = Signal()
    """All are there, and no step is left to take."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runners: list[Runner] = []
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
        self._began = perf_counter()
        self._timer.start()
        self._tick()

    def stop(self) -> None:
        """Take no more steps."""
        self._timer.stop()

    def finish(self) -> None:
        """Take all that is left at once."""
        while self.running:
            self._tick()

    def _tick(self) -> None:
        if self._slice():
            self._timer.stop()
            self.finished.emit()

    def _slice(self) -> bool:
        end = perf_counter() + SLICE_SECONDS
        while waiting := self.waiting(self._runners, self._budget):
            for runner in waiting:
                _advance(runner, self._budget)
                full_losses(runner.objective, runner.trajectory)
            if perf_counter() > end:
                break
        if not waiting or perf_counter() - self._began > PATIENCE_SECONDS:
            self.further.emit(list(self._runners))
        return not waiting

    @staticmethod
    def waiting(runners: Sequence[Runner], budget: Budget) -> list[Runner]:
        """Those that have neither come to the end nor stopped before."""
        return [r for r in runners if budget.open(r)]


def _advance(runner: Runner, budget: Budget) -> None:
    try:
        budget.advance(runner, BATCH)
    except CANNOT as problem:
        # It was set to something on its way that does not apply here: it stays where it is.
        runner.problem = str(problem)
