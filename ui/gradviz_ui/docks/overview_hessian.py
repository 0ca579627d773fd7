"""The Hessian worked out off the GUI thread, a row at a time, until it is there or called off."""

from PySide6.QtCore import QObject, QTimer, Signal

from gradviz.explain.curvature import Hessian, HessianTask

from ..worker_thread import WorkerThread

LOOK_MS = 15
"""How often the thread is asked how far it is."""


class HessianWork(WorkerThread):
    """One task on a thread that holds nothing of Qt, so that nothing waits for it to end."""

    def __init__(self, task: HessianTask) -> None:
        super().__init__()
        self._task = task
        self.wanted = True
        self.done = 0
        self.result: Hessian | str = ""

    def run(self) -> None:
        try:
            self.result = self._task.run(self._go_on) or ""
        except (RuntimeError, ValueError, ArithmeticError, IndexError) as problem:
            self.result = str(problem)

    def _go_on(self, done: int) -> bool:
        self.done = done
        return self.wanted


class HessianWorker(QObject):
    """Runs the task asked for last; what was asked before is called off."""

    found = Signal(object)
    """A `gradviz.explain.curvature.Hessian`, or the reason as text why there is none."""
    went_on = Signal(int)
    """So many rows are there."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: HessianWork | None = None
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._look_in)

    @property
    def running(self) -> bool:
        """Whether a task is under way."""
        return self._running is not None

    def start(self, task: HessianTask) -> None:
        """Work out a Hessian."""
        self.cancel()
        self._running = HessianWork(task)
        self._running.start()
        self._look.start()

    def cancel(self) -> None:
        """Call off what is under way; nothing more is told of it."""
        if self._running is not None:
            self._running.wanted = False
            self._running = None
        self._look.stop()

    def _look_in(self) -> None:
        work = self._running
        if work is None:
            return
        if work.is_alive():
            self.went_on.emit(work.done)
            return
        self.cancel()
        self.found.emit(work.result)
