"""Resilient backpropagation: only the gradient's sign counts, and each number has its own step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from gradviz.ops.spec import Array
from gradviz.optim.optimizer import Optimizer, State, counter
from gradviz.optim.setting import MAXIMIZE, Setting, learning_rate


class Rprop(Optimizer):
    """Riedmiller and Braun 1993.

    https://docs.pytorch.org/docs/stable/generated/torch.optim.Rprop.html.
    """

    doc = "Looks at the sign of the gradient alone: longer steps while it stays, shorter after."
    settings = (
        learning_rate(1e-2),
        Setting(name="etas", default=(0.5, 1.2), symbol=r"\eta",
                doc="By what a step is multiplied after the sign changed, and while it stays."),
        Setting(name="step_sizes", default=(1e-6, 50.0), symbol=r"\Delta",
                doc="The shortest and the longest step."),
        MAXIMIZE,
    )  # fmt: skip
    options: ClassVar[Mapping[str, Any]] = {
        "capturable": False,
        "foreach": None,
        "differentiable": False,
    }
    rule = (
        r"\Delta \leftarrow \mathrm{clip}(\Delta \cdot \begin{cases} \eta^+ & g g' > 0 \\"
        r" \eta^- & g g' < 0 \\ 1 & g g' = 0 \end{cases})",
        r"g \leftarrow 0 \quad \text{where } g g' < 0",
        r"\theta \leftarrow \theta - \mathrm{sign}(g) \Delta, \quad g' \leftarrow g",
    )

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse factors that would not shorten and lengthen."""
        super().check(settings)
        shorter, longer = settings["etas"]
        if not 0.0 < shorter < 1.0 < longer:
            raise ValueError(f"Invalid eta values: {shorter}, {longer}")

    def begin(self, param: Array, group: Mapping[str, Any]) -> State:
        """No gradient before; every step as long as the learning rate."""
        return {
            "step": counter(0.0), "prev": np.zeros_like(param),
            "step_size": np.full_like(param, group["lr"]),
        }  # fmt: skip

    def update(self, param: Array, gradient: Array, state: State, group: Mapping[str, Any]) -> None:
        """After a change of sign the gradient counts as zero, once."""
        shorter, longer = group["etas"]
        state["step"] = counter(float(state["step"]) + 1)
        turn = np.asarray(np.sign(gradient * state["prev"]))
        factor = np.full_like(turn, np.nan)
        for sign, by in ((1, longer), (-1, shorter), (0, 1.0)):
            factor[turn == sign] = by
        size = state["step_size"] = np.clip(state["step_size"] * factor, *group["step_sizes"])
        kept = state["prev"] = np.where(turn < 0, np.zeros_like(param), gradient)
        param -= np.sign(kept) * size
