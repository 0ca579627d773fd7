"""A copy of a document written on another thread, so slowly that the window does not notice."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from gradviz.files import FileError, autosave
from gradviz.graph import Graph

from .worker_thread import WorkerThread

WORK_SECONDS: Final = 0.002
REST_SECONDS: Final = 0.006
"""How long Python is kept busy at a time, and how long it is left to the window after that."""


class CopyWorker(WorkerThread):
    """Writes the copy of a graph that nobody edits; `copy` is where it lies, once it does."""

    def __init__(self, graph: Graph, folder: Path, document: Path | None) -> None:
        super().__init__()
        self._graph, self._folder, self._document = graph, folder, document
        self._rest = REST_SECONDS
        self.dropped = False
        """Set where the copy is not wanted any more; it may be there by then all the same."""
        self.copy: Path | None = None
        self.problem = ""

    def run(self) -> None:
        # Whoever starts a thread waits for it to let go of Python.
        time.sleep(self._rest)
        try:
            self.copy = autosave.write(
                self._graph, self._folder, "document", self._document, self._pace
            )
        except FileError as problem:
            self.problem = str(problem)
        except Dropped:
            pass

    def hurry(self) -> None:
        """Rest no more, and return once it is done."""
        self._rest = 0.0
        self.join()

    def _pace(self, pieces: Iterable[str]) -> Iterator[str]:
        until = time.perf_counter() + WORK_SECONDS
        for piece in pieces:
            yield piece
            if time.perf_counter() >= until:
                time.sleep(self._rest)
                until = time.perf_counter() + WORK_SECONDS
            if self.dropped:
                raise Dropped


class Dropped(Exception):
    """The copy is not wanted any more."""
