"""What is to be said of runners' ways, worked out once for each length of a way."""

from typing import TYPE_CHECKING

from gradviz.descent import Event, Trajectory, events

if TYPE_CHECKING:
    from .race_view import RaceView

MOST = 64


class Told:
    """Keeps the events of the ways last asked about."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[Trajectory, int, tuple[Event, ...]]] = {}

    def of(self, path: Trajectory) -> tuple[Event, ...]:
        """The events of a way as long as it is now."""
        known = self._kept.get(id(path))
        if known is None or known[0] is not path or known[1] != len(path):
            if len(self._kept) >= MOST:
                self._kept.clear()
            known = self._kept[id(path)] = (path, len(path), events(path))
        return known[2]


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
