"""The best order that can be put together from stretches of several.

Of many orders of a long graph each is good somewhere and twisted somewhere else. Which layers to
take from which is a shortest path: a step costs the crossings between a layer in one order and
the next layer in another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from gradviz.layout.sweeping import Matrix, Numbers, Places, Stack

_SEAM = 1e-3


def count_crossings(stack: Stack, places: Places, check: Callable[[], None]) -> list[Matrix]:
    """After each layer but the last: crossings when it stands in row's order, the next in column's.

    check: called between layers; what it raises ends the work.
    """
    found: list[Matrix] = []
    for number in range(len(stack.joints)):
        check()
        found.append(_crossings_after(stack, number, places))
    return found


def _crossings_after(stack: Stack, number: int, places: Places) -> Matrix:
    outs, ins = stack.joints[number]
    leave = stack.outs[number].keys(places[number])[:, outs].astype(np.int32)
    land = stack.ins[number + 1].keys(places[number + 1])[:, ins].astype(np.int32)
    before = (leave[:, :, None] < leave[:, None, :]).astype(np.float32)
    behind = (land[:, :, None] > land[:, None, :]).astype(np.float32)
    # Of each line with all others: products too small for BLAS to start threads, which cost more.
    products = before.transpose(1, 0, 2) @ behind.transpose(1, 2, 0)
    return products.sum(axis=0, dtype=np.float64)


def best_rows(crossings: Sequence[Matrix]) -> list[int]:
    """The order to take each layer from, for the fewest crossings in all.

    Where it makes no difference, from the same as the layer before, and from the first.
    """
    count = len(crossings[0])
    reached = np.zeros(count)
    seam = _SEAM * (1 - np.eye(count))
    came: list[Numbers] = []
    for step in crossings:
        costs = reached[:, None] + step + seam
        came.append(costs.argmin(axis=0))
        reached = costs.min(axis=0)
    rows = [int(reached.argmin())]
    for back in reversed(came):
        rows.append(int(back[rows[-1]]))
    return rows[::-1]
