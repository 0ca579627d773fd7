"""Layers that make all lines together as short as they can be.

The optimal layering of Gansner, Koutsofios, North and Vo (1993), whose network simplex is exact
and, in Python, far too slow. `shorten` comes near the optimum in real numbers by the alternating
direction method of multipliers (Boyd et al. 2011), every step of which is a few array
operations over all lines at once; once rounded, `drift` moves what is still held too far away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Numbers = NDArray[np.intp]

_WORK = 200_000
_FEWEST_ROUNDS, _MOST_ROUNDS = 20, 200
_SOLVER_STEPS = 5
_INVERTED_UP_TO, _FACTORED_UP_TO = 250, 2500
_HELD = 1e-6
_FIRST_PENALTY, _LAST_PENALTY = 0.2, 3.0
_RELAXATION = 1.6
_CHECK_EVERY = 8
_DRIFTS = 20
_NO_PULL = 1e-9


@dataclass(frozen=True, slots=True)
class Springs:
    """Each pulls its target back towards its source with its weight, but not nearer than its least.

    count: of the boxes, which are numbers.
    """

    count: int
    sources: Numbers
    targets: Numbers
    least: Vector
    weight: Vector

    def spans(self, layers: Vector) -> Vector:
        """How long each is."""
        return layers[self.targets] - layers[self.sources]

    def length(self, layers: Vector) -> float:
        """How long they are together, each as much as it weighs."""
        return float((self.weight * self.spans(layers)).sum())


class _Fitter:
    """Finds layers whose spans are as near as can be to given ones.

    By the springs' Laplacian, inverted where they are few and factored where they are more; where
    they are many by a few preconditioned conjugate-gradient steps from where the boxes are.
    """

    def __init__(self, springs: Springs) -> None:
        self._springs = springs
        count = springs.count
        ends = np.concatenate((springs.sources, springs.targets))
        degrees = np.bincount(ends, minlength=count).astype(np.float64)
        diagonal: Vector = np.add(degrees, _HELD, dtype=np.float64)
        self._degrees: Vector = np.maximum(degrees, 1.0)
        self._solved: Callable[[Vector], Vector] | None = None
        # What holds a box a little where it is makes the answer one where any shift would do.
        if count <= _INVERTED_UP_TO:
            self._solved = _inverted(springs, diagonal)
        elif count <= _FACTORED_UP_TO:
            self._solved = _factored(springs, diagonal)

    def pulls(self, forces: Vector) -> Vector:
        """With `spans` as a matrix, its transpose."""
        springs = self._springs
        forward = np.bincount(springs.targets, forces, springs.count).astype(np.float64)
        return forward - np.bincount(springs.sources, forces, springs.count)

    def fit(self, layers: Vector, spans: Vector) -> Vector:
        """Layers nearer to having `spans`."""
        residual = self.pulls(spans - self._springs.spans(layers))
        if self._solved is not None:
            return layers + self._solved(residual)
        scaled = residual / self._degrees
        step, size = scaled, _dot(residual, scaled)
        for _ in range(_SOLVER_STEPS):
            change = self.pulls(self._springs.spans(step))
            curvature = _dot(step, change)
            if curvature <= 1e-12:
                break
            layers = layers + size / curvature * step
            residual = residual - size / curvature * change
            scaled = residual / self._degrees
            size, former = _dot(residual, scaled), size
            step = scaled + size / former * step
        return layers


def _inverted(springs: Springs, diagonal: Vector) -> Callable[[Vector], Vector]:
    laplacian = np.diag(diagonal)
    np.subtract.at(laplacian, (springs.sources, springs.targets), 1.0)
    np.subtract.at(laplacian, (springs.targets, springs.sources), 1.0)
    return np.linalg.inv(laplacian).__matmul__


def _factored(springs: Springs, diagonal: Vector) -> Callable[[Vector], Vector]:
    # Loaded here: it takes longer than a small graph does.
    sparse: Any = import_module("scipy.sparse")
    linalg: Any = import_module("scipy.sparse.linalg")
    boxes, ones = np.arange(springs.count), np.ones(len(springs.weight))
    rows = np.concatenate((springs.sources, springs.targets, boxes))
    columns = np.concatenate((springs.targets, springs.sources, boxes))
    entries = np.concatenate((-ones, -ones, diagonal))
    matrix = sparse.coo_matrix((entries, (rows, columns))).tocsc()
    symmetric = {"SymmetricMode": True}
    order = "MMD_AT_PLUS_A"
    factors = linalg.splu(matrix, permc_spec=order, diag_pivot_thresh=0.0, options=symmetric)
    return factors.solve


def _dot(one: Vector, other: Vector) -> float:
    """Without BLAS, whose threads cost more than they save at this size."""
    return float((one * other).sum())


def shorten(layers: Vector, springs: Springs, check: Callable[[], None]) -> Vector:
    """Layers near `layers` whose springs are together about as short as can be.

    A spring may come out a little shorter than its least: the caller repairs that.
    """
    fitter, least, weight, at = _Fitter(springs), springs.least, springs.weight, layers
    spans, dual = springs.spans(at), np.zeros(len(weight))
    rounds = max(_FEWEST_ROUNDS, min(_MOST_ROUNDS, _WORK // (len(weight) + 1)))
    penalty, growth = _FIRST_PENALTY, (_LAST_PENALTY / _FIRST_PENALTY) ** (1 / rounds)
    for turn in range(rounds):
        if turn % _CHECK_EVERY == 0:
            check()
        at = fitter.fit(at, spans - dual)
        ahead = _RELAXATION * springs.spans(at) + (1 - _RELAXATION) * spans
        spans = np.maximum(least, ahead + dual - weight / penalty)
        dual = (dual + ahead - spans) / growth
        penalty *= growth
    return at


def drift(layers: Sequence[int], springs: Springs, check: Callable[[], None]) -> list[int]:
    """Layers with groups that only tight springs hold together moved the way the others pull them.

    Every spring has at least its least span, before and after.
    """
    at = np.array(layers, np.float64)
    for _ in range(_DRIFTS):
        check()
        group = _tight_groups(at, springs)
        starts, ends = group[springs.sources], group[springs.targets]
        between = np.flatnonzero(starts != ends)
        starts, ends, weight = starts[between], ends[between], springs.weight[between]
        pull = np.bincount(starts, weight, springs.count)
        pull -= np.bincount(ends, weight, springs.count)
        on, back = _by_group(starts, between), _by_group(ends, between)
        moved = False
        # One after another: each is stopped by where those before it have gone.
        for number in np.flatnonzero(np.abs(pull) >= _NO_PULL).tolist():
            stops = on(number) if pull[number] > 0 else back(number)
            slack = (springs.spans(at)[stops] - springs.least[stops]).min()
            if slack:
                at[group == number] += slack if pull[number] > 0 else -slack
                moved = True
        if not moved:
            break
    return at.astype(int).tolist()


def _by_group(groups: Numbers, springs: Numbers) -> Callable[[int], Numbers]:
    """The springs at each group, given the group of each."""
    order = np.argsort(groups, kind="stable")
    ordered, found = groups[order], springs[order]

    def of(group: int) -> Numbers:
        first, last = np.searchsorted(ordered, (group, group + 1))
        return found[first:last]

    return of


def _tight_groups(at: Vector, springs: Springs) -> Numbers:
    """The least box of each one's group: boxes that springs as short as may be hold together."""
    tight = springs.spans(at) == springs.least
    sources, targets = springs.sources[tight], springs.targets[tight]
    head = np.arange(springs.count)
    while True:
        one, other = head[sources], head[targets]
        if np.array_equal(one, other):
            return head
        least = np.minimum(one, other)
        np.minimum.at(head, one, least)
        np.minimum.at(head, other, least)
        while not np.array_equal(head, head[head]):
            head = head[head]
