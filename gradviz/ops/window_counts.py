"""How many elements windows over signals, images and volumes take, told before they are made.

As :mod:`gradviz.ops.counts`; what is added around an input counts too, since it has to be held.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gradviz.ops.counts import product
from gradviz.ops.dims import as_sizes
from gradviz.ops.spec import Shape

Attrs = Mapping[str, Any]


def sizes_of(attrs: Attrs, name: str, rank: int, default: int) -> list[int] | None:
    """A setting for each of ``rank`` dimensions; None where it is given for another number."""
    given = attrs.get(name)
    if given is None or isinstance(given, str):
        return [default] * rank
    sizes = as_sizes(given)
    return list(sizes) * (rank // len(sizes)) if len(sizes) in (1, rank) else None


def padded_count(rank: int) -> Callable[[list[Shape], Attrs], float]:
    """A rule for windows of ``rank`` dimensions: the elements of the input with what is around."""

    def count(shapes: list[Shape], attrs: Attrs) -> float:
        padding = sizes_of(attrs, "padding", rank, 0)
        if len(shapes[0]) < rank or padding is None:
            return 0.0
        lead, inner = shapes[0][:-rank], shapes[0][-rank:]
        around = (n + 2 * p for n, p in zip(inner, padding, strict=True))
        return product((*lead, *around)) if 0 not in lead else 0.0

    return count


def places(inner: Shape, kernel: Shape, attrs: Attrs) -> float:
    """At how many places windows lie; 0 where the settings do not fit."""
    names = (("dilation", 1), ("padding", 0), ("stride", 1))
    settings = [sizes_of(attrs, name, len(inner), default) for name, default in names]
    if len(kernel) != len(inner) or None in settings:
        return 0.0
    dilation, padding, stride = (s or () for s in settings)
    found = [
        max((n + 2 * p - d * (k - 1) - 1) // max(s, 1) + 1, 0)
        for n, k, d, p, s in zip(inner, kernel, dilation, padding, stride, strict=True)
    ]
    return product(found) if 0 not in found else 0.0


def convolution_count(rank: int) -> Callable[[list[Shape], Attrs], float]:
    """A rule for convolutions: the padded input, or the result where that is larger."""
    padded = padded_count(rank)

    def count(shapes: list[Shape], attrs: Attrs) -> float:
        around = padded(shapes, attrs)
        if len(shapes) < 2 or len(shapes[1]) != rank + 2 or len(shapes[0]) <= rank:
            return around
        made = product((*shapes[0][: -rank - 1], shapes[1][0]))
        return max(around, made * places(shapes[0][-rank:], shapes[1][2:], attrs))

    return count


def transposed_count(rank: int) -> Callable[[list[Shape], Attrs], float]:
    """A rule for transposed convolutions: what the input is spread to before the edges go."""

    def count(shapes: list[Shape], attrs: Attrs) -> float:
        names = (("stride", 1), ("dilation", 1), ("output_padding", 0))
        settings = [sizes_of(attrs, name, rank, default) for name, default in names]
        if len(shapes) < 2 or len(shapes[0]) <= rank or len(shapes[1]) != rank + 2:
            return 0.0
        if 0 in shapes[0] or None in settings:
            return 0.0
        (_, channels, *kernel), inner = shapes[1], shapes[0][-rank:]
        strides, dilations, extra = (s or () for s in settings)
        spread = [
            (n - 1) * s + d * (k - 1) + o + 1
            for n, k, s, d, o in zip(inner, kernel, strides, dilations, extra, strict=True)
        ]
        return product((*shapes[0][: -rank - 1], channels, *spread))

    return count


def adaptive_count(rank: int) -> Callable[[list[Shape], Attrs], float]:
    """A rule for as many parts as are asked for."""

    def count(shapes: list[Shape], attrs: Attrs) -> float:
        given: list[Any] = np.ravel(np.asarray(attrs.get("output_size"), object)).tolist()
        parts = given * rank if len(given) == 1 else given
        whole = [int(n) for n in parts if n is not None]
        return product((*shapes[0][:-rank], *whole)) if 0 not in shapes[0] else 0.0

    return count


def unfold_count(shapes: list[Shape], attrs: Attrs) -> float:
    """The elements of all windows over an image."""
    kernel = sizes_of(attrs, "kernel_size", 2, 1)
    if len(shapes[0]) < 2 or kernel is None:
        return 0.0
    windows = product((*shapes[0][:-2], *kernel)) * places(shapes[0][-2:], tuple(kernel), attrs)
    return max(windows, padded_count(2)(shapes, attrs))
