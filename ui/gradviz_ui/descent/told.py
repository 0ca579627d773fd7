"""What is to be said of runners' ways, worked out once for each length of a way."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from gradviz.descent import Event, Trajectory
from gradviz.descent.events import Watch

from .departures import Way

if TYPE_CHECKING:
    from .race_view import RaceView

Said = TypeVar("Said")
MOST = 128


class Told:
    """Keeps what was last said of each way."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str], tuple[object, Any]] = {}
        self._watches: dict[int, Watch] = {}

    def of(self, path: Trajectory) -> tuple[Event, ...]:
        """The events of a way as long as it is now."""
        return self.kept(path, "events", None, lambda: self._watch(path).events())

    def _watch(self, path: Trajectory) -> Watch:
        known = self._watches.get(id(path))
        if known is None or known.path is not path:
            if len(self._watches) >= MOST:
                self._watches.clear()
            known = self._watches[id(path)] = Watch(path)
        return known

    def kept(self, path: Trajectory, what: str, given: object, make: Callable[[], Said]) -> Said:
        """What `make` says of a way as long as it is now; asked again where `given` is another."""
        key, now = (id(path), what), (Way(path), path.diverged, given)
        known = self._kept.get(key)
        if known is None or known[0] != now:
            if len(self._kept) >= MOST:
                self._kept.clear()
            known = self._kept[key] = now, make()
        return known[1]


def brief(event: Event) -> str:
    """An event in a few words: ``diverging from step 12``."""
    if event.kind in ("not a number", "ended"):
        return f"{event.kind} at step {event.step}"
    return f"{event.kind} from step {event.step}"


def bad(event: Event) -> bool:
    """Whether it is a failure, and no success."""
    return event.kind != "converged"


def lost(race: "RaceView", index: int) -> str:
    """How a runner's way goes wrong, in a few words; empty where it does not."""
    if index < len(race.runners) and race.runners[index].problem:
        return "does not apply here"
    return next((brief(e) for e in race.events(index) if bad(e)), "")
