"""One question at a time answered off the GUI thread; only the answer to the last one is told."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from ..worker_thread import WorkerThread

LOOK_MS = 15
"""How often the thread is asked whether it is done."""


class Work(WorkerThread):
    """One question on a thread that holds nothing of Qt, so that nothing waits for it to end."""

    def __init__(self, question: Callable[[], object]) -> None:
        super().__init__()
        self._question = question
        self.answer: object = None
        self.problem: Exception | None = None

    def run(self) -> None:
        try:
            self.answer = self._question()
        except (RuntimeError, ValueError, ArithmeticError, LookupError) as problem:
            self.problem = problem


class Aside(QObject):
    """Asks a question on a thread; one that is asked meanwhile waits for that to end."""

    answered = Signal(object)
    """What the last question came to."""
    failed = Signal(object)
    """The exception that it came to instead."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: Work | None = None
        self._next: Work | None = None
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._look_in)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._next is not None

    def ask(self, question: Callable[[], object]) -> None:
        """Have it answered; what was asked before is forgotten."""
        self._next = Work(question)
        self._begin()
        self._look.start()

    def drop(self) -> None:
        """Forget what was asked."""
        self._next = None

    def _begin(self) -> None:
        if self._next is not None and self._running is None:
            self._running = self._next
            self._running.start()

    def _look_in(self) -> None:
        work = self._running
        if work is not None and work.is_alive():
            return
        self._running = None
        if work is None or work is not self._next:
            self._begin()
            if self._running is None:
                self._look.stop()
            return
        self._next = None
        self._look.stop()
        if work.problem is not None:
            self.failed.emit(work.problem)
        else:
            self.answered.emit(work.answer)
