"""Pooling to any size over windows whose starts are drawn at random (Graham 2014)."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from gradviz.ops.dims import whole_numbers
from gradviz.ops.kinds import is_sequence
from gradviz.ops.spec import Array
from gradviz.ops.windows import each
from gradviz.tensor import Tensor
from gradviz.tensor.composed import call

__all__ = [
    "fractional_max_pool2d", "fractional_max_pool2d_with_indices", "fractional_max_pool3d",
    "fractional_max_pool3d_with_indices",
]  # fmt: skip


def _starts(samples: Array, size: int, window: int, count: int) -> Array:
    """Where windows start: near even steps, moved by a number drawn for each channel."""
    numbers = whole_numbers(count)
    if count == 1:
        return np.full((*samples.shape, 1), size - window)
    step = samples.dtype.type((size - window) / (count - 1))
    drawn = samples[..., None]
    starts = ((numbers.astype(samples.dtype) + drawn) * step).astype(np.int64)
    starts -= (drawn * step).astype(np.int64)
    starts[..., -1] = size - window
    return starts


def _sizes(name: str, shape: Any, window: Any, size: Any, ratio: Any, rank: int) -> Any:
    """The windows and the size to come to, given as such or as a share of the size there is."""
    if size is None and ratio is None:
        raise ValueError(f"{name} requires specifying either an output_size or an output_ratio")
    if size is None:
        ratios = ratio if is_sequence(ratio) else (ratio,) * rank
        size = tuple(int(n * r) for n, r in zip(shape, ratios, strict=True))
    windows, outs = each(window, rank), each(size, rank)
    names = ("time", "height", "width")[-rank:]
    for word, n, k, o in zip(names, shape, windows, outs, strict=True):
        if o + k - 1 > n or (rank == 3 and o + k - 1 == n):
            where = name if rank == 2 else f"{name}_out"
            raise RuntimeError(f"{where}(): pool {word} {k} too large relative to input {word} {n}")
    return windows, outs


def _samples(batch: int, channels: int, rank: int, like: Any, given: Any) -> Array:
    if given is not None:
        return given.array
    # Loaded when first used: drawing numbers is not needed to describe layers.
    from gradviz.tensor.random import rand

    return rand(batch, channels, rank, dtype=like.dtype).array


def _pool(
    rank: int, input: Any, kernel_size: Any, output_size: Any, output_ratio: Any, given: Any
) -> tuple[Any, Any]:
    """The largest of each window, and the number of its place within its channel."""
    name = f"fractional_max_pool{rank}d"
    shape = input.array.shape
    single = len(shape) == rank + 1
    whole = input.array[None] if single else input.array
    batch, channels, *spatial = whole.shape
    windows, outs = _sizes(name, spatial, kernel_size, output_size, output_ratio, rank)
    samples = _samples(batch, channels, rank, input, given)
    flat: Array = np.zeros((batch, channels, *(1,) * (2 * rank)), np.int64)
    for axis in range(rank):
        # The numbers drawn stand for the last side first.
        drawn = samples[..., rank - 1 - axis] if rank == 2 else samples[..., axis]
        starts = _starts(drawn, spatial[axis], windows[axis], outs[axis])
        places = starts[..., None] + whole_numbers(windows[axis])
        form = [1] * (2 * rank)
        form[axis], form[rank + axis] = outs[axis], windows[axis]
        flat = flat * spatial[axis] + places.reshape(batch, channels, *form)
    flat = flat.reshape(batch, channels, prod(outs), -1)
    rows = whole.reshape(batch, channels, 1, -1)
    values = np.take_along_axis(rows, flat, 3)
    best = np.where(np.isnan(values), np.inf, values).argmax(3)
    numbers: Array = np.take_along_axis(flat, best[..., None], 3)[..., 0]
    form = (*shape[: len(shape) - rank], -1)
    places = Tensor.wrap(numbers.reshape(*form[:-1], numbers.shape[-1]))
    found = call("gather", call("reshape", input, form), len(form) - 1, places)
    final = (*form[:-1], *outs)
    return call("reshape", found, final), call("reshape", places, final)


def _functions(rank: int) -> tuple[Any, Any]:
    name = f"fractional_max_pool{rank}d"

    def with_indices(
        input: Any, kernel_size: Any, output_size: Any = None, output_ratio: Any = None,
        return_indices: bool = False, _random_samples: Any = None,
    ) -> Any:  # fmt: skip
        return _pool(rank, input, kernel_size, output_size, output_ratio, _random_samples)

    def function(
        input: Any, kernel_size: Any, output_size: Any = None, output_ratio: Any = None,
        return_indices: bool = False, _random_samples: Any = None,
    ) -> Any:  # fmt: skip
        found = _pool(rank, input, kernel_size, output_size, output_ratio, _random_samples)
        return found if return_indices else found[0]

    function.__name__ = function.__qualname__ = name
    with_indices.__name__ = with_indices.__qualname__ = f"{name}_with_indices"
    function.__doc__ = f"The largest of random windows; see torch.nn.functional.{name}."
    with_indices.__doc__ = function.__doc__
    return function, with_indices


fractional_max_pool2d, fractional_max_pool2d_with_indices = _functions(2)
fractional_max_pool3d, fractional_max_pool3d_with_indices = _functions(3)
