"""Units that learn little: dead ones, whose slope is zero, and saturated ones, where it is flat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from gradviz.autograd.backward import grad
from gradviz.graph.document import Node
from gradviz.graph.evaluate import Evaluation, gather, run_op
from gradviz.numbers import short
from gradviz.ops.spec import Array
from gradviz.tensor.tensor import Tensor

Kind = Literal["dead", "saturated"]
FLAT = 0.05
"""Below which share of the steepest slope a unit is saturated."""


@dataclass(frozen=True, slots=True)
class Units:
    """The units of an activation that pass no gradient on, or next to none.

    A unit is a place along the last dimension; it counts where it is so for every sample (all
    dimensions before). ``units``: their places. ``slope``: the largest among theirs.
    """

    node: str
    kind: Kind
    units: tuple[int, ...]
    total: int
    slope: float

    @property
    def text(self) -> str:
        """``3 of 16 units are dead: their slope is 0 for every sample``."""
        count = len(self.units)
        are = "unit is" if count == 1 else "units are"
        their = "its" if count == 1 else "their"
        why = "0" if self.kind == "dead" else f"at most {short(self.slope)}"
        return f"{count} of {self.total} {are} {self.kind}: {their} slope is {why} for every sample"


def unhealthy(evaluation: Evaluation) -> tuple[Units, ...]:
    """Every dead and saturated unit of a graph's activations, in order."""
    found: list[Units] = []
    for node_id in evaluation.graph.order():
        node = evaluation.graph.node(node_id)
        if node.spec.family == "Activation" and node.spec.elementwise:
            found += units_of(evaluation, node)
    return tuple(found)


def units_of(evaluation: Evaluation, node: Node) -> list[Units]:
    """The dead, and the saturated, units of one activation."""
    wire = evaluation.graph.inputs(node.id).get(0)
    if wire is None or not evaluation.results[node.id].ok:
        return []
    at = evaluation.results[wire.source].outputs[wire.output].array
    if at.dtype.kind != "f" or not at.size:
        return []
    slopes = np.abs(slopes_at(evaluation, node, at))
    largest = slopes.reshape(-1, slopes.shape[-1] if slopes.ndim else 1).max(axis=0)
    flat = FLAT * steepest(evaluation, node)
    groups: tuple[tuple[Kind, Array], ...] = (
        ("dead", largest == 0), ("saturated", (largest > 0) & (largest < flat)),
    )  # fmt: skip
    return [
        Units(
            node.id, kind, tuple(np.flatnonzero(where).tolist()), largest.size,
            float(largest[where].max()),
        )
        for kind, where in groups if where.any()
    ]  # fmt: skip


def slopes_at(evaluation: Evaluation, node: Node, at: Array) -> Array:
    """The slope of an activation at each element of its input, in double precision."""
    given: dict[int, Any] = dict(node.literals)
    for port, wire in evaluation.graph.inputs(node.id).items():
        given[port] = evaluation.results[wire.source].outputs[wire.output].detach()
    start = Tensor.wrap(np.array(at, np.float64))
    start.requires_grad = True
    inputs, _ = gather(node.spec, {**given, 0: start})
    with np.errstate(all="ignore"):
        (slopes,) = grad(run_op(node, inputs)[0].sum(), [start])
    return slopes.array


def steepest(evaluation: Evaluation, node: Node) -> float:
    """About the steepest slope that an activation has anywhere near zero."""
    if len(evaluation.graph.inputs(node.id)) > 1:
        return 1.0
    points = np.linspace(-8, 8, 321)
    return float(np.abs(slopes_at(evaluation, node, points)).max()) or 1.0
