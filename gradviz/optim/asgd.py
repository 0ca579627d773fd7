"""Averaged gradient descent: the mean of the points passed, kept beside the point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from gradviz.ops.spec import Array
from gradviz.optim.optimizer import Optimizer, State, counter
from gradviz.optim.setting import MAXIMIZE, WEIGHT_DECAY, Setting, learning_rate


class ASGD(Optimizer):
    """Polyak and Juditsky 1992.

    https://docs.pytorch.org/docs/stable/generated/torch.optim.ASGD.html. The mean is kept in the
    state as ``ax``; the parameter itself is moved as by gradient descent.
    """

    doc = "Gradient descent with falling steps that also keeps the mean of the points it passed."
    settings = (
        learning_rate(1e-2),
        Setting(name="lambd", default=1e-4, high=0.1, symbol=r"\kappa",
                doc="How fast the parameter and the step shrink."),
        Setting(name="alpha", default=0.75, symbol=r"p", doc="The power by which steps shrink."),
        Setting(name="t0", default=1e6, low=1.0, high=1e6, log=True, symbol="t_0",
                doc="After how many steps the mean begins."),
        WEIGHT_DECAY,
        MAXIMIZE,
    )  # fmt: skip
    options: ClassVar[Mapping[str, Any]] = {
        "foreach": None,
        "differentiable": False,
        "capturable": False,
    }
    rule = (
        r"\theta \leftarrow (1 - \kappa \eta) \theta - \eta g",
        r"\bar\theta \leftarrow \bar\theta + \frac{\theta - \bar\theta}{\max(1, t - t_0)}",
        r"\eta \leftarrow \frac{\alpha}{(1 + \kappa \alpha t)^{p}}",
    )

    def begin(self, param: Array, group: Mapping[str, Any]) -> State:
        """The first step as long as the learning rate; the first mean is the point."""
        return {
            "step": counter(0.0), "eta": counter(group["lr"]), "mu": counter(1.0),
            "ax": np.zeros_like(param),
        }  # fmt: skip

    def update(self, param: Array, gradient: Array, state: State, group: Mapping[str, Any]) -> None:
        """The length of the next step is settled at the end of this one."""
        step = float(state["step"]) + 1
        eta, share = float(state["eta"]), float(state["mu"])
        state["step"] = counter(step)
        param *= 1 - group["lambd"] * eta
        param -= eta * gradient
        mean = state["ax"]
        state["ax"] = np.array(param) if share == 1 else mean + (param - mean) * share
        rate = group["lr"]
        state["eta"] = counter(rate / (1 + group["lambd"] * rate * step) ** group["alpha"])
        state["mu"] = counter(1 / max(1, step - group["t0"]))
