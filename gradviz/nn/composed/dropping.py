"""Dropout: values left out at random while training, the rest made larger in their place."""

from __future__ import annotations

import math
from typing import Any

from gradviz.tensor import Tensor

__all__ = [
    "alpha_dropout", "dropout", "dropout1d", "dropout2d", "dropout3d", "feature_alpha_dropout",
]  # fmt: skip
_ALPHA = 1.7580993408473766


def check_chance(p: float) -> None:
    """Refuse what is no probability."""
    if p < 0.0 or p > 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")


def _replaced(input: Any, result: Any, inplace: bool) -> Any:
    if not inplace:
        return result
    return input.copy_(result)


def _mask(shape: tuple[int, ...], input: Any, p: float) -> Any:
    # Loaded when first used: drawing numbers is not needed to describe layers.
    from gradviz.tensor.random import dropout_mask

    return Tensor.wrap(dropout_mask(shape, input.array.dtype, p))


def dropout(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """Each value zero with probability ``p``, else divided by 1 − p; as it is after training."""
    check_chance(p)
    if not training or p == 0 or not input.array.size:
        return input
    mask = _mask(input.array.shape, input, p)
    return input.mul_(mask) if inplace else input * mask


def _by_channel(input: Any, channels_at: int, p: float, training: bool, inplace: bool) -> Any:
    check_chance(p)
    if not training or p == 0 or not input.array.size:
        return input
    shape = tuple(n if axis <= channels_at else 1 for axis, n in enumerate(input.array.shape))
    mask = _mask(shape, input, p)
    return input.mul_(mask) if inplace else input * mask


def dropout1d(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """Whole channels of signals zero with probability ``p``."""
    rank = input.array.ndim
    if rank not in (2, 3):
        raise RuntimeError(
            f"dropout1d: Expected 2D or 3D input, but received a {rank}D input. Note that "
            "dropout1d exists to provide channel-wise dropout on inputs with 1 spatial dimension, "
            "a channel dimension, and an optional batch dimension (i.e. 2D or 3D inputs)."
        )
    return _by_channel(input, rank - 2, p, training, inplace)


def dropout2d(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """Whole channels of images zero with probability ``p``."""
    return _by_channel(input, 1, p, training, inplace)


def dropout3d(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """Whole channels of volumes zero with probability ``p``."""
    rank = input.array.ndim
    return _by_channel(input, 0 if rank == 4 else 1, p, training, inplace)


def _alpha(input: Any, shape: tuple[int, ...], p: float, inplace: bool) -> Any:
    """Values replaced at random by where selu levels off, scaled to keep mean and spread."""
    kept = _mask(shape, input, p) * (1 - p)
    scale = 1 / math.sqrt((_ALPHA * _ALPHA * p + 1) * (1 - p))
    shift = (kept - 1) * (_ALPHA * scale) + _ALPHA * scale * p
    return _replaced(input, input * (kept * scale) + shift, inplace)


def alpha_dropout(input: Any, p: float = 0.5, training: bool = False, inplace: bool = False) -> Any:
    """Dropout that keeps mean and spread of what a selu gives."""
    check_chance(p)
    if not training or p == 0:
        return input
    return input * 0 if p == 1 else _alpha(input, input.array.shape, p, inplace)


def feature_alpha_dropout(
    input: Any, p: float = 0.5, training: bool = False, inplace: bool = False
) -> Any:
    """:func:`alpha_dropout` of whole channels."""
    check_chance(p)
    if not training or p == 0:
        return input
    shape = tuple(n if axis < 2 else 1 for axis, n in enumerate(input.array.shape))
    return input * 0 if p == 1 else _alpha(input, shape, p, inplace)
