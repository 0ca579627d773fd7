"""A graph compiled: its loss and gradient at a point, at many points, and whole descents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradviz.graph.document import Graph
from gradviz.graph.evaluate import Evaluation
from gradviz.ops.spec import Array
from gradviz.plan.emit import Emitter, alive
from gradviz.plan.running import Compiled, compiled
from gradviz.plan.trace import PlanError, Program, differentiate, trace
from gradviz.plan.values import Value, used

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
    if parameters is None:
        parameters = leaves_of(graph, chosen)
    if not parameters:
        raise PlanError(f"'{graph.node(chosen).name}' depends on no leaf that requires a gradient")
    with np.errstate(all="ignore"):
        return Plan(trace(graph, evaluation, chosen, tuple(parameters)))


def leaves_of(graph: Graph, output: str) -> list[str]:
    """The leaves that require gradients and reach ``output``, in order."""
    from gradviz.plan.trace import upstream

    needed = upstream(graph, output)
    return [
        i for i in graph.order()
        if i in needed and not graph.node(i).spec.ports
        and {**graph.node(i).spec.defaults, **graph.node(i).attrs}.get("requires_grad")
    ]  # fmt: skip


class Plan:
    """A graph as a program; its parts are written when they are first asked for.

    Not to be used by two threads at once: its arrays are its own and used again.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.parameters = tuple(program.parameters)
        self._value: Function | None = None
        self._gradient: Function | None = None

    def value(self, point: Mapping[str, Array]) -> float:
        """The loss at a point, the parameters by node id."""
        if self._value is None:
            self._value = Function("value", self.program, [self.program.loss])
        (loss,) = self._value(point)
        return first_number(loss)

    def gradient(self, point: Mapping[str, Array]) -> tuple[float, Point]:
        """The loss at a point and its gradient with respect to each parameter."""
        loss, *gradients = self.gradient_function()(point)
        pairs = zip(self.program.parameters.items(), gradients, strict=True)
        return first_number(loss), {i: np.array(g, leaf.dtype) for (i, leaf), g in pairs}

    def gradient_function(self) -> Function:
        """Loss and gradients in one function."""
        if self._gradient is None:
            gradients = gradients_of(self.program)
            self._gradient = Function("gradient", self.program, [self.program.loss, *gradients])
        return self._gradient

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


class Function:
    """A function of a point that gives some of a program's values."""

    def __init__(self, name: str, program: Program, outputs: Sequence[Value]) -> None:
        self.leaves = program.parameters
        order = used([*self.leaves.values(), *outputs])
        emitter = Emitter(order, alive(outputs))
        emitter.emit()
        results = [emitter.result(v) for v in outputs]
        signature = [emitter.names[v.number] for v in self.leaves.values() if v.scalar]
        lines = [(f"def {name}({', '.join(signature)}):", "")]
        lines += [(f"    {text}", node) for text, node in emitter.lines]
        lines.append((f"    return {', '.join(results)},", ""))
        header = [
            *(f"# {emitter.names[v.number]}: {v.dtype.name}, {program.names[i]}"
              for i, v in self.leaves.items() if v.scalar),
            *emitter.header,
        ]  # fmt: skip
        self.compiled: Compiled = compiled(name, header, lines, emitter.scope)
        self.arrays = {
            i: emitter.arrays[v.number] for i, v in self.leaves.items() if not v.scalar
        }

    def __call__(self, point: Mapping[str, Any]) -> tuple[Any, ...]:
        """The outputs; arrays are the function's own and are used again."""
        return self.compiled(self.arguments(point, False), lambda: self.arguments(point, True))

    def arguments(self, point: Mapping[str, Any], careful: bool) -> list[Any]:
        """The numbers of a point; its arrays are put where the function reads them."""
        for node_id, array in self.arrays.items():
            np.copyto(array, point[node_id])
        return [as_number(point[i], v, careful) for i, v in self.leaves.items() if v.scalar]


def as_number(given: Any, leaf: Value, careful: bool) -> Any:
    """A parameter without axes as the program takes it."""
    array = np.asarray(given, leaf.dtype)
    return array.item() if leaf.dtype == np.float64 and not careful else array[()]


def first_number(loss: Any) -> float:
    """The loss as a number, also where it has axes of length one."""
    return float(loss) if isinstance(loss, float | np.generic) else float(loss.reshape(-1)[0])  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
