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
    found = [e for e in (ended(path), standing(path)) if e is not None]
    return tuple(sorted(found, key=lambda e: e.step))


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


def standing(path: Trajectory) -> Event | None:
    """Where a way has come to a stand: at a level place, or on a slope, and from which step."""
    end = len(path) - 1 if path.diverged is None else path.diverged - 1
    if end < PATIENCE:
        return None
    sizes = lengths(path.points[:end])
    moving = np.flatnonzero(step_lengths(path, 0, end) > STILL * (1.0 + sizes))
    begin = int(moving[-1]) + 1 if len(moving) else 0
    if end - begin < PATIENCE:
        return None
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
