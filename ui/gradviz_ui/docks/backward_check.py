"""Finite differences beside a gradient, worked out off the GUI thread."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from gradviz.explain import Trial

from .aside import Aside

WAIT_MS = 120
"""How long a moment must stand before it is checked: while scrubbing or playing none is."""


class Checker(QObject):
    """Runs one trial at a time; only the answer to the last question is told."""

    found = Signal(object)
    """A `gradviz.explain.Check`, or the reason as text why none could be made."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make: Callable[[], Trial | None] | None = None
        self._soon = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._soon.timeout.connect(self._start)
        self._aside = Aside(self)
        self._aside.answered.connect(self.found)
        self._aside.failed.connect(lambda problem: self.found.emit(str(problem)))

    def ask(self, make: Callable[[], Trial | None] | None) -> None:
        """Check what ``make`` gives once the question has stood for a moment; None asks nothing.

        What was asked before is forgotten.
        """
        self._aside.drop()
        self._make = make
        if make is not None:
            self._soon.start()
        else:
            self._soon.stop()

    def _start(self) -> None:
        trial = None if self._make is None else self._make()
        if trial is not None:
            self._aside.ask(trial.run)
