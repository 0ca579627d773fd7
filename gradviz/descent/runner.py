"""An optimizer walking down an objective, with every step kept so that any can be gone back to."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gradviz.descent.objective import Objective, Point
from gradviz.descent.settings import RunnerSpec
from gradviz.ops.spec import Array
from gradviz.optim import OPTIMIZERS
from gradviz.optim.lr_scheduler import SCHEDULES, LRScheduler
from gradviz.optim.optimizer import Optimizer, State
from gradviz.tensor.tensor import Tensor

TOO_FAR = 1e12


@dataclass
class Trajectory:
    """All that a runner has been through; entry 0 is the start.

    ``points``, ``gradients``: each parameter's array by node id, a step each. ``losses``,
    ``rates``: the loss and learning rate there. ``states``: what the optimizer carries from step
    to step, by node id. ``diverged``: the step at which the loss or a parameter stopped being a
    usable number, where the runner stopped; else None.
    """

    points: list[Point] = field(default_factory=list[Point])
    gradients: list[Point] = field(default_factory=list[Point])
    states: list[dict[str, State]] = field(default_factory=list[dict[str, State]])
    losses: list[float] = field(default_factory=list[float])
    rates: list[float] = field(default_factory=list[float])
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
        self.schedule = scheduler(self.optimizer, spec)
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
        """One step: the gradient at the newest point moves the parameters."""
        for node, gradient in self.trajectory.gradients[-1].items():
            self.params[node].grad = Tensor.wrap(np.array(gradient))
        self.optimizer.step()
        if self.schedule is not None:
            self.schedule.step()
        self.note()

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
        path.rates.append(float(self.optimizer.param_groups[0]["lr"]))
        if not usable(loss, point):
            path.diverged = len(path) - 1


def scheduler(optimizer: Optimizer, spec: RunnerSpec) -> LRScheduler | None:
    """The schedule of a runner, with what it does not say at its default."""
    if spec.schedule is None:
        return None
    kind = SCHEDULES[spec.schedule]
    return kind(
        optimizer, **({s.name: s.default for s in kind.settings} | dict(spec.schedule_settings))
    )


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
