"""Places of all parameters kept by name, and planes through them, as a document keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from gradviz.ops.spec import Array

PLANES = ("random", "pca", "between", "hessian")
"""What a plane may lie along: random directions, a way's principal components, two places, or
the directions that curve the most."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """An array that nobody changes; two are equal where type, shape and bytes are."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes

    @classmethod
    def of(cls, array: Array) -> Numbers:
        """What an array holds now."""
        return cls(array.dtype.name, array.shape, array.tobytes())

    @property
    def array(self) -> Array:
        """An array of its own for the caller."""
        return np.frombuffer(self.data, self.dtype).reshape(self.shape).copy()


Place = Mapping[str, Numbers]
"""Where all parameters are, by node id."""


def place_of(point: Mapping[str, Array]) -> Place:
    """A point to be kept."""
    return MappingProxyType({i: Numbers.of(np.asarray(a)) for i, a in point.items()})


@dataclass(frozen=True, slots=True)
class SavedPoint:
    """A place that somebody wanted to come back to."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class PlaneSpec:
    """Which plane a picture lies in.

    ``kind``: one of :data:`PLANES`. ``around``: the saved point it goes through (for ``between``,
    from which); where that is empty ``origin``, and where that is None the start. ``to``: the
    saved point that a ``between`` leads to. ``seed``: of random directions. ``runner``: whose
    way has the principal components, counted from 0.
    """

    kind: str
    seed: int = 0
    around: str = ""
    to: str = ""
    runner: int = 0
    origin: Place | None = None
