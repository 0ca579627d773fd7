"""Gradient descent, with momentum as PyTorch has it (Sutskever et al. 2013, modified)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gradviz.ops.spec import Array
from gradviz.optim.optimizer import LR, MAXIMIZE, WEIGHT_DECAY, Optimizer, Setting, State

MOMENTUM = Setting(
    name="momentum", default=0.0, high=0.99, symbol=r"\mu",
    doc="How much of the last step's velocity is kept.",
)  # fmt: skip


class SGD(Optimizer):
    """See https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html."""

    doc = "Goes against the gradient; with momentum it keeps rolling."
    settings = (
        LR,
        MOMENTUM,
        Setting(name="dampening", default=0.0, symbol=r"\tau",
                doc="How much less of the new gradient enters the velocity."),
        Setting(name="nesterov", default=False,
                doc="Look ahead along the velocity before taking the gradient."),
        WEIGHT_DECAY,
        MAXIMIZE,
    )  # fmt: skip
    rule = (r"v \leftarrow \mu v + (1 - \tau) g", r"\theta \leftarrow \theta - \alpha v")

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse Nesterov without momentum too."""
        super().check(settings)
        if settings["nesterov"] and (settings["momentum"] <= 0 or settings["dampening"] != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")

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
        param -= group["lr"] * gradient
