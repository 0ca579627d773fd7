"""A forward pass over a graph, laid out as a backward one is, so that it is stepped alike.

A *moment* ``k`` is the state after ``k`` steps: 0 before anything is known, ``len(walk)`` at the
end. Each step gives one node its value, from values that are there already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from gradviz.graph.evaluate import Evaluation
from gradviz.ops.spec import Array

ForwardKind = Literal["leaf", "node", "failed"]


@dataclass(frozen=True, slots=True)
class Read:
    """What a step takes in by one port: from which node and which of its outputs, and its value."""

    port: int
    source: str
    output: int
    value: Array


@dataclass(frozen=True, slots=True)
class ForwardStep:
    """One node gets its value.

    ``kind``: ``leaf`` (the value is given), ``node`` (an operation computes it) or ``failed`` (it
    has none, and ``problem`` says why). ``recorded``: whether the call goes onto the tape, since
    something that came in requires a gradient.
    """

    index: int
    kind: ForwardKind
    node: str
    reads: tuple[Read, ...] = ()
    outputs: tuple[Array, ...] = ()
    recorded: bool = False
    problem: str = ""


@dataclass(frozen=True, eq=False)
class ForwardWalk:
    """A whole forward pass, in the order of evaluation; ``output`` is its end (None: all ends)."""

    output: str | None
    steps: tuple[ForwardStep, ...]

    def __len__(self) -> int:
        return len(self.steps)

    @cached_property
    def arrival(self) -> Mapping[str, int]:
        """The moment from which a node's value is known."""
        return {s.node: s.index + 1 for s in self.steps if s.outputs}

    @cached_property
    def travelled(self) -> Mapping[tuple[str, int], int]:
        """The moment from which a wire, as (target, port), has carried its value."""
        return {(s.node, read.port): s.index + 1 for s in self.steps for read in s.reads}

    @cached_property
    def own_steps(self) -> Mapping[str, ForwardStep]:
        """Each node's own step."""
        return {s.node: s for s in self.steps}

    def active(self, moment: int) -> ForwardStep | None:
        """The step just taken at ``moment``; None before the first."""
        return self.steps[moment - 1] if 0 < moment <= len(self.steps) else None

    def moment_of(self, node: str) -> int | None:
        """The moment at which a node's own step has just been taken; None where it has none."""
        own = self.own_steps.get(node)
        return None if own is None else own.index + 1

    def value_at(self, node: str, moment: int) -> Array | None:
        """A node's value if it is known at ``moment``, else None."""
        arrived = self.arrival.get(node)
        known = arrived is not None and arrived <= moment
        return self.own_steps[node].outputs[0] if known else None


def walk_forward(evaluation: Evaluation, output: str | None = None) -> ForwardWalk:
    """The forward pass to node ``output``, or over the whole graph, as steps."""
    graph = evaluation.graph
    wanted = graph.nodes.keys() if output is None else graph.upstream([output])
    order = [node_id for node_id in graph.order() if node_id in wanted]
    steps = (forward_step(evaluation, index, node_id) for index, node_id in enumerate(order))
    return ForwardWalk(output, tuple(steps))


def forward_step(evaluation: Evaluation, index: int, node_id: str) -> ForwardStep:
    """The step in which a node gets its value."""
    graph = evaluation.graph
    reads = tuple(
        Read(port, wire.source, wire.output, outputs[wire.output].array)
        for port, wire in graph.inputs(node_id).items()
        if wire.output < len(outputs := evaluation.results[wire.source].outputs)
    )
    result = evaluation.results[node_id]
    if not result.ok:
        return ForwardStep(
            index, "failed", node_id, reads, problem=evaluation.explain(node_id) or ""
        )
    kind: ForwardKind = "node" if graph.node(node_id).spec.ports else "leaf"
    values = tuple(o.array for o in result.outputs)
    recorded = any(o.requires_grad for o in result.outputs)
    return ForwardStep(index, kind, node_id, reads, values, recorded)
