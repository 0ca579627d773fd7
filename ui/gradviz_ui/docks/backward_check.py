"""Finite differences beside a gradient, worked out off the GUI thread."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal, Slot

from gradviz.explain import Check, Trial

WAIT_MS = 120
"""How long a moment must stand before it is checked: while scrubbing or playing none is."""


class _Report(QObject):
    done = Signal(int, object)


class _Work(QRunnable):
    def __init__(self, number: int, trial: Trial) -> None:
        super().__init__()
        self._number, self._trial = number, trial
        self.report = _Report()

    def run(self) -> None:
        try:
            found: object = self._trial.run()
        except (RuntimeError, ValueError, ArithmeticError) as problem:
            found = str(problem)
        self.report.done.emit(self._number, found)


class Checker(QObject):
    """Runs one trial at a time; only the answer to the last question is told."""

    found = Signal(object)
    """A `gradviz.explain.Check`, or the reason as text why none could be made."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._make: Callable[[], Trial | None] | None = None
        self._running: _Work | None = None
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._soon = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._soon.timeout.connect(self._start)

    def ask(self, make: Callable[[], Trial | None] | None) -> None:
        """Check what ``make`` gives once the question has stood for a moment; None asks nothing.

        What was asked before is forgotten.
        """
        self._number += 1
        self._make = make
        if make is not None:
            self._soon.start()
        else:
            self._soon.stop()

    def _start(self) -> None:
        if self._make is None or self._running is not None:
            return
        trial = self._make()
        if trial is None:
            return
        work = _Work(self._number, trial)
        work.setAutoDelete(False)
        work.report.done.connect(self._done)
        self._running = work
        self._pool.start(work)

    @Slot(int, object)
    def _done(self, number: int, found: Check | str) -> None:
        self._running = None
        if number == self._number:
            self.found.emit(found)
        else:
            self._start()
