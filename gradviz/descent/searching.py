"""Runners that try how far to go before they go: backtracking descent, and conjugate gradients.

Nocedal and Wright, Numerical Optimization, algorithms 3.1 and 5.4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from gradviz.ops.spec import Array
from gradviz.optim import Optimizer, Setting
from gradviz.optim.optimizer import Closure
from gradviz.tensor.tensor import Tensor

FIRST = Setting(
    name="lr", default=1.0, low=1e-4, high=10.0, log=True, symbol=r"\alpha",
    title="learning rate", doc="The length that is tried first.",
)  # fmt: skip
SHRINK = Setting(
    name="shrink",
    default=0.5,
    low=0.1,
    high=0.9,
    symbol=r"\rho",
    doc="What the length is multiplied by until the loss falls enough.",
)
ENOUGH = Setting(
    name="enough",
    default=1e-4,
    low=1e-6,
    high=0.5,
    log=True,
    symbol="c",
    doc="How much of the fall that the slope promises must come true (Armijo).",
)
MOST = Setting(name="max_trials", default=40, low=1, high=100, doc="How many lengths are tried.")


def flat(params: Sequence[Tensor]) -> Array:
    """All parameters as one vector, in double precision."""
    return np.concatenate([np.asarray(p.array, np.float64).reshape(-1) for p in params])


def flat_gradient(params: Sequence[Tensor]) -> Array:
    """All gradients as one vector, in double precision."""
    return np.concatenate([np.asarray(p.grad.array, np.float64).reshape(-1) for p in params])


def put(params: Sequence[Tensor], vector: Array) -> None:
    """Set all parameters from one vector."""
    begin = 0
    for param in params:
        end = begin + param.array.size
        param.array[...] = vector[begin:end].reshape(param.array.shape)
        param.bump_version()
        begin = end


class Searching(Optimizer):
    """What both share: a direction from the gradient, and a length that is tried out on it.

    ``state`` of each parameter holds ``length``, the one taken: 0 where none made the loss fall.
    """

    needs_closure = True
    refines: ClassVar[bool] = False
    """Whether the bottom of a parabola through what was tried is tried as well."""

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse settings with which the search would not end."""
        super().check(settings)
        if not settings["lr"] > 0.0:
            raise ValueError(f"Invalid learning rate: {settings['lr']}; it must be above 0")
        for name in ("shrink", "enough"):
            if not 0.0 < settings[name] < 1.0:
                raise ValueError(f"Invalid {name}: {settings[name]}; it must be between 0 and 1")

    def step(self, closure: Closure | None = None) -> Any:
        """Go the longest of the tried lengths at which the loss falls enough."""
        if closure is None:
            raise TypeError("a line search needs a closure that computes the loss")
        group = self.param_groups[0]
        params: list[Tensor] = group["params"]
        loss, begin = float(closure()), flat(params)
        gradient = flat_gradient(params)
        way = self.direction(params, gradient)
        search = Search(closure, params, begin, way, loss, float(gradient @ way))
        length, there = search.run(
            group["lr"], group["shrink"], group["enough"], group["max_trials"]
        )
        if self.refines and length:
            length = search.refined(length, there)
        for param in params:
            self.state[param]["length"] = Tensor.wrap(np.array(length))
        return loss

    def direction(self, params: Sequence[Tensor], gradient: Array) -> Array:
        """Which way to go from here."""
        return -gradient


@dataclass(frozen=True, slots=True)
class Search:
    """A search along ``way`` from ``begin``, where the loss is known and its slope."""

    closure: Callable[[], Any]
    params: Sequence[Tensor]
    begin: Array
    way: Array
    loss: float
    slope: float

    def run(self, length: float, shrink: float, enough: float, trials: int) -> tuple[float, float]:
        """The length gone, the first to pass Armijo's test, and the loss there; 0 if none does."""
        for _ in range(trials):
            there = self.at(length)
            if there <= self.loss + enough * length * self.slope:
                return length, there
            length *= shrink
        put(self.params, self.begin)
        return 0.0, self.loss

    def refined(self, length: float, there: float) -> float:
        """The bottom of the parabola through both losses and the slope, where it is lower."""
        bend = there - self.loss - length * self.slope
        if not bend > 0.0:
            return length
        bottom = -self.slope * length**2 / (2.0 * bend)
        if self.at(bottom) <= there:
            return bottom
        put(self.params, self.begin + length * self.way)
        return length

    def at(self, length: float) -> float:
        """The loss so far along."""
        put(self.params, self.begin + length * self.way)
        return float(self.closure())


class Backtracking(Searching):
    """Gradient descent whose every step is as long as makes the loss fall enough."""

    doc = "Goes against the gradient, and shortens each step until the loss falls enough."
    settings = (FIRST, SHRINK, ENOUGH, MOST)
    rule = (
        r"t \leftarrow \max\,\{\alpha\rho^k : J(\theta - t g) \le J(\theta) - c\,t\,\|g\|^2\},"
        r" \quad g = \nabla J(\theta)",
        r"\theta \leftarrow \theta - t g",
    )


class ConjugateGradient(Searching):
    """Nonlinear conjugate gradients after Polak and Ribière, begun anew where they go uphill."""

    doc = "Bends each direction so that it does not undo what the steps before have done."
    refines = True
    settings = (
        FIRST, SHRINK, ENOUGH, MOST,
        Setting(name="restart", default=0, low=0, high=100,
                doc="Begin anew after so many steps; 0: as many as there are parameters."),
    )  # fmt: skip
    rule = (
        r"\beta \leftarrow \max\!\left(0, \frac{g\cdot(g - g')}{g'\cdot g'}\right),"
        r" \quad d \leftarrow -g + \beta d",
        r"\theta \leftarrow \theta + t d, \quad t \text{ by a line search}",
    )

    def direction(self, params: Sequence[Tensor], gradient: Array) -> Array:
        """Minus the gradient, and as much of the last direction as is conjugate to it."""
        state = self.state[params[0]]
        every = self.param_groups[0]["restart"] or len(gradient)
        count = int(state.get("count", 0)) % every
        way = -gradient
        if count and "last_gradient" in state:
            before, old = state["last_gradient"].array, state["last_way"].array
            beta = max(0.0, float(gradient @ (gradient - before)) / max(before @ before, 1e-300))
            bent = way + beta * old
            way = bent if bent @ gradient < 0.0 else way
        state["count"] = count + 1
        state["last_gradient"], state["last_way"] = Tensor.wrap(gradient), Tensor.wrap(way)
        return way
