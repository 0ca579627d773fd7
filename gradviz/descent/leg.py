"""One optimizer with unchanging settings, taking a runner further along its way.

Where the plan can take the optimizer's steps itself, many are one call; what it cannot (a closure,
a schedule that reads losses or moves more than the rate, clipping) is stepped by the optimizer.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, cast

import numpy as np

from gradviz.descent.curvature import gauss_newton, hessian, squares
from gradviz.descent.methods import RUNNERS, clip, own_settings, shared_settings
from gradviz.descent.newton import Newton
from gradviz.descent.objective import Objective, Point
from gradviz.descent.settings import RunnerSpec, scheduled
from gradviz.descent.trajectory import Trajectory
from gradviz.ops.spec import Array
from gradviz.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau
from gradviz.optim.optimizer import State, counter
from gradviz.plan import Descent, PlanError
from gradviz.plan.update import UPDATES, full_settings, state_names
from gradviz.tensor.tensor import Tensor

TOO_FAR = 1e12
SCHEDULED = ("momentum", "betas")


class Leg:
    """A runner's optimizer from a step on.

    ``first``: the step at which this optimizer began, from which its steps are counted; where it
    is before the newest, what it carried there is taken up.
    """

    def __init__(
        self, objective: Objective, spec: RunnerSpec, path: Trajectory, start: Point, first: int
    ) -> None:
        self.objective = objective
        self.spec = spec
        self.path = path
        self.first = first
        self.params = {i: Tensor.wrap(np.array(a), True) for i, a in start.items()}
        self.own = own_settings(spec.optimizer, spec.settings)
        self.shared = shared_settings(spec.optimizer, spec.settings)
        self.optimizer = RUNNERS[spec.optimizer](list(self.params.values()), **self.own)
        if isinstance(self.optimizer, Newton):
            self.squares = squares(objective) if self.optimizer.matrix == "squares" else ()
            self.optimizer.curvature = self.curvature
        self.schedule = scheduled(self.optimizer, spec)
        able = spec.optimizer in UPDATES and not self.shared and objective.batches is None
        self.planned = able and moves_rate_alone(self.schedule)
        self.taken: Descent | None = None
        self.spent = path.evaluations[-1] if path.evaluations else 0
        if path.points:
            self.resume()

    def resume(self) -> None:
        """Take up the optimizer's state, and its schedule's, where the way has come to."""
        path = self.path
        count = len(path) - 1 - self.first
        for loss in path.losses[self.first + 1 :]:
            self.move_schedule(loss)
        path.rates[-1], path.settings[-1] = self.group_now()
        if not count:
            return
        if self.planned:
            self.taken = descent_at(path, self.spec.optimizer, self.own, count)
            return
        for i, param in self.params.items():
            state = self.begun(param, count) | path.states[-1].get(i, {})
            self.optimizer.state[param] = {k: carried(v) for k, v in state.items()}

    def begun(self, param: Tensor, count: int) -> State:
        """What an optimizer starts with, its counter at ``count``."""
        group = self.optimizer.param_groups[0]
        state = self.optimizer.begin(param.array, group)
        return state | ({"step": counter(count)} if "step" in state else {})

    def advance(self, steps: int) -> None:
        """Take ``steps`` steps, or as many as there are before it diverges."""
        if self.planned:
            self.advance_planned(steps)
            return
        for _ in range(steps):
            if self.path.diverged is not None:
                return
            self.step()

    def step(self) -> None:
        """One step by the optimizer: the gradient at the newest point moves the parameters."""
        if self.optimizer.needs_closure:
            self.optimizer.step(self.closure)
        else:
            self.spent += 1
            self.take_gradient(self.path.gradients[-1])
            self.optimizer.step()
        self.note()
        if self.schedule is not None:
            try:
                self.move_schedule(self.path.losses[-1])
            except ArithmeticError:
                self.path.diverged = len(self.path) - 1
            self.path.rates[-1], self.path.settings[-1] = self.group_now()

    def advance_planned(self, steps: int) -> None:
        """``steps`` steps in one call of the plan; what comes after diverging is dropped."""
        path = self.path
        if path.diverged is not None or steps < 1:
            return
        rates = None if self.schedule is None else self.rates_ahead(steps)
        count = steps if rates is None else len(rates) - len(path) + self.first
        try:
            self.take(count, rates)
        except PlanError:
            # A point on the way is refused: those before it are kept, and then it is said.
            for _ in range(count):
                self.take(1, rates)
        if count < steps:
            path.diverged = len(path) - 1

    def take(self, count: int, rates: list[float] | None) -> None:
        """So many steps by the plan, with the learning rate of each of the leg's steps."""
        path = self.path
        if path.diverged is not None:
            return
        start = self.objective.whole(path.points[-1])
        found = self.objective.plan.descend(
            self.spec.optimizer, self.own, count, start=start, after=self.taken, rates=rates,
        )  # fmt: skip
        wrong = np.flatnonzero(~usable_rows(found))
        last = int(wrong[0]) if len(wrong) else count
        rows = range(1, last + 1)
        path.points.extend(found.points, rows, partial(row_of, found.points))
        path.gradients.extend(found.gradients, rows, partial(row_of, found.gradients))
        path.states.extend({}, rows, partial(states_of, found))
        first = len(path.losses) - self.first
        path.losses += found.losses[1 : last + 1].tolist()
        rate, settings = self.group_now()
        path.rates += [rate] * last if rates is None else list(rates[first : first + last])
        path.settings += [settings] * last
        path.evaluations += range(self.spent + 1, self.spent + last + 1)
        self.spent += last
        self.taken = found
        if len(wrong):
            path.diverged = len(path) - 1

    def rates_ahead(self, steps: int) -> list[float]:
        """The learning rate of each of the leg's steps so far, and of ``steps`` more.

        They end where the schedule has none.
        """
        found = list(self.path.rates[self.first :])
        for _ in range(steps):
            self.optimizer.step()
            try:
                self.move_schedule(0.0)
            except ArithmeticError:
                return [*found, self.group_now()[0]]
            found.append(self.group_now()[0])
        return found

    def move_schedule(self, loss: float) -> None:
        """Set the rate of the next step; a schedule whose steps are all taken leaves it.

        ArithmeticError where there is no such rate (a factor of 0 to be undone).
        """
        schedule = self.schedule
        if schedule is None or schedule.finished:
            return
        if isinstance(schedule, ReduceLROnPlateau):
            schedule.step(loss)
        else:
            schedule.step()

    def group_now(self) -> tuple[float, dict[str, Any]]:
        """The learning rate, and the other settings that a schedule may move."""
        group = self.optimizer.param_groups[0]
        return float(group["lr"]), {k: group[k] for k in SCHEDULED if k in group}

    def take_gradient(self, gradients: Point) -> None:
        """Put gradients where the optimizer looks for them: clipped, and with what decay adds."""
        for node, gradient in gradients.items():
            self.params[node].grad = Tensor.wrap(np.array(gradient))
        clip(list(self.params.values()), self.shared)
        decay = self.shared.get("weight_decay")
        for param in self.params.values() if decay else ():
            param.grad = Tensor.wrap(param.grad.array + decay * param.array)

    def closure(self) -> float:
        """The loss where the parameters are now, for an optimizer that tries several points.

        With half the weight decay times the squares of all parameters, whose slope the decay is.
        """
        self.spent += 1
        with np.errstate(all="ignore"):
            loss, gradient = self.objective.sampled(self.here(), len(self.path) - 1)
        self.take_gradient(gradient)
        decay = self.shared.get("weight_decay", 0.0)
        return loss + decay / 2 * sum(float((p.array**2).sum()) for p in self.params.values())

    def curvature(self) -> Array:
        """The matrix that Newton's method asks for, at the present point."""
        seen = self.objective.seen(len(self.path) - 1)
        if self.squares:
            found = self.squares if seen is self.objective else squares(seen)
            matrix, rows = gauss_newton(seen, found, self.here())
        else:
            matrix = hessian(seen, self.here())
            rows = len(matrix)
        self.spent += rows
        return matrix + self.shared.get("weight_decay", 0.0) * np.eye(len(matrix))

    def here(self) -> Point:
        """Where the parameters are now."""
        return {i: np.array(t.array) for i, t in self.params.items()}

    def note(self) -> None:
        """Keep where it is now, the loss there and its gradient."""
        point = self.here()
        with np.errstate(all="ignore"):
            loss, gradient = self.objective.sampled(point, len(self.path))
        path = self.path
        path.points.append(point)
        path.gradients.append(gradient)
        kept = {i: self.optimizer.state.get(t, {}) for i, t in self.params.items()}
        path.states.append({i: {k: noted(v) for k, v in s.items()} for i, s in kept.items()})
        path.losses.append(loss)
        path.evaluations.append(self.spent)
        rate, settings = self.group_now()
        path.rates.append(rate)
        path.settings.append(settings)
        if not usable(loss, point):
            path.diverged = len(path) - 1


def noted(value: Any) -> Any:
    """An entry of an optimizer's state as it is now; lists are added to later."""
    return (
        list(cast("list[Any]", value))
        if isinstance(value, list)
        else getattr(value, "array", value)
    )


def carried(value: Any) -> Any:
    """An entry of a state that was kept, as an optimizer finds it."""
    if isinstance(value, np.ndarray | np.generic):
        return Tensor.wrap(np.array(cast("Array", value)))
    return noted(value)


def descent_at(
    path: Trajectory, optimizer: str, settings: Mapping[str, Any], taken: int
) -> Descent:
    """The newest step of a way as the plan leaves one, to go on from."""
    point, states = path.points[-1], path.states[-1]
    names = state_names(optimizer, full_settings(optimizer, settings))
    kept = {
        (i, name): np.asarray(states[i][name])[None]
        for i in point for name in names if name in states.get(i, {})
    }  # fmt: skip
    rows = {i: np.asarray(a)[None] for i, a in point.items()}
    slopes = {i: np.asarray(a)[None] for i, a in path.gradients[-1].items()}
    return Descent(np.array(path.losses[-1:]), rows, slopes, kept, taken)


def moves_rate_alone(schedule: LRScheduler | None) -> bool:
    """Whether a schedule needs no loss, and moves nothing but the learning rate."""
    if schedule is None:
        return True
    cycles = bool(getattr(schedule, "cycle_momentum", False))
    return not cycles and not isinstance(schedule, ReduceLROnPlateau)


def row_of(columns: Mapping[str, Array], row: int) -> Point:
    """A row of every array, by node id."""
    return {i: a[row, ...] for i, a in columns.items()}


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


def usable(loss: float, point: Mapping[str, Array]) -> bool:
    """Whether a loss and a point are numbers one can go on from."""
    arrays: list[Array] = [np.asarray(loss), *point.values()]
    return all(bool(np.all(np.abs(a) < TOO_FAR)) for a in arrays)
