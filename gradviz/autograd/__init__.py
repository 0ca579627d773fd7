"""Automatic differentiation: the tape, and backward passes over it as iterators of steps."""

from gradviz.autograd.backward import backward, grad, steps
from gradviz.autograd.gradcheck import GradcheckError, gradcheck, gradgradcheck
from gradviz.autograd.mode import enable_grad, is_grad_enabled, no_grad, set_grad_enabled
from gradviz.autograd.steps import Contribution, Step

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
