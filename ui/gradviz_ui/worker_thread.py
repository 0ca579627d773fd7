"""Threads beside the window, on which Python never looks for garbage.

Python clears away unreachable objects on whichever thread happens to make the next one. Among them
may be widgets, and Qt does not survive a widget that is deleted on another thread. So while any
such thread runs, garbage is left for the GUI thread, which asks for it now and then.
"""

import gc
from threading import Lock, Thread

MUCH = 2000
"""How many objects may be new before the GUI thread looks among them."""


OLD = 20
"""After how many such looks it looks among the old ones too."""


class _Running:
    """How many such threads there are now."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.count = 0

    def change(self, by: int) -> None:
        """One more, or one less."""
        with self._lock:
            self.count += by
            if self.count:
                gc.disable()
            else:
                gc.enable()


_running = _Running()


class WorkerThread(Thread):
    """A thread that holds nothing of Qt, and that nothing waits for; `work` is what it does."""

    def __init__(self) -> None:
        super().__init__(daemon=True)

    def run(self) -> None:
        _running.change(1)
        try:
            self.work()
        finally:
            _running.change(-1)

    def work(self) -> None:
        """Do what it is there for."""
        raise NotImplementedError


def clear_garbage() -> None:
    """Clear away what has become garbage, where that is left to the GUI thread; call it there."""
    if _running.count and gc.get_count()[0] > MUCH:
        # Whatever made the collector run again meanwhile must not let it run beside the window.
        gc.disable()
        gc.collect(2 if gc.get_count()[2] > OLD else 1)
