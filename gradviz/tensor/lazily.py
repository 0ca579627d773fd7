"""Methods of tensors whose modules load when one is first called: random numbers take a while."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from gradviz.tensor.tensor import Tensor

RANDOM = (
    "bernoulli", "bernoulli_", "cauchy_", "exponential_", "geometric_", "log_normal_",
    "multinomial", "normal_", "random_", "uniform_",
)  # fmt: skip


def random_method(name: str) -> Callable[..., Tensor]:
    """The method called ``name`` of :mod:`gradviz.tensor.random_methods`."""

    def method(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        methods = import_module("gradviz.tensor.random_methods").METHODS
        return methods[name](self, *args, **kwargs)

    method.__name__ = name
    method.__doc__ = f"See PyTorch's torch.Tensor.{name}."
    return method


def install_random() -> None:
    """Give tensors their random methods."""
    for name in RANDOM:
        setattr(Tensor, name, random_method(name))
