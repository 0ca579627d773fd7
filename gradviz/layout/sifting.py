"""Sifting: each vertex of a layer in turn is put where it causes fewest crossings.

What a pair of vertices costs in either order depends only on the two layers beside theirs, so
the cost of every pair is one matrix, and trying a vertex in all places is a running sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

Ports = Sequence[Sequence[int]]
Matrix = NDArray[np.float32]


def sift_layer(sources: Ports, targets: Ports, order: list[int], ranks: Sequence[int]) -> list[int]:
    """The layer's vertices in an order with no more crossings than `order`.

    sources, targets: ports each vertex is joined to in the layer before and the one after.
    ranks: of every port among its layer's ports.
    """
    excess = _excess(sources, order, ranks) + _excess(targets, order, ranks)
    gainful = np.flatnonzero((_gains(excess) < 0).any(axis=1)).tolist()
    if not gainful:
        return order
    rows = excess.tolist()
    places = list(range(len(order)))
    for moving in gainful:
        _sift_one(rows[moving], places, moving)
    return [order[place] for place in places]


def _excess(ports: Ports, order: list[int], ranks: Sequence[int]) -> Matrix:
    """Crossings on one side with row's vertex before column's, less those with it after."""
    count = len(order)
    ends: list[int] = []
    wired: list[int] = []
    starts: list[int] = []
    for place, vertex in enumerate(order):
        near = ports[vertex]
        if near:
            wired.append(place)
            starts.append(len(ends))
            ends.extend([ranks[port] for port in near])
    excess = np.zeros((count, count), dtype=np.float32)
    if len(wired) > 1:
        at = np.array(ends, dtype=np.float32)
        signs = np.sign(at[:, None] - at[None, :])
        by_row = np.add.reduceat(signs, starts, axis=0)
        excess[np.ix_(wired, wired)] = np.add.reduceat(by_row, starts, axis=1)
    return excess


def _gains(excess: Matrix) -> Matrix:
    """Change in crossings when row's vertex alone moves to column's place."""
    sums = np.cumsum(excess, axis=1)
    here = np.diagonal(sums)[:, None]
    later = here - sums
    earlier = here - (sums - excess)
    return np.where(np.tri(len(excess), k=-1, dtype=bool), earlier, later)


def _sift_one(excess: Sequence[float], places: list[int], moving: int) -> None:
    """Put `moving` where it costs least; it stays where that is no better."""
    here = places.index(moving)
    del places[here]
    costs = [0.0, *accumulate([-excess[other] for other in places])]
    least = min(costs)
    places.insert(here if costs[here] <= least else costs.index(least), moving)
