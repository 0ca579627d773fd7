"""Good orders of the layers, from many to begin with that are swept and joined.

The numbers here share the time out: the more wires and layers, the fewer orders and sweeps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from gradviz.layout.proper import Proper
from gradviz.layout.splicing import best_rows, count_crossings
from gradviz.layout.sweeping import Matrix, Places, Stack

Orders = list[list[int]]

_FEWEST_ROWS, _MOST_ROWS = 6, 32
_ROWS_WORK, _PAIRS_WORK = 72_000, 2_000_000
_FEWEST_ROUNDS, _MOST_ROUNDS, _LAYERS_SWEPT = 3, 8, 1_300
_MOST_WHOLE, _WHOLE_WORK = 12, 2_000


def breed(
    proper: Proper, starts: Sequence[Orders], size: int, check: Callable[[], None]
) -> list[Orders]:
    """Orders to improve on; none where there is no time for several.

    The last is joined from the best stretches of many, those before are the best as a whole.

    starts: orders to begin with, beside random ones.
    size: how much there is to lay out; the more, the less is tried.
    check: called between steps; what it raises ends the work.
    """
    rows = _rows(proper, size)
    if rows < _FEWEST_ROWS:
        return []
    stack = Stack(proper)
    given = [stack.places(orders) for orders in starts]
    chance = np.random.default_rng(0)
    places: Places = []
    for number, layer in enumerate(proper.layers):
        random = chance.random((rows - len(given), len(layer))).argsort(axis=1)
        read = [start[number] for start in given]
        places.append(np.concatenate([*read, random.astype(np.float64)]))
    rounds = _LAYERS_SWEPT * len(proper.owner) // (2 * len(proper.layers) * size)
    rounds = max(_FEWEST_ROUNDS, min(_MOST_ROUNDS, rounds))
    pool = _swept(stack, places, len(given), rounds, check)
    crossings = count_crossings(stack, pool, check)
    whole = _best_whole(stack, pool, crossings, min(_MOST_WHOLE, _WHOLE_WORK // size))
    return [*whole, stack.orders(pool, best_rows(crossings))]


def _best_whole(
    stack: Stack, pool: Places, crossings: Sequence[Matrix], count: int
) -> list[Orders]:
    """At most `count` orders, no two the same, with few crossings as they are."""
    alone = np.sum([step.diagonal() for step in crossings], axis=0)
    found: list[Orders] = []
    for row in np.argsort(alone, kind="stable").tolist():
        if len(found) >= count:
            break
        orders = stack.orders(pool, [row] * len(pool))
        if orders not in found:
            found.append(orders)
    return found


def _rows(proper: Proper, size: int) -> int:
    """How many orders there is time for."""
    reached = proper.reached
    lines = [
        sum([len(reached[out]) for vertex in layer for out in proper.outs[vertex]])
        for layer in proper.layers
    ]
    pairs = sum([count * count for count in lines])
    return min(_MOST_ROWS, _ROWS_WORK // size, max(_FEWEST_ROWS, _PAIRS_WORK // (pairs + 1)))


def _swept(
    stack: Stack, places: Places, given: int, rounds: int, check: Callable[[], None]
) -> Places:
    """The first `given` orders as they are, and all of them after the last two sweeps."""
    start, forward = [here[:given] for here in places], places
    for _ in range(rounds):
        check()
        forward = stack.sweep_forward(places)
        places = stack.sweep_back(forward)
    return [np.concatenate(some) for some in zip(start, forward, places, strict=True)]
