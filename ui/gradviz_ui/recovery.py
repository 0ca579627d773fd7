"""Copies of unsaved work, so that neither a crash nor a power cut takes it along.

Each run of the app keeps its copies in a folder of its own with a lock; a folder whose lock
nobody holds was left behind, and what lies in it is offered on the welcome page.
"""

import uuid
from pathlib import Path
from typing import Final

from platformdirs import user_data_path
from PySide6.QtCore import QLockFile, QObject, QTimer

from gradviz.files import FileError, autosave
from gradviz.graph.pieces import snapshot

from .copy_worker import CopyWorker
from .editor import Editor

EVERY: Final = 15_000
"""Milliseconds after an edit before it is in the copy."""
LOOK_MS: Final = 30
"""How often the thread that writes is asked whether it is done."""


def recovery_folder() -> Path:
    """Where all runs keep their copies."""
    return user_data_path("gradviz", False) / "recovery"


class Autosave(QObject):
    """Keeps the copy of one editor's document while it has unsaved changes."""

    def __init__(self, editor: Editor, root: Path) -> None:
        """`root` is where all runs keep their copies; nothing is written before it is needed."""
        super().__init__(editor)
        self._editor = editor
        self.folder = root / uuid.uuid4().hex[:12]
        self._lock: QLockFile | None = None
        self._copy: Path | None = None
        self._soon = QTimer(self, singleShot=True, interval=EVERY)
        self._soon.timeout.connect(self.write_beside)
        self._worker: CopyWorker | None = None
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._look_in)
        editor.stack.indexChanged.connect(self._edited)
        editor.stack.cleanChanged.connect(self._edited)
        editor.replaced.connect(self.forget)

    def _edited(self, *_: object) -> None:
        if self._editor.stack.isClean():
            self.forget()
        elif not self._soon.isActive():
            self._soon.start()

    def write_beside(self) -> None:
        """Begin to write the copy on another thread; where none can be kept, say so.

        While one is being written, the next waits for its turn.
        """
        if self._worker is not None:
            self._soon.start()
            return
        try:
            self._hold()
        except FileError as problem:
            self._editor.refused.emit(str(problem))
            return
        self._worker = CopyWorker(snapshot(self._editor.graph), self.folder, self._editor.path)
        self._worker.start()
        self._look.start()

    def write(self) -> None:
        """Write the copy, and return when it is there; where none can be kept, say so."""
        self._wait()
        self.write_beside()
        self._wait()

    def _wait(self) -> None:
        if self._worker is not None:
            self._worker.hurry()
            self._look_in()

    def _look_in(self) -> None:
        worker = self._worker
        if worker is None or worker.is_alive():
            return
        self._worker = None
        self._look.stop()
        self._copy = worker.copy or self._copy
        if worker.problem:
            self._editor.refused.emit(worker.problem)

    def _hold(self) -> None:
        if self._lock is None:
            try:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as problem:
                raise FileError(f"no recovery copy can be kept: {problem.strerror}") from None
            self._lock = QLockFile(str(self.folder / "lock"))
            self._lock.setStaleLockTime(0)
            self._lock.tryLock(0)

    def forget(self) -> None:
        """Remove the copy: the document is saved, or gone on purpose."""
        self._soon.stop()
        if self._worker is not None:
            self._worker.dropped = True
            self._wait()
        if self._copy is not None:
            autosave.remove(self._copy)
            self._copy = None

    def close(self) -> None:
        """Remove the copy and the folder: the run ends as it should."""
        self.forget()
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None
            remove_empty(self.folder)


def remove_empty(folder: Path) -> None:
    """Remove a folder if nothing is left in it."""
    if folder.exists() and not any(folder.iterdir()):
        folder.rmdir()


def left_behind(root: Path) -> list[autosave.Recovery]:
    """The copies of runs that did not end as they should, the latest first."""
    found: list[autosave.Recovery] = []
    for folder in root.iterdir() if root.exists() else ():
        lock = QLockFile(str(folder / "lock"))
        lock.setStaleLockTime(0)
        if folder.is_dir() and lock.tryLock(0):
            found.extend(autosave.find(folder))
            lock.unlock()
            remove_empty(folder)
    return sorted(found, key=lambda recovery: recovery.changed, reverse=True)


def discard(recovery: autosave.Recovery) -> None:
    """Remove a copy, and its folder when it was the last one there."""
    autosave.remove(recovery.copy)
    remove_empty(recovery.copy.parent)
