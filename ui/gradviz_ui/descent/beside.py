"""Work done beside the window: told of piece by piece, and called off when it is outdated."""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from gradviz.descent import DescentError

from ..worker_thread import WorkerThread

LOOK_MS = 12
"""How often the thread is asked what it has found."""

Tell = Callable[[object], None]
Cancelled = Callable[[], bool]
Work = Callable[[Tell, Cancelled], None]
"""Does something on another thread: tells what it finds, and asks whether it is still wanted."""


class Errand(WorkerThread):
    """One piece of work on a thread that holds nothing of Qt, so that nothing waits for it."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self._work = work
        self.dropped = False
        self.found: deque[object] = deque()
        self.problem = ""

    def run(self) -> None:
        try:
            self._work(self.found.append, lambda: self.dropped)
        except (DescentError, RuntimeError, NotImplementedError, ArithmeticError) as problem:
            self.problem = str(problem) or type(problem).__name__


class Beside(QObject):
    """Does the work asked for last; what was asked for before is dropped."""

    told = Signal(object)
    """Sent with each thing that the work found."""
    ended = Signal(str)
    """All is found; or, in words, why not."""
    busy = Signal(bool)
    """Whether work is under way."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._errand: Errand | None = None
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._look_in)

    @property
    def running(self) -> bool:
        """Whether work is under way."""
        return self._errand is not None

    def start(self, work: Work) -> None:
        """Do this, and no longer what was done before."""
        before = self._drop()
        self._errand = Errand(work)
        self._errand.start()
        self._look.start()
        if not before:
            self.busy.emit(True)

    def drop(self) -> None:
        """Give up what is under way; nothing more is told of it."""
        if self._drop():
            self.busy.emit(False)

    def wait(self) -> None:
        """Give up, and return when nothing runs any more."""
        errand = self._errand
        self.drop()
        if errand is not None:
            errand.join()

    def _drop(self) -> bool:
        errand, self._errand = self._errand, None
        self._look.stop()
        if errand is not None:
            errand.dropped = True
        return errand is not None

    def _look_in(self) -> None:
        errand = self._errand
        if errand is None:
            return
        over = not errand.is_alive()
        while errand.found and errand is self._errand:
            self.told.emit(errand.found.popleft())
        if over and errand is self._errand:
            self._drop()
            self.busy.emit(False)
            self.ended.emit(errand.problem)
