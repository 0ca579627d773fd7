"""Ways out of a failure, found by trying: what is offered has been seen to work.

A candidate is tried on a small graph of the failed node and what it reads, whose values are
known; nothing else is evaluated, and the document is not touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import chain, islice
from math import prod

from gradviz.graph.changes import Change
from gradviz.graph.checks import is_variadic
from gradviz.graph.compose import replaced, set_attr, set_literal, swap_inputs
from gradviz.graph.document import Graph, GraphError, Node, Wire
from gradviz.graph.edits import AddNode, Batch, link
from gradviz.graph.evaluate import Evaluation, NodeError, Result, run_node
from gradviz.graph.findings import Fix, new_leaf, other_op, through
from gradviz.graph.guards import is_array
from gradviz.ops.dtypes import bool_, get_default_dtype, int64
from gradviz.ops.spec import Shape

MOST_FIXES = 3
MOST_TRIES = 32
MOST_WORK = 4_000_000
"""Elements that a node reads, above which trying would be felt."""
DTYPE_WORDS = ("dtype", "scalar type", "Long", "Float", "Int", "Bool", "integer", "floating")


class Trial:
    """A failed node with the nodes it reads, their values known, and nothing else."""

    def __init__(self, evaluation: Evaluation, node: Node) -> None:
        graph = evaluation.graph
        self._graph, self._node = graph, node
        wires = graph.inputs(node.id).values()
        self._nodes = {node.id: node, **{w.source: graph.node(w.source) for w in wires}}
        self._known = {w.source: evaluation.results[w.source] for w in wires}

    def _copy(self) -> Graph:
        piece = Graph()
        for node in self._nodes.values():
            AddNode(node).apply(piece)
        for wire in self._graph.inputs(self._node.id).values():
            link(piece, wire)
        return piece

    def result(self, fix: Fix) -> Result:
        """What the node comes to once that is done."""
        piece = self._copy()
        try:
            change = piece.apply(fix.make(piece))
        except GraphError as refused:
            return Result(error=NodeError(str(refused)))
        results = dict(self._known)
        for node_id in piece.order():
            if node_id not in results or is_new(change, node_id):
                results[node_id] = run_node(piece, piece.node(node_id), results)
        return results[self._node.id]


def is_new(change: Change, node_id: str) -> bool:
    """Whether a leaf has another value than before."""
    return any(b.id == node_id and not b.computes_as(a) for b, a in change.replaced)


def fixes_for(evaluation: Evaluation, node: Node) -> tuple[Fix, ...]:
    """The fixes after which a node that failed has a value, the best first."""
    result = evaluation.results[node.id]
    if result.error is None:
        rounds = [fillings(node, result.missing)]
    else:
        shapes = input_shapes(evaluation, node)
        if sum(prod(shape) for shape in shapes.values()) > MOST_WORK:
            return ()
        rounds = candidates(evaluation, node, result.error, shapes)
    trial = Trial(evaluation, node)
    for tried in rounds:
        helpful = (f for f in islice(tried, MOST_TRIES) if helps(result, trial.result(f)))
        if found := tuple(islice(helpful, MOST_FIXES)):
            return found
    return ()


def helps(before: Result, after: Result) -> bool:
    """Whether a node has a value then, or at least lacks fewer inputs."""
    return after.ok or (after.error is None and len(after.missing) < len(before.missing))


def input_shapes(evaluation: Evaluation, node: Node) -> dict[int, Shape]:
    """The shapes of what is wired to a node, by port."""
    found: dict[int, Shape] = {}
    for port, wire in evaluation.graph.inputs(node.id).items():
        outputs = evaluation.results[wire.source].outputs
        if wire.output < len(outputs):
            found[port] = outputs[wire.output].array.shape
    return found


# what may help -------------------------------------------------------------------------


def fillings(node: Node, missing: tuple[str, ...]) -> Iterator[Fix]:
    """Numbers and leaves for ports that lack an input."""
    for index, port in enumerate(node.spec.ports):
        if port.name not in missing:
            continue
        if port.number:
            value = 1.0 if node.op in ("mul", "div", "pow") else 0.0
            yield Fix(f"{port.name} = {value:g}", partial(typed, node.id, index, value))
        yield Fix(f"New leaf on {port.name}", partial(leaf_on, node.id, index))


def typed(node_id: str, port: int, value: float, graph: Graph) -> Batch:
    """Type a number on a port."""
    return set_literal(graph, node_id, port, value)


def leaf_on(node_id: str, port: int, graph: Graph) -> Batch:
    """Put a new leaf on a port."""
    return new_leaf(graph, graph.node(node_id), port)


def candidates(
    evaluation: Evaluation, node: Node, error: NodeError, shapes: Mapping[int, Shape]
) -> list[Iterable[Fix]]:
    """What may help with that error, the likeliest first; in rounds: where one helps, no more."""
    graph = evaluation.graph
    about_types = any(word in error.message for word in DTYPE_WORDS)
    highest = max((len(shape) for shape in shapes.values()), default=0)
    lower = {port: shape for port, shape in shapes.items() if len(shape) < highest}
    turned, swapped = transposes(graph, node, shapes), swaps(node, shapes)
    wider, narrower = casts(evaluation, node, True), casts(evaluation, node, False)
    if node.spec.category == "linalg":
        by_shape = [turned, swapped]
    else:
        squeezed = squeezes(graph, node, shapes)
        by_shape = [unsqueezes(graph, node, lower), turned, squeezed, swapped]
    first = [own_settings(node), *([wider] if about_types else []), *by_shape]
    return [
        chain.from_iterable(first),
        chain(unsqueezes(graph, node, shapes), casts(evaluation, node, True)),
        narrower,
    ]


def own_settings(node: Node) -> Iterator[Fix]:
    """Settings of the node itself that may be at fault."""
    if not node.spec.ports and node.setting("requires_grad"):
        held = node.setting("data")
        name = get_default_dtype().name
        if is_array(held):
            yield Fix(f"Cast to {name}", partial(floating, node.id))
        yield Fix("requires_grad off", partial(attr, node.id, "requires_grad", False))
    names = {a.name: a for a in node.spec.attrs}
    if "dim" in names and names["dim"].kind in ("dim", "dims") and "dim" in node.attrs:
        yield Fix("dim = -1", partial(attr, node.id, "dim", -1))
    if node.op == "view":
        yield Fix("reshape instead of view", partial(reshaped, node.id))


def attr(node_id: str, name: str, value: object, graph: Graph) -> Batch:
    """Change a setting."""
    return set_attr(graph, node_id, name, value)


def floating(node_id: str, graph: Graph) -> Batch:
    """Hold a leaf's data in the default type."""
    node = graph.node(node_id)
    data = node.setting("data").astype(get_default_dtype().numpy)
    kept = {n: v for n, v in node.attrs.items() if n != "dtype"}
    return replaced(node, "Cast", attrs={**kept, "data": data})


def reshaped(node_id: str, graph: Graph) -> Batch:
    """Let a view copy where it must."""
    node = graph.node(node_id)
    edit = other_op(graph, node, "reshape", {"shape": node.setting("size")})
    return Batch((edit,), "Reshape")


def swaps(node: Node, shapes: Mapping[int, Shape]) -> Iterator[Fix]:
    """Its first two inputs the other way round."""
    given = {*shapes, *node.literals}
    if {0, 1} <= given and not is_variadic(node.spec, 1) and shapes.get(0) != shapes.get(1):
        yield Fix("Swap inputs", lambda graph: swap_inputs(graph, node.id))


def transposes(graph: Graph, node: Node, shapes: Mapping[int, Shape]) -> Iterator[Fix]:
    """Each input with its last two dimensions exchanged; the last input first, as weights are."""
    for port in sorted(shapes, reverse=True):
        wire = graph.inputs(node.id)[port]
        if len(shapes[port]) == 2:
            yield Fix(f"Transpose {named(graph, wire)}", partial(inserted, wire, "t", {}))
        elif len(shapes[port]) > 2:
            dims = {"dim0": -2, "dim1": -1}
            label = f"Transpose {named(graph, wire)}"
            yield Fix(label, partial(inserted, wire, "transpose", dims))


def unsqueezes(graph: Graph, node: Node, shapes: Mapping[int, Shape]) -> Iterator[Fix]:
    """Each input with one more dimension; those of lower rank first, the last place first."""
    for port in sorted(shapes, key=lambda p: (len(shapes[p]), p)):
        wire, shape = graph.inputs(node.id)[port], shapes[port]
        if len(shape) > 3:
            continue
        for dim in range(len(shape), -1, -1):
            wider = (*shape[:dim], 1, *shape[dim:])
            label = f"Unsqueeze {named(graph, wire)} to {list(wider)}"
            yield Fix(label, partial(inserted, wire, "unsqueeze", {"dim": dim}))


def squeezes(graph: Graph, node: Node, shapes: Mapping[int, Shape]) -> Iterator[Fix]:
    """Each input without a dimension of size one."""
    for port, shape in shapes.items():
        wire = graph.inputs(node.id)[port]
        for dim in (d for d, size in enumerate(shape) if size == 1):
            label = f"Squeeze {named(graph, wire)} to {[*shape[:dim], *shape[dim + 1 :]]}"
            yield Fix(label, partial(inserted, wire, "squeeze.dim", {"dim": dim}))


def casts(evaluation: Evaluation, node: Node, widening: bool) -> Iterator[Fix]:
    """Each input in a type that another has, or that operations want.

    ``widening``: to those that keep fractions, else to those that drop them.
    """
    graph = evaluation.graph
    wires = graph.inputs(node.id)
    types = {
        port: evaluation.results[w.source].outputs[w.output].dtype
        for port, w in wires.items()
        if w.output < len(evaluation.results[w.source].outputs)
    }
    wanted = [get_default_dtype(), *types.values()] if widening else [int64, bool_]
    for port in sorted(types, reverse=True):
        wire = wires[port]
        for each in dict.fromkeys(wanted):
            if each != types[port] and each.is_floating_point == widening:
                label = f"Cast {named(graph, wire)} to {each.name}"
                yield Fix(label, partial(inserted, wire, "to", {"dtype": each.name}))


def inserted(wire: Wire, op: str, attrs: Mapping[str, object], graph: Graph) -> Batch:
    """Lead a wire through an operation."""
    return through(graph, wire, op, **attrs)


def named(graph: Graph, wire: Wire) -> str:
    """What the source of a wire is called."""
    return graph.node(wire.source).name
