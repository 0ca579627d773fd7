"""Threads beside the window."""

from threading import Thread


class WorkerThread(Thread):
    """A thread that holds nothing of Qt, and that nothing waits for; `work` is what it does."""

    def __init__(self) -> None:
        super().__init__(daemon=True)

    def run(self) -> None:
        self.work()

    def work(self) -> None:
        """Do what it is there for."""
        raise NotImplementedError
