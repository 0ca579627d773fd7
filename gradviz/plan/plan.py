"""A graph compiled: its loss and gradient at a point, at many points, and whole descents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from threading import RLock
from typing import Any

import numpy as np

from gradviz.graph.document import Graph
from gradviz.graph.evaluate import Evaluation
from gradviz.ops.spec import Array
from gradviz.plan.collecting import uncollected
from gradviz.plan.function import Function, first_number
from gradviz.plan.loop import Descent, Loop
from gradviz.plan.many import Fill, Many, given_points, part_size
from gradviz.plan.trace import PlanError, Program, differentiate, trace
from gradviz.plan.values import Value

Point = dict[str, Array]


def compile_plan(
    graph: Graph, *, output: str | None = None, parameters: Sequence[str] | None = None,
    evaluation: Evaluation | None = None,
) -> Plan:  # fmt: skip
    """Compile the loss at ``output`` as a function of ``parameters``, all by node id.

    ``output``: by default the graph's own. ``parameters``: by default the leaves it depends on
    that require gradients. ``evaluation``: an up-to-date one, where there is one. PlanError, a
    ValueError, says in plain words why there is no plan.
    """
    evaluation = evaluation or Evaluation(graph)
    chosen = graph.output() if output is None else output
    if chosen is None:
        raise PlanError("the graph is empty: there is nothing to compile")
    order = graph.order()
    if parameters is None:
        parameters = leaves_of(graph, chosen, order)
    if not parameters:
        raise PlanError(f"'{graph.node(chosen).name}' depends on no leaf that requires a gradient")
    with np.errstate(all="ignore"), uncollected():
        return Plan(trace(graph, evaluation, chosen, tuple(parameters), order))


def leaves_of(graph: Graph, output: str, order: Sequence[str]) -> list[str]:
    """The leaves that require gradients and reach ``output``, in order."""
    needed = graph.upstream([output])
    return [i for i in order if i in needed and graph.node(i).is_parameter]


class Plan:
    """A graph as a program; its parts are written when they are first asked for.

    Threads may share it: each part lets one in at a time, as its arrays are used again.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.parameters = tuple(program.parameters)
        self._making = RLock()
        self._value: Function | None = None
        self._gradient: Function | None = None
        self._loops: dict[Any, Loop] = {}
        self._many: dict[Any, Many] = {}

    def value(self, point: Mapping[str, Array]) -> float:
        """The loss at a point, the parameters by node id."""
        function = self._value
        if function is None:
            with self._making:
                function = self._value = self.function("value", [self.program.loss])
        with function.lock:
            return first_number(function(point)[0])

    def gradient(self, point: Mapping[str, Array]) -> tuple[float, Point]:
        """The loss at a point and its gradient with respect to each parameter."""
        function = self.gradient_function()
        with function.lock:
            loss, *gradients = function(point)
            pairs = zip(self.program.parameters.items(), gradients, strict=True)
            return first_number(loss), {i: np.array(g, leaf.dtype) for (i, leaf), g in pairs}

    def gradient_function(self) -> Function:
        """Loss and gradients in one function."""
        with self._making, uncollected():
            if self._gradient is None:
                gradients = gradients_of(self.program)
                self._gradient = self.function("gradient", [self.program.loss, *gradients])
            return self._gradient

    def function(self, name: str, outputs: Sequence[Value]) -> Function:
        """A function of a point that gives some of the program's values."""
        program = self.program
        return Function(name, program.names, program.parameters, outputs)

    def values(self, points: Mapping[str, Array], base: Mapping[str, Array] | None = None) -> Array:
        """The loss at many points: each parameter of ``points`` has a row for each of them.

        ``base``: the other parameters, by default as the document has them.
        """
        total = len(next(iter(points.values())))
        found = np.empty(total)
        filled = given_points(points)
        for begin, end, (loss,) in self.parts(tuple(points), total, base, filled, False):
            found[begin:end] = loss.reshape(-1, end - begin)[0]
        return found

    def gradients(
        self, points: Mapping[str, Array], base: Mapping[str, Array] | None = None
    ) -> tuple[Array, Point]:
        """The losses at many points and their gradients, a row for each point."""
        total = len(next(iter(points.values())))
        losses = np.empty(total)
        leaves = self.program.parameters
        found = {i: np.empty((total, *v.shape), v.dtype) for i, v in leaves.items()}
        filled = given_points(points)
        for begin, end, outputs in self.parts(tuple(points), total, base, filled, True):
            losses[begin:end] = outputs[0].reshape(-1, end - begin)[0]
            for node_id, gradient in zip(found, outputs[1:], strict=True):
                found[node_id][begin:end] = np.moveaxis(gradient, -1, 0)
        return losses, found

    def parts(
        self, moving: tuple[str, ...], total: int, base: Mapping[str, Array] | None, fill: Fill,
        gradients: bool,
    ) -> Iterator[tuple[int, int, list[Array]]]:  # fmt: skip
        """The loss (and gradients) of many points, part by part; see :meth:`Many.run`."""
        many = self.many(moving, total, gradients)
        start = {i: v.example for i, v in self.program.parameters.items()}
        return many.run(total, {**start, **(base or {})}, fill)

    def many(self, moving: tuple[str, ...], total: int, gradients: bool = False) -> Many:
        """The function of about ``total`` points; its ``notes`` say what runs point by point."""
        program = self.program
        with self._making, np.errstate(all="ignore"):
            outputs = [program.loss, *(gradients_of(program) if gradients else [])]
            count = part_size(outputs, [program.parameters[i] for i in moving], total)
            key = (moving, count, gradients)
            if key not in self._many:
                self._many[key] = Many(program, outputs, moving, count)
            return self._many[key]

    def descend(
        self, optimizer: str, settings: Mapping[str, Any] | None = None, steps: int = 1, *,
        start: Mapping[str, Array] | None = None, after: Descent | None = None,
    ) -> Descent:  # fmt: skip
        """Take ``steps`` steps of an optimizer from ``start``, or go on where ``after`` ended.

        ``optimizer``: SGD, Adam, AdamW, RMSprop or Adagrad, with PyTorch's settings by name;
        PlanError for another.
        """
        loop = self.loop(optimizer, dict(settings or {}))
        state: Mapping[tuple[str, str], Array] | None = None
        if after is not None:
            start, state = {i: a[-1] for i, a in after.points.items()}, after.state
        begin = {i: v.example for i, v in self.program.parameters.items()} | dict(start or {})
        taken = after.taken if after is not None else 0
        with loop.lock:
            losses, points, final = loop.run(steps, begin, state, taken)
        last = self.value({i: points[i][-1] for i in self.parameters})
        kept = {k: a for k, a in final.items() if k[1]}
        numbers = np.array([*map(first_number, losses), last])
        return Descent(numbers, {i: points[i] for i in self.parameters}, kept, taken + steps)

    def loop(self, optimizer: str, settings: Mapping[str, Any]) -> Loop:
        """The compiled loop of an optimizer with these settings."""
        key = (optimizer, tuple(sorted(settings.items())))
        with self._making:
            if key not in self._loops:
                gradients = gradients_of(self.program)
                self._loops[key] = Loop(self.program, gradients, optimizer, settings)
            return self._loops[key]

    @property
    def source(self) -> str:
        """The program as Python, each line with the name of its node; the same every time."""
        notes = "".join(f"# {note}\n" for note in dict.fromkeys(self.program.notes))
        return notes + self.gradient_function().compiled.source


def gradients_of(program: Program) -> list[Value]:
    """The gradient of each parameter as values of the program."""
    if not program.gradients:
        with np.errstate(all="ignore"):
            differentiate(program)
    return [program.gradients[i] for i in program.parameters]
