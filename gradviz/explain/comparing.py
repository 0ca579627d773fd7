"""Two backward passes side by side: one pinned, then something changed, and what differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gradviz.graph.evaluate import Evaluation
from gradviz.graph.walk import Walk
from gradviz.ops.spec import Array


@dataclass(frozen=True, slots=True)
class Pin:
    """A run kept to compare with: names, values and gradients by node id."""

    output: str
    names: Mapping[str, str]
    values: Mapping[str, Array]
    gradients: Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class Difference:
    """What one node was, and is now; None where it was not there, or has none.

    ``value_change`` and ``gradient_change``: the largest distance of an element, None where the
    two cannot be compared because a shape changed or one is missing.
    """

    node: str
    name: str
    value: tuple[Array | None, Array | None]
    gradient: tuple[Array | None, Array | None]
    value_change: float | None
    gradient_change: float | None

    @property
    def same(self) -> bool:
        """Whether neither its value nor its gradient differs."""
        return self.value_change == 0 and self.gradient_change == 0


def pin(evaluation: Evaluation, walk: Walk) -> Pin:
    """Keep a run as it is."""
    graph = evaluation.graph
    values = {i: np.array(r.value.array) for i, r in evaluation.results.items() if r.ok}
    gradients = {i: np.array(g) for i, g in walk.gradients.items()}
    return Pin(walk.output, {n.id: n.name for n in graph.nodes.values()}, values, gradients)


def differences(kept: Pin, evaluation: Evaluation, walk: Walk | None) -> tuple[Difference, ...]:
    """How each node differs from the pinned run, the largest changes of gradients first."""
    graph = evaluation.graph
    order = [*graph.order(), *(i for i in kept.names if i not in graph.nodes)]
    rows = [difference(kept, evaluation, walk, node_id) for node_id in order]
    return tuple(sorted(rows, key=lambda row: -importance(row)))


def difference(kept: Pin, evaluation: Evaluation, walk: Walk | None, node_id: str) -> Difference:
    """How one node differs."""
    graph = evaluation.graph
    now = evaluation.value(node_id) if node_id in graph.nodes else None
    value = (kept.values.get(node_id), None if now is None else now.array)
    gradient = (kept.gradients.get(node_id), None if walk is None else walk.gradients.get(node_id))
    name = graph.node(node_id).name if node_id in graph.nodes else kept.names[node_id]
    return Difference(node_id, name, value, gradient, distance(*value), distance(*gradient))


def distance(before: Array | None, after: Array | None) -> float | None:
    """The largest distance of an element; 0 where there is none before nor after."""
    if before is None and after is None:
        return 0.0
    if before is None or after is None or before.shape != after.shape:
        return None
    if not before.size:
        return 0.0
    apart = np.abs(np.asarray(before, np.float64) - np.asarray(after, np.float64))
    same = np.asarray(before == after) | (np.isnan(before) & np.isnan(after))
    return float(np.max(np.where(same, 0.0, apart)))


def importance(row: Difference) -> float:
    """How much a change stands out: what cannot be compared most of all."""
    if row.gradient_change is None or row.value_change is None:
        return float("inf")
    sizes = [np.abs(g).max() for g in row.gradient if g is not None and np.size(g)]
    scale = max([float(s) for s in sizes], default=0.0)
    change = row.gradient_change / scale if scale and np.isfinite(scale) else row.gradient_change
    return float(np.nan_to_num(change, nan=np.inf)) + 1e-9 * row.value_change
