"""A gradient held against finite differences: the node's value moved, the graph run again.

All places a value is moved to are one run of the compiled way from it to the output.

Everything after the node runs in double precision with all else as it is, so that what is left
of a difference is the gradient's own rounding; what is detached is held where it is. A
:class:`Trial` holds all it needs and touches no document, so that it may run on another thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradviz.graph.document import Node
from gradviz.graph.evaluate import Evaluation, gather
from gradviz.graph.walk import Walk
from gradviz.numbers import short
from gradviz.ops.spec import Array
from gradviz.plan.outline import Outline, Output
from gradviz.plan.plan import Plan
from gradviz.tensor.tensor import Tensor

MOST = 12
"""The most elements of a tensor that are tried."""
STEP = 6e-6
"""About the cube root of the double's precision: the best step of a central difference."""
FLOOR = 1e-3

Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Check:
    """How a gradient compares with finite differences.

    ``error`` is the largest distance among the ``tried`` elements of ``total``. ``left`` and
    ``right`` are the slopes on either side of a kink, where there is one.
    """

    error: float
    agrees: bool
    tried: int
    total: int
    gradient: float
    numeric: float
    left: float | None = None
    right: float | None = None

    @property
    def text(self) -> str:
        """The finding in words."""
        if self.left is not None and self.right is not None:
            return (
                f"at a kink: slopes {short(self.left)} and {short(self.right)} meet, "
                f"PyTorch's convention is {short(self.gradient)}"
            )
        if not np.isfinite(self.error):
            return "cannot be told: not every number is finite"
        if not self.agrees:
            return f"{short(self.gradient)}, but differences give {short(self.numeric)}"
        return f"agrees to {roughly(self.error)}"


def roughly(error: float) -> str:
    """A small number to one digit: ``3e−9``; exactly nothing as such."""
    if error == 0:
        return "the last digit"
    mantissa, _, exponent = f"{error:.0e}".partition("e")
    return f"{mantissa}e{int(exponent)}".replace("-", "−")


@dataclass(frozen=True)
class Trial:
    """Everything that comparing one node's gradient takes, ready to run anywhere."""

    start: Place
    at: Array
    gradient: Array
    nodes: tuple[Node, ...]
    reads: Mapping[str, Mapping[int, Place]]
    known: Mapping[Place, Any]
    end: Place
    weights: Array
    precision: float

    def run(self) -> Check:
        """Try each element, or as many as are tried, and compare."""
        flat = self.gradient.reshape(-1)
        places = np.unique(np.linspace(0, flat.size - 1, min(flat.size, MOST)).astype(int))
        plan = Plan(self.outline())
        wide, near = self.slopes(plan, places, STEP), self.slopes(plan, places, STEP / 10)
        found = [
            compare(float(flat[place]), wide[row], near[row], self.precision)
            for row, place in enumerate(places)
        ]
        worst = max(found, key=lambda c: (c.left is not None, not c.agrees, c.error))
        return Check(
            worst.error, worst.agrees, len(found), flat.size, worst.gradient, worst.numeric,
            worst.left, worst.right,
        )  # fmt: skip

    def outline(self) -> Outline:
        """The way from the moved value to the output, to be compiled; all else stays."""
        fixed = {place: f"{place[0]}:{place[1]}" for place in (self.start, *self.known)}
        calls: list[tuple[Node, tuple[Any, ...]]] = []
        for node in self.nodes:
            wires = self.reads[node.id].items()
            given: dict[int, Any] = dict(node.literals)
            given |= {
                port: Output(fixed[place], 0) if place in fixed else Output(*place)
                for port, place in wires
            }
            calls.append((node, gather(node.spec, given)[0]))
        arrays = {fixed[p]: (v.array,) for p, v in self.known.items() if p != self.start}
        end = fixed.get(self.end, self.end[0])
        names = {node.id: node.name for node in self.nodes}
        parameters = {fixed[self.start]: self.at}
        return Outline(
            end, parameters, {}, arrays, calls, {**dict.fromkeys(fixed.values(), ""), **names}
        )

    def slopes(self, plan: Plan, places: Array, step: float) -> Array:
        """For each place the slopes just below and just above the present value there."""
        here = self.at.reshape(-1)[places]
        reach = step * np.maximum(1.0, np.abs(here))
        moved = here[:, None] + np.array([-1.0, 0.0, 1.0]) * reach[:, None]
        low, middle, high = self.outputs(plan, places, moved).T
        return np.stack([(middle - low) / reach, (high - middle) / reach], axis=1)

    def outputs(self, plan: Plan, places: Array, moved: Array) -> Array:
        """The output, weighted by the seed, for each row and number of ``moved``."""
        count = moved.shape[1]
        points = np.repeat(self.at.reshape(1, -1), moved.size, 0)
        points[np.arange(moved.size), np.repeat(places, count)] = moved.reshape(-1)
        rows = points.reshape(-1, *self.at.shape)

        def fill(_: str, array: Array, begin: int, end: int) -> None:
            np.copyto(array, np.moveaxis(rows[begin:end], 0, -1))

        found = np.empty(moved.size)
        for begin, end, (output,) in plan.parts(plan.parameters, len(rows), None, fill, False):
            weighted = output * self.weights[..., None]
            found[begin:end] = weighted.reshape(-1, end - begin).sum(axis=0)
        return found.reshape(moved.shape)


def compare(gradient: float, wide: Array, near: Array, precision: float) -> Check:
    """One element's gradient and its slopes on either side, by a step and by a tenth of it."""
    left, right = map(float, wide)
    numeric = (left + right) / 2
    scale = max(1.0, abs(numeric), abs(gradient))
    error = abs(gradient - numeric)
    agrees = error <= precision * scale
    if abs(left - right) > FLOOR * scale:
        near_left, near_right = map(float, near)
        if abs(near_left - near_right) > abs(left - right) / 2:
            return Check(error, True, 1, 1, gradient, numeric, near_left, near_right)
    return Check(error, agrees, 1, 1, gradient, numeric)


def trial_of(evaluation: Evaluation, walk: Walk, node_id: str) -> Trial | None:
    """What comparing a node's gradient takes; None where the node gets no gradient."""
    gradient = walk.gradients.get(node_id)
    if gradient is None:
        return None
    graph = evaluation.graph
    output = walk.shown_output(node_id)
    leading = graph.upstream([walk.output]) - {node_id}
    after = evaluation.ordered(graph.downstream((node_id,)))
    order = [n for n in after if n in leading and moves(evaluation, n)]
    reads = {n: {port: (w.source, w.output) for port, w in graph.inputs(n).items()} for n in order}
    outside = {place for ports in reads.values() for place in ports.values()}
    known = {place: doubled(evaluation, place) for place in outside if place[0] not in order}
    single = gradient.dtype.itemsize < 8
    return Trial(
        (node_id, output), doubled(evaluation, (node_id, output)).array, np.asarray(gradient),
        tuple(graph.node(n) for n in order), reads, known, (walk.output, 0),
        np.asarray(walk.steps[0].upstream, np.float64), 2e-3 if single else 1e-5,
    )  # fmt: skip


def moves(evaluation: Evaluation, node_id: str) -> bool:
    """Whether a node follows what is before it, which a detached one does not."""
    value = evaluation.results[node_id].value
    return value.requires_grad or value.array.dtype.kind != "f"


def doubled(evaluation: Evaluation, place: Place) -> Tensor:
    """A value in double precision, where it is a floating-point one."""
    array = evaluation.results[place[0]].outputs[place[1]].array
    return Tensor.wrap(np.array(array, np.float64 if array.dtype.kind == "f" else array.dtype))
