"""Many runners of one optimizer at once, from many starts; and one after another, by a setting.

From many starts all take each step together, so that a gradient of thousands of points is one run
of the plan, and the optimizer's own arithmetic runs on all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gradviz.descent.leg import TOO_FAR
from gradviz.descent.methods import RUNNERS, own_settings, shared_settings
from gradviz.descent.number_settings import with_value
from gradviz.descent.objective import Objective, Point
from gradviz.descent.runner import Runner
from gradviz.descent.settings import BUDGETS, DescentError, RunnerSpec, scheduled
from gradviz.ops.spec import Array
from gradviz.plan.update import UPDATES
from gradviz.tensor.tensor import Tensor

Progress = Callable[[float], bool]
"""Told the share that is done, from 0 to 1; answers whether to go on."""


def onward(_: float) -> bool:
    """Go on, however far it is."""
    return True


@dataclass(frozen=True, slots=True, eq=False)
class Swarm:
    """Where many runners have come to.

    ``losses``: a row a step from the start on, a column a runner; ``points``: each parameter by
    node id, a row a runner, after the last step. What is no longer a usable number has stayed
    where it stopped being one, with the loss there as it was then.
    """

    losses: Array
    points: Point


def together(spec: RunnerSpec) -> bool:
    """Whether runners of a kind can take their steps together: each number moves by itself."""
    return spec.optimizer in UPDATES and spec.schedule != "ReduceLROnPlateau" and not spec.then


def swarm(
    objective: Objective, spec: RunnerSpec, starts: Mapping[str, Array], steps: int,
    progress: Progress = onward,
) -> Swarm | None:  # fmt: skip
    """Walk from many starts, a row each of every parameter; None where ``progress`` says stop.

    DescentError for an optimizer that cannot (:func:`together`).
    """
    if not together(spec):
        raise DescentError(f"{spec.title} takes its steps alone: many at once it cannot")
    own = own_settings(spec.optimizer, spec.settings)
    shared = shared_settings(spec.optimizer, spec.settings)
    params = {i: Tensor.wrap(np.array(a), True) for i, a in starts.items()}
    optimizer = RUNNERS[spec.optimizer](list(params.values()), **own)
    schedule = scheduled(optimizer, spec)
    losses = np.empty((steps + 1, len(next(iter(starts.values())))))
    going = np.ones(losses.shape[1], bool)
    base = objective.whole(objective.start())
    for step in range(steps + 1):
        with np.errstate(all="ignore"):
            here = {i: p.array for i, p in params.items()}
            found, slopes = objective.sampled_many(here, base, step)
            losses[step] = found if step == 0 else np.where(going, found, losses[step - 1])
            going = going & usable_columns(found, {i: p.array for i, p in params.items()})
            if step == steps:
                break
            before = {i: np.array(p.array) for i, p in params.items()}
            for i, gradient in clipped(slopes, shared).items():
                decay = shared.get("weight_decay", 0.0)
                total = gradient + decay * before[i] if decay else gradient
                params[i].grad = Tensor.wrap(np.ascontiguousarray(total))
            optimizer.step()
            if schedule is not None and not schedule.finished:
                schedule.step()
            if not going.all():
                for i, param in params.items():
                    param.array[~going] = before[i][~going]
        if not progress((step + 1) / (steps + 1)):
            return None
    return Swarm(losses, {i: np.array(p.array) for i, p in params.items()})


def usable_columns(losses: Array, points: Mapping[str, Array]) -> Array:
    """Which runners' loss and point are numbers one can go on from."""
    good = np.abs(losses) < TOO_FAR
    for array in points.values():
        good &= (np.abs(array) < TOO_FAR).reshape(len(good), -1).all(axis=1)
    return good


def clipped(gradients: Point, shared: Mapping[str, float]) -> Point:
    """Each runner's gradient as the shared settings clip it: by value, then by its own norm."""
    if "clip_value" in shared:
        bound = shared["clip_value"]
        gradients = {i: np.clip(g, -bound, bound) for i, g in gradients.items()}
    if "clip_norm" in shared:
        squares = sum((g.reshape(len(g), -1) ** 2).sum(axis=1) for g in gradients.values())
        factor = np.minimum(1.0, shared["clip_norm"] / (np.sqrt(squares) + 1e-6))
        gradients = {i: g * factor.reshape(-1, *(1,) * (g.ndim - 1)) for i, g in gradients.items()}
    return gradients


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """One setting over a range: for each value a runner's way and how it ended."""

    name: str
    values: tuple[float, ...]
    runners: tuple[Runner, ...]

    @property
    def final(self) -> Array:
        """The last loss of each; infinite where it has diverged."""
        return np.array([np.inf if r.stopped else r.trajectory.losses[-1] for r in self.runners])


def sweep(
    objective: Objective, spec: RunnerSpec, name: str, values: Sequence[float], steps: int,
    start: Point | None = None, progress: Progress = onward, budget: str = BUDGETS[0],
) -> Sweep | None:  # fmt: skip
    """A runner with each value of one setting; None where ``progress`` says stop.

    ``budget``: of what each has ``steps`` many. DescentError names a value that the setting
    cannot have.
    """
    runners: list[Runner] = []
    specs = [with_value(spec, name, value) for value in values]
    for count, each in enumerate(specs, 1):
        runner = Runner(objective, each, objective.start() if start is None else start)
        runner.spend(steps) if budget == BUDGETS[1] else runner.advance(steps)
        runners.append(runner)
        if not progress(count / len(specs)):
            return None
    return Sweep(name, tuple(float(v) for v in values), tuple(runners))
