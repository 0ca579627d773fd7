"""The loss as a function of its parameters, taken from a graph.

The graph between the parameters and the output is laid out once as a list of calls; what does
not depend on a parameter is computed once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, cast

import numpy as np

from gradviz.autograd.backward import steps
from gradviz.descent.settings import Axis, DescentError
from gradviz.graph.document import Graph
from gradviz.graph.evaluate import Evaluation, gather
from gradviz.ops.spec import Array, Op
from gradviz.plan import Plan, PlanKeeper, compile_plan
from gradviz.tensor.tensor import Tensor, apply

Point = dict[str, Array]


@dataclass(frozen=True, slots=True)
class Call:
    """One node's operation, and for each flat input a node's output or a number."""

    node: str
    op: Op
    attrs: Mapping[str, Any]
    sources: Mapping[int, tuple[str, int] | float | int | bool]


@dataclass(frozen=True, slots=True)
class State:
    """The whole graph at a point: every node's value and gradient, and the loss."""

    values: Mapping[str, Tensor]
    gradients: Mapping[str, Array]
    loss: float


class Batches(Protocol):
    """What gives each step a part of the data (:mod:`gradviz.descent.minibatch`)."""

    def gradient(self, point: Mapping[str, Array], step: int) -> tuple[float, Point]:
        """The loss on a step's batch, and its gradient."""
        ...

    def gradients(
        self, points: Mapping[str, Array], base: Mapping[str, Array], step: int
    ) -> tuple[Array, Point]:
        """The losses on a step's batch at many points, a row each, and their gradients."""
        ...

    def objective(self, step: int) -> Objective:
        """The objective on a step's batch alone."""
        ...


class Objective:
    """A scalar node of a graph as a function of the leaves that require gradients.

    ``batches``: what a runner's steps see of the data; None where each sees all of it.
    """

    def __init__(
        self, graph: Graph, evaluation: Evaluation | None = None, plans: PlanKeeper | None = None
    ) -> None:
        self.graph = graph
        self.evaluation = evaluation or Evaluation(graph)
        self.plans = plans
        self.batches: Batches | None = None
        self.output = checked_output(graph, self.evaluation)
        needed = graph.upstream([self.output])
        self.parameters = tuple(
            i for i in graph.order() if i in needed and graph.node(i).is_parameter
        )
        if not self.parameters:
            name = graph.node(self.output).name
            raise DescentError(f"'{name}' depends on no leaf that requires a gradient")
        moving = graph.downstream(self.parameters) & needed
        self.calls = tuple(
            self.call_of(i) for i in graph.order() if i in moving and i not in self.parameters
        )
        used = {s[0] for c in self.calls for s in c.sources.values() if isinstance(s, tuple)}
        self.constants: dict[str, tuple[Tensor, ...]] = {
            i: tuple(t.detach() for t in self.evaluation.results[i].outputs) for i in used - moving
        }

    def call_of(self, node_id: str) -> Call:
        """A node's operation with where its inputs come from."""
        node = self.graph.node(node_id)
        wires = self.graph.inputs(node_id)
        sources: dict[int, Any] = dict(node.literals)
        sources |= {port: (w.source, w.output) for port, w in wires.items()}
        return Call(node_id, node.spec, {**node.spec.defaults, **node.attrs}, sources)

    def start(self) -> Point:
        """The parameters as the document has them."""
        return {i: np.array(self.parameter(i).array) for i in self.parameters}

    def parameter(self, node_id: str) -> Tensor:
        """A parameter's value in the document."""
        value = self.evaluation.value(node_id)
        if value is None:
            raise DescentError(f"'{self.graph.node(node_id).name}' has no value")
        return value

    @cached_property
    def plan(self) -> Plan:
        """The graph compiled; the very plan that is kept, where one is."""
        if self.plans is not None:
            return self.plans.plan(self.output, self.parameters)
        return compile_plan(
            self.graph, output=self.output, parameters=self.parameters, evaluation=self.evaluation
        )

    @cached_property
    def given(self) -> Point:
        """The plan's arguments that are no parameters, as the document had them."""
        return {i: self.parameter(i).array for i in self.plan.arguments}

    def whole(self, point: Mapping[str, Array]) -> Mapping[str, Array]:
        """A point with all that the plan asks for."""
        return {**self.given, **point} if self.given else point

    def value(self, point: Mapping[str, Array]) -> float:
        """The loss at a point."""
        return self.plan.value(self.whole(point))

    def tensors(
        self, point: Mapping[str, Array], wide: bool = False
    ) -> dict[str, tuple[Tensor, ...]]:
        """Every node that depends on the parameters as recorded tensors.

        ``wide``: the constants in double precision too, as the point must be then.
        """
        found: dict[str, Any] = {i: (Tensor.wrap(a, True),) for i, a in point.items()}
        constants = self.constants
        found |= {i: widened(ts) for i, ts in constants.items()} if wide else constants
        for call in self.calls:
            inputs, _ = gather(call.op, resolve(call, found))
            result: Any = apply(call.op, inputs, call.attrs)
            found[call.node] = (
                tuple(cast("tuple[Tensor, ...]", result))
                if isinstance(result, tuple)
                else (result,)
            )
        return found

    def gradient(self, point: Mapping[str, Array]) -> tuple[float, Point]:
        """The loss at a point and its gradient with respect to each parameter."""
        return self.plan.gradient(self.whole(point))

    def sampled(self, point: Mapping[str, Array], step: int) -> tuple[float, Point]:
        """The loss and gradient that a runner at ``step`` goes by: on its batch, or on all data."""
        if self.batches is None:
            return self.gradient(point)
        return self.batches.gradient(point, step)

    def sampled_many(
        self, points: Mapping[str, Array], base: Mapping[str, Array], step: int
    ) -> tuple[Array, Point]:
        """:meth:`sampled` at many points, a row each; ``base``: whatever else the plan is given."""
        if self.batches is None:
            return self.plan.gradients(points, base)
        return self.batches.gradients(points, base, step)

    def seen(self, step: int) -> Objective:
        """The objective as a runner at ``step`` sees it."""
        return self if self.batches is None else self.batches.objective(step)

    def eager_gradient(self, point: Mapping[str, Array]) -> tuple[float, Point]:
        """Loss and gradient by a backward pass, to hold the plan against."""
        state = self.eager_at(point)
        zeros = {i: np.zeros_like(a) for i, a in point.items()}
        return state.loss, {i: state.gradients.get(i, zeros[i]) for i in point}

    def at(self, point: Mapping[str, Array]) -> State:
        """Values and gradients of all nodes at a point, for the graph to show."""
        found = self.plan.state(self.whole(point))
        values = {i: r.value for i, r in self.evaluation.results.items() if r.ok}
        values |= {i: Tensor.wrap(a) for i, a in found.values.items()}
        return State(values, found.gradients, found.loss)

    def eager_at(self, point: Mapping[str, Array]) -> State:
        """:meth:`at` by a backward pass, to hold the plan against."""
        found = self.tensors(point)
        output = found[self.output][0]
        owners = {t.tape_key(): i for i, ts in found.items() for t in ts if t.requires_grad}
        gradients: dict[str, Array] = {}
        for step in steps(output) if output.requires_grad else ():
            owner = owners.get((step.node, 0))
            if owner is not None and step.upstream[0] is not None:
                gradients[owner] = step.upstream[0]
        values = {i: r.value for i, r in self.evaluation.results.items() if r.ok}
        values |= {i: ts[0].detach() for i, ts in found.items()}
        return State(values, gradients, float(output.array.reshape(-1)[0]))

    def coordinates(self, point: Mapping[str, Array], axes: Sequence[Axis]) -> tuple[float, ...]:
        """A point's coordinates on the picture's axes."""
        return tuple(float(point[a.node][a.index]) for a in axes)

    def moved(self, point: Mapping[str, Array], axes: Sequence[Axis], to: Sequence[float]) -> Point:
        """A copy of a point with the coordinates on the axes set."""
        result = {i: np.array(a) for i, a in point.items()}
        for axis, value in zip(axes, to, strict=True):
            result[axis.node][axis.index] = value
        return result

    def axis_choices(self) -> tuple[Axis, ...]:
        """Every element of every parameter, in order: what can be an axis."""
        return tuple(
            Axis(i, index)
            for i in self.parameters
            for index in np.ndindex(*self.parameter(i).array.shape)
        )

    def axis_name(self, axis: Axis) -> str:
        """``theta1``, or ``w[0, 2]``."""
        name = self.graph.node(axis.node).name
        return f"{name}[{', '.join(map(str, axis.index))}]" if axis.index else name


def widened(tensors: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """Floating-point tensors in double precision, others as they are."""
    return tuple(
        Tensor.wrap(t.array.astype(np.float64)) if t.dtype.is_floating_point else t for t in tensors
    )


def resolve(call: Call, found: Mapping[str, Any]) -> dict[int, Any]:
    """A call's inputs by port."""
    return {
        port: found[source[0]][source[1]] if isinstance(source, tuple) else source
        for port, source in call.sources.items()
    }


def checked_output(graph: Graph, evaluation: Evaluation) -> str:
    """The node to minimise; DescentError where it is not one number."""
    output = graph.output()
    if output is None:
        raise DescentError("the graph is empty: there is nothing to minimise")
    problem = no_number(graph, evaluation, output)
    if problem:
        raise DescentError(problem)
    return output


def no_number(graph: Graph, evaluation: Evaluation, node: str) -> str:
    """Why a node's value is not one number to be minimised; empty where it is."""
    value = evaluation.value(node)
    name = graph.node(node).name
    if value is None:
        return f"'{name}' has no value to minimise"
    if value.array.size != 1 or not value.dtype.is_floating_point:
        return (
            f"'{name}' has shape {list(value.shape)} and type {value.dtype.name}; what is "
            "minimised must be a single floating-point number"
        )
    return ""
