"""One forward run of a graph, kept up to date edit by edit.

A node that fails carries its error and stops only what reads from it; everything else
evaluates. After an edit only what the edit reaches is evaluated again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from gradviz.autograd.record import Record
from gradviz.graph.changes import Change
from gradviz.graph.document import Graph, Node
from gradviz.ops.spec import Op, Shape
from gradviz.tensor.tensor import Tensor, apply


@dataclass(frozen=True, slots=True)
class NodeError:
    """Why a node has no value: PyTorch's message, and what came in by which port."""

    message: str
    kind: str = "RuntimeError"
    inputs: tuple[tuple[str, str, Shape], ...] = ()

    def __str__(self) -> str:
        if not self.inputs:
            return self.message
        shapes = ", ".join(f"{port} = {name} {list(shape)}" for port, name, shape in self.inputs)
        return f"{self.message} ({shapes})"


@dataclass(frozen=True, slots=True)
class Result:
    """What a node came to: its outputs, or an error, or what it waits for.

    ``waiting``: ids of failed or waiting nodes that this one reads. ``missing``: names of
    ports that need a wire or a number.
    """

    outputs: tuple[Tensor, ...] = ()
    error: NodeError | None = None
    waiting: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is a value."""
        return bool(self.outputs)

    @property
    def value(self) -> Tensor:
        """The first output."""
        return self.outputs[0]


class Evaluation:
    """The values of a graph's nodes; :meth:`refresh` it with every change announced."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._results: dict[str, Result] = {}
        self._owner: dict[Any, str] = {}
        self.runs = 0
        self.evaluate(graph.nodes)

    @property
    def results(self) -> Mapping[str, Result]:
        """What each node came to, by id."""
        return MappingProxyType(self._results)

    def value(self, node_id: str) -> Tensor | None:
        """The first output of a node, or None where it has none."""
        result = self._results.get(node_id)
        return result.value if result is not None and result.ok else None

    def owner(self, tape_node: Any) -> str | None:
        """The id of the graph's node that a node of the tape belongs to."""
        return self._owner.get(tape_node)

    def refresh(self, change: Change) -> frozenset[str]:
        """Evaluate again what ``change`` reaches; the ids of all that were."""
        for node in change.removed:
            self.forget(node.id)
        return self.evaluate(change.touched() & self.graph.nodes.keys())

    def evaluate(self, start: Iterable[str]) -> frozenset[str]:
        """Evaluate ``start`` and everything after it, in order."""
        affected = self.graph.downstream(tuple(start))
        for node_id in affected:
            self.forget(node_id)
        for node_id in self.ordered(affected):
            self.run(self.graph.node(node_id))
        return frozenset(affected)

    def ordered(self, ids: set[str]) -> list[str]:
        """``ids`` so that each comes after those of them that it reads."""
        waiting = {
            i: sum(w.source in ids for w in self.graph.inputs(i).values()) for i in ids
        }
        ready = [i for i, count in waiting.items() if not count]
        for node_id in ready:
            for wire in self.graph.outputs(node_id):
                waiting[wire.target] -= 1
                if not waiting[wire.target]:
                    ready.append(wire.target)
        return ready

    def forget(self, node_id: str) -> None:
        """Drop what is held for a node."""
        result = self._results.pop(node_id, None)
        for output in result.outputs if result is not None else ():
            self._owner.pop(output.tape_node(), None)

    def run(self, node: Node) -> None:
        """Evaluate one node from the results before it."""
        self.runs += 1
        result = run_node(self.graph, node, self._results)
        self._results[node.id] = result
        for output in result.outputs:
            if output.requires_grad:
                self._owner[output.tape_key()[0]] = node.id


def run_node(graph: Graph, node: Node, results: Mapping[str, Result]) -> Result:
    """What a node comes to, given the results of those it reads."""
    wires = graph.inputs(node.id)
    waiting = tuple(dict.fromkeys(w.source for w in wires.values() if not results[w.source].ok))
    if waiting:
        return Result(waiting=waiting)
    values = {port: results[w.source].outputs[w.output] for port, w in wires.items()}
    inputs, missing = gather(node.spec, {**node.literals, **values})
    if missing:
        return Result(missing=missing)
    try:
        return Result(outputs=run_op(node, inputs))
    except (RuntimeError, ValueError, TypeError, IndexError, OverflowError, MemoryError) as problem:
        return Result(error=describe(graph, node, results, problem))


def run_op(node: Node, inputs: tuple[Any, ...]) -> tuple[Tensor, ...]:
    """The outputs of a node's operation on these inputs."""
    attrs = {**node.spec.defaults, **node.attrs}
    outputs = apply(node.spec, inputs, attrs)
    outputs = tuple(outputs) if isinstance(outputs, (tuple, list)) else (outputs,)
    if attrs.get("requires_grad") and not node.spec.ports:
        outputs[0].requires_grad_()
    return outputs


def gather(op: Op, given: Mapping[int, Any]) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """One entry a port from values by port index, and the names of ports that lack one."""
    inputs: list[Any] = []
    missing: list[str] = []
    for index, port in enumerate(op.ports):
        if port.variadic:
            members = tuple(given[i] for i in sorted(given) if i >= index)
            inputs.append(members)
            missing += [] if members or port.optional else [port.name]
            continue
        value = given.get(index, port.default)
        inputs.append(value)
        missing += [port.name] if value is None and not port.optional else []
    return tuple(inputs), tuple(missing)


def describe(
    graph: Graph, node: Node, results: Mapping[str, Result], problem: Exception
) -> NodeError:
    """A failure with the names and shapes of what came in."""
    ports = node.spec.ports
    inputs = tuple(
        (
            ports[min(port, len(ports) - 1)].name,
            graph.node(wire.source).name,
            tuple(results[wire.source].outputs[wire.output].shape),
        )
        for port, wire in sorted(graph.inputs(node.id).items())
    )
    return NodeError(str(problem) or type(problem).__name__, type(problem).__name__, inputs)
