"""An optimizer walking down an objective, from any step of which it can go on otherwise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gradviz.descent.history import History
from gradviz.descent.leg import Leg
from gradviz.descent.objective import Objective, Point
from gradviz.descent.settings import BUDGETS, RunnerSpec
from gradviz.descent.trajectory import Trajectory


class Runner:
    """One optimizer with its settings, at some step of its way down.

    The gradient of the newest point is always known: entry k of the trajectory holds the loss
    and gradient at the point that step k reached. DescentError where the optimizer cannot go down
    this objective at all. ``problem``: why it goes no further, where that is not its way's fault.
    """

    def __init__(self, objective: Objective, spec: RunnerSpec, start: Point) -> None:
        self.objective = objective
        self.spec = spec
        self.problem = ""
        self.trajectory = Trajectory()
        self.leg = Leg(objective, spec.at(0), self.trajectory, start, 0)
        self.leg.note()

    @classmethod
    def standing(cls, objective: Objective, spec: RunnerSpec, start: Point, problem: str) -> Runner:
        """One that never leaves the start, for a reason to be told."""
        runner = cls.__new__(cls)
        runner.objective, runner.spec, runner.problem = objective, spec, problem
        with np.errstate(all="ignore"):
            loss, gradient = objective.gradient(start)
        rate = float(spec.setting("lr"))
        runner.trajectory = Trajectory(
            History([start]), History([gradient]), History([{i: {} for i in start}]),
            [loss], [rate], [{}], [0],
        )  # fmt: skip
        return runner

    def branched(self, step: int, spec: RunnerSpec | None = None) -> Runner:
        """A runner that has come to ``step`` the same way, and goes on from there as ``spec``.

        By default as this one does at that step. The ways up to there share their entries.
        """
        step = self.trajectory.bounded(step)
        return self.gone_on(step, self.spec.changed(step, spec or self.spec.at(step)))

    def gone_on(self, step: int, spec: RunnerSpec) -> Runner:
        """A runner of another spec that says the same up to ``step``; the ways share it."""
        other = Runner.__new__(Runner)
        other.objective, other.spec, other.problem = self.objective, spec, ""
        other.trajectory = self.trajectory.until(step)
        other.begin_leg()
        return other

    @property
    def stopped(self) -> bool:
        """Whether it has diverged, or cannot go on, and goes no further."""
        return self.trajectory.diverged is not None or bool(self.problem)

    def begin_leg(self) -> None:
        """Go on from the newest point as the runner is there."""
        path = self.trajectory
        step = len(path) - 1
        first = self.counted_from(step)
        self.leg = Leg(self.objective, self.spec.at(step), path, path.points[-1], first)

    def counted_from(self, step: int) -> int:
        """The step from which the optimizer at ``step`` counts its own."""
        first, before = 0, self.spec.at(0)
        for segment in self.spec.then:
            if segment.step <= step:
                if not continues(before, segment.spec):
                    first = segment.step
                before = segment.spec
        return first

    def advance(self, steps: int = 1) -> None:
        """Take ``steps`` steps, or as many as there are before it diverges."""
        path = self.trajectory
        end = len(path) - 1 + steps
        while len(path) - 1 < end and not self.stopped:
            here = len(path) - 1
            if any(s.step == here and self.leg.spec != s.spec for s in self.spec.then):
                self.begin_leg()
            ahead = [s.step for s in self.spec.then if here < s.step < end]
            self.leg.advance(min([end, *ahead]) - here)

    def spend(self, evaluations: int, most: int = 10_000) -> None:
        """Step until so many gradients have been evaluated, or ``most`` steps are taken.

        The last step is taken whole, so that a little more may have been spent.
        """
        path = self.trajectory
        while path.evaluations[-1] < evaluations and len(path) <= most and not self.stopped:
            left = evaluations - path.evaluations[-1]
            self.advance(min(left, most) if self.leg.planned else 1)


def continues(before: RunnerSpec, after: RunnerSpec) -> bool:
    """Whether a change of settings leaves the optimizer its state, and the schedule its count."""
    return replace(before.bare, settings=after.settings) == after.bare


def race(
    objective: Objective, specs: list[RunnerSpec], steps: int, budget: str = BUDGETS[0]
) -> list[Runner]:
    """Every runner from the document's own start, ``steps`` steps each.

    ``budget``: with ``"evaluations"`` each has as many gradients instead.
    """
    runners = [Runner(objective, spec, objective.start()) for spec in specs]
    for runner in runners:
        if budget == "evaluations":
            runner.spend(steps)
        else:
            runner.advance(steps)
    return runners
