"""Gradients of reductions into places, for arrays and tensors alike."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.creation import ones_like, zeros_like
from gradviz.ops.dual import dual
from gradviz.ops.gathering import gather, index_select
from gradviz.ops.masking import masked_fill
from gradviz.ops.reducing import index_reduce, scatter_reduce
from gradviz.ops.scatter import index_add, index_fill, scatter_add, scatter_value

_zeros, _ones, _masked = dual(zeros_like), dual(ones_like), dual(masked_fill)


class Scattered:
    """How elements go to places and come back by ``scatter`` and ``gather``."""

    def __init__(self, dim: int, index: Any) -> None:
        self.dim, self.index = dim, index

    def take(self, value: Any) -> Any:
        """What stands in the places."""
        return dual(gather)(value, self.dim, self.index)

    def add(self, value: Any, more: Any) -> Any:
        """``value`` with ``more`` added in the places."""
        return dual(scatter_add)(value, self.dim, self.index, more)

    def clear(self, value: Any) -> Any:
        """``value`` with 0 in the places."""
        return dual(scatter_value)(value, self.dim, self.index, 0)

    def multiply(self, value: Any, more: Any, own: bool) -> Any:
        """``value`` times what comes to the places, or (not ``own``) only that."""
        return dual(scatter_reduce)(value, self.dim, self.index, more, "prod", include_self=own)


class Indexed:
    """How slices go to places and come back by ``index_add`` and ``index_select``."""

    def __init__(self, dim: int, index: Any) -> None:
        self.dim, self.index = dim, index

    def take(self, value: Any) -> Any:
        """What stands in the places."""
        return dual(index_select)(value, self.dim, self.index)

    def add(self, value: Any, more: Any) -> Any:
        """``value`` with ``more`` added in the places."""
        return dual(index_add)(value, self.dim, self.index, more)

    def clear(self, value: Any) -> Any:
        """``value`` with 0 in the places."""
        return dual(index_fill)(value, self.dim, self.index, 0)

    def multiply(self, value: Any, more: Any, own: bool) -> Any:
        """``value`` times what comes to the places, or (not ``own``) only that."""
        return dual(index_reduce)(value, self.dim, self.index, more, "prod", include_self=own)


Places = Scattered | Indexed


def scatter_reduce_gradient(
    g: Any, out: Any, input: Any, index: Any, src: Any, dim: int, reduce: str, include_self: bool
) -> tuple[Any, Any]:
    """What ``scatter_reduce`` sends to the tensor and to what was brought."""
    places = Scattered(dim, index)
    return _gradients(places, g, out, input, _cut(src, index), reduce, include_self)


def index_reduce_gradient(
    g: Any, out: Any, input: Any, index: Any, source: Any, dim: int, reduce: str,
    include_self: bool,
) -> tuple[Any, Any]:  # fmt: skip
    """What ``index_reduce`` sends to the tensor and to what was brought."""
    return _gradients(Indexed(dim, index), g, out, input, source, reduce, include_self)


def _cut(src: Any, index: Any) -> Any:
    """The part of the source that an index smaller than it brings."""
    shape = tuple(index.shape)
    return src if tuple(src.shape) == shape else src[tuple(slice(n) for n in shape)]


def _gradients(
    places: Places, g: Any, out: Any, input: Any, src: Any, reduce: str, include_self: bool
) -> tuple[Any, Any]:
    if reduce == "prod":
        of_self, of_source = _of_product(places, g, out, input, src, include_self)
    elif reduce in ("amax", "amin"):
        of_self, of_source = _of_extreme(places, g, out, input, src)
    else:
        of_self, of_source = g, places.take(g)
        if reduce == "mean":
            counts = places.add(
                _ones(input) if include_self else places.clear(_ones(input)), _ones(src)
            )
            counts = _masked(counts, counts == 0, 1.0)
            of_self, of_source = g / counts, places.take(g / counts)
    return (of_self if include_self else places.clear(of_self)), of_source


def _of_extreme(places: Places, g: Any, out: Any, input: Any, src: Any) -> tuple[Any, Any]:
    own = (input == out) * _ones(g)
    brought = (src == places.take(out)) * _ones(src)
    share = g / places.add(own, brought)
    return own * share, brought * places.take(share)


def _of_product(
    places: Places, g: Any, out: Any, input: Any, src: Any, include_self: bool
) -> tuple[Any, Any]:
    none = input == 0
    filled = _masked(input, none, 1.0)
    of_self = g * places.multiply(filled, src, True) / filled
    zero = src == 0
    zeros = places.take(places.add(_zeros(input), zero * _ones(src)))
    single = zero & (zeros == 1)
    whole = places.multiply(input, _masked(src, single, 1.0), include_self)
    others = places.take(out) / _masked(src, zero, 1.0)
    alone = np.asarray(getattr(single, "array", single))
    inside = _masked(others, single, 0.0) + _masked(places.take(whole), ~alone, 0.0)
    return of_self, places.take(g) * inside


REDUCING_GRADIENTS = {
    f.__name__: f for f in (scatter_reduce_gradient, index_reduce_gradient)
}  # fmt: skip
