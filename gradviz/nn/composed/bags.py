"""Embeddings of bags of numbers: the sum, mean or largest of the rows they name."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from gradviz.nn.composed.looking_up import renormalise
from gradviz.ops.dims import whole_numbers
from gradviz.ops.spec import Array
from gradviz.tensor import Tensor
from gradviz.tensor.composed import call

__all__ = ["embedding_bag"]


def _check_mode(mode: str, by_frequency: bool, sparse: bool) -> None:
    if mode not in ("sum", "mean", "max"):
        raise ValueError("mode has to be one of sum, mean or max")
    if mode == "max" and by_frequency:
        raise ValueError("max mode does not support scaling the gradient by the frequency")
    if mode == "max" and sparse:
        raise ValueError("max mode does not support sparse weights")
    if sparse:
        raise NotImplementedError(
            "embedding_bag() has dense gradients only: sparse=True is not offered"
        )


def _offsets(input: Any, offsets: Any, include_last: bool) -> tuple[Array, int]:
    """Where each bag starts, and how many bags there are."""
    shape = input.array.shape
    if len(shape) == 2:
        if offsets is not None:
            raise ValueError(
                "if input is 2D, then offsets has to be None, as input is treated is a mini-batch "
                f"of fixed length sequences. However, found offsets of type {type(offsets)}"
            )
        return whole_numbers(shape[0]) * shape[1], shape[0]
    if len(shape) != 1:
        raise ValueError(
            f"input has to be 1D or 2D Tensor, but got Tensor of dimension {len(shape)}"
        )
    if offsets is None:
        raise ValueError("offsets has to be a 1D Tensor but got None")
    if offsets.array.ndim != 1:
        raise ValueError("offsets has to be a 1D Tensor")
    starts = offsets.array
    if len(starts) and starts[0] != 0:
        raise RuntimeError(
            "offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from "
            f"position 0. However, got {starts[0]}"
        )
    if len(starts) and starts[-1] > shape[0]:
        raise RuntimeError(
            f"offsets[-1] can not be greater than input's length {shape[0]} but got offsets[-1] "
            f"of {starts[-1]}"
        )
    return starts, len(starts) - 1 if include_last else len(starts)


def _check_numbers(input: Any, numbers: Array, rows: int) -> None:
    if input.dtype.name not in ("int64", "int32"):
        raise RuntimeError(
            "Expected tensor for argument #1 'indices' to have one of the following scalar types: "
            f"Long, Int; but got torch.{input.dtype.legacy_name}Tensor instead (while checking "
            "arguments for embedding_bag)"
        )
    wrong = np.flatnonzero((numbers < 0) | (numbers >= rows))
    if wrong.size:
        raise RuntimeError(
            f"Index {wrong[0]} of input takes value {numbers[wrong[0]]} which is not in the valid "
            f"range [0, {rows})"
        )


def _largest(rows: Any, owners: Array, bags: int) -> Any:
    """The largest of each column of each bag, the first of equals; 0 for a bag of nothing."""
    values = rows.array
    chosen = np.full((bags, values.shape[1]), -1)
    for place, owner in enumerate(owners):
        best = chosen[owner]
        higher = (best < 0) | (values[place] > values[best, np.arange(len(best))])
        chosen[owner] = np.where(higher, place, best)
    if not len(values):
        return call("zeros", chosen.shape, dtype=rows.dtype)
    found = call("gather", rows, 0, Tensor.wrap(np.maximum(chosen, 0)))
    return call("masked_fill", found, Tensor.wrap(chosen < 0), 0)


def _check(input: Any, weight: Any, mode: str, per_sample_weights: Any) -> None:
    if per_sample_weights is not None and input.shape != per_sample_weights.shape:
        raise ValueError(
            f"embedding_bag: If per_sample_weights ({per_sample_weights.shape}) is not None, then "
            f"it must have the same shape as the input ({input.shape})"
        )
    if weight.array.ndim != 2:
        raise ValueError(
            f"weight has to be a 2D Tensor, but got Tensor of dimension {weight.array.ndim}"
        )
    if per_sample_weights is not None and mode != "sum":
        raise NotImplementedError(
            "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported "
            f"for mode='sum' (got mode='{mode}'). Please open a feature request on GitHub."
        )


def embedding_bag(
    input: Any, weight: Any, offsets: Any = None, max_norm: float | None = None,
    norm_type: float = 2, scale_grad_by_freq: bool = False, mode: str = "mean",
    sparse: bool = False, per_sample_weights: Any = None, include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Any:  # fmt: skip
    """The rows of ``weight`` that each bag of ``input`` names, made one by ``mode``.

    ``input``: ``(B, N)``, a bag a row, or ``(N,)`` with ``offsets`` where each bag starts.
    Gradients are dense. See PyTorch's torch.nn.functional.embedding_bag.
    """
    if weight.dtype.name == "int64" and input.dtype.is_floating_point:
        warnings.warn(
            "Argument order of nn.functional.embedding_bag was changed. Usage "
            "`embedding_bag(weight, input, ...)` is deprecated, and should now be "
            "`embedding_bag(input, weight, ...)`.", stacklevel=2,
        )  # fmt: skip
        weight, input = input, weight
    _check(input, weight, mode, per_sample_weights)
    starts, bags = _offsets(input, offsets, include_last_offset)
    _check_mode(mode, scale_grad_by_freq, sparse)
    numbers = input.array.reshape(-1)
    _check_numbers(input, numbers, len(weight.array))
    if max_norm is not None:
        renormalise(weight, input, max_norm, norm_type)
    if padding_idx is not None:
        padding_idx = padding_idx % len(weight.array)
    every = whole_numbers(numbers.size)
    owners: Array = np.asarray(np.searchsorted(starts[:bags], every, side="right")) - 1
    kept = np.ones(numbers.shape, bool) if padding_idx is None else numbers != padding_idx
    places = Tensor.wrap(numbers[kept])
    rows = call("embedding", places, weight, None, scale_grad_by_freq)
    if mode == "max":
        return _largest(rows, owners[kept], bags)
    if per_sample_weights is not None:
        shares = call("reshape", per_sample_weights, (-1,))
        shares = call("index_select", shares, 0, Tensor.wrap(np.flatnonzero(kept)))
        rows = rows * call("unsqueeze", shares, 1)
    start = call("zeros", (bags, weight.array.shape[1]), dtype=weight.dtype)
    summed = call("index_add", start, 0, Tensor.wrap(owners[kept]), rows)
    if mode == "sum":
        return summed
    counts = np.maximum(np.bincount(owners[kept], minlength=bags), 1)[:, None]
    return summed / Tensor.wrap(counts.astype(weight.array.dtype))
