"""An optimizer walking down an objective, with every step kept so that any can be gone back to.

Where the plan can take the optimizer's steps itself, many are one call; what it cannot (a closure,
a schedule that reads losses or moves more than the rate) is stepped by the optimizer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradviz.descent.objective import Objective, Point
from gradviz.descent.settings import RunnerSpec, scheduled
from gradviz.ops.spec import Array
from gradviz.optim import OPTIMIZERS
from gradviz.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau
from gradviz.optim.optimizer import State
from gradviz.plan import Descent, PlanError
from gradviz.plan.update import UPDATES
from gradviz.tensor.tensor import Tensor

TOO_FAR = 1e12
SCHEDULED = ("momentum", "betas")


@dataclass
class Trajectory:
    """All that a runner has been through; entry 0 is the start.

    ``points``, ``gradients``: each parameter's array by node id, a step each. ``losses``,
    ``rates``: the loss and learning rate there. ``settings``: what else a schedule moves, as the
    next step finds it. ``states``: what the optimizer carries from step
    to step, arrays by node id. ``diverged``: the step at which the loss or a parameter stopped
    being a usable number, where the runner stopped; else None.
    """

    points: list[Point] = field(default_factory=list[Point])
    gradients: list[Point] = field(default_factory=list[Point])
    states: list[dict[str, State]] = field(default_factory=list[dict[str, State]])
    losses: list[float] = field(default_factory=list[float])
    rates: list[float] = field(default_factory=list[float])
    settings: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    diverged: int | None = None

    def __len__(self) -> int:
        return len(self.points)

    def bounded(self, step: int) -> int:
        """``step`` held within what there is."""
        return max(0, min(step, len(self.points) - 1))


class Runner:
    """One optimizer with its settings, at some step of its way down.

    The gradient of the newest point is always known: entry k of the trajectory holds the loss
    and gradient at the point that step k reached.
    """

    def __init__(self, objective: Objective, spec: RunnerSpec, start: Point) -> None:
        self.objective = objective
        self.spec = spec
        self.params = {i: Tensor.wrap(np.array(a), True) for i, a in start.items()}
        self.optimizer = OPTIMIZERS[spec.optimizer](list(self.params.values()), **spec.settings)
        self.schedule = scheduled(self.optimizer, spec)
        self.trajectory = Trajectory()
        self.planned = spec.optimizer in UPDATES and moves_rate_alone(self.schedule)
        self.taken: Descent | None = None
        self.note()

    @property
    def stopped(self) -> bool:
        """Whether it has diverged and goes no further."""
        return self.trajectory.diverged is not None

    def advance(self, steps: int = 1) -> None:
        """Take ``steps`` steps, or as many as there are before it diverges."""
        if self.planned:
            self.advance_planned(steps)
            return
        for _ in range(steps):
            if self.stopped:
                return
            self.step()

    def step(self) -> None:
        """One step: the gradient at the newest point moves the parameters."""
        if self.planned:
            self.advance_planned(1)
            return
        self.take_gradient(self.trajectory.gradients[-1])
        self.optimizer.step(self.closure if self.optimizer.needs_closure else None)
        self.note()
        self.advance_schedule()

    def advance_planned(self, steps: int) -> None:
        """``steps`` steps in one call of the plan; what comes after diverging is dropped."""
        path = self.trajectory
        if self.stopped or steps < 1:
            return
        rates = None if self.schedule is None else self.rates_ahead(self.schedule, steps)
        count = steps if rates is None else len(rates) - len(path)
        try:
            self.take(count, rates)
        except PlanError:
            # A point on the way is refused: those before it are kept, and then it is said.
            for _ in range(count):
                self.take(1, rates)
        if count < steps:
            path.diverged = len(path) - 1

    def take(self, count: int, rates: list[float] | None) -> None:
        """So many steps by the plan, with the learning rate of each step from the first on."""
        path = self.trajectory
        if self.stopped:
            return
        start = self.objective.whole(path.points[-1])
        found = self.objective.plan.descend(
            self.spec.optimizer, self.spec.settings, count, start=start, after=self.taken,
            rates=rates,
        )  # fmt: skip
        wrong = np.flatnonzero(~usable_rows(found))
        last = int(wrong[0]) if len(wrong) else count
        for k in range(1, last + 1):
            path.points.append({i: a[k, ...] for i, a in found.points.items()})
            path.gradients.append({i: a[k, ...] for i, a in found.gradients.items()})
            path.states.append(states_of(found, k))
        first = len(path.losses)
        path.losses += [float(v) for v in found.losses[1 : last + 1]]
        rate, settings = self.group_now()
        path.rates += [rate] * last if rates is None else list(rates[first : first + last])
        path.settings += [settings] * last
        self.taken = found
        if len(wrong):
            path.diverged = len(path) - 1

    def rates_ahead(self, schedule: LRScheduler, steps: int) -> list[float]:
        """The learning rate of each step from the first on, and at each of ``steps`` more points.

        They end where the schedule has none.
        """
        found = list(self.trajectory.rates)
        for _ in range(steps):
            self.optimizer.step()
            if not schedule.finished:
                try:
                    schedule.step()
                except ArithmeticError:
                    return [*found, self.group_now()[0]]
            found.append(self.group_now()[0])
        return found

    def advance_schedule(self) -> None:
        """Set the rate of the next step, and note it as the newest point's.

        A schedule whose steps are all taken leaves the rate where it ended. Where there is no
        such rate (a factor of 0 to be undone) the way ends here.
        """
        path, schedule = self.trajectory, self.schedule
        if schedule is None or schedule.finished:
            return
        try:
            if isinstance(schedule, ReduceLROnPlateau):
                schedule.step(path.losses[-1])
            else:
                schedule.step()
        except ArithmeticError:
            path.diverged = len(path) - 1
        path.rates[-1], path.settings[-1] = self.group_now()

    def group_now(self) -> tuple[float, dict[str, Any]]:
        """The learning rate, and the other settings that a schedule may move."""
        group = self.optimizer.param_groups[0]
        return float(group["lr"]), {k: group[k] for k in SCHEDULED if k in group}

    def take_gradient(self, gradients: Point) -> None:
        """Put gradients where the optimizer looks for them."""
        for node, gradient in gradients.items():
            self.params[node].grad = Tensor.wrap(np.array(gradient))

    def closure(self) -> float:
        """The loss where the parameters are now, for an optimizer that tries several points."""
        with np.errstate(all="ignore"):
            loss, gradient = self.objective.gradient(
                {i: np.array(t.array) for i, t in self.params.items()}
            )
        self.take_gradient(gradient)
        return loss

    def note(self) -> None:
        """Keep where it is now, the loss there and its gradient."""
        point = {i: np.array(t.array) for i, t in self.params.items()}
        with np.errstate(all="ignore"):
            loss, gradient = self.objective.gradient(point)
        path = self.trajectory
        path.points.append(point)
        path.gradients.append(gradient)
        kept = {i: self.optimizer.state.get(t, {}) for i, t in self.params.items()}
        path.states.append(
            {i: {k: getattr(v, "array", v) for k, v in s.items()} for i, s in kept.items()}
        )
        path.losses.append(loss)
        rate, settings = self.group_now()
        path.rates.append(rate)
        path.settings.append(settings)
        if not usable(loss, point):
            path.diverged = len(path) - 1


def moves_rate_alone(schedule: LRScheduler | None) -> bool:
    """Whether a schedule needs no loss, and moves nothing but the learning rate."""
    if schedule is None:
        return True
    cycles = bool(getattr(schedule, "cycle_momentum", False))
    return not cycles and not isinstance(schedule, ReduceLROnPlateau)


def states_of(found: Descent, step: int) -> dict[str, State]:
    """What the optimizer carries after a step, by node id."""
    states: dict[str, State] = {i: {} for i in found.points}
    for (node, name), rows in found.states.items():
        states[node][name] = rows[step, ...]
    return states


def usable_rows(found: Descent) -> Array:
    """At which steps loss and point are numbers one can go on from."""
    good = np.abs(found.losses) < TOO_FAR
    for rows in found.points.values():
        good &= (np.abs(rows) < TOO_FAR).reshape(len(rows), -1).all(axis=1)
    return good


def usable(loss: float, point: Point) -> bool:
    """Whether a loss and a point are numbers one can go on from."""
    arrays: list[Array] = [np.asarray(loss), *point.values()]
    return all(bool(np.all(np.abs(a) < TOO_FAR)) for a in arrays)


def race(objective: Objective, specs: list[RunnerSpec], steps: int) -> list[Runner]:
    """Every runner from the document's own start, ``steps`` steps each."""
    runners = [Runner(objective, spec, objective.start()) for spec in specs]
    for runner in runners:
        runner.advance(steps)
    return runners
