"""What is legal and probably not meant: a rule each, from a node with a value to warnings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from math import prod

import numpy as np

from gradviz.graph.checks import port_name
from gradviz.graph.compose import delete, rewire, set_attr
from gradviz.graph.document import Graph, Node, Wire
from gradviz.graph.edits import Batch
from gradviz.graph.evaluate import Evaluation
from gradviz.graph.findings import Finding, Fix, other_op, read_instead, through, with_number
from gradviz.ops.spec import Array, Shape

Rule = Callable[[Graph, Evaluation, Node], Iterator[Finding]]

TINY = 1e-12
LOSSES = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")
PASSED_ON = frozenset(("pow", "square", "abs", "mul", "neg"))
MEANS = frozenset(("mean", "sum"))


def inputs_of(graph: Graph, evaluation: Evaluation, node: Node) -> list[tuple[Wire, Array]]:
    """The wires into a node that has a value, and what they bring."""
    wires = graph.inputs(node.id).values()
    return [(w, evaluation.results[w.source].outputs[w.output].array) for w in wires]


def said(graph: Graph, wire: Wire, shape: Shape) -> str:
    """``y [4, 1]``."""
    return f"{graph.node(wire.source).name} {list(shape)}"


def warning(node: Node, text: str, *fixes: Fix) -> Finding:
    """A warning about that node."""
    return Finding(node.id, "warning", text, fixes)


# broadcasting in losses -----------------------------------------------------------------


def unequal_loss(graph: Graph, evaluation: Evaluation, node: Node) -> Iterator[Finding]:
    """A loss of two shapes: PyTorch warns too, for each is compared with many."""
    found = inputs_of(graph, evaluation, node)
    if len(found) != 2 or found[0][1].shape == found[1][1].shape:
        return
    (one, a), (other, b) = found
    both = np.broadcast_shapes(a.shape, b.shape)
    text = (
        f"{node.name} compares {said(graph, one, a.shape)} with {said(graph, other, b.shape)}: "
        f"both are broadcast to {list(both)}, so elements are compared that do not belong together"
    )
    yield warning(node, text, *made_equal(graph, [(one, a.shape), (other, b.shape)]))


def made_equal(graph: Graph, ends: list[tuple[Wire, Shape]]) -> list[Fix]:
    """Reshape one end to the other's shape, where it has as many elements; the target first."""
    fixes: list[Fix] = []
    for (wire, shape), (_, wanted) in (ends, ends[::-1]):
        if prod(shape) == prod(wanted):
            label = f"Reshape {graph.node(wire.source).name} to {list(wanted)}"
            fixes.append(Fix(label, partial(reshaped, wire, wanted)))
    return fixes[::-1]


def reshaped(wire: Wire, shape: Shape, graph: Graph) -> Batch:
    """Lead a wire through a reshape."""
    return through(graph, wire, "reshape", shape=shape)


def vectors_to_matrix(graph: Graph, evaluation: Evaluation, node: Node) -> Iterator[Finding]:
    """A difference of ``(n)`` and ``(n, 1)``, each with each, which is then averaged or summed."""
    found = inputs_of(graph, evaluation, node)
    if len(found) != 2:
        return
    (one, a), (other, b) = found
    shape = np.broadcast_shapes(a.shape, b.shape)
    lengthwise = a.size == b.size == max(a.shape, default=0) == max(b.shape, default=0) > 1
    if not lengthwise or prod(shape) <= a.size or not is_averaged(graph, node.id):
        return
    text = (
        f"{node.name} subtracts {said(graph, other, b.shape)} from {said(graph, one, a.shape)}, "
        f"each element from each: the result is {list(shape)}, not {a.size} differences"
    )
    yield warning(node, text, *made_equal(graph, [(one, a.shape), (other, b.shape)]))


def is_averaged(graph: Graph, node_id: str) -> bool:
    """Whether a node goes, squared or so, into a mean or a sum over all its elements."""
    seen: set[str] = set()
    waiting = [node_id]
    while waiting:
        for wire in graph.outputs(waiting.pop()):
            reader = graph.node(wire.target)
            if reader.op in MEANS and reader.setting("dim") is None:
                return True
            if reader.op in PASSED_ON and reader.id not in seen:
                seen.add(reader.id)
                waiting.append(reader.id)
    return False


# softmax --------------------------------------------------------------------------------


def softmax_over_batch(graph: Graph, evaluation: Evaluation, node: Node) -> Iterator[Finding]:
    """A softmax along the first of several dimensions, which mostly counts the samples."""
    ((wire, array), *_) = inputs_of(graph, evaluation, node)
    dim = node.setting("dim")
    if array.ndim < 2 or dim % array.ndim or array.shape[0] < 2 or array.shape[-1] < 2:
        return
    text = (
        f"{node.name} makes the columns of {said(graph, wire, array.shape)} add up to 1, "
        f"over dimension 0, mostly that of the samples; each sample's own are dimension -1"
    )
    yield warning(node, text, Fix("dim = -1", partial(attr, node.id, "dim", -1)))


def log_of_softmax(graph: Graph, evaluation: Evaluation, node: Node) -> Iterator[Finding]:
    """A logarithm of what may have become 0, where one operation is exact."""
    source = first_source(graph, node)
    if source is None or source.op != "softmax" or not graph.inputs(source.id):
        return
    text = (
        f"{node.name} takes the logarithm of {source.name}, which can round to 0 and give -inf: "
        "log_softmax computes the same exactly"
    )
    yield warning(node, text, Fix("Use log_softmax", partial(joined, node.id)))


def joined(node_id: str, graph: Graph) -> Batch:
    """Make ``log(softmax(x))`` one ``log_softmax(x)``; the softmax goes where none else reads."""
    node = graph.node(node_id)
    wire = graph.inputs(node_id)[0]
    softmax = graph.node(wire.source)
    origin = graph.inputs(softmax.id)[0]
    onward = Wire(origin.source, node_id, 0, origin.output)
    edits = [*rewire(graph, node_id, [onward]), other_op(graph, node, "log_softmax", softmax.attrs)]
    if graph.outputs(softmax.id) == (wire,):
        # Deleted last: its wires into others are gone by then.
        gone = delete(graph, (softmax.id,)).edits
        drops = [e for e in gone if getattr(e, "wire", None) != wire]
        edits += [e for e in drops if getattr(getattr(e, "wire", None), "target", "") != node_id]
    return Batch(tuple(edits), "Use log_softmax")


def normalised_twice(graph: Graph, evaluation: Evaluation, node: Node) -> Iterator[Finding]:
    """cross_entropy of probabilities: it takes a log_softmax of what it is given itself."""
    source = first_source(graph, node)
    if source is None or source.op not in ("softmax", "sigmoid") or not graph.inputs(source.id):
        return
    origin = graph.inputs(source.id)[0]
    raw = graph.node(origin.source).name
    text = (
        f"{node.name} is given {source.name}, a {source.op}: cross_entropy applies log_softmax "
        f"itself and expects the scores before it, {raw}"
    )
    yield warning(node, text, Fix(f"Read {raw}", partial(bypassed, node.id)))


def bypassed(node_id: str, graph: Graph) -> Batch:
    """Read what the first input reads, in its place."""
    wire = graph.inputs(node_id)[0]
    origin = graph.inputs(wire.source)[0]
    return read_instead(graph, wire, origin.source, origin.output)


def not_logarithms(graph: Graph, evaluation: Evaluation, node: Node) -> Iterator[Finding]:
    """nll_loss of a softmax: it takes logarithms of probabilities."""
    source = first_source(graph, node)
    if source is not None and source.op == "softmax":
        text = (
            f"{node.name} is given {source.name}, a softmax: nll_loss expects logarithms of "
            "probabilities, as log_softmax gives"
        )
        fix = Fix("Use log_softmax", partial(logarithmic, source.id))
        yield warning(node, text, fix)


def logarithmic(node_id: str, graph: Graph) -> Batch:
    """Make a softmax a log_softmax."""
    node = graph.node(node_id)
    return Batch((other_op(graph, node, "log_softmax", node.attrs),), "Use log_softmax")


def first_source(graph: Graph, node: Node) -> Node | None:
    """The node that the first port reads."""
    wire = graph.inputs(node.id).get(0)
    return None if wire is None else graph.node(wire.source)


def attr(node_id: str, name: str, value: object, graph: Graph) -> Batch:
    """Change a setting."""
    return set_attr(graph, node_id, name, value)


# numbers --------------------------------------------------------------------------------


def root_of_zero(graph: Graph, evaluation: Evaluation, node: Node) -> Iterator[Finding]:
    """A square root at 0 that a gradient comes back through: its slope there is infinite."""
    value = evaluation.value(node.id)
    if value is None or not value.requires_grad:
        return
    ((wire, array), *_) = inputs_of(graph, evaluation, node)
    zeros = int(np.count_nonzero(array == 0))
    if zeros:
        name = graph.node(wire.source).name
        where = "is 0" if array.ndim == 0 else f"{list(array.shape)} has {zeros} at 0"
        text = f"{node.name}: {name} {where}, where the slope of {node.op} is infinite"
        fix = Fix(f"Add {TINY:g} first", partial(lifted, wire))
        yield warning(node, text, fix)


def lifted(wire: Wire, graph: Graph) -> Batch:
    """Add next to nothing to what a wire brings."""
    return with_number(graph, wire, "add", TINY)


def remainder_lost(graph: Graph, evaluation: Evaluation, node: Node) -> Iterator[Finding]:
    """A division of whole numbers that is not even."""
    rounding = node.op == "floor_divide" or node.setting("rounding_mode") is not None
    given = {p: np.asarray(v) for p, v in node.literals.items()}
    given |= {w.port: a for w, a in inputs_of(graph, evaluation, node)}
    if not rounding or any(each.dtype.kind not in "iu" for each in given.values()):
        return
    a, b = given[0], given[1]
    if np.any(np.remainder(a, np.where(b == 0, 1, b))):
        value = evaluation.results[node.id].value.array
        shown = f" ({int(a)} and {int(b)} give {int(value)})" if value.ndim == 0 else ""
        text = f"{node.name} divides whole numbers and drops the remainder{shown}"
        yield warning(node, text, Fix("Use / instead", partial(true_division, node.id)))


def true_division(node_id: str, graph: Graph) -> Batch:
    """Divide without rounding."""
    return Batch((other_op(graph, graph.node(node_id), "div", {}),), "Divide without rounding")


def of_nothing(graph: Graph, evaluation: Evaluation, node: Node) -> Iterator[Finding]:
    """A mean over no elements: 0 / 0."""
    for wire, array in inputs_of(graph, evaluation, node):
        if not array.size:
            port = port_name(node.spec, wire.port)
            text = f"{node.name}: {port} = {said(graph, wire, array.shape)} is empty: 0 / 0 is nan"
            yield warning(node, text)


# the graph ------------------------------------------------------------------------------


def unused(graph: Graph, node: Node, ends: tuple[str, ...]) -> Finding:
    """A parameter from which no way leads to an end: no gradient ever comes to it."""
    read = bool(graph.outputs(node.id))
    way = f"does not lead to {graph.node(ends[0]).name}" if read else "is read by nothing"
    text = f"{node.name} requires a gradient and {way}: none will come to it"
    fixes = [Fix("requires_grad off", partial(attr, node.id, "requires_grad", False))]
    if not read:
        fixes.append(Fix(f"Delete {node.name}", partial(gone, node.id)))
    return warning(node, text, *fixes)


def gone(node_id: str, graph: Graph) -> Batch:
    """Delete a node."""
    return delete(graph, (node_id,))
