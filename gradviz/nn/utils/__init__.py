"""What is done to parameters from outside, as PyTorch names it: clipping, and into one vector."""

from __future__ import annotations

import importlib
from typing import Any

from gradviz.nn.utils.clipping import (
    clip_grad_norm_,
    clip_grad_value_,
    clip_grads_with_norm_,
    get_total_norm,
)
from gradviz.nn.utils.vectors import parameters_to_vector, vector_to_parameters

PACKAGES = frozenset(["parametrizations", "parametrize", "rnn"])


def __getattr__(name: str) -> Any:
    if name in PACKAGES:
        return importlib.import_module(f"gradviz.nn.utils.{name}")
    raise AttributeError(f"module 'gradviz.nn.utils' has no attribute '{name}'")


__all__ = [
    "clip_grad_norm_", "clip_grad_value_", "clip_grads_with_norm_", "get_total_norm",
    "parameters_to_vector", "vector_to_parameters",
]  # fmt: skip
