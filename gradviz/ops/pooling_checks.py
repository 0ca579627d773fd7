"""What PyTorch refuses in pooling, in its words, and the size that pooling comes to."""

from __future__ import annotations

from typing import Any

from gradviz.ops.dims import as_sizes
from gradviz.ops.spec import Array, Shape
from gradviz.ops.windows import Windows, each

_NUMBERS = {1: "one", 2: "two", 3: "three"}


def pooling_windows(
    name: str, rank: int, kernel: Any, stride: Any, padding: Any, dilation: Any = 1
) -> Windows:
    """Where the windows lie; PyTorch's errors where settings cannot be."""
    for what, value in (("kernel_size", kernel), ("stride", stride), ("padding", padding),
                        ("dilation", dilation)):  # fmt: skip
        if value is not None and len(as_sizes(value)) not in (0, 1, rank):
            count = f"a tuple of {_NUMBERS[rank]} ints"
            omitted = "be omitted, a single int" if what == "stride" else "either be a single int"
            raise RuntimeError(f"{name}: {what} must {omitted}, or {count}")
    kernels = each(kernel, rank)
    strides = kernels if stride is None or not as_sizes(stride) else each(stride, rank)
    around, apart = each(padding, rank), each(dilation, rank)
    check_settings(name, kernels, strides, around, apart)
    return Windows(kernels, strides, around, around, apart)


def check_settings(name: str, kernels: Shape, strides: Shape, around: Shape, apart: Shape) -> None:
    """Refuse windows without size, that do not move, or that lie in what is added around."""
    if name == "max_pool1d":
        for what, value in (("kernel_size", kernels), ("stride", strides), ("dilation", apart)):
            if value[0] <= 0:
                raise RuntimeError(f"{name}() {what} must be greater than zero, but got {value[0]}")
    letters = ("T", "H", "W")[3 - len(kernels) :]
    if min(kernels) <= 0:
        shown = " ".join(f"k{x}: {n}" for x, n in zip(letters, kernels, strict=True))
        raise RuntimeError(f"kernel size should be greater than zero, but got {shown}")
    if min(strides) == 0:
        raise RuntimeError("stride should not be zero")
    if min(apart) <= 0:
        shown = " ".join(f"dilation{x}: {n}" for x, n in zip(letters, apart, strict=True))
        raise RuntimeError(f"dilation should be greater than zero, but got {shown}")
    for pad, kernel, dilation in zip(around, kernels, apart, strict=True):
        if pad < 0:
            raise RuntimeError(f"pad must be non-negative, but got pad: {pad}")
        if pad > (dilation * (kernel - 1) + 1) // 2:
            raise RuntimeError(
                f"pad should be at most half of effective kernel size, but got pad={pad}, "
                f"kernel_size={kernel} and dilation={dilation}"
            )


def pooled_size(size: Shape, where: Windows, ceil_mode: bool) -> Shape:
    """How many windows there are; with ``ceil_mode`` also one that ends beyond."""
    counts: list[int] = []
    fields = zip(size, where.span, where.stride, where.before, strict=True)
    for n, span, stride, pad in fields:
        room = n + 2 * pad - span + (stride - 1 if ceil_mode else 0)
        count = room // stride + 1
        counts.append(count - 1 if ceil_mode and (count - 1) * stride >= n + pad else count)
    return tuple(counts)


def check_input(name: str, rank: int, input: Array) -> None:
    """Refuse an input that has neither a batch nor a sample's number of dimensions."""
    shape = list(input.shape)
    right = input.ndim in (rank + 1, rank + 2) and all(shape[input.ndim - rank - 1 :])
    if right:
        return
    if name.startswith("avg_pool1d") and input.ndim not in (2, 3):
        raise RuntimeError(
            f"Expected 2 to 3 dimensions, but got {input.ndim}-dimensional tensor for argument #1 "
            f"'self' (while checking arguments for {name})"
        )
    if name == "max_pool1d" or (name == "max_pool2d" and input.ndim in (3, 4)):
        start = "max_pool1d: " if rank == 1 else ""
        raise RuntimeError(
            f"{start}Expected {rank + 1}D or {rank + 2}D (batch mode) tensor with optional 0 dim "
            f"batch size for input, but got:{shape}"
        )
    if name == "max_pool3d" and input.ndim in (4, 5):
        # PyTorch says 0 whichever dimension it is.
        raise RuntimeError(
            "max_pool3d_with_indices_out_cpu_template(): Expected input's non-batch dimensions to "
            f"have positive length, but input has a shape of {shape} and non-batch dimension "
            "0 has length zero!"
        )
    raise RuntimeError(
        f"non-empty {rank + 1}D or {rank + 2}D (batch mode) tensor expected for input"
    )


def check_pooled(name: str, input: Array, size: Shape) -> None:
    """Refuse an input too small for a window."""
    if min(size) >= 1:
        return
    if name == "max_pool1d":
        raise RuntimeError(f"{name}() Invalid computed output size: {size[0]}")
    rank = len(size)
    given = "x".join(map(str, input.shape[-rank - 1 :]))
    found = "x".join(map(str, (input.shape[-rank - 1], *size)))
    if rank == 1:
        given, found = (f"{v.partition('x')[0]}x1x{v.partition('x')[2]}" for v in (given, found))
    raise RuntimeError(
        f"Given input size: ({given}). Calculated output size: ({found}). Output size is too small"
    )


def adaptive_sizes(name: str, rank: int, input: Array, output_size: Any) -> Shape:
    """The size to come to, with None standing for the input's; PyTorch's refusals."""
    whole = isinstance(output_size, int)
    given: tuple[Any, ...] = (output_size,) * rank if whole else tuple(output_size)
    if rank > 1 and input.ndim <= len(given) and not whole:
        raise ValueError(f"Input dimension should be at least {len(given) + 1}")
    if len(given) != rank:
        raise RuntimeError(_wrong_count(name, rank, len(given)))
    current = input.shape[input.ndim - rank :]
    sizes: Shape = tuple(n if s is None else int(s) for s, n in zip(given, current, strict=True))
    if min(sizes) < 0:
        raise RuntimeError(_negative(name, rank, input, sizes))
    if input.ndim not in (rank + 1, rank + 2):
        words = f"{rank + 1}D or {rank + 2}D" if rank > 1 else "2D or 3D"
        raise RuntimeError(f"{name}(): Expected {words} tensor, but got {list(input.shape)}")
    return sizes


def _wrong_count(name: str, rank: int, count: int) -> str:
    if rank == 1:
        return f"{name}() argument 'output_size' should contain one int (got {count})"
    if "max" in name:
        return f"{name}(): internal error: output_size.size() must be {rank}"
    return f"{name}: output_size must be {rank}"


def _negative(name: str, rank: int, input: Array, sizes: Shape) -> str:
    wide = (1, *sizes) if rank == 1 else sizes
    if "max" in name:
        first = next(n for n in sizes if n < 0)
        lead = [*input.shape[: input.ndim - rank], *wide]
        return f"Trying to create tensor with negative dimension {first}: {lead}"
    shown = f"{{{wide[0]}, {wide[1]}}}" if rank < 3 else f"{{{wide[0]}, {wide[1]},{wide[2]}}}"
    named = "adaptive_avg_pool2d" if rank == 1 else name
    return (
        f"{named}: elements of output_size must be greater than or equal to 0 but received {shown}"
    )
