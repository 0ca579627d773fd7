"""Gradient descent, with momentum as PyTorch has it (Sutskever et al. 2013, modified)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import numpy as np

from gradviz.ops.scaled_sums import add_scaled
from gradviz.ops.spec import Array
from gradviz.optim.optimizer import Assignment, Optimizer, State
from gradviz.optim.setting import MAXIMIZE, MOMENTUM, WEIGHT_DECAY, Setting, learning_rate
from gradviz.tensor import Tensor


class SGD(Optimizer):
    """See https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html."""

    doc = "Goes against the gradient; with momentum it keeps rolling."
    settings = (
        learning_rate(1e-3),
        MOMENTUM,
        Setting(name="dampening", default=0.0, symbol=r"\tau",
                doc="How much less of the new gradient enters the velocity."),
        WEIGHT_DECAY,
        Setting(name="nesterov", default=False,
                doc="Look ahead along the velocity before taking the gradient."),
        MAXIMIZE,
    )  # fmt: skip
    options: ClassVar[Mapping[str, Any]] = {"foreach": None, "differentiable": False, "fused": None}
    kept: ClassVar[Mapping[str, str]] = {"v": "momentum_buffer"}

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse Nesterov without momentum too."""
        super().check(settings)
        if settings["nesterov"] and (settings["momentum"] <= 0 or settings["dampening"] != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")

    @classmethod
    def lines(cls, group: Mapping[str, Any], g: str, first: bool) -> tuple[Assignment, ...]:
        """Without momentum there is no velocity to speak of."""
        if not group["momentum"]:
            return (("theta", f"theta - lr * {g}"),)
        fresh = f"(1 - dampening) * {g}" if group["dampening"] else g
        way = f"({g} + momentum * v)" if group["nesterov"] else "v"
        velocity = g if first else f"momentum * v + {fresh}"
        return (("v", velocity), ("theta", f"theta - lr * {way}"))

    def move_all(self, group: Mapping[str, Any], params: Iterable[Tensor]) -> None:
        """Where nothing is kept and nothing decays, straight along the gradients."""
        if group["momentum"] or group.get("weight_decay") or group.get("maximize"):
            super().move_all(group, params)
            return
        rate = -group["lr"]
        for param in params:
            gradient = param.grad
            if gradient is not None:
                add_scaled(param.array, gradient.array, rate)
                param.bump_version()

    def update(self, param: Array, gradient: Array, state: State, group: Mapping[str, Any]) -> None:
        """The first velocity is the gradient itself; dampening starts with the second."""
        momentum = group["momentum"]
        if momentum:
            before = state.get("momentum_buffer")
            if before is None:
                velocity = np.array(gradient)
            else:
                velocity = before * momentum + (1 - group["dampening"]) * gradient
            state["momentum_buffer"] = velocity
            gradient = gradient + momentum * velocity if group["nesterov"] else velocity
        add_scaled(param, gradient, -group["lr"])
