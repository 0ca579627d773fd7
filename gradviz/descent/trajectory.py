"""What a runner has been through, with every step kept so that any can be gone back to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gradviz.descent.history import History
from gradviz.descent.objective import Point
from gradviz.optim.optimizer import State


@dataclass
class Trajectory:
    """All that a runner has been through; entry 0 is the start.

    ``points``, ``gradients``: each parameter's array by node id, a step each. ``losses``,
    ``rates``: the loss and learning rate there. ``settings``: what else a schedule moves, as the
    next step finds it. ``states``: what the optimizer carries from step
    to step, arrays by node id. ``evaluations``: how many gradients (or losses, where a line search
    asks for no more) reaching the point has taken, a row of a matrix counting as one.
    ``diverged``: the step at which the loss or a parameter stopped
    being a usable number, where the runner stopped; else None. Where each step sees a batch of the
    data, losses and gradients are those of the batch that the next step sees, and ``full_losses``
    those over all data, as far as :func:`gradviz.descent.minibatch.full_losses` was asked for them.
    """

    points: History[Point] = field(default_factory=History[Point])
    gradients: History[Point] = field(default_factory=History[Point])
    states: History[dict[str, State]] = field(default_factory=History[dict[str, State]])
    losses: list[float] = field(default_factory=list[float])
    rates: list[float] = field(default_factory=list[float])
    settings: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    evaluations: list[int] = field(default_factory=list[int])
    diverged: int | None = None
    full_losses: list[float] = field(default_factory=list[float])

    def __len__(self) -> int:
        return len(self.points)

    def bounded(self, step: int) -> int:
        """``step`` held within what there is."""
        return max(0, min(step, len(self.points) - 1))

    def until(self, step: int) -> Trajectory:
        """The way up to a step, with that step as its last; entries are shared."""
        end = self.bounded(step) + 1
        return Trajectory(
            self.points.between(0, end), self.gradients.between(0, end),
            self.states.between(0, end), self.losses[:end], self.rates[:end],
            self.settings[:end], self.evaluations[:end], full_losses=self.full_losses[:end],
        )  # fmt: skip
