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

from .editor import Editor

EVERY: Final = 15_000
"""Milliseconds after an edit before it is in the copy."""


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
        self._soon.timeout.connect(self.write)
        editor.stack.indexChanged.connect(self._edited)
        editor.stack.cleanChanged.connect(self._edited)
        editor.replaced.connect(self.forget)

    def _edited(self, *_: object) -> None:
        if self._editor.stack.isClean():
            self.forget()
        elif not self._soon.isActive():
            self._soon.start()

    def write(self) -> None:
        """Write the copy now; where none can be kept, say so."""
        try:
            self._hold()
            self._copy = autosave.write(
                self._editor.graph, self.folder, "document", self._editor.path
            )
        except FileError as problem:
            self._editor.refused.emit(str(problem))

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
