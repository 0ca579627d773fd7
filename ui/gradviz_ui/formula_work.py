"""Formulas set to fit a width off the GUI thread: a long one takes longer than a frame."""

import re
from collections import OrderedDict
from functools import cache
from queue import SimpleQueue
from threading import Thread

from PySide6.QtCore import QObject, QTimer, Signal

from .formulas import FormulaError, formula_drawing
from .theme import current

SOON_MS = 8
"""When it begins: what else changes is painted first, or both would wait for each other."""
LOOK_MS = 6
"""How often the thread is asked whether it is done."""
MOST_KEPT = 400

Pairs = tuple[tuple[float, str], ...]
"""Lines of formulas, each with the size it is set in."""


def lines_of(latex: str, width: float, size: float) -> tuple[str, ...] | None:
    """A formula broken before its equals signs so that each line fits; None where none does."""
    if formula_drawing(latex, size).width <= width:
        return (latex,)
    parts = re.split(r" (?== )", latex)
    lines = [parts[0]]
    for part in parts[1:]:
        joined = f"{lines[-1]} {part}"
        if formula_drawing(joined, size).width <= width:
            lines[-1] = joined
        else:
            lines.append(rf"\quad {part}")
    fits = all(formula_drawing(line, size).width <= width for line in lines)
    return tuple(lines) if fits else None


def fitted(latex: str, width: float, sizes: tuple[float, ...]) -> Pairs:
    """A formula in the first of these sizes in which its lines fit; in the last at any rate."""
    for size in sizes:
        lines = lines_of(latex, width, size)
        if lines is not None:
            return tuple((size, line) for line in lines)
    return ((sizes[-1], latex),)


_KEPT: OrderedDict[object, Pairs] = OrderedDict()


class Job:
    """Some formulas to set, and once that is done their lines."""

    def __init__(self, formulas: tuple[str, ...], width: float, sizes: tuple[float, ...]) -> None:
        self.key = (formulas, width, sizes, current().name)
        self.wanted = True
        self.result: Pairs | FormulaError | None = None

    def run(self) -> None:
        """Set them."""
        formulas, width, sizes, _ = self.key
        try:
            self.result = tuple(pair for f in formulas for pair in fitted(f, width, sizes))
        except FormulaError as problem:
            self.result = problem


@cache
def _queue() -> SimpleQueue[Job]:
    """Where jobs wait for the one thread that does them; nothing waits for it to end."""
    jobs: SimpleQueue[Job] = SimpleQueue()

    def work() -> None:
        while True:
            job = jobs.get()
            if job.wanted:
                job.run()

    Thread(target=work, daemon=True, name="formulas").start()
    return jobs


class FormulaSetter(QObject):
    """Sets the formulas asked for last; those set before are there at once."""

    ready = Signal(object)
    """Sent with the `Pairs` asked for last."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._begin)
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._look_in)

    def known(
        self, formulas: tuple[str, ...], width: float, sizes: tuple[float, ...]
    ) -> Pairs | None:
        """The lines, where these formulas were set before or there is nothing to set."""
        return _KEPT.get((formulas, width, sizes, current().name)) if formulas else ()

    def ask(self, formulas: tuple[str, ...], width: float, sizes: tuple[float, ...]) -> None:
        """Set these; what was asked before is not told any more."""
        self.drop()
        self._job = Job(formulas, width, sizes)
        self._soon.start()

    def drop(self) -> None:
        """Tell nothing of what was asked."""
        if self._job is not None:
            self._job.wanted = False
        self._job = None
        self._soon.stop()
        self._look.stop()

    def _begin(self) -> None:
        if self._job is not None:
            _queue().put(self._job)
            self._look.start()

    def _look_in(self) -> None:
        job = self._job
        if job is None or job.result is None:
            return
        self.drop()
        if isinstance(job.result, FormulaError):
            raise job.result
        _KEPT[job.key] = job.result
        if len(_KEPT) > MOST_KEPT:
            _KEPT.popitem(last=False)
        self.ready.emit(job.result)
