"""Neural networks, under PyTorch's names: layers, losses, and what they are made of.

``functional`` has the same as functions. Each file of layers names what it offers; all of it is
found here and loads when it is first asked for.
"""

from __future__ import annotations

import importlib
from typing import Any

from gradviz.nn import functional
from gradviz.nn.module import Module
from gradviz.nn.parameter import Buffer, Parameter

PACKAGES = frozenset(["functional", "init", "utils"])
FILES = (
    "containers", "linear", "conv", "activation", "pool", "norm", "dropout", "embedding", "loss",
    "shaping", "recurrent", "attention", "transformer", "adaptive", "lazy",
)  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in PACKAGES:
        return importlib.import_module(f"gradviz.nn.{name}")
    for file in FILES:
        module = importlib.import_module(f"gradviz.nn.{file}")
        if name in module.__all__:
            globals()[name] = found = getattr(module, name)
            return found
    raise AttributeError(f"module 'gradviz.nn' has no attribute '{name}'")


def __dir__() -> list[str]:
    named = (importlib.import_module(f"gradviz.nn.{file}").__all__ for file in FILES)
    return sorted({*__all__, *PACKAGES, *(name for names in named for name in names)})


__all__ = ["Buffer", "Module", "Parameter", "functional"]
