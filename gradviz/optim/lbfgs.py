"""L-BFGS: Newton's method with a curvature estimated from the last steps.

Nocedal and Wright, Numerical Optimization, algorithm 7.4 and 7.5.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradviz.autograd.mode import enable_grad, no_grad
from gradviz.ops.spec import Array
from gradviz.optim.fused import dot, fused_add
from gradviz.optim.line_search import Probe, Search
from gradviz.optim.optimizer import Closure, Optimizer, with_numbers
from gradviz.optim.setting import Setting
from gradviz.tensor.tensor import Tensor

STRONG_WOLFE = "strong_wolfe"
LISTS = ("old_dirs", "old_stps", "ro")


@dataclass
class Memory:
    """What one call of ``step`` leaves for the next, in PyTorch's names."""

    func_evals: int = 0
    n_iter: int = 0
    d: Any = None
    t: Any = None
    old_dirs: list[Array] = field(default_factory=list[Array])
    old_stps: list[Array] = field(default_factory=list[Array])
    ro: list[Any] = field(default_factory=list[Any])
    H_diag: Any = 1
    prev_flat_grad: Any = None
    prev_loss: float | None = None

    def take(self, change: Array, moved: Array, limit: int) -> None:
        """Remember how the gradient changed over the last step, where the curve bends upward."""
        bend = dot(change, moved)
        if not bend > 1e-10:
            return
        if len(self.old_dirs) == limit:
            for kept in (self.old_dirs, self.old_stps, self.ro):
                kept.pop(0)
        self.old_dirs.append(change)
        self.old_stps.append(moved)
        self.ro.append(1.0 / bend)
        self.H_diag = bend / dot(change, change)

    def direction(self, gradient: Array) -> Array:
        """Minus the inverse curvature times the gradient, by the two loops."""
        way = -gradient
        shares: list[Any] = []
        pairs = list(zip(self.old_dirs, self.old_stps, self.ro, strict=True))
        for change, moved, scale in reversed(pairs):
            shares.append(dot(moved, way) * scale)
            way = fused_add(way, -shares[-1], change)
        way = way * self.H_diag
        for change, moved, scale in pairs:
            way = fused_add(way, shares.pop() - dot(change, way) * scale, moved)
        return way


class LBFGS(Optimizer):
    """See https://docs.pytorch.org/docs/stable/generated/torch.optim.LBFGS.html.

    One ``step(closure)`` takes up to ``max_iter`` steps; ``closure`` clears the gradients,
    computes the loss, calls ``backward`` and returns the loss. All parameters are one group.
    """

    doc = "Estimates the curvature from its last steps, and goes to where the bottom should be."
    settings = (
        Setting(name="lr", default=1.0, low=1e-3, high=1.0, log=True, symbol=r"\alpha",
                title="learning rate", doc="How much of the way to the estimated bottom it goes."),
        Setting(name="max_iter", default=20, low=1, high=40, doc="Steps within each step."),
        Setting(name="max_eval", default=None, keyword_only=False, low=1, high=100,
                doc="How often the loss may be computed within a step; by default 5/4 max_iter."),
        Setting(name="tolerance_grad", default=1e-7, low=1e-12, high=1e-2, log=True,
                doc="Stop where no part of the gradient is larger."),
        Setting(name="tolerance_change", default=1e-9, low=1e-14, high=1e-2, log=True,
                doc="Stop where neither loss nor parameters change by more."),
        Setting(name="history_size", default=100, low=1, high=100, symbol="k",
                doc="How many steps back the curvature is estimated from."),
        Setting(name="line_search_fn", default=None, choices=(STRONG_WOLFE,),
                doc="How the length of a step is searched for; without, it is the rate."),
    )  # fmt: skip
    rule = (
        r"d \leftarrow -H_k g, \quad H_k \approx (\nabla^2 J)^{-1} \text{ from the last } k"
        r" \text{ steps}",
        r"\theta \leftarrow \theta + \alpha d",
    )
    needs_closure = True

    def __init__(self, params: Iterable[Any], *positional: Any, **given: Any) -> None:
        super().__init__(params, *positional, **given)
        if len(self.param_groups) != 1:
            raise ValueError("LBFGS doesn't support per-parameter options (parameter groups)")

    @classmethod
    def bind(cls, positional: tuple[Any, ...], given: dict[str, Any]) -> dict[str, Any]:
        """The limit of evaluations follows that of steps."""
        bound = super().bind(positional, given)
        if bound["max_eval"] is None:
            bound["max_eval"] = bound["max_iter"] * 5 // 4
        return bound

    def step(self, closure: Closure | None = None) -> Any:
        """Up to ``max_iter`` steps; the loss at the start."""
        if closure is None:
            raise TypeError("LBFGS.step() missing 1 required positional argument: 'closure'")
        with no_grad(), np.errstate(all="ignore"):
            return Descent(self.param_groups[0], closure, self.state).run()

    def load_state_dict(self, state_dict: Any) -> None:
        """Take settings and state; the lists in it are copied, since steps add to them."""
        super().load_state_dict(state_dict)
        for entries in self.state.values():
            entries.update({k: list(entries[k]) for k in LISTS if k in entries})


class Descent:
    """One call of ``step``."""

    def __init__(self, group: dict[str, Any], closure: Closure, state: dict[Any, Any]) -> None:
        self.params: list[Tensor] = group["params"]
        self.group = with_numbers(group)
        self.closure = closure
        self.state = state
        self.memory = Memory(**{k: unwrapped(v) for k, v in state[self.params[0]].items()})

    def run(self) -> Any:
        """Step until it stands still or may go no further; the loss at the start."""
        group, memory = self.group, self.memory
        first = self.loss_tensor()
        loss, gradient = float(first), self.gradient()
        memory.func_evals += 1
        self.keep()
        if np.abs(gradient).max() <= group["tolerance_grad"]:
            return first
        used = 1
        for index in range(1, group["max_iter"] + 1):
            self.turn(gradient)
            before = memory.prev_loss = loss
            slope = dot(gradient, memory.d)
            if slope > -group["tolerance_change"]:
                break
            last = index == group["max_iter"]
            loss, gradient, evaluations = self.advance(
                Probe(0, loss, gradient, slope), group["max_eval"] - used, last
            )
            used += evaluations
            memory.func_evals += evaluations
            if last or used >= group["max_eval"] or self.settled(loss - before, gradient):
                break
        self.keep()
        return first

    def turn(self, gradient: Array) -> None:
        """Choose the direction and the length to try first."""
        memory = self.memory
        memory.n_iter += 1
        if memory.n_iter == 1:
            memory.d = -gradient
            memory.t = min(1.0, 1.0 / np.abs(gradient).sum()) * self.group["lr"]
        else:
            change = gradient - memory.prev_flat_grad
            memory.take(change, memory.d * memory.t, self.group["history_size"])
            memory.d = memory.direction(gradient)
            memory.t = self.group["lr"]
        memory.prev_flat_grad = gradient

    def advance(self, start: Probe, limit: int, last: bool) -> tuple[float, Array, int]:
        """Go along the direction; the loss and gradient there, and how often it was computed."""
        memory = self.memory
        search = self.group["line_search_fn"]
        if search is not None:
            if search != STRONG_WOLFE:
                raise RuntimeError("only 'strong_wolfe' is supported")
            width = np.abs(memory.d).max()
            tolerance = 1e-9
            found = Search(self.probe, start, width, tolerance, limit).run(memory.t)
            memory.t = found.probe.t
            self.add(memory.t)
            return found.probe.loss, found.probe.gradient, found.evaluations
        self.add(memory.t)
        if last:
            return start.loss, start.gradient, 0
        return float(self.loss_tensor()), self.gradient(), 1

    def settled(self, change: float, gradient: Array) -> bool:
        """Whether there is nothing left to gain."""
        limit = self.group["tolerance_change"]
        memory = self.memory
        return bool(
            np.abs(gradient).max() <= self.group["tolerance_grad"]
            or np.abs(memory.d * memory.t).max() <= limit
            or abs(change) < limit
        )

    def probe(self, t: Any) -> Probe:
        """The loss and gradient ``t`` along the direction; the parameters are put back."""
        kept = [np.array(p.array) for p in self.params]
        self.add(t)
        loss, gradient = float(self.loss_tensor()), self.gradient()
        for param, array in zip(self.params, kept, strict=True):
            param.array[...] = array
            param.bump_version()
        return Probe(t, loss, gradient, dot(gradient, self.memory.d))

    def add(self, t: Any) -> None:
        """Move the parameters ``t`` along the direction."""
        offset = 0
        for param in self.params:
            count = param.array.size
            part = self.memory.d[offset : offset + count].reshape(param.array.shape)
            param.array[...] = fused_add(param.array, t, part)
            param.bump_version()
            offset += count

    def loss_tensor(self) -> Any:
        """The loss, with its gradients left in the parameters."""
        with enable_grad():
            return self.closure()

    def gradient(self) -> Array:
        """All gradients in one row; zeros where there is none."""
        parts = [np.zeros_like(p.array) if p.grad is None else p.grad.array for p in self.params]
        return np.concatenate([part.ravel() for part in parts])

    def keep(self) -> None:
        """Leave the memory in the optimizer's state, arrays as tensors."""
        entries = {k: wrapped(v) for k, v in vars(self.memory).items() if v is not None}
        self.state[self.params[0]] = entries


def wrapped(value: Any) -> Any:
    """Arrays and NumPy numbers as tensors, in lists too."""
    if isinstance(value, list):
        return [wrapped(v) for v in value]  # pyright: ignore[reportUnknownVariableType]
    return Tensor.wrap(value) if isinstance(value, (np.ndarray, np.generic)) else value


def unwrapped(value: Any) -> Any:
    """Tensors as arrays, 0-d ones as NumPy numbers, in lists too."""
    if isinstance(value, list):
        return [unwrapped(v) for v in value]  # pyright: ignore[reportUnknownVariableType]
    return value.array[()] if isinstance(value, Tensor) else value
