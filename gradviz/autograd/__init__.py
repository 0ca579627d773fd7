"""Automatic differentiation: the tape, and backward passes over it as iterators of steps."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from gradviz.autograd.backward import backward, grad, steps
from gradviz.autograd.gradcheck import GradcheckError, gradcheck, gradgradcheck
from gradviz.autograd.mode import enable_grad, is_grad_enabled, no_grad, set_grad_enabled
from gradviz.autograd.steps import Contribution, Step

# What few programs use loads when it is used; some of it is written in tensors, made from this.
LAZY = {
    "Function": "function", "detect_anomaly": "anomaly", "inference_mode": "inference",
    "set_detect_anomaly": "anomaly",
}  # fmt: skip
MODULES = frozenset(["anomaly", "function", "functional", "graph", "inference"])


def __getattr__(name: str) -> Any:
    if name in MODULES:
        return import_module(f"gradviz.autograd.{name}")
    if name in LAZY:
        return getattr(import_module(f"gradviz.autograd.{LAZY[name]}"), name)
    raise AttributeError(f"module 'gradviz.autograd' has no attribute '{name}'")


__all__ = [
    "Contribution",
    "GradcheckError",
    "Step",
    "backward",
    "enable_grad",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "is_grad_enabled",
    "no_grad",
    "set_grad_enabled",
    "steps",
]
