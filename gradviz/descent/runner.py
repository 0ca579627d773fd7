"""An optimizer walking down an objective, with every step kept so that any can be gone back to."""

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
from gradviz.tensor.tensor import Tensor

TOO_FAR = 1e12
SCHEDULED = ("momentum", "betas")


@dataclass
class Trajectory:
    """All that a runner has been through; entry 0 is the start.

    ``points``, ``gradients``: each parameter's array by node id, a step each. ``losses``,
    ``rates``: the loss and learning rate there. ``settings``: what else a schedule moves, as the
    next step finds it. ``states``: what the optimizer carries from step
    to step, by node id. ``diverged``: the step at which the loss or a parameter stopped being a
    usable number, where the runner stopped; else None.
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
        self.note()

    @property
    def stopped(self) -> bool:
        """Whether it has diverged and goes no further."""
        return self.trajectory.diverged is not None

    def advance(self, steps: int = 1) -> None:
        """Take ``steps`` steps, or as many as there are before it diverges."""
        for _ in range(steps):
            if self.stopped:
                return
            self.step()

    def step(self) -> None:
        """One step: the gradient at the newest point moves the parameters.

        A schedule whose steps are all taken leaves the rate where it ended.
        """
        self.take_gradient(self.trajectory.gradients[-1])
        self.optimizer.step(self.closure if self.optimizer.needs_closure else None)
        self.note()
        if self.schedule is not None and not self.schedule.finished:
            self.advance_schedule(self.schedule)

    def advance_schedule(self, schedule: LRScheduler) -> None:
        """Set the rate of the next step, and note it as the newest point's.

        Where there is no such rate (a factor of 0 to be undone) it ends here.
        """
        path = self.trajectory
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
        kept = self.optimizer.state
        path.states.append({i: dict(kept.get(t, {})) for i, t in self.params.items()})
        path.losses.append(loss)
        rate, settings = self.group_now()
        path.rates.append(rate)
        path.settings.append(settings)
        if not usable(loss, point):
            path.diverged = len(path) - 1


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
