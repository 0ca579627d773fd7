"""Landscapes that take a while are computed beside the window, and dropped when outdated."""

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from gradviz.descent import Descent, Landscape
from gradviz.descent.landscape import Range, landscape, quick

COARSE = 17


class _Told(QObject):
    found = Signal(object, object, bool)
    """The job, what it found, and whether that was all."""


class _Job(QRunnable):
    def __init__(self, descent: Descent, ranges: tuple[Range, Range], told: _Told) -> None:
        super().__init__()
        self._descent, self._ranges, self._told = descent, ranges, told
        self.dropped = False
        self.setAutoDelete(False)

    def run(self) -> None:
        for resolution in (COARSE, None):
            objective = self._descent.objective
            found = landscape(
                objective, self._descent.axes, objective.start(), self._ranges, resolution,
                lambda: self.dropped,
            )  # fmt: skip
            if found is None or self.dropped:
                return
            self._told.found.emit(self, found, resolution is None)


class LandMaker(QObject):
    """Gives the landscape of a descent: at once where that is quick, else coarse, then fine."""

    found = Signal(object)
    """Sent with a `Landscape` that was worked out beside the window."""
    busy = Signal(bool)
    """Whether one is being worked out."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._told = _Told(self)
        self._told.found.connect(self._take)
        self._job: _Job | None = None
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)

    def make(self, descent: Descent, ranges: tuple[Range, Range]) -> Landscape | None:
        """The landscape, or None where `found` will bring it."""
        self.drop()
        if quick(descent.objective, descent.axes):
            start = descent.objective.start()
            return landscape(descent.objective, descent.axes, start, ranges)
        self._job = _Job(descent, ranges, self._told)
        self.busy.emit(True)
        self._pool.start(self._job)
        return None

    def drop(self) -> None:
        """Give up what is being worked out."""
        if self._job is not None:
            self._job.dropped = True
            self._job = None
            self.busy.emit(False)

    def wait(self) -> None:
        """Until nothing runs any more: the engine must not be at work while Qt shuts down."""
        self.drop()
        self._pool.waitForDone()

    def _take(self, job: object, found: Landscape, last: bool) -> None:
        if job is not self._job:
            return
        if last:
            self._job = None
            self.busy.emit(False)
        self.found.emit(found)
