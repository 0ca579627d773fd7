"""What PyTorch refuses in a convolution, in its words and its order."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.dims import as_sizes
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.linalg import dtype_name
from gradviz.ops.spec import Array, Shape
from gradviz.ops.windows import each


def check_rank(name: str, rank: int, input: Array) -> None:
    """Refuse an input that has neither a batch nor a sample's number of dimensions."""
    if input.ndim not in (rank + 1, rank + 2):
        raise RuntimeError(
            f"Expected {rank + 1}D (unbatched) or {rank + 2}D (batched) input to {name}, but got "
            f"input of size: {list(input.shape)}"
        )


def check_count(what: str, value: Any, rank: int) -> None:
    """Refuse a setting given for another number of dimensions."""
    if isinstance(value, str):
        return
    sizes = as_sizes(np.ravel(value))
    if len(sizes) not in (1, rank):
        raise RuntimeError(
            f"expected {what} to be a single integer value or a list of {rank} values to match the "
            f"convolution dimensions, but got {what}={list(sizes)}"
        )


def check_types(input: Array, weight: Array, bias: Array | None) -> None:
    """Refuse inputs, weights and biases of different types."""
    if bias is not None and bias.dtype != input.dtype and input.dtype == weight.dtype:
        raise RuntimeError(
            f"Input type ({dtype_name(input)}) and bias type ({dtype_name(bias)}) should be the "
            "same"
        )
    if input.dtype != weight.dtype:
        kinds = [of_numpy(a.dtype).legacy_name for a in (input, weight)]
        raise RuntimeError(f"expected scalar type {kinds[0]} but found {kinds[1]}")


def check_weight(rank: int, weight: Array, groups: int) -> None:
    """Refuse kernels that are none, or do not divide into groups."""
    if weight.ndim < 3:
        raise RuntimeError("weight should have at least three dimensions")
    if groups <= 0:
        raise RuntimeError("non-positive groups is not supported")
    shape = list(weight.shape)
    if weight.shape[0] < groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be at least {groups} at dimension 0, but "
            f"got weight of size {shape} instead"
        )
    if weight.shape[0] % groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, "
            f"but got weight of size [{shape}] instead"
        )


def check_bias(bias: Array | None, count: int, start: str) -> None:
    """Refuse a bias that is not a number for each output channel."""
    if bias is not None and bias.shape != (count,):
        raise RuntimeError(
            f"{start}, expected bias to be 1-dimensional with {count} elements, but got bias of "
            f"size {list(bias.shape)} instead"
        )


def check_moves(rank: int, stride: Any, padding: Any, dilation: Any) -> None:
    """Refuse strides, paddings and dilations below what they can be."""
    tests: tuple[tuple[Any, int, str], ...] = (
        (padding, 0, "negative padding is not supported"),
        (stride, 1, "non-positive stride is not supported"),
        (dilation, 1, "dilation should be greater than zero"),
    )
    for value, low, complaint in tests:
        if not isinstance(value, str) and min(each(value, rank)) < low:
            raise RuntimeError(complaint)


def check_same_rank(input: Array, weight: Array) -> None:
    """Refuse kernels with another number of dimensions than the input."""
    if input.ndim != weight.ndim:
        raise RuntimeError(
            f"Expected {weight.ndim}-dimensional input for {weight.ndim}-dimensional weight"
            f"{list(weight.shape)}, but got {input.ndim}-dimensional input of size "
            f"{list(input.shape)} instead"
        )


def check_fit(array: Array, weight: Array, padding: Any, dilation: Any) -> None:
    """Refuse kernels larger than the input with what is added around."""
    named = isinstance(padding, str)
    if named and padding != "valid":
        return
    rank = weight.ndim - 2
    around, apart = each(0 if named else padding, rank), each(dilation, rank)
    size = [n + 2 * p for n, p in zip(array.shape[-rank:], around, strict=True)]
    kernel = [d * (k - 1) + 1 for k, d in zip(weight.shape[2:], apart, strict=True)]
    if any(k > n for k, n in zip(kernel, size, strict=True)):
        shown = [" x ".join(map(str, s)) for s in (size, kernel)]
        raise RuntimeError(
            f"Calculated padded input size per channel: ({shown[0]}). Kernel size: ({shown[1]}). "
            "Kernel size can't be greater than actual input size"
        )


def check_named_padding(padding: str, stride: Any, rank: int) -> None:
    """Refuse a padding by a name that is not known, or cannot be with a stride."""
    if padding not in ("same", "valid"):
        raise RuntimeError(f"Invalid padding string: '{padding}'")
    if padding == "same" and any(s != 1 for s in each(stride, rank)):
        raise RuntimeError("padding='same' is not supported for strided convolutions")


def check_convolution(
    name: str, rank: int, input: Array, weight: Array, bias: Array | None,
    settings: tuple[Any, Any, Any, int],
) -> None:  # fmt: skip
    """Refuse what PyTorch refuses; ``settings``: stride, padding, dilation, groups."""
    stride, padding, dilation, groups = settings
    check_rank(name, rank, input)
    array = input if input.ndim == rank + 2 else input[None]
    if weight.ndim >= 3 and isinstance(padding, str):
        check_same_rank(array, weight)
    check_types(array, weight, bias)
    check_weight(rank, weight, groups)
    check_same_rank(array, weight)
    if isinstance(padding, str):
        check_named_padding(padding, stride, rank)
    for what, value in (("stride", stride), ("padding", padding), ("dilation", dilation)):
        check_count(what, value, rank)
    check_moves(rank, stride, padding, dilation)
    shape, channels = list(weight.shape), array.shape[1]
    if channels != weight.shape[1] * groups:
        raise RuntimeError(
            f"Given groups={groups}, weight of size {shape}, expected input{list(array.shape)} to "
            f"have {weight.shape[1] * groups} channels, but got {channels} channels instead"
        )
    check_bias(bias, weight.shape[0], f"Given weight of size {shape}")
    check_fit(array, weight, padding, dilation)


def check_transposed(
    name: str, rank: int, input: Array, weight: Array, bias: Array | None,
    settings: tuple[Any, Any, Any, int, Any],
) -> None:  # fmt: skip
    """The same for a transposed convolution: stride, padding, output padding, groups, dilation."""
    stride, padding, output_padding, groups, dilation = settings
    check_rank(name, rank, input)
    array = input if input.ndim == rank + 2 else input[None]
    check_types(array, weight, None)  # a bias of any type is taken, and cast
    check_weight(rank, weight, groups)
    check_same_rank(array, weight)
    check_moves(rank, stride, padding, dilation)
    shape = list(weight.shape)
    if array.shape[1] != weight.shape[0]:
        raise RuntimeError(
            f"Given transposed=1, weight of size {shape}, expected input{list(array.shape)} to "
            f"have {weight.shape[0]} channels, but got {array.shape[1]} channels instead"
        )
    check_bias(bias, weight.shape[1] * groups, f"Given transposed=1, weight of size {shape}")
    check_output_padding(rank, each(output_padding, rank), each(stride, rank), each(dilation, rank))


def check_output_padding(rank: int, extra: Shape, stride: Shape, dilation: Shape) -> None:
    """Refuse a longer result than the stride or dilation leaves in doubt."""
    if all(o < max(s, d) for o, s, d in zip(extra, stride, dilation, strict=True)):
        return
    words = ("depth", "height", "width")[3 - max(rank, 2) :]
    named = (("output_padding", extra), ("stride", stride), ("dilation", dilation))
    shown = " ".join(
        f"{name}_{word}: {value}"
        for name, values in named
        for word, value in zip(words, (1,) * (len(words) - rank) + values, strict=True)
    )
    raise RuntimeError(
        f"output padding must be smaller than either stride or dilation, but got {shown}"
    )
