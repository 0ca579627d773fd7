"""Optimizers that divide by the size that the gradient had before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import numpy as np

from gradviz.ops.spec import Array
from gradviz.optim.optimizer import Assignment, Optimizer, State, counter, lerp
from gradviz.optim.setting import (
    MAXIMIZE,
    MOMENTUM,
    WEIGHT_DECAY,
    Setting,
    epsilon,
    learning_rate,
)
from gradviz.tensor.tensor import Tensor

KERNELS = {"foreach": None, "capturable": False, "differentiable": False}


class RMSprop(Optimizer):
    """Hinton 2012; https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html."""

    doc = "Divides the gradient by the root of a running mean of its square."
    settings = (
        learning_rate(1e-2),
        Setting(name="alpha", default=0.99, symbol=r"\rho", title="alpha value",
                doc="How much of the running mean of squares is kept."),
        epsilon(1e-8),
        WEIGHT_DECAY,
        MOMENTUM,
        Setting(name="centered", default=False,
                doc="Divide by the variance instead of the mean square."),
        MAXIMIZE,
    )  # fmt: skip
    options = KERNELS
    kept: ClassVar[Mapping[str, str]] = {
        "s": "square_avg", "mean": "grad_avg", "b": "momentum_buffer",
    }  # fmt: skip

    def begin(self, param: Array, group: Mapping[str, Any]) -> State:
        """All means at zero."""
        state = {"step": counter(0.0), "square_avg": np.zeros_like(param)}
        if group["momentum"] > 0:
            state["momentum_buffer"] = np.zeros_like(param)
        if group["centered"]:
            state["grad_avg"] = np.zeros_like(param)
        return state

    @classmethod
    def lines(cls, group: Mapping[str, Any], g: str, first: bool) -> tuple[Assignment, ...]:
        """The mean's square taken from the mean square is the variance."""
        lines: list[Assignment] = [("s", f"alpha * s + (1 - alpha) * {g} ** 2")]
        spread = "s"
        if group["centered"]:
            lines.append(("mean", f"alpha * mean + (1 - alpha) * {g}"))
            spread = "s - mean ** 2"
        step = f"{g} / (sqrt({spread}) + eps)"
        if group["momentum"]:
            return (*lines, ("b", f"momentum * b + {step}"), ("theta", "theta - lr * b"))
        return (*lines, ("theta", f"theta - lr * ({step})"))

    def update(self, param: Array, gradient: Array, state: State, group: Mapping[str, Any]) -> None:
        """``eps`` is added outside the root."""
        alpha = group["alpha"]
        state["step"] = counter(float(state["step"]) + 1)
        spread = state["square_avg"] * alpha + (1 - alpha) * gradient * gradient
        state["square_avg"] = spread
        if group["centered"]:
            mean = state["grad_avg"] = lerp(state["grad_avg"], gradient, 1 - alpha)
            spread = spread - mean * mean
        scale = np.sqrt(spread) + group["eps"]
        if group["momentum"] > 0:
            moving = state["momentum_buffer"] * group["momentum"] + gradient / scale
            state["momentum_buffer"] = moving
            param -= group["lr"] * moving
        else:
            param -= group["lr"] * gradient / scale


class Adagrad(Optimizer):
    """Duchi et al. 2011; https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html."""

    doc = "Divides the gradient by the root of the sum of all its squares so far."
    settings = (
        learning_rate(1e-2),
        Setting(name="lr_decay", default=0.0, symbol=r"\eta", title="lr_decay value",
                doc="How fast the learning rate falls with the steps."),
        WEIGHT_DECAY,
        Setting(name="initial_accumulator_value", default=0.0,
                title="initial_accumulator_value value",
                doc="What the sum of squares starts from."),
        epsilon(1e-10),
        MAXIMIZE,
    )  # fmt: skip
    options: ClassVar[Mapping[str, Any]] = {"foreach": None, "differentiable": False, "fused": None}
    kept: ClassVar[Mapping[str, str]] = {"s": "sum"}

    def __init__(self, params: Iterable[Any], *positional: Any, **given: Any) -> None:
        super().__init__(params, *positional, **given)
        for group, param in self.parameters():
            state = self.begin(param.array, {**group, **self.defaults})
            self.state[param] = {k: Tensor.wrap(v) for k, v in state.items()}

    def begin(self, param: Array, group: Mapping[str, Any]) -> State:
        """The sum where it is told to start."""
        start = group["initial_accumulator_value"]
        return {"step": counter(0.0), "sum": np.full_like(param, start)}

    @classmethod
    def lines(cls, group: Mapping[str, Any], g: str, first: bool) -> tuple[Assignment, ...]:
        """The rate falls where it is told to."""
        rate = "lr / (1 + (t - 1) * lr_decay)" if group["lr_decay"] else "lr"
        return (
            ("s", f"s + {g} ** 2"),
            ("theta", f"theta - {rate} * ({g} / (sqrt(s) + eps))"),
        )

    def update(self, param: Array, gradient: Array, state: State, group: Mapping[str, Any]) -> None:
        """The sum of squares only grows, so steps only shrink."""
        step = float(state["step"]) + 1
        state["step"] = counter(step)
        total = state["sum"] = state["sum"] + gradient * gradient
        rate = group["lr"] / (1 + (step - 1) * group["lr_decay"])
        param -= rate * gradient / (np.sqrt(total) + group["eps"])


class Adadelta(Optimizer):
    """Zeiler 2012; https://docs.pytorch.org/docs/stable/generated/torch.optim.Adadelta.html."""

    doc = "Makes each step about as long as recent steps were: it needs no learning rate."
    settings = (
        learning_rate(1.0, high=10.0),
        Setting(name="rho", default=0.9, symbol=r"\rho",
                doc="How much of each running mean of squares is kept."),
        epsilon(1e-6),
        WEIGHT_DECAY,
        MAXIMIZE,
    )  # fmt: skip
    options = KERNELS
    kept: ClassVar[Mapping[str, str]] = {"s": "square_avg", "u": "acc_delta"}

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse a share outside [0, 1] too."""
        super().check(settings)
        if not 0.0 <= settings["rho"] <= 1.0:
            raise ValueError(f"Invalid rho value: {settings['rho']}")

    def begin(self, param: Array, group: Mapping[str, Any]) -> State:
        """Both means at zero."""
        return {
            "step": counter(0.0), "square_avg": np.zeros_like(param),
            "acc_delta": np.zeros_like(param),
        }  # fmt: skip

    @classmethod
    def lines(cls, group: Mapping[str, Any], g: str, first: bool) -> tuple[Assignment, ...]:
        """The steps' own mean square gives the next its length."""
        return (
            ("s", f"rho * s + (1 - rho) * {g} ** 2"),
            ("delta", f"sqrt(u + eps) / sqrt(s + eps) * {g}"),
            ("u", "rho * u + (1 - rho) * delta ** 2"),
            ("theta", "theta - lr * delta"),
        )

    def update(self, param: Array, gradient: Array, state: State, group: Mapping[str, Any]) -> None:
        """``eps`` is added inside the roots."""
        rho, eps = group["rho"], group["eps"]
        state["step"] = counter(float(state["step"]) + 1)
        square = state["square_avg"] * rho + (1 - rho) * gradient * gradient
        state["square_avg"] = square
        delta = np.sqrt(state["acc_delta"] + eps) / np.sqrt(square + eps) * gradient
        state["acc_delta"] = state["acc_delta"] * rho + (1 - rho) * delta * delta
        param -= group["lr"] * delta
