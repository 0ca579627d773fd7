"""Long work behind a dialog: done on another thread, while the window answers."""

from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from .worker_thread import WorkerThread

LOOK_SECONDS = 0.02
"""How long the window waits for the work at a time, before it answers again."""

Progress = Callable[[int, int], bool]
"""Told how much is done and of how much; answers whether to go on."""


class Aside(WorkerThread):
    """One piece of work: how far it is, and what went wrong with it."""

    def __init__(self, work: Callable[[Progress], None]) -> None:
        super().__init__()
        self._work = work
        self.share = (0, 0)
        self.off = False
        self.problem: Exception | None = None

    def run(self) -> None:
        try:
            self._work(self._told)
        except Exception as problem:  # It is raised where the work was asked for.
            self.problem = problem

    def _told(self, done: int, count: int) -> bool:
        self.share = done, count
        return not self.off


def aside(work: Callable[[Progress], None], progress: Progress) -> None:
    """Do the work on another thread, and return when it is done; raises what it raised.

    ``progress`` is told here, over and over, and has the window answer meanwhile; ``work`` may
    touch no widget.
    """
    thread = Aside(work)
    thread.start()
    while thread.is_alive():
        if thread.off:
            QApplication.processEvents()
        else:
            thread.off = not progress(*thread.share)
        thread.join(LOOK_SECONDS)
    if thread.problem is not None:
        raise thread.problem
