"""Layers that make all lines together as short as they can be.

The optimal layering of Gansner, Koutsofios, North and Vo (1993), whose network simplex is exact
and, in Python, far too slow. `shorten` comes near the optimum in real numbers by the alternating
direction method of multipliers (Boyd et al. 2011), every step of which is a few array
operations over all lines at once; once rounded, `drift` moves what is still held too far away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradviz.layout.packing import find, join

Vector = NDArray[np.float64]

_WORK = 450_000
_FEWEST_ROUNDS, _MOST_ROUNDS = 20, 300
_SOLVER_STEPS = 5
_FIRST_PENALTY, _LAST_PENALTY = 0.2, 3.0
_RELAXATION = 1.6
_CHECK_EVERY = 8
_DRIFTS = 20
_NO_PULL = 1e-9


@dataclass(frozen=True, slots=True)
class Spring:
    """Pulls `target` back towards `source` with `weight`, but not nearer than `least` layers."""

    source: int
    target: int
    least: float
    weight: float


class _Differences:
    """The linear map from layers to the springs' spans, with its transpose and Laplacian."""

    def __init__(self, count: int, springs: Sequence[Spring]) -> None:
        self.sources = np.array([spring.source for spring in springs], dtype=np.intp)
        self.targets = np.array([spring.target for spring in springs], dtype=np.intp)
        self.count = count
        degrees = np.bincount(self.sources, minlength=count)
        degrees += np.bincount(self.targets, minlength=count)
        self.degrees: Vector = np.maximum(degrees, 1).astype(np.float64)

    def spans(self, layers: Vector) -> Vector:
        return layers[self.targets] - layers[self.sources]

    def pulls(self, forces: Vector) -> Vector:
        """With `spans` as a matrix, its transpose."""
        forward = np.bincount(self.targets, forces, self.count).astype(np.float64)
        return forward - np.bincount(self.sources, forces, self.count)

    def fit(self, layers: Vector, spans: Vector) -> Vector:
        """Layers nearer to having `spans`: a few preconditioned conjugate-gradient steps."""
        residual = self.pulls(spans - self.spans(layers))
        scaled = residual / self.degrees
        step, size = scaled, _dot(residual, scaled)
        for _ in range(_SOLVER_STEPS):
            change = self.pulls(self.spans(step))
            curvature = _dot(step, change)
            if curvature <= 1e-12:
                break
            layers = layers + size / curvature * step
            residual = residual - size / curvature * change
            scaled = residual / self.degrees
            size, former = _dot(residual, scaled), size
            step = scaled + size / former * step
        return layers


def _dot(one: Vector, other: Vector) -> float:
    """Without BLAS, whose threads cost more than they save at this size."""
    return float((one * other).sum())


def shorten(
    layers: Sequence[float], springs: Sequence[Spring], check: Callable[[], None]
) -> list[float]:
    """Layers near `layers` whose springs are together about as short as can be.

    A spring may come out a little shorter than its least: the caller repairs that.
    """
    lines = _Differences(len(layers), springs)
    least = np.array([spring.least for spring in springs])
    weight = np.array([spring.weight for spring in springs])
    at = np.array(layers, dtype=np.float64)
    spans, dual = lines.spans(at), np.zeros(len(springs))
    rounds = max(_FEWEST_ROUNDS, min(_MOST_ROUNDS, _WORK // (len(springs) + 1)))
    penalty, growth = _FIRST_PENALTY, (_LAST_PENALTY / _FIRST_PENALTY) ** (1 / rounds)
    for turn in range(rounds):
        if turn % _CHECK_EVERY == 0:
            check()
        at = lines.fit(at, spans - dual)
        ahead = _RELAXATION * lines.spans(at) + (1 - _RELAXATION) * spans
        spans = np.maximum(least, ahead + dual - weight / penalty)
        dual = (dual + ahead - spans) / growth
        penalty *= growth
    return at.tolist()


def drift(layers: list[int], springs: Sequence[Spring], check: Callable[[], None]) -> None:
    """Move groups that only tight springs hold together the way the others pull them.

    Every spring of `layers` has at least its least span, before and after.
    """
    for _ in range(_DRIFTS):
        check()
        group = _tight_groups(layers, springs)
        members: dict[int, list[int]] = {}
        for box, number in enumerate(group):
            members.setdefault(number, []).append(box)
        ahead: dict[int, list[Spring]] = {}
        behind: dict[int, list[Spring]] = {}
        for spring in springs:
            if group[spring.source] != group[spring.target]:
                ahead.setdefault(group[spring.source], []).append(spring)
                behind.setdefault(group[spring.target], []).append(spring)
        moved = False
        for number, boxes in members.items():
            step = _free_step(layers, ahead.get(number, []), behind.get(number, []))
            for box in boxes if step else ():
                layers[box] += step
            moved = moved or step != 0
        if not moved:
            break


def _tight_groups(layers: Sequence[int], springs: Sequence[Spring]) -> list[int]:
    head = list(range(len(layers)))
    for spring in springs:
        if layers[spring.target] - layers[spring.source] == spring.least:
            join(head, spring.source, spring.target)
    return [find(head, box) for box in range(len(head))]


def _free_step(layers: Sequence[int], ahead: list[Spring], behind: list[Spring]) -> int:
    """How far, and which way, a group goes until a spring of its stops it."""
    pull = sum([spring.weight for spring in ahead]) - sum([spring.weight for spring in behind])
    if abs(pull) < _NO_PULL:
        return 0
    stops = ahead if pull > 0 else behind
    slack = min([layers[one.target] - layers[one.source] - one.least for one in stops])
    return int(slack) if pull > 0 else -int(slack)
