"""Real-valued layers that make all links together as short as they can be.

The optimal layering of Gansner, Koutsofios, North and Vo (1993), but solved by the alternating
direction method of multipliers (Boyd et al. 2011), every step of which is a few array
operations over all links at once. Network simplex is exact and, in Python, far too slow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

_ROUNDS = 150
_SOLVER_STEPS = 5
_PENALTY = 0.3
_PENALTY_GROWTH = 1.015
_RELAXATION = 1.6
_CHECK_EVERY = 8


class _Differences:
    """The linear map from layers to the links' spans, with its transpose and Laplacian."""

    def __init__(self, count: int, ends: Sequence[tuple[int, int]]) -> None:
        pairs = np.array(ends, dtype=np.intp).reshape(-1, 2)
        self.sources, self.targets = pairs[:, 0].copy(), pairs[:, 1].copy()
        self.count = count
        degrees = np.bincount(self.sources, minlength=count)
        degrees += np.bincount(self.targets, minlength=count)
        self.degrees: Vector = np.maximum(degrees, 1).astype(np.float64)

    def spans(self, layers: Vector) -> Vector:
        return layers[self.targets] - layers[self.sources]

    def pulls(self, forces: Vector) -> Vector:
        forward = np.bincount(self.targets, forces, self.count)
        return forward - np.bincount(self.sources, forces, self.count)

    def fit(self, layers: Vector, spans: Vector) -> Vector:
        """Layers nearer to having `spans`: a few preconditioned conjugate-gradient steps."""
        residual = self.pulls(spans - self.spans(layers))
        scaled = residual / self.degrees
        step, size = scaled, residual @ scaled
        for _ in range(_SOLVER_STEPS):
            change = self.pulls(self.spans(step))
            curvature = step @ change
            if curvature <= 1e-12:
                break
            layers = layers + size / curvature * step
            residual = residual - size / curvature * change
            scaled = residual / self.degrees
            size, former = residual @ scaled, size
            step = scaled + size / former * step
        return layers


def shorten(
    layers: Sequence[int], ends: Sequence[tuple[int, int]], check: Callable[[], None]
) -> list[float]:
    """Layers near `layers` whose links are together about as short as can be.

    A link may come out a little shorter than one layer: the caller repairs that.
    """
    links = _Differences(len(layers), ends)
    at = np.array(layers, dtype=np.float64)
    spans, dual = links.spans(at), np.zeros(len(ends))
    penalty = _PENALTY
    for turn in range(_ROUNDS):
        if turn % _CHECK_EVERY == 0:
            check()
        at = links.fit(at, spans - dual)
        ahead = _RELAXATION * links.spans(at) + (1 - _RELAXATION) * spans
        spans = np.maximum(1.0, ahead + dual - 1 / penalty)
        dual = (dual + ahead - spans) / _PENALTY_GROWTH
        penalty *= _PENALTY_GROWTH
    return at.tolist()
