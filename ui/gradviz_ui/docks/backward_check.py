"""Finite differences beside a gradient, worked out off the GUI thread."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from gradviz.explain import Check, Trial

from ..worker_thread import WorkerThread

WAIT_MS = 120
"""How long a moment must stand before it is checked: while scrubbing or playing none is."""
LOOK_MS = 15
"""How often the thread is asked whether it is done."""


class Work(WorkerThread):
    """One trial on a thread that holds nothing of Qt.

    A thread that Qt waits for while its panel is destroyed would wait for Python's lock, which
    the destroyer holds; this one is left to end by itself.
    """

    def __init__(self, number: int, trial: Trial) -> None:
        super().__init__()
        self.number = number
        self._trial = trial
        self.result: Check | str = ""

    def work(self) -> None:
        try:
            self.result = self._trial.run()
        except (RuntimeError, ValueError, ArithmeticError, IndexError) as problem:
            self.result = str(problem)


class Checker(QObject):
    """Runs one trial at a time; only the answer to the last question is told."""

    found = Signal(object)
    """A `gradviz.explain.Check`, or the reason as text why none could be made."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._make: Callable[[], Trial | None] | None = None
        self._running: Work | None = None
        self._soon = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._soon.timeout.connect(self._start)
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._look_in)

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
        self._running = Work(self._number, trial)
        self._running.start()
        self._look.start()

    def _look_in(self) -> None:
        work = self._running
        if work is None or work.is_alive():
            return
        self._running = None
        self._look.stop()
        if work.number == self._number:
            self.found.emit(work.result)
        elif not self._soon.isActive():
            self._start()
