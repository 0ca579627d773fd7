"""Threads beside the window."""

from threading import Thread


class WorkerThread(Thread):
    """A thread that holds nothing of Qt, and that nothing waits for; `run` is what it does."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
