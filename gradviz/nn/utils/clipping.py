"""Gradients held to a largest norm or value, so that one step does not go too far."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from gradviz.tensor import Tensor


def _with_gradients(parameters: Any) -> list[Any]:
    given: Iterable[Any] = [parameters] if isinstance(parameters, Tensor) else parameters
    return [p for p in given if p.grad is not None]


def get_total_norm(
    tensors: Any, norm_type: float = 2.0, error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:  # fmt: skip
    """The norm of all tensors as if they were one vector."""
    arrays = [t.array for t in ([tensors] if isinstance(tensors, Tensor) else tensors)]
    if not arrays:
        return Tensor.wrap(np.zeros((), np.float32))
    kind = arrays[0].dtype
    norms = np.array([np.linalg.norm(a.reshape(-1), norm_type) for a in arrays], kind)
    total = np.linalg.norm(norms, norm_type).astype(kind)
    if error_if_nonfinite and not np.isfinite(total):
        raise RuntimeError(
            f"The total norm of order {norm_type} for gradients from `parameters` is non-finite, "
            "so it cannot be clipped. To disable this error and scale the gradients by the "
            "non-finite norm anyway, set `error_if_nonfinite=False`"
        )
    return Tensor.wrap(total)


def clip_grad_norm_(
    parameters: Any, max_norm: float, norm_type: float = 2.0, error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:  # fmt: skip
    """Scale gradients down, in place, so that all together have ``max_norm`` at most.

    Returns the norm they had.
    """
    held = _with_gradients(parameters)
    total = get_total_norm([p.grad for p in held], float(norm_type), error_if_nonfinite)
    clip_grads_with_norm_(held, max_norm, total)
    return total


def clip_grads_with_norm_(
    parameters: Any, max_norm: float, total_norm: Tensor, foreach: bool | None = None
) -> None:
    """Scale gradients, whose norm is known, down to ``max_norm`` at most, in place."""
    kind = total_norm.array.dtype.type
    factor = np.minimum(kind(max_norm) / (total_norm.array + kind(1e-6)), kind(1))
    for parameter in _with_gradients(parameters):
        parameter.grad.array[...] *= factor
        parameter.grad.bump_version()


def clip_grad_value_(parameters: Any, clip_value: float, foreach: bool | None = None) -> None:
    """Bring each element of the gradients, in place, between ± ``clip_value``."""
    bound = math.fabs(clip_value) if clip_value == clip_value else clip_value
    for parameter in _with_gradients(parameters):
        array = parameter.grad.array
        np.clip(array, -bound, bound, out=array)
        parameter.grad.bump_version()
