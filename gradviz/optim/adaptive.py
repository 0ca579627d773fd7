"""Optimizers that give each parameter a step size of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gradviz.ops.spec import Array
from gradviz.optim.optimizer import LR, MAXIMIZE, WEIGHT_DECAY, Optimizer, Setting, State
from gradviz.optim.sgd import MOMENTUM


def _setting(name: str, default: Any, symbol: str, doc: str, **more: Any) -> Setting:
    return Setting(name=name, default=default, symbol=symbol, doc=doc, **more)


def _lr(default: float) -> Setting:
    return Setting(
        name="lr", default=default, low=LR.low, high=LR.high, log=True, symbol=LR.symbol, doc=LR.doc
    )


def _eps(default: float) -> Setting:
    return _setting(
        "eps", default, r"\epsilon", "Keeps the division from blowing up.", low=1e-12, high=1e-1,
        log=True,
    )  # fmt: skip


class Adam(Optimizer):
    """Kingma and Ba 2015; https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html."""

    doc = "Divides a running mean of the gradient by the root of a running mean of its square."
    settings = (
        _lr(1e-3),
        _setting("betas", (0.9, 0.999), r"\beta", "How much of each running mean is kept."),
        _eps(1e-8),
        WEIGHT_DECAY,
        _setting("amsgrad", False, "", "Never let the mean of squares shrink."),
        MAXIMIZE,
    )
    rule = (
        r"m \leftarrow \beta_1 m + (1 - \beta_1) g",
        r"v \leftarrow \beta_2 v + (1 - \beta_2) g^2",
        r"\theta \leftarrow \theta - \alpha \frac{m / (1 - \beta_1^t)}"
        r"{\sqrt{v / (1 - \beta_2^t)} + \epsilon}",
    )

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse betas outside [0, 1) too."""
        super().check(settings)
        for index, beta in enumerate(settings["betas"]):
            if not 0.0 <= beta < 1.0:
                raise ValueError(f"Invalid beta parameter at index {index}: {beta}")

    def update(self, param: Array, gradient: Array, state: State, group: Mapping[str, Any]) -> None:
        """Both means are corrected for having started at zero."""
        beta1, beta2 = group["betas"]
        step = state["step"] = state.get("step", 0) + 1
        mean = state.get("exp_avg", np.zeros_like(param))
        mean = state["exp_avg"] = mean + (gradient - mean) * (1 - beta1)
        square = state.get("exp_avg_sq", np.zeros_like(param))
        square = state["exp_avg_sq"] = square * beta2 + (1 - beta2) * gradient * gradient
        if group["amsgrad"]:
            square = np.maximum(state.get("max_exp_avg_sq", square), square)
            state["max_exp_avg_sq"] = square
        scale = np.sqrt(square) / (1 - beta2**step) ** 0.5 + group["eps"]
        param -= (group["lr"] / (1 - beta1**step)) * (mean / scale)


class RMSprop(Optimizer):
    """Hinton 2012; https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html."""

    doc = "Divides the gradient by the root of a running mean of its square."
    settings = (
        _lr(1e-2),
        _setting("alpha", 0.99, r"\rho", "How much of the running mean of squares is kept."),
        _eps(1e-8),
        WEIGHT_DECAY,
        MOMENTUM,
        _setting("centered", False, "", "Divide by the variance instead of the mean square."),
        MAXIMIZE,
    )
    rule = (
        r"s \leftarrow \rho s + (1 - \rho) g^2",
        r"\theta \leftarrow \theta - \alpha \frac{g}{\sqrt{s} + \epsilon}",
    )

    def update(self, param: Array, gradient: Array, state: State, group: Mapping[str, Any]) -> None:
        """``eps`` is added outside the root."""
        alpha = group["alpha"]
        square = state.get("square_avg", np.zeros_like(param))
        square = state["square_avg"] = square * alpha + (1 - alpha) * gradient * gradient
        spread = square
        if group["centered"]:
            mean = state.get("grad_avg", np.zeros_like(param))
            mean = state["grad_avg"] = mean + (gradient - mean) * (1 - alpha)
            spread = square - mean * mean
        step = gradient / (np.sqrt(spread) + group["eps"])
        if group["momentum"] > 0:
            step = state["momentum_buffer"] = (
                state.get("momentum_buffer", np.zeros_like(param)) * group["momentum"] + step
            )
        param -= group["lr"] * step


class Adagrad(Optimizer):
    """Duchi et al. 2011; https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html."""

    doc = "Divides the gradient by the root of the sum of all its squares so far."
    settings = (
        _lr(1e-2),
        _setting("lr_decay", 0.0, r"\eta", "How fast the learning rate falls with the steps."),
        WEIGHT_DECAY,
        _setting("initial_accumulator_value", 0.0, "", "What the sum of squares starts from."),
        _eps(1e-10),
        MAXIMIZE,
    )
    rule = (
        r"s \leftarrow s + g^2",
        r"\theta \leftarrow \theta - \frac{\alpha}{1 + (t - 1) \eta} \frac{g}{\sqrt{s} + \epsilon}",
    )

    def update(self, param: Array, gradient: Array, state: State, group: Mapping[str, Any]) -> None:
        """The sum of squares only grows, so steps only shrink."""
        step = state["step"] = state.get("step", 0) + 1
        start = np.full_like(param, group["initial_accumulator_value"])
        total = state["sum"] = state.get("sum", start) + gradient * gradient
        rate = group["lr"] / (1 + (step - 1) * group["lr_decay"])
        param -= rate * (gradient / (np.sqrt(total) + group["eps"]))
