"""Pooling by averages: over windows that move, and over as many as are asked for."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from gradviz.ops.activations import FUNCTIONAL
from gradviz.ops.dtypes import int64, of_numpy
from gradviz.ops.pooling_checks import (
    adaptive_sizes,
    check_input,
    check_pooled,
    pooled_size,
    pooling_windows,
)
from gradviz.ops.spec import Array, Attr, Op, Port, Saving, Shape, example
from gradviz.ops.taps import Taps, along_last, along_last_back, taps_of
from gradviz.ops.window_counts import adaptive_count, padded_count

FAMILY = "Pooling"
KERNEL = Attr(name="kernel_size", kind="dims", low=1, doc="The size of the window.")
STRIDE = Attr(
    name="stride", kind="dims", default=None, optional=True, low=1,
    doc="How far the window moves; by default its own size.",
)  # fmt: skip
PADDING = Attr(name="padding", kind="dims", default=0, low=0, doc="How much is added around.")
CEIL = Attr(
    name="ceil_mode", kind="bool", default=False,
    doc="Take a last window too that reaches beyond the end.",
)  # fmt: skip
_COUNT_PAD = Attr(
    name="count_include_pad", kind="bool", default=True,
    doc="Whether the zeros added around count in the average.",
)  # fmt: skip
_DIVISOR = Attr(
    name="divisor_override", kind="int", default=None, optional=True,
    doc="What to divide by instead of the number of elements.",
)  # fmt: skip
_SIZE = Attr(name="size", kind="shape", doc="The shape to come back to.")
OUTPUT = Attr(name="output_size", kind="index", doc="The size to come to; None: as it is.")
_SHARED = (KERNEL, STRIDE, PADDING, CEIL, _COUNT_PAD)
_WORDS = {1: "a signal", 2: "an image", 3: "a volume"}
SIGNAL = [[0.5, -1.0, 2.0, 0.25, 1.5]]


def some(seed: int, *shape: int) -> Array:
    """Numbers for an example."""
    return np.random.default_rng(seed).normal(size=shape).round(2)


class Averages:
    """The average of each window: sums along each dimension, and what they are divided by."""

    def __init__(
        self, name: str, shape: Shape, rank: int, settings: tuple[Any, ...], divisor: int | None
    ) -> None:
        kernel, stride, padding, ceil_mode, count_pad = settings
        where = pooling_windows(name, rank, kernel, stride, padding)
        self.size = shape[len(shape) - rank :]
        self.pooled = pooled_size(self.size, where, ceil_mode)
        self.maps: list[Taps] = []
        if min(self.pooled) <= 0:  # A kernel that does not fit may be of any size.
            return
        counts: Any = np.ones((), np.int64)
        fields = zip(self.size, where.kernel, where.stride, where.before, self.pooled, strict=True)
        for n, k, s, p, outs in fields:
            starts = np.arange(outs) * s - p
            self.maps.append(taps_of(n, starts[:, None] + np.arange(k)))
            first, last = (starts, np.minimum(starts + k, n + p))
            if not count_pad:
                first, last = np.maximum(first, 0), np.minimum(last, n)
            counts = np.multiply.outer(counts, last - first)
        self.divisor: Any = counts if divisor is None else divisor

    def forward(self, array: Array) -> Array:
        """The averages."""
        if array.dtype.kind in "iu":
            totals = along_last(array, self.maps)
            return np.trunc(totals / self.divisor).astype(array.dtype)
        kind = np.float32 if array.dtype == np.float16 else array.dtype
        totals = along_last(array.astype(kind), self.maps)
        return (totals / np.asarray(self.divisor, kind)).astype(array.dtype, copy=False)

    def back(self, array: Array) -> Array:
        """Each average's share carried back to the elements of its window."""
        return along_last_back(array / np.asarray(self.divisor, array.dtype), self.maps)


def _check_divisor(divisor: int | None) -> None:
    if divisor == 0:
        raise RuntimeError("divisor must be not zero")


def check_kind(name: str, array: Array) -> None:
    """Refuse types for which PyTorch has no pooling."""
    kind = of_numpy(array.dtype)
    if not kind.is_floating_point and kind is not int64:
        raise NotImplementedError(f"\"{name}\" not implemented for '{kind.legacy_name}'")


def _avg_pool_pair(rank: int, examples: Any) -> tuple[Op, Op]:
    name = f"avg_pool{rank}d"
    attrs = _SHARED if rank == 1 else (*_SHARED, _DIVISOR)
    settings = ", ".join(a.name for a in attrs)

    def forward(
        input: Array, kernel_size: Any, stride: Any, padding: Any, ceil_mode: bool,
        count_include_pad: bool, divisor_override: int | None = None,
    ) -> Array:  # fmt: skip
        array = np.asarray(input)
        given = (kernel_size, stride, padding, ceil_mode, count_include_pad)
        _check_divisor(divisor_override)
        pooling_windows(name, rank, kernel_size, stride, padding)
        check_input(name, rank, array)
        averages = Averages(name, array.shape, rank, given, divisor_override)
        check_pooled(name, array, averages.pooled)
        check_kind("avg_pool2d" if rank < 3 else "avg_pool3d_out_frame", array)
        return averages.forward(array)

    def back(
        input: Array, size: Shape, kernel_size: Any, stride: Any, padding: Any, ceil_mode: bool,
        count_include_pad: bool, divisor_override: int | None = None,
    ) -> Array:  # fmt: skip
        given = (kernel_size, stride, padding, ceil_mode, count_include_pad)
        return Averages(name, tuple(size), rank, given, divisor_override).back(np.asarray(input))

    pool = Op(
        name=name, family=FAMILY, category="reduce", symbol="x̄▦",
        doc=f"The average within a window that moves over {_WORDS[rank]}.",
        ports=(Port(name="input", doc="Values in channels.",
                    grad=f"beside({name}_backward(g, input_shape, {settings}), (input,))"),),
        attrs=attrs, forward=forward, promotion="none", torch=FUNCTIONAL + name,
        count=padded_count(rank),
        meaning={"input": "each average shares its gradient evenly among the elements of its "
                 "window"},
        examples=examples, search=("average pooling", "mean pooling", "downsample"), method=False,
        function=rank == 1,
    )  # fmt: skip
    return pool, backward_of(pool, back)


def backward_of(op: Op, forward: Callable[..., Any]) -> Op:
    """The operation that carries a linear ``op``'s result back; its own gradient is ``op``."""
    settings = ", ".join(a.name for a in op.attrs)
    return Op(
        name=f"{op.name}_backward", family="Gradients", category=op.category, symbol="▦ᵀ",
        doc=f"Carries the result of {op.name} back to what it was made of.",
        ports=(Port(name="input", grad=f"{op.name}(g, {settings})"),),
        attrs=(_SIZE, *op.attrs), forward=forward, promotion="none",
        examples=tuple(example(_result(op, e), size=e.inputs[0].shape, **e.attrs)
                       for e in op.examples),
        method=False, function=False, addable=False,
    )  # fmt: skip


def _result(op: Op, case: Any) -> Array:
    return op.forward(*case.inputs, **{**op.defaults, **case.attrs})


avg_pool1d, avg_pool1d_backward = _avg_pool_pair(
    1, (example(SIGNAL, kernel_size=2), example(SIGNAL, kernel_size=3, stride=2, padding=1)),
)  # fmt: skip
avg_pool2d, avg_pool2d_backward = _avg_pool_pair(
    2,
    (
        example(some(1, 1, 1, 4, 5), kernel_size=2),
        example(some(1, 1, 5, 4), kernel_size=(3, 2), stride=(2, 1), padding=1, ceil_mode=True,
                count_include_pad=False),
        example(some(1, 1, 4, 4), kernel_size=2, divisor_override=3),
    ),
)  # fmt: skip
avg_pool3d, avg_pool3d_backward = _avg_pool_pair(
    3, (example(some(1, 1, 2, 3, 4), kernel_size=(1, 2, 2), stride=(1, 1, 2)),)
)


def adaptive_bounds(size: int, outs: int) -> tuple[Array, Array]:
    """Where each of ``outs`` nearly equal parts of ``size`` elements begins and ends."""
    steps = np.arange(outs)
    return steps * size // max(outs, 1), -(-(steps + 1) * size // max(outs, 1))


def adaptive_maps(size: Shape, outs: Shape) -> list[Taps]:
    """The averages over nearly equal parts along each dimension."""
    maps: list[Taps] = []
    for n, count in zip(size, outs, strict=True):
        first, last = adaptive_bounds(n, count)
        width = int((last - first).max()) if count else 0
        places = first[:, None] + np.arange(width)
        inside = places < last[:, None]
        weights = inside / np.maximum(last - first, 1)[:, None]
        maps.append(taps_of(n, places, weights))
    return maps


def _is_mean(record: Any, *_: Any) -> bool:
    """Whether all is averaged, which PyTorch does by a mean that keeps nothing of the input."""
    return all(size == 1 for size in np.ravel(record.attrs["output_size"]))


_ADAPTIVE = Saving(copies={"input": ("input",)}, when=_is_mean)


def _adaptive_pair(rank: int, examples: Any) -> tuple[Op, Op]:
    name = f"adaptive_avg_pool{rank}d"

    def forward(input: Array, output_size: Any) -> Array:
        array = np.asarray(input)
        outs = adaptive_sizes(name, rank, array, output_size)
        size = array.shape[array.ndim - rank :]
        if prod(outs):
            check_kind(f"adaptive_avg_pool{max(rank, 2)}d_cpu", array)
        return along_last(array, adaptive_maps(size, outs))

    def back(input: Array, size: Shape, output_size: Any) -> Array:
        array = np.asarray(input)
        return along_last_back(array, adaptive_maps(tuple(size[-rank:]), array.shape[-rank:]))

    pool = Op(
        name=name, family=FAMILY, category="reduce", symbol="x̄▦",
        doc=f"The averages of as many nearly equal parts of {_WORDS[rank]} as are asked for.",
        ports=(Port(name="input", doc="Values in channels.",
                    grad=f"beside({name}_backward(g, input_shape, output_size), (input,))"),),
        attrs=(OUTPUT,), forward=forward, promotion="none", torch=FUNCTIONAL + name,
        count=adaptive_count(rank), saving=_ADAPTIVE,
        meaning={"input": "each average shares its gradient evenly among the elements of its part"},
        examples=examples, search=("average pooling", "global average"), method=False,
        function=rank == 1,
    )  # fmt: skip
    return pool, backward_of(pool, back)


adaptive_avg_pool1d, adaptive_avg_pool1d_backward = _adaptive_pair(
    1, (example(SIGNAL, output_size=2), example(SIGNAL, output_size=1))
)
adaptive_avg_pool2d, adaptive_avg_pool2d_backward = _adaptive_pair(
    2, (example(some(1, 1, 1, 4, 5), output_size=(2, 3)),)
)
adaptive_avg_pool3d, adaptive_avg_pool3d_backward = _adaptive_pair(
    3, (example(some(1, 1, 2, 3, 4), output_size=(1, 2, 2)),)
)
