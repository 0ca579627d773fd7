"""Activations as layers."""

from __future__ import annotations

from typing import Any

from gradviz.nn import functional
from gradviz.nn.made import REQUIRED, layer
from gradviz.nn.module import Module
from gradviz.nn.parameter import Parameter
from gradviz.tensor import Tensor
from gradviz.tensor.binding import public_function

__all__ = [
    "CELU",
    "ELU",
    "GELU",
    "GLU",
    "SELU",
    "Hardshrink",
    "Hardsigmoid",
    "Hardswish",
    "Hardtanh",
    "LeakyReLU",
    "LogSigmoid",
    "LogSoftmax",
    "Mish",
    "PReLU",
    "RReLU",
    "ReLU",
    "ReLU6",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softmax2d",
    "Softmin",
    "Softplus",
    "Softshrink",
    "Softsign",
    "Tanh",
    "Tanhshrink",
    "Threshold",
]  # fmt: skip

ReLU = layer("ReLU", "relu", inplace=False)
ReLU6 = layer("ReLU6", "relu6", inplace=False)
ELU = layer("ELU", "elu", "alpha={alpha}", alpha=1.0, inplace=False)
CELU = layer("CELU", "celu", "alpha={alpha}", alpha=1.0, inplace=False)
SELU = layer("SELU", "selu", inplace=False)
SiLU = layer("SiLU", "silu", inplace=False)
Mish = layer("Mish", "mish", inplace=False)
GELU = layer("GELU", "gelu", "approximate={approximate!r}", approximate="none")
GLU = layer("GLU", "glu", "dim={dim}", dim=-1)
Hardsigmoid = layer("Hardsigmoid", "hardsigmoid", inplace=False)
Hardswish = layer("Hardswish", "hardswish", inplace=False)
Hardshrink = layer("Hardshrink", "hardshrink", "{lambd}", lambd=0.5)
Softshrink = layer("Softshrink", "softshrink", "{lambd}", lambd=0.5)
Hardtanh = layer(
    "Hardtanh", "hardtanh", "min_val={min_val}, max_val={max_val}", min_val=-1.0, max_val=1.0,
    inplace=False,
)  # fmt: skip
LeakyReLU = layer(
    "LeakyReLU", "leaky_relu", "negative_slope={negative_slope}", negative_slope=0.01,
    inplace=False,
)  # fmt: skip
LogSigmoid = layer("LogSigmoid", "logsigmoid")
Sigmoid = layer("Sigmoid", "sigmoid")
Tanh = layer("Tanh", "tanh")
Tanhshrink = layer("Tanhshrink", "tanhshrink")
Softsign = layer("Softsign", "softsign")
Softplus = layer(
    "Softplus", "softplus", "beta={beta}, threshold={threshold}", beta=1.0, threshold=20.0
)
Threshold = layer(
    "Threshold", "threshold", "threshold={threshold}, value={value}", threshold=REQUIRED,
    value=REQUIRED, inplace=False,
)  # fmt: skip
Softmax = layer("Softmax", "softmax", "dim={dim}", dim=None)
LogSoftmax = layer("LogSoftmax", "log_softmax", "dim={dim}", dim=None)
Softmin = layer("Softmin", "softmin", "dim={dim}", dim=None)


class Softmax2d(Module):
    """Softmax over the channels at each place of an image."""

    def forward(self, input: Tensor) -> Tensor:
        """The shares of channels; ``input``: ``(N, C, H, W)`` or ``(C, H, W)``."""
        if input.array.ndim not in (3, 4):
            raise ValueError(
                f"Softmax2d: expected input to be 3D or 4D, got {input.array.ndim}D instead"
            )
        return functional.softmax(input, -3)


class RReLU(Module):
    """A rectifier whose slope below zero is drawn anew each time while training."""

    def __init__(
        self, lower: float = 1.0 / 8, upper: float = 1.0 / 3, inplace: bool = False
    ) -> None:
        super().__init__()
        self.lower, self.upper, self.inplace = lower, upper, inplace

    def forward(self, input: Tensor) -> Tensor:
        """Each element where it is positive, else a part of it."""
        return functional.rrelu(input, self.lower, self.upper, self.training, self.inplace)

    def extra_repr(self) -> str:
        """The bounds of the slope."""
        text = f"lower={self.lower}, upper={self.upper}"
        return text + (", inplace=True" if self.inplace else "")


class PReLU(Module):
    """A rectifier that learns its slope below zero, for all or for each channel."""

    weight: Parameter

    def __init__(
        self, num_parameters: int = 1, init: float = 0.25, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__()
        self.num_parameters, self.init = num_parameters, init
        start = public_function("full")((num_parameters,), float(init), dtype=dtype)
        self.weight = Parameter(start)

    def forward(self, input: Tensor) -> Tensor:
        """Each element where it is positive, else the learned part of it."""
        return public_function("prelu")(input, self.weight)

    def extra_repr(self) -> str:
        """How many slopes there are."""
        return f"num_parameters={self.num_parameters}"
