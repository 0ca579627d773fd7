"""Forward mode: a direction in the parameters pushed through the graph, a step a node.

Where reverse mode asks how one output changes with everything before it, forward mode asks how
everything after changes when the parameters move along one direction. An operation's product
with a direction comes from its own gradient rule: that rule is linear in the gradient it is
given, so passing back through the rule itself turns it round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from gradviz.autograd.backward import grad
from gradviz.autograd.reading import RuleValues
from gradviz.graph.document import Node
from gradviz.graph.evaluate import Evaluation, called, gather, run_op
from gradviz.graph.walk import NoBackward
from gradviz.ops.spec import Array
from gradviz.tensor.tensor import Tensor


@dataclass(frozen=True, slots=True)
class TangentTerm:
    """What one input adds to a node's tangent: its own tangent, and that times the slope."""

    port: int
    source: str
    tangent: Array
    term: Array


@dataclass(frozen=True, slots=True)
class TangentStep:
    """A node's tangent: how fast its value changes along the direction.

    ``kind``: ``leaf`` (the direction itself) or ``node`` (the sum of ``terms``).
    """

    index: int
    kind: Literal["leaf", "node"]
    node: str
    tangent: Array
    terms: tuple[TangentTerm, ...] = ()


@dataclass(frozen=True, eq=False)
class ForwardPass:
    """The tangents of all nodes that move; ``steps`` in the order of evaluation.

    It is stepped as other passes are: moment ``k`` is the state after ``k`` steps.
    """

    steps: tuple[TangentStep, ...]

    def __len__(self) -> int:
        return len(self.steps)

    @cached_property
    def tangents(self) -> Mapping[str, Array]:
        """Each node's tangent."""
        return {step.node: step.tangent for step in self.steps}

    @cached_property
    def arrival(self) -> Mapping[str, int]:
        """The moment from which a node's tangent is known."""
        return {step.node: step.index + 1 for step in self.steps}

    @cached_property
    def travelled(self) -> Mapping[tuple[str, int], int]:
        """The moment from which a wire, as (target, port), has carried its tangent."""
        return {(s.node, term.port): s.index + 1 for s in self.steps for term in s.terms}

    @cached_property
    def contributions(self) -> Mapping[tuple[str, int], TangentTerm]:
        """What went along each wire, as (target, port)."""
        return {(s.node, term.port): term for s in self.steps for term in s.terms}

    def active(self, moment: int) -> TangentStep | None:
        """The step just taken at ``moment``; None before the first."""
        return self.steps[moment - 1] if 0 < moment <= len(self.steps) else None

    def moment_of(self, node: str) -> int | None:
        """The moment at which a node's step has just been taken; None where it has none."""
        return self.arrival.get(node)

    def tangent_at(self, node: str, moment: int) -> Array | None:
        """A node's tangent if it is known at ``moment``, else None."""
        arrived = self.arrival.get(node)
        return None if arrived is None or arrived > moment else self.tangents[node]


@dataclass(frozen=True, slots=True)
class Cost:
    """What all slopes of a node by all parameters cost: passes, and node visits in all."""

    passes: int
    steps: int


def walk_forward_mode(evaluation: Evaluation, direction: Mapping[str, Array]) -> ForwardPass:
    """Push a direction, an array for each leaf that moves, through the graph.

    NoBackward where a direction does not fit its leaf.
    """
    graph = evaluation.graph
    found: dict[str, Array] = {}
    steps: list[TangentStep] = []
    for node_id, move in direction.items():
        found[node_id] = fitting(evaluation, node_id, move)
        steps.append(TangentStep(len(steps), "leaf", node_id, found[node_id]))
    reached = graph.downstream(direction)
    for node_id in graph.order():
        if node_id not in reached or node_id in direction:
            continue
        result = evaluation.results[node_id]
        if not result.ok or not result.value.requires_grad:
            continue
        terms = terms_of(evaluation, graph.node(node_id), found)
        if terms:
            found[node_id] = sum_of(terms, result.value.array)
            steps.append(TangentStep(len(steps), "node", node_id, found[node_id], tuple(terms)))
    return ForwardPass(tuple(steps))


def fitting(evaluation: Evaluation, node_id: str, move: Array) -> Array:
    """A direction as an array of its leaf's shape and type."""
    value = evaluation.value(node_id)
    name = evaluation.graph.node(node_id).name
    if value is None or not value.requires_grad:
        raise NoBackward(f"'{name}' does not require a gradient, so it cannot be moved along")
    array = np.asarray(move, value.array.dtype)
    if array.shape != value.array.shape:
        raise NoBackward(
            f"the direction for '{name}' has shape {list(array.shape)}, but '{name}' has "
            f"{list(value.array.shape)}"
        )
    return array


def terms_of(evaluation: Evaluation, node: Node, found: Mapping[str, Array]) -> list[TangentTerm]:
    """What each input that moves adds to a node's tangent."""
    wires = evaluation.graph.inputs(node.id)
    moving = {p: w for p, w in wires.items() if w.source in found and not w.output}
    terms: list[TangentTerm] = []
    for port, wire in moving.items():
        term = pushed(evaluation, node, port, found[wire.source])
        if term is not None:
            terms.append(TangentTerm(port, wire.source, found[wire.source], term))
    return terms


def pushed(evaluation: Evaluation, node: Node, port: int, tangent: Array) -> Array | None:
    """A tangent times the slope of a node by one input; None where no gradient flows there."""
    if node.spec.port(port).grad is None:
        return None
    alone = pushed_number(evaluation, node, port, tangent)
    if alone is not None:
        return alone
    start: Tensor | None = None
    given: dict[int, Any] = dict(node.literals)
    for index, wire in evaluation.graph.inputs(node.id).items():
        given[index] = evaluation.results[wire.source].outputs[wire.output].detach()
        if index == port:
            start = given[index] = given[index].clone().requires_grad_()
    inputs, _ = gather(node.spec, given)
    with np.errstate(all="ignore"):
        output = run_op(node, inputs)[0]
        if start is None or not output.requires_grad:
            return None
        weights = Tensor.wrap(np.ones_like(output.array)).requires_grad_()
        (back,) = grad(output, [start], weights, create_graph=True)
        if not back.requires_grad:
            return np.zeros_like(output.array)
        (term,) = grad(back, [weights], Tensor.wrap(tangent), materialize_grads=True)
    return np.asarray(term.array)


def pushed_number(evaluation: Evaluation, node: Node, port: int, tangent: Array) -> Array | None:
    """The same where a number makes a number, whose slope is the same either way.

    Passing the tangent back is then all there is to do; None where it is another case.
    """
    output = evaluation.results[node.id].outputs[0].array
    if output.size != 1 or tangent.size != 1 or node.spec.variadic:
        return None
    record = called(evaluation.call(node.id))
    if record is None or record.freed:
        return None
    upstream: list[Array | None] = [None] * len(record.out_shapes)
    upstream[0] = tangent.reshape(output.shape)
    with np.errstate(all="ignore"):
        found: Any = RuleValues(record, upstream, False).apply(port)
    if found is None:
        return np.zeros_like(output)
    return np.asarray(found, output.dtype).sum().reshape(output.shape)


def sum_of(terms: list[TangentTerm], like: Array) -> Array:
    """The sum of terms, in a node's type."""
    total = np.zeros_like(like)
    for term in terms:
        total = total + term.term
    return np.asarray(total, like.dtype)


def costs(evaluation: Evaluation, output: str) -> tuple[Cost, Cost]:
    """What all slopes of ``output`` cost in forward mode, and in reverse mode.

    Forward mode takes a pass for each number in the parameters, reverse mode one for each number
    in the output; a pass visits every node between the two.
    """
    graph = evaluation.graph
    before = graph.upstream([output])
    leaves = [i for i in before if graph.node(i).is_parameter]
    between = graph.downstream(leaves) & before
    visits = sum(1 for i in between if evaluation.results[i].ok
                 and evaluation.results[i].value.requires_grad)  # fmt: skip
    numbers = sum(evaluation.results[i].value.array.size for i in leaves)
    outputs = evaluation.results[output].value.array.size
    return Cost(numbers, numbers * visits), Cost(outputs, outputs * visits)
