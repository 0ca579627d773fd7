"""What compares many runners: worked out beside the window, kept until what it depends on changes.

It is worked out anew by itself where that was quick the last time; what takes longer is marked as
out of date, and waits to be asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import thread_time

from PySide6.QtCore import QObject, QTimer, Signal

from gradviz.descent import DescentError
from gradviz.descent.swarm import Progress

from .beside import Beside, Cancelled, Tell
from .race import Race

REST_MS = 120
"""How long all must rest before it is worked out anew."""
QUICK_SECONDS = 3.5
"""What took its thread no longer is worked out anew by itself."""


@dataclass(frozen=True)
class Job:
    """What is to be worked out; `key` is all that the result depends on."""

    key: object
    work: Callable[[Progress], object]
    """Works it out on another thread; None where it was told not to go on."""


@dataclass(frozen=True)
class Share:
    """How much is done, from 0 to 1."""

    done: float


class Study(QObject):
    """A result with what it belongs to; see the module's text."""

    changed = Signal()
    """There is another result, or it became outdated, or work began, went on or ended."""

    def __init__(self, race: Race, ask: Callable[[], Job | None]) -> None:
        """`ask` says what is to be worked out now, or None, or DescentError why it cannot be."""
        super().__init__()
        self._race, self._ask, self._chosen = race, ask, race.chosen
        self.result: object = None
        self.share = 0.0
        self.problem = ""
        self._has: object = None
        self._wants: Job | None = None
        self._refused: object = None
        self._shown = False
        self._took = 0.0
        self._beside = Beside(self)
        self._beside.told.connect(self._take)
        self._beside.ended.connect(self._end)
        self._look = QTimer(self, interval=0, singleShot=True)
        self._look.timeout.connect(self._look_again)
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._begin)
        race.editor.replaced.connect(self._forget)
        for signal in (race.editor.changed, race.prepared, race.ran):
            signal.connect(self.look)
        race.stepped.connect(self._step)

    @property
    def running(self) -> bool:
        """Whether it is being worked out, or about to be."""
        return self._beside.running or self._rest.isActive()

    @property
    def stale(self) -> bool:
        """Whether the result belongs to what was before."""
        return self.result is not None and (self._wants is None or self._has != self._wants.key)

    @property
    def waiting(self) -> bool:
        """Whether it is to be asked for: it is not there, and nobody works at it."""
        there = self.result is not None and not self.stale
        return not there and not self.running and self._wants is not None and not self.problem

    def set_shown(self, shown: bool) -> None:
        """Work while somebody looks, and no longer."""
        self._shown = shown
        if shown:
            self._look_again()
        else:
            self._drop()

    def look(self) -> None:
        """See whether it is still up to date, once what happens now has happened."""
        if self._shown:
            self._look.start()

    def _step(self) -> None:
        """Another step makes no difference, another runner does."""
        if self._race.chosen != self._chosen:
            self._chosen = self._race.chosen
            self.look()

    def run(self) -> None:
        """Work it out now."""
        self._refused = None
        if self._wants is not None:
            self._begin()
            self.changed.emit()

    def cancel(self) -> None:
        """Give it up; it is not begun again by itself before something changes."""
        if self._wants is not None:
            self._refused = self._wants.key
        self._drop()
        self.changed.emit()

    def end(self) -> None:
        """Give it up, and return when nothing runs any more."""
        self._rest.stop()
        self._beside.wait()

    def _forget(self) -> None:
        self._drop()
        self.result = self._has = self._wants = self._refused = None
        self._took, self.problem = 0.0, ""
        self.changed.emit()
        self.look()

    def _drop(self) -> None:
        self._rest.stop()
        self._beside.drop()

    def _look_again(self) -> None:
        before = None if self._wants is None else self._wants.key
        problem, self.problem = self.problem, ""
        try:
            self._wants = self._ask()
        except DescentError as reason:
            self._wants, self.problem = None, str(reason)
        key = None if self._wants is None else self._wants.key
        if key == before and key is not None:
            self.problem = problem
            if self.running or problem:
                return
        else:
            self._drop()
        wanted = key is not None and key not in (self._has, self._refused)
        if wanted and self._took <= QUICK_SECONDS:
            # The first time there is nothing to look at meanwhile, and so no reason to wait.
            self._rest.start() if self.result is not None else self._begin()
        self.changed.emit()

    def _begin(self) -> None:
        self._rest.stop()
        if self._wants is None:
            return
        job = self._wants
        self.share = 0.0

        def work(tell: Tell, cancelled: Cancelled) -> None:
            said = 0.0

            def progress(share: float) -> bool:
                nonlocal said
                if share - said >= 0.01:
                    said = share
                    tell(Share(share))
                return not cancelled()

            began = thread_time()
            found = job.work(progress)
            if found is not None:
                tell((job.key, found, thread_time() - began))

        self._beside.start(work)

    def _take(self, told: object) -> None:
        if isinstance(told, Share):
            self.share = told.done
        elif isinstance(told, tuple):
            self._has, self.result, self._took = told
        self.changed.emit()

    def _end(self, problem: str) -> None:
        self.problem = problem
        self.changed.emit()
