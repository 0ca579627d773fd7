"""Muon: momentum whose update is made orthogonal, for matrices."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from gradviz.ops.spec import Array
from gradviz.optim.optimizer import Optimizer, State, lerp
from gradviz.optim.setting import MOMENTUM, Setting, learning_rate, weight_decay
from gradviz.tensor.tensor import Tensor

MOST_STEPS = 100


def halved(values: Any) -> Array:
    """Numbers as bfloat16 holds them, in which PyTorch makes updates orthogonal."""
    bits = np.asarray(values, np.float32).view(np.uint32)
    upper = bits + np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))
    return (upper & np.uint32(0xFFFF0000)).view(np.float32)


def orthogonal(update: Array, coefficients: tuple[float, float, float], steps: int, eps: float
               ) -> Array:  # fmt: skip
    """A matrix with about the same directions, all about as long (Newton and Schulz)."""
    if steps >= MOST_STEPS:
        raise ValueError("Number of steps must be less than 100 for computational efficiency")
    if len(coefficients) != 3:
        raise ValueError("Coefficients must be a tuple of exactly 3 values")
    a, b, c = coefficients
    tall = update.shape[0] > update.shape[1]
    x = halved(update.T if tall else update)
    x = halved(x / max(float(halved(np.linalg.norm(x))), eps))
    for _ in range(steps):
        gram = halved(x @ x.T)
        bent = halved(b * gram + c * (gram @ gram))
        x = halved(a * x + bent @ x)
    return x.T if tall else x


class Muon(Optimizer):
    """Jordan 2024; https://docs.pytorch.org/docs/stable/generated/torch.optim.Muon.html.

    For matrices only: what else a network has is left to another optimizer.
    """

    doc = "Rolls on like momentum, with every direction of a matrix moved by as much."
    settings = (
        learning_rate(1e-3),
        weight_decay(0.1),
        Setting(name="momentum", default=0.95, high=0.99, symbol=MOMENTUM.symbol,
                doc=MOMENTUM.doc),
        Setting(name="nesterov", default=True,
                doc="Look ahead along the velocity before taking the gradient."),
        Setting(name="ns_coefficients", default=(3.4445, -4.775, 2.0315), low=-10.0, high=10.0,
                doc="The polynomial that makes an update orthogonal."),
        Setting(name="eps", default=1e-7, doc="Keeps the division from blowing up."),
        Setting(name="ns_steps", default=5, low=1, high=MOST_STEPS - 1,
                doc="How often the polynomial is applied."),
        Setting(name="adjust_lr_fn", default=None, choices=("original", "match_rms_adamw"),
                doc="How the learning rate follows the shape of a matrix."),
    )  # fmt: skip

    def __init__(self, params: Iterable[Any], *positional: Any, **given: Any) -> None:
        super().__init__(params, *positional, **given)
        for _, param in self.parameters():
            if param.array.ndim != 2:
                raise ValueError(
                    "Muon only supports 2D parameters whereas we found a parameter with size: "
                    f"{param.shape}"
                )

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse settings that make no sense."""
        rate = settings["lr"]
        if isinstance(rate, Tensor) and rate.array.size != 1:
            raise ValueError("Tensor lr must be 1-element")
        named = (
            ("Learning rate", "lr"),
            ("momentum", "momentum"),
            ("weight decay", "weight_decay"),
        )
        for words, name in named:
            if not settings[name] >= 0.0:
                raise ValueError(f"{words} should be >= 0 but is: {settings[name]}")
        if settings["adjust_lr_fn"] not in (None, "original", "match_rms_adamw"):
            raise ValueError(
                f"Adjust learning rate function {settings['adjust_lr_fn']} is not supported"
            )

    def begin(self, param: Array, group: Mapping[str, Any]) -> State:
        """No velocity."""
        return {"momentum_buffer": np.zeros_like(param)}

    def move(self, group: Mapping[str, Any], param: Tensor) -> None:
        """The weight decay shrinks the parameter itself."""
        super().move({**group, "decoupled_weight_decay": True}, param)

    def update(self, param: Array, gradient: Array, state: State, group: Mapping[str, Any]) -> None:
        """Tall matrices take longer steps."""
        momentum = group["momentum"]
        velocity = state["momentum_buffer"] = lerp(state["momentum_buffer"], gradient, 1 - momentum)
        way = lerp(gradient, velocity, momentum) if group["nesterov"] else velocity
        change = orthogonal(way, group["ns_coefficients"], group["ns_steps"], group["eps"])
        rows, columns = param.shape
        if group["adjust_lr_fn"] == "match_rms_adamw":
            ratio = 0.2 * math.sqrt(max(rows, columns))
        else:
            ratio = math.sqrt(max(1, rows / columns))
        param -= (group["lr"] * ratio * change).astype(param.dtype)
