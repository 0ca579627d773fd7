"""Linear maps along one dimension, of which pooling, padding and interpolation are made.

An element of the result is a weighted sum of a few elements of the input (its taps). Along each
dimension the map is its own, and going back (the gradient) is the map with its taps turned
round, so that one routine serves both and any order of gradient.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gradviz.ops.spec import Array


@dataclass(frozen=True, slots=True, eq=False)
class Taps:
    """A map from ``size`` elements to as many as there are rows.

    ``places``: which elements each result takes, a row for each; ``weights``: how much of each,
    0 where a row takes fewer than the widest.
    """

    size: int
    places: Array
    weights: Array

    def turned(self) -> Taps:
        """The map the other way: what each element is taken by."""
        rows, columns = np.nonzero(self.weights)
        taken = self.places[rows, columns]
        order = np.argsort(taken, kind="stable")
        taken, rows, weights = taken[order], rows[order], self.weights[rows, columns][order]
        counts = np.bincount(taken, minlength=self.size)
        starts = np.cumsum(counts) - counts
        rank = np.arange(len(taken)) - starts[taken]
        width = int(counts.max()) if counts.size else 0
        places = np.zeros((self.size, width), np.intp)
        turned = np.zeros((self.size, width))
        places[taken, rank], turned[taken, rank] = rows, weights
        return Taps(len(self.places), places, turned)


def taps_of(size: int, places: Array, weights: Array | None = None) -> Taps:
    """Taps at these places, of weight one where none is given; outside places do not count."""
    given = np.ones(places.shape) if weights is None else weights
    inside = (places >= 0) & (places < size)
    return Taps(size, np.where(inside, places, 0).astype(np.intp), np.where(inside, given, 0.0))


def along(array: Array, axis: int, taps: Taps) -> Array:
    """``array`` mapped along ``axis``."""
    if not taps.places.shape[1] or not array.shape[axis]:
        shape = (*array.shape[:axis], len(taps.places), *array.shape[axis + 1 :])
        return np.zeros(shape, array.dtype)
    total: Array | None = None
    after = (1,) * (array.ndim - axis - 1)
    for place, weight in zip(taps.places.T, taps.weights.T, strict=True):
        taken: Array = np.asarray(np.take(array, place, axis))
        if not np.all(weight == 1):
            factor = weight.astype(array.dtype).reshape(-1, *after)
            # A weight of zero leaves out what is there, be it infinite.
            taken = np.asarray(np.where(factor == 0, factor, np.multiply(taken, factor)))
        total = taken if total is None else np.add(total, taken, out=total)
    return np.asarray(total)


def along_last(array: Array, maps: Iterable[Taps]) -> Array:
    """``array`` mapped along its last dimensions, each by its own map; half precision in single."""
    found = list(maps)
    first = array.ndim - len(found)
    result = array.astype(np.float32) if array.dtype == np.float16 else array
    for axis, taps in enumerate(found, first):
        result = along(result, axis, taps)
    return np.ascontiguousarray(result).astype(array.dtype, copy=False)


def along_last_back(array: Array, maps: Iterable[Taps]) -> Array:
    """The gradient of :func:`along_last`."""
    return along_last(array, [taps.turned() for taps in maps])
