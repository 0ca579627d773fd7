"""What goes wrong on a runner's way, named at the step where it begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gradviz.descent.convergence import step_lengths
from gradviz.descent.history import lengths
from gradviz.descent.trajectory import Trajectory
from gradviz.numbers import short

Kind = Literal["not a number", "diverging", "ended", "stagnating", "converged"]
STILL = 1e-7
"""A step shorter than this share of one plus the parameters' length counts as none."""
LEVEL = 1e-3
"""A gradient below this share of one plus the loss counts as a level place."""
PATIENCE = 10
"""How many steps a way must stand still before it is said to."""


@dataclass(frozen=True, slots=True)
class Event:
    """That from ``step`` on a way is of a ``kind``, in a sentence."""

    step: int
    kind: Kind
    sentence: str


def events(path: Trajectory) -> tuple[Event, ...]:
    """What is to be said of a way, each where it begins; empty where all goes well."""
    return Watch(path).events()


class Watch:
    """Tells of a way while it gets longer, each step being looked at once.

    ``begin``: the step after the last that moved it, of the ``looked`` first ones.
    """

    def __init__(self, path: Trajectory) -> None:
        self.path = path
        self.looked = self.begin = 0

    def events(self) -> tuple[Event, ...]:
        """What is to be said of it now, as :func:`events` has it."""
        found = [e for e in (ended(self.path), self.standing()) if e is not None]
        return tuple(sorted(found, key=lambda e: e.step))

    def standing(self) -> Event | None:
        """Where it has come to a stand: at a level place, or on a slope, and from which step."""
        path = self.path
        end = len(path) - 1 if path.diverged is None else path.diverged - 1
        if end < PATIENCE:
            return None
        self.look(end)
        if end - self.begin < PATIENCE:
            return None
        return stood(path, self.begin)

    def look(self, end: int) -> None:
        """Look at the steps up to ``end`` that have not been looked at."""
        if end < self.looked:
            self.looked = self.begin = 0
        first, self.looked = self.looked, end
        if first < end:
            sizes = lengths(self.path.points[first:end])
            far = step_lengths(self.path, first, end) > STILL * (1.0 + sizes)
            moving = np.flatnonzero(far)
            self.begin = first + int(moving[-1]) + 1 if len(moving) else self.begin


def ended(path: Trajectory) -> Event | None:
    """Where a way that has ended began to go wrong."""
    last = path.diverged
    if last is None:
        return None
    losses = np.array(path.losses[: last + 1])
    if np.isnan(losses[-1]) or any(bool(np.isnan(a).any()) for a in path.points[last].values()):
        return Event(
            last, "not a number", f"At step {last} the loss is not a number, and the way ends."
        )
    begin = rising_from(losses)
    if begin < last:
        return Event(
            begin, "diverging",
            f"From step {begin} on the loss runs away, from {short(float(losses[begin]))} to "
            f"{short(float(losses[-1]))} at step {last}, where the way ends.",
        )  # fmt: skip
    if np.isfinite(losses[-1]) and abs(losses[-1]) < 1e12:
        return Event(last, "ended", f"After step {last} there is no learning rate to go on with.")
    return Event(last, "diverging", f"At step {last} the loss runs away, and the way ends.")


def rising_from(losses: np.ndarray[tuple[int], np.dtype[np.float64]]) -> int:
    """The step from which on losses have grown in size to the last."""
    sizes = np.abs(losses)
    with np.errstate(invalid="ignore"):
        falls = np.flatnonzero(~(np.diff(sizes) > 0))
    return int(falls[-1]) + 1 if len(falls) else 0


def stood(path: Trajectory, begin: int) -> Event:
    """That a way stands still from a step on: because it is level there, or though it is not."""
    slope = slope_at(path, begin)
    if slope <= LEVEL * (1.0 + abs(path.losses[begin])):
        return Event(begin, "converged", f"From step {begin} on it stands still: the slope is 0.")
    return Event(
        begin, "stagnating",
        f"From step {begin} on it hardly moves, though the slope is {short(slope)}.",
    )  # fmt: skip


def slope_at(path: Trajectory, step: int) -> float:
    """The length of the whole gradient at a step."""
    squares = (float((np.asarray(g, float) ** 2).sum()) for g in path.gradients[step].values())
    return float(np.sqrt(sum(squares)))
