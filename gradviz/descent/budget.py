"""How far each runner of a race goes: as many steps, or as many gradients evaluated."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import numpy as np

from gradviz.descent.runner import Runner
from gradviz.descent.settings import BUDGETS
from gradviz.descent.trajectory import Trajectory
from gradviz.ops.spec import Array

MOST = 10_000
"""The most steps taken where not steps are counted."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What each runner has ``amount`` of: ``unit`` is one of :data:`BUDGETS`."""

    unit: str
    amount: int

    @property
    def by_step(self) -> bool:
        """Whether steps are counted."""
        return self.unit == BUDGETS[0]

    def at(self, path: Trajectory, spent: int) -> int:
        """The last step that a way has come to for so much."""
        if self.by_step:
            return path.bounded(spent)
        return max(0, bisect_right(path.evaluations, spent) - 1)

    def steps_at(self, path: Trajectory) -> Array:
        """The step a way has come to for 0, 1, 2, … of the budget, as far as it goes."""
        if self.by_step:
            return np.arange(len(path))
        end = min(self.amount, path.evaluations[-1])
        return np.searchsorted(path.evaluations, np.arange(end + 1), side="right") - 1

    def end(self, path: Trajectory) -> int:
        """The step after which nothing is left, where the way has come so far; else its last."""
        if self.by_step:
            return path.bounded(self.amount)
        return path.bounded(bisect_left(path.evaluations, self.amount))

    def open(self, runner: Runner) -> bool:
        """Whether a runner has still to go on."""
        path = runner.trajectory
        if runner.stopped:
            return False
        if self.by_step:
            return len(path) <= self.amount
        return path.evaluations[-1] < self.amount and len(path) <= MOST

    def advance(self, runner: Runner, most: int) -> None:
        """Take a few steps further, not beyond the end."""
        path = runner.trajectory
        if self.by_step:
            runner.advance(min(most, self.amount + 1 - len(path)))
        else:
            runner.spend(min(self.amount, path.evaluations[-1] + most), MOST)
