"""Normalisation with statistics kept from batch to batch, and by neighbours and norms."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from gradviz.tensor import Size, Tensor
from gradviz.tensor.binding import public_function

__all__ = ["batch_norm", "group_norm", "instance_norm", "local_response_norm", "normalize"]


def _check_more_than_one(size: tuple[int, ...], shown: Any, what: str) -> None:
    """Refuse to take a spread of single values."""
    if prod(size) == 1:
        raise ValueError(f"Expected more than 1 {what} when training, got input size {shown}")


def update_statistics(
    input: Tensor, mean: Tensor | None, var: Tensor | None, momentum: float,
    axes: tuple[int, ...],
) -> None:  # fmt: skip
    """Move kept statistics a step towards those of ``input`` over ``axes``, in place.

    The variance kept is that of a sample (divided by one less than the number), averaged over
    samples where ``axes`` leave these apart.
    """
    array = input.array
    count = prod(array.shape[a] for a in axes)
    over_samples = 0 in axes
    found = (
        (mean, np.mean(array, axis=axes)),
        (var, np.var(array, axis=axes) * (count / max(count - 1, 1))),
    )
    for kept, value in found:
        if kept is not None:
            whole = value if over_samples else np.mean(value, axis=0)
            kept.array[...] = (1 - momentum) * kept.array + momentum * whole
            kept.bump_version()


def kept_statistics(
    shape: tuple[int, ...], own: bool, mean: Tensor | None, var: Tensor | None
) -> tuple[Tensor | None, Tensor | None]:
    """The kept statistics a result depends on: none where it goes by its own."""
    channels = shape[1] if len(shape) > 1 else 0
    for name, kept in (("running_mean", mean), ("running_var", var)):
        if kept is not None and kept.array.shape != (channels,):
            raise RuntimeError(f"{name} should contain {channels} elements not {kept.array.size}")
    return (None, None) if own else (mean, var)


def batch_norm(
    input: Tensor, running_mean: Tensor | None, running_var: Tensor | None,
    weight: Tensor | None = None, bias: Tensor | None = None, training: bool = False,
    momentum: float = 0.1, eps: float = 1e-5,
) -> Tensor:  # fmt: skip
    """Each channel brought to mean zero and spread one over the batch.

    In training by the batch's own statistics, towards which the kept ones are moved, in place.
    """
    shape = input.array.shape
    if training:
        _check_more_than_one((shape[0], *shape[2:]), Size(shape), "value per channel")
    compute = public_function("batch_norm")
    used = kept_statistics(shape, training, running_mean, running_var)
    result = compute(input, *used, weight, bias, training, eps)
    if training:
        axes = tuple(axis for axis in range(len(shape)) if axis != 1)
        update_statistics(input, running_mean, running_var, momentum, axes)
    return result


def instance_norm(
    input: Tensor, running_mean: Tensor | None = None, running_var: Tensor | None = None,
    weight: Tensor | None = None, bias: Tensor | None = None, use_input_stats: bool = True,
    momentum: float = 0.1, eps: float = 1e-5,
) -> Tensor:  # fmt: skip
    """Each channel of each sample brought to mean zero and spread one."""
    shape = input.array.shape
    if use_input_stats:
        _check_more_than_one(shape[2:], Size(shape), "spatial element")
    compute = public_function("instance_norm")
    used = kept_statistics(shape, use_input_stats, running_mean, running_var)
    result = compute(input, *used, weight, bias, use_input_stats, eps)
    if use_input_stats:
        axes = tuple(range(2, len(shape)))
        update_statistics(input, running_mean, running_var, momentum, axes)
    return result


def group_norm(
    input: Tensor, num_groups: int, weight: Tensor | None = None, bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:  # fmt: skip
    """Each group of channels of each sample brought to mean zero and spread one."""
    shape = input.array.shape
    if len(shape) >= 2 and num_groups > 0 and shape[1] % num_groups == 0:
        size = (shape[0] * shape[1] // num_groups, *shape[2:])
        if shape[0]:
            _check_more_than_one(size, list(shape), "value per channel")
    return public_function("group_norm")(input, num_groups, weight, bias, eps)


def normalize(
    input: Tensor, p: float = 2.0, dim: Any = 1, eps: float = 1e-12, out: Tensor | None = None
) -> Tensor:
    """``input`` divided by its norm along ``dim``, which counts as ``eps`` at least."""
    size: Any = public_function("norm")(input, p, dim, True)
    denominator = public_function("clamp_min")(size, eps)
    wide = public_function("expand")(denominator, input.array.shape)
    return public_function("div")(input, wide, out=out)


def local_response_norm(
    input: Tensor, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> Tensor:
    """Each value divided by a power of the mean square of its channel's neighbours."""
    shape = input.array.shape
    if len(shape) < 3:
        raise ValueError(
            f"Expected 3D or higher dimensionality input (got {len(shape)} dimensions)"
        )
    if not input.array.size:
        return input
    value: Any = input
    reshape, pad = public_function("reshape"), public_function("pad")
    channels = (shape[0], 1, shape[1], prod(shape[2:]))
    squares = pad(reshape(value * value, channels), (0, 0, size // 2, (size - 1) // 2))
    means: Any = public_function("avg_pool2d")(squares, (size, 1), 1)
    divisor: Any = reshape(means, shape) * alpha + k
    return value / divisor**beta
