"""Adafactor: the size of a matrix's gradient kept by rows and columns only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from gradviz.ops.spec import Array
from gradviz.optim.optimizer import Optimizer, State, counter, lerp
from gradviz.optim.setting import MAXIMIZE, WEIGHT_DECAY, Setting, learning_rate
from gradviz.tensor.tensor import Tensor


def root_mean_square(values: Array) -> float:
    """The size of a typical element."""
    return float(np.linalg.norm(values.reshape(-1))) / values.size**0.5


class Adafactor(Optimizer):
    """Shazeer and Stern 2018; https://docs.pytorch.org/docs/stable/generated/torch.optim.Adafactor.html.

    ``eps``: the smallest size of a gradient (None: the type's own), and of a parameter.
    """

    doc = "Divides the gradient by its size, of which a matrix keeps rows and columns only."
    settings = (
        learning_rate(1e-2),
        Setting(name="beta2_decay", default=-0.8, low=-1.0, high=0.0,
                doc="How the share of the newest square falls with the steps, as a power."),
        Setting(name="eps", default=(None, 1e-3), symbol=r"\epsilon",
                doc="What sizes of gradients and of parameters count as at least."),
        Setting(name="d", default=1.0, low=1.0, high=10.0, doc="The largest size of an update."),
        WEIGHT_DECAY,
        MAXIMIZE,
    )  # fmt: skip
    options: ClassVar[Mapping[str, Any]] = {"foreach": None}

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse settings that make no sense."""
        rate, decay, d = settings["lr"], settings["weight_decay"], settings["d"]
        first, second = settings["eps"]
        if isinstance(rate, Tensor) and rate.array.size != 1:
            raise ValueError("Tensor lr must be 1-element")
        wrong = (
            (not rate >= 0.0, f"Learning rate should be >= 0 but is: {rate}"),
            (not settings["beta2_decay"] <= 0.0,
             f"beta2_decay should be <= 0 but is: {settings['beta2_decay']}"),
            (first is not None and not first >= 0.0, f"epsilon1 should be >= 0 but is: {first}"),
            (not second >= 0.0, f"epsilon2 should be >= 0 but is: {second}"),
            (not d >= 1.0, f"Clipping threshold d should be >= 1 but is: {d}"),
            (not decay >= 0.0, f"weight_decay should be >= 0 but is: {decay}"),
        )  # fmt: skip
        for happened, text in wrong:
            if happened:
                raise ValueError(text)

    def begin(self, param: Array, group: Mapping[str, Any]) -> State:
        """All sizes at zero."""
        state = {"step": counter(0.0)}
        if param.ndim < 2:
            return {**state, "variance": np.zeros_like(param)}
        return {
            **state, "row_var": np.zeros_like(param[..., :1]),
            "col_var": np.zeros_like(param[..., :1, :]),
        }  # fmt: skip

    def move(self, group: Mapping[str, Any], param: Tensor) -> None:
        """The weight decay shrinks the parameter itself, after its size was taken."""
        super().move({**group, "weight_decay": 0.0, "shrink": group["weight_decay"]}, param)

    def update(self, param: Array, gradient: Array, state: State, group: Mapping[str, Any]) -> None:
        """The step is as long as the parameter is large, and held where the gradient jumps."""
        step = float(state["step"]) + 1
        state["step"] = counter(step)
        first, second = group["eps"]
        least = float(np.finfo(param.dtype).eps) if first is None else first
        share = step ** group["beta2_decay"]
        length = max(second, root_mean_square(param)) * min(group["lr"], 1 / step**0.5)
        if group["shrink"]:
            param *= 1 - group["lr"] * group["shrink"]
        spread = np.maximum(self.estimate(gradient, state, share, least), least * least)
        change = gradient / np.sqrt(spread)
        param -= length / max(1.0, root_mean_square(change) / group["d"]) * change

    def estimate(self, gradient: Array, state: State, share: float, least: float) -> Array:
        """The mean square of each element; of matrices from those of its row and column."""
        square = gradient * gradient
        if "variance" in state:
            state["variance"] = lerp(state["variance"], square, share)
            return state["variance"]
        rows = state["row_var"] = lerp(state["row_var"], square.mean(-1, keepdims=True), share)
        columns = lerp(state["col_var"], square.mean(-2, keepdims=True), share)
        state["col_var"] = columns
        return rows @ columns / np.maximum(rows.mean(-2, keepdims=True), least)
