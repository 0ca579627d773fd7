"""Pooling with indices where they are asked for, by powers, and back."""

from __future__ import annotations

from typing import Any

from gradviz.ops.dims import as_sizes
from gradviz.ops.windows import each
from gradviz.tensor import Tensor
from gradviz.tensor.binding import public_function

__all__ = [
    "adaptive_max_pool1d", "adaptive_max_pool1d_with_indices", "adaptive_max_pool2d",
    "adaptive_max_pool2d_with_indices", "adaptive_max_pool3d", "adaptive_max_pool3d_with_indices",
    "lp_pool1d", "lp_pool2d", "lp_pool3d", "max_pool1d", "max_pool1d_with_indices", "max_pool2d",
    "max_pool2d_with_indices", "max_pool3d", "max_pool3d_with_indices", "max_unpool1d",
    "max_unpool2d", "max_unpool3d",
]  # fmt: skip


def _max_pool(rank: int) -> Any:
    name = f"max_pool{rank}d"

    def function(
        input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1,
        ceil_mode: bool = False, return_indices: bool = False,
    ) -> Any:  # fmt: skip
        chosen = f"{name}_with_indices" if return_indices else name
        compute = public_function(chosen)
        result = compute(input, kernel_size, stride, padding, dilation, ceil_mode)
        return tuple(result) if return_indices else result

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"The largest within a window; see PyTorch's torch.nn.functional.{name}."
    return function


def _adaptive(rank: int) -> Any:
    name = f"adaptive_max_pool{rank}d"

    def function(input: Tensor, output_size: Any, return_indices: bool = False) -> Any:
        compute = public_function(f"{name}_with_indices" if return_indices else name)
        result = compute(input, output_size)
        return tuple(result) if return_indices else result

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"The largest of each part; see PyTorch's torch.nn.functional.{name}."
    return function


def _always(pool: Any) -> Any:
    """A pooling that always gives the indices too."""

    def function(*args: Any, **kwargs: Any) -> Any:
        kwargs["return_indices"] = True
        return pool(*args, **kwargs)

    function.__name__ = function.__qualname__ = f"{pool.__name__}_with_indices"
    function.__doc__ = pool.__doc__
    return function


max_pool1d, max_pool2d, max_pool3d = _max_pool(1), _max_pool(2), _max_pool(3)
adaptive_max_pool1d, adaptive_max_pool2d = _adaptive(1), _adaptive(2)
adaptive_max_pool3d = _adaptive(3)
max_pool1d_with_indices, max_pool2d_with_indices = _always(max_pool1d), _always(max_pool2d)
max_pool3d_with_indices = _always(max_pool3d)
adaptive_max_pool1d_with_indices = _always(adaptive_max_pool1d)
adaptive_max_pool2d_with_indices = _always(adaptive_max_pool2d)
adaptive_max_pool3d_with_indices = _always(adaptive_max_pool3d)


def _unpooled_size(
    size: tuple[int, ...], kernel: Any, stride: Any, padding: Any, wanted: Any
) -> tuple[int, ...]:
    """The size that pooling came from: as wanted, within a stride of what settings tell."""
    rank = len(size)
    kernels = each(kernel, rank)
    strides = kernels if stride is None else each(stride, rank)
    fields = zip(size, kernels, strides, each(padding, rank), strict=True)
    default = tuple((n - 1) * s + k - 2 * p for n, k, s, p in fields)
    if wanted is None:
        return default
    given = as_sizes(wanted)
    if len(given) == rank + 2:
        given = given[2:]
    if len(given) != rank:
        raise ValueError(
            "output_size should be a sequence containing "
            f"{rank} or {rank + 2} elements, but it has a length of '{len(given)}'"
        )
    for n, d, s in zip(given, default, strides, strict=True):
        if not d - s < n < d + s:
            low = [d - s for d, s in zip(default, strides, strict=True)]
            high = [d + s for d, s in zip(default, strides, strict=True)]
            raise ValueError(
                f'invalid output_size "{list(given)}" (dim {given.index(n)} must be between '
                f"{low[given.index(n)]} and {high[given.index(n)]})"
            )
    return given


def _max_unpool(rank: int) -> Any:
    def function(
        input: Tensor, indices: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0,
        output_size: Any = None,
    ) -> Tensor:  # fmt: skip
        shape = input.array.shape
        size = _unpooled_size(shape[len(shape) - rank :], kernel_size, stride, padding, output_size)
        return public_function("max_unpool")(input, indices, size)

    function.__name__ = function.__qualname__ = f"max_unpool{rank}d"
    function.__doc__ = "Values put back where ``max_pool`` took them from, zeros elsewhere."
    return function


max_unpool1d, max_unpool2d, max_unpool3d = _max_unpool(1), _max_unpool(2), _max_unpool(3)


def _lp_pool(rank: int) -> Any:
    def function(
        input: Tensor, norm_type: float, kernel_size: Any, stride: Any = None,
        ceil_mode: bool = False,
    ) -> Tensor:  # fmt: skip
        averages = public_function(f"avg_pool{rank}d")
        powers: Any = averages(input**norm_type, kernel_size, stride, 0, ceil_mode)
        count = 1
        for n in each(kernel_size, rank):
            count *= n
        bent = public_function("sign")(powers) * public_function("relu")(abs(powers))
        return (bent * count) ** (1.0 / norm_type)

    function.__name__ = function.__qualname__ = f"lp_pool{rank}d"
    function.__doc__ = "The norm of each window: a root of the sum of powers."
    return function


lp_pool1d, lp_pool2d, lp_pool3d = _lp_pool(1), _lp_pool(2), _lp_pool(3)
