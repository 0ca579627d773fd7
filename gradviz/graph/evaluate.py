"""One forward run of a graph, kept up to date edit by edit.

A node that fails carries its error and stops only what reads from it; everything else
evaluates. After an edit only what the edit reaches is evaluated again. A result that would be
absurdly large is an error like any other (:mod:`gradviz.graph.sizes`). Values that a plan has
computed may be put in place of these; the tape behind them is then recorded when it is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from types import MappingProxyType
from typing import Any

import numpy as np

from gradviz.autograd.record import Record
from gradviz.graph.changes import Change
from gradviz.graph.checks import port_name
from gradviz.graph.document import Graph, Node, Wire, id_key
from gradviz.graph.guards import is_sequence
from gradviz.graph.sizes import check_size, check_work, shape_of
from gradviz.ops.spec import Array, Op, Shape
from gradviz.tensor.dispatch import flatten
from gradviz.tensor.tensor import Tensor, apply

FAILURES = (
    ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, RuntimeError,
    TypeError, ValueError,
)  # fmt: skip
"""What an operation may raise about what it was given; the node then carries it."""


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
    ports that need a wire or a number. :meth:`Evaluation.explain` puts it in words.
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
    """The values of a graph's nodes; :meth:`refresh` it with every change announced.

    ``taken``: the nodes whose values were computed elsewhere (:meth:`take`). They have no tape
    behind them: :meth:`record` makes it for all, :meth:`call` for one.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._results: dict[str, Result] = {}
        self._owner: dict[Any, str] = {}
        self.runs = 0
        self._ways: dict[frozenset[str], list[str]] = {}
        self.taken: frozenset[str] = frozenset()
        self.evaluate(graph.nodes)
        self._in_order = True

    @property
    def results(self) -> Mapping[str, Result]:
        """What each node came to, by id."""
        return MappingProxyType(self._results)

    def value(self, node_id: str) -> Tensor | None:
        """The first output of a node, or None where it has none."""
        result = self._results.get(node_id)
        return result.value if result is not None and result.ok else None

    def explain(self, node_id: str) -> str | None:
        """Why a node has no value, in words; None where it has one."""
        result = self._results[node_id]
        if result.error is not None:
            return str(result.error)
        if result.waiting:
            names = [f"'{self.graph.node(i).name}'" for i in result.waiting]
            return f"waits for {' and '.join(names)}"
        if result.missing:
            return f"needs a wire or a number on {' and '.join(result.missing)}"
        return None

    def owner(self, tape_node: Any) -> str | None:
        """The id of the graph's node that a node of the tape belongs to."""
        return self._owner.get(tape_node)

    def refresh(self, change: Change) -> frozenset[str]:
        """Evaluate again what ``change`` reaches; the ids of all that were."""
        if change.added or change.removed or change.wired or change.unwired:
            self._ways = {}
        for node in change.removed:
            self.forget(node.id)
        start = (change.touched() | set(self.failed_readers(change))) & self.graph.nodes.keys()
        return self.evaluate(start) if start else frozenset()

    def failed_readers(self, change: Change) -> Iterator[str]:
        """Failed nodes whose errors mention nodes by names that they no longer have."""
        for before, after in change.replaced:
            if before.name != after.name:
                readers = (w.target for w in self.graph.outputs(after.id))
                yield from (i for i in readers if i in self._results and self._results[i].error)

    def evaluate(self, start: Iterable[str]) -> frozenset[str]:
        """Evaluate ``start``, all that has no tape, and everything after these, in order."""
        affected = self.way(frozenset(start) | self.taken & self.graph.nodes.keys())
        self.taken, self._in_order = frozenset(), False
        for node_id in affected:
            self.forget(node_id)
        for node_id in affected:
            self.run(self.graph.node(node_id))
        return frozenset(affected)

    def take(self, found: Mapping[str, tuple[Array, ...]]) -> None:
        """Have nodes come to other values of the same shapes and types, with no tape behind."""
        for node_id, arrays in found.items():
            before = self._results[node_id].outputs
            self.forget(node_id)
            pairs = zip(arrays, before, strict=True)
            outputs = tuple([Tensor.wrap(a, b.requires_grad) for a, b in pairs])
            self._results[node_id] = Result(outputs)
        self.taken |= found.keys()

    def record(self) -> None:
        """Have the tape behind every value, in the order of the graph."""
        if self.taken:
            self.evaluate(())
        if not self._in_order:
            self.number()

    def number(self) -> None:
        """Number the tape's calls as if all were made now, in order.

        So a backward pass is the same whatever was evaluated last.
        """
        count = 0
        for node_id in self.graph.order():
            record = called(self._results[node_id].outputs)
            if record is not None:
                count += 1
                record.sequence = count
        self._in_order = True

    def call(self, node_id: str) -> tuple[Tensor, ...]:
        """A node's outputs with its own call on the tape, whatever is known of those before it."""
        if node_id in self.taken:
            return run_node(self.graph, self.graph.node(node_id), self._results).outputs
        return self._results[node_id].outputs

    def way(self, start: frozenset[str]) -> list[str]:
        """``start`` and everything after it, in an order of evaluation; kept while values alone
        change."""
        if start not in self._ways:
            whole = len(start) == len(self.graph.nodes_by_id)
            way = self.ordered(set(start)) if whole else onward(self.graph, start)
            self._ways = {start: way}
        return self._ways[start]

    def ordered(self, ids: set[str]) -> list[str]:
        """``ids`` so that each comes after those of them that it reads, else by :func:`id_key`.

        So calls are recorded, and walked back through, in the order a program makes them.
        """
        waiting = {i: sum(w.source in ids for w in self.graph.inputs(i).values()) for i in ids}
        ready = [(id_key(i), i) for i, count in waiting.items() if not count]
        heapify(ready)
        found: list[str] = []
        while ready:
            found.append(heappop(ready)[1])
            for wire in self.graph.outputs(found[-1]):
                waiting[wire.target] -= 1
                if not waiting[wire.target]:
                    heappush(ready, (id_key(wire.target), wire.target))
        return found

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


def onward(graph: Graph, start: Iterable[str]) -> list[str]:
    """``start`` and every node that reads from it, so that each comes after all it reads.

    Which of two that do not depend on each other comes first is left open: so it is quicker.
    """
    stack: list[str | None] = list(start)
    entered, path, left = set[str](), list[str](), list[str]()
    while stack:
        node_id = stack.pop()
        if node_id is None:
            left.append(path.pop())
        elif node_id not in entered:
            entered.add(node_id)
            path.append(node_id)
            stack.append(None)
            stack += [w.target for w in graph.outgoing.get(node_id, ())]
    left.reverse()
    return left


def called(outputs: Iterable[Tensor]) -> Record | None:
    """The call on the tape that made these outputs; None where it was not recorded."""
    return next((o.grad_fn for o in outputs if o.grad_fn is not None), None)


def same_numbers(first: Result, second: Result) -> bool:
    """Whether two results show the same numbers, to the last bit."""
    pairs = zip(first.outputs, second.outputs, strict=False)
    return len(first.outputs) == len(second.outputs) and all(
        equal_bits(a.array, b.array) for a, b in pairs
    )


def equal_bits(first: Array, second: Array) -> bool:
    """Whether two arrays hold the same, to the last bit; one nan is as good as another."""
    if first.dtype != second.dtype or first.shape != second.shape:
        return False
    if first.tobytes() == second.tobytes():
        return True
    if first.dtype.kind != "f" or not np.array_equal(first, second, equal_nan=True):
        return False
    return bool(np.all((np.signbit(first) == np.signbit(second)) | np.isnan(first)))


def run_node(graph: Graph, node: Node, results: Mapping[str, Result]) -> Result:
    """What a node comes to, given the results of those it reads."""
    wires = graph.incoming.get(node.id, {})
    waiting = [w.source for w in wires.values() if not results[w.source].outputs]
    if waiting:
        return Result(waiting=tuple(dict.fromkeys(waiting)))
    try:
        given: dict[int, Any] = dict(node.literals) if node.literals else {}
        for port, wire in wires.items():
            given[port] = read(graph, wire, results)
        inputs, missing = gather(node.spec, given)
        return Result(missing=missing) if missing else Result(outputs=run_op(node, inputs))
    except FAILURES as problem:
        return Result(error=describe(graph, node, results, problem))


def read(graph: Graph, wire: Wire, results: Mapping[str, Result]) -> Tensor:
    """The value a wire carries."""
    outputs = results[wire.source].outputs
    if wire.output >= len(outputs):
        name = graph.node(wire.source).name
        raise IndexError(f"'{name}' gives {len(outputs)} outputs, and no output {wire.output + 1}")
    return outputs[wire.output]


def run_op(node: Node, inputs: tuple[Any, ...]) -> tuple[Tensor, ...]:
    """The outputs of a node's operation on these inputs; refused where they would be too large."""
    spec = node.spec
    attrs = {**spec.defaults, **node.attrs}
    flat = flatten([v for v in inputs if v is not None])
    check_size(spec, [v.array.shape if type(v) is Tensor else shape_of(v) for v in flat], attrs)
    check_work(spec, inputs, attrs)
    made: Any = apply(spec, inputs, attrs)
    outputs: tuple[Tensor, ...] = tuple(made) if is_sequence(made) else (made,)
    if attrs.get("requires_grad"):
        outputs[0].requires_grad = True
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
    inputs = tuple(
        (port_name(node.spec, port), graph.node(wire.source).name, shape_of(outputs[wire.output]))
        for port, wire in graph.inputs(node.id).items()
        if wire.output < len(outputs := results[wire.source].outputs)
    )
    return NodeError(str(problem) or type(problem).__name__, type(problem).__name__, inputs)
