"""Losses at many points in one run of the graph's plan.

Where an operation on the way must be called for each point alone, who asks is told so: that takes
its time, and is done in small parts between which one can stop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from gradviz.descent.objective import Objective
from gradviz.descent.settings import Axis
from gradviz.ops.spec import Array

MANY = 16_384
FEW = 256
"""How many points are taken between two questions whether to go on, where each takes a while."""


def moving(axes: Sequence[Axis]) -> tuple[str, ...]:
    """The parameters that the axes move, each once."""
    return tuple(dict.fromkeys(a.node for a in axes))


def batchable(objective: Objective, axes: Sequence[Axis]) -> bool:
    """Whether the plan takes all points together, and calls nothing point by point."""
    return not objective.plan.many(moving(axes), MANY).notes


def largest(objective: Objective, axes: Sequence[Axis]) -> int:
    """How many numbers the largest value that moves has."""
    nodes = objective.graph.downstream(tuple(a.node for a in axes))
    results = (objective.evaluation.results[i] for i in nodes if i in objective.evaluation.results)
    return max((r.value.array.size for r in results if r.ok), default=1)


def losses_at(
    objective: Objective, axes: Sequence[Axis], base: Mapping[str, Array], points: Array,
    cancelled: Callable[[], bool] | None = None,
) -> Array | None:  # fmt: skip
    """The loss at each row of ``points`` (coordinates on the axes), all else as in ``base``.

    None where ``cancelled`` said so.
    """

    def fill(node_id: str, array: Array, begin: int, end: int) -> None:
        for column, axis in enumerate(axes):
            if axis.node == node_id:
                array[axis.index] = points[begin:end, column]

    found = np.empty(len(points))
    base = objective.whole(base)
    plan, most = objective.plan, None if batchable(objective, axes) else FEW
    for begin, end, (loss,) in plan.parts(moving(axes), len(points), base, fill, False, most):
        found[begin:end] = loss.reshape(-1, end - begin)[0]
        if cancelled is not None and cancelled():
            return None
    return found
