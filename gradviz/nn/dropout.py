"""Dropout as layers: at work while training, passing all on after it."""

from __future__ import annotations

from typing import Any

from gradviz.nn import functional
from gradviz.nn.module import Module
from gradviz.tensor import Tensor

__all__ = [
    "AlphaDropout", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "FeatureAlphaDropout",
]  # fmt: skip


class Dropout(Module):
    """Each value zero with probability ``p`` while training, the rest larger in their place."""

    function = "dropout"

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
        self.p, self.inplace = p, inplace

    def forward(self, input: Tensor) -> Tensor:
        """What is left."""
        return getattr(functional, self.function)(input, self.p, self.training, self.inplace)

    def extra_repr(self) -> str:
        """The probability."""
        return f"p={self.p}, inplace={self.inplace}"


def dropping(name: str, function: str) -> Any:
    """The class of another dropout."""
    about = f"``nn.functional.{function}`` as a layer; see PyTorch's torch.nn.{name}."
    body = {"function": function, "__doc__": about, "__module__": "gradviz.nn"}
    return type(name, (Dropout,), body)


Dropout1d, Dropout2d = dropping("Dropout1d", "dropout1d"), dropping("Dropout2d", "dropout2d")
Dropout3d = dropping("Dropout3d", "dropout3d")
AlphaDropout = dropping("AlphaDropout", "alpha_dropout")
FeatureAlphaDropout = dropping("FeatureAlphaDropout", "feature_alpha_dropout")
