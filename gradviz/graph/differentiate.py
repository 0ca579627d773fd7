"""A backward pass opened as a graph of its own: its gradients are nodes like any other.

The gradient rules are run on symbols (:mod:`gradviz.graph.tracing`), so that the graph follows
when a leaf moves, can be stepped, and can be differentiated again. The gradient of ``loss`` with
respect to ``w`` is called ``d_loss_d_w``, its derivative by ``v`` again ``d2_loss_d_w_d_v``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from gradviz.autograd.sending import fit_array
from gradviz.graph.checks import is_variadic
from gradviz.graph.derivatives import derivative_name
from gradviz.graph.document import Graph, Node, free_name
from gradviz.graph.edits import AddNode, SetSettings, link
from gradviz.graph.evaluate import Evaluation, gather
from gradviz.graph.seeds import Seed
from gradviz.graph.tape import Place
from gradviz.graph.tracing import (
    Call,
    Draft,
    Traced,
    calls_behind,
    node_of,
    wires_of,
)
from gradviz.graph.walk import NoBackward, start_of
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.dual import call
from gradviz.ops.rules import compiled_rule, rule_value
from gradviz.ops.spec import Array
from gradviz.ops.symbolic import Untraceable
from gradviz.ops.table import OPS
from gradviz.tensor.dispatch import flatten

Output = tuple[str, int]


@dataclass(slots=True)
class Backward:
    """The way back, drawn up: what has arrived at each output so far."""

    graph: Graph
    evaluation: Evaluation
    draft: Draft = field(default_factory=Draft)
    arrived: dict[Output, Any] = field(default_factory=dict[Output, Any])
    totals: dict[str, Any] = field(default_factory=dict[str, Any])

    def output(self, place: Output) -> Traced:
        """A forward value."""
        result = self.evaluation.results[place[0]]
        return self.draft.node(*place, result.outputs[place[1]].array)

    def wants(self, place: Output) -> bool:
        """Whether a gradient is to be sent to a forward value."""
        return self.evaluation.results[place[0]].outputs[place[1]].requires_grad


def gradient_graph(
    evaluation: Evaluation,
    output: str,
    of: Sequence[str] = (),
    seed: Array | Seed | None = None,
    place: Place | None = None,
) -> Graph:
    """The graph of the gradients of node ``output`` with respect to leaves.

    ``of``: the ids of the nodes to differentiate by; all leaves that require a gradient and that
    ``output`` depends on where left out. ``seed``: as of :func:`gradviz.graph.walk.walk_back`.
    ``place`` lays the cards out. The new graph has the old nodes that ``output`` is made of, and
    its own output is the first gradient. :class:`NoBackward` says what stands in the way.
    """
    graph = evaluation.graph
    back = Backward(graph, evaluation)
    value = evaluation.value(output)
    name = graph.node(output).name
    if value is None or not value.requires_grad:
        why = "has no value" if value is None else "depends on nothing that requires a gradient"
        raise NoBackward(f"'{name}' {why}, so there is nothing to differentiate")
    run_back(back, output, start_of(value, name, seed))
    wanted = tuple(of) or tuple(
        i for i in graph.order() if graph.node(i).is_parameter and i in back.totals
    )
    for node_id in wanted:
        if node_id not in back.totals:
            raise NoBackward(f"'{name}' does not depend on '{graph.node(node_id).name}'")
    return drawn(back, output, wanted, place)


def run_back(back: Backward, output: str, seed: Array) -> None:
    """Send the seed back through every node that leads to the output."""
    graph = back.graph
    needed = graph.upstream([output])
    back.arrived[output, 0] = seed
    for node_id in reversed([i for i in graph.order() if i in needed]):
        outputs = back.evaluation.results[node_id].outputs
        upstreams = [back.arrived.pop((node_id, i), None) for i in range(len(outputs))]
        shown = next((u for u in upstreams if u is not None), None)
        if shown is not None:
            back.totals[node_id] = shown
            send_back(back, graph.node(node_id), upstreams)


def send_back(back: Backward, node: Node, upstreams: list[Any]) -> None:
    """Run a node's gradient rules and add what they give to what has arrived."""
    op = node.spec
    wires = back.graph.inputs(node.id)
    given = {port: (w.source, w.output) for port, w in wires.items()}
    last = -1
    results: Any = None
    for position, source in sorted(given.items()):
        port = min(position, len(op.ports) - 1) if is_variadic(op, position) else position
        if not back.wants(source) or not op.takes_gradient[port]:
            continue
        if port != last:
            results, last = ran(back, node, port, upstreams), port
        raw: Any = results[position - port] if op.ports[port].variadic else results
        if raw is None:
            continue
        sent = fitted(raw, back.output(source))
        before = back.arrived.get(source)
        back.arrived[source] = sent if before is None else call(OPS["add"], before, sent)


def ran(back: Backward, node: Node, port: int, upstreams: list[Any]) -> Any:
    """What the rule of a port gives: traced values, arrays or numbers."""
    rule = compiled_rule(node.spec, port)
    if rule is None:
        return None
    flat, attrs = traced_inputs(back, node), {**node.spec.defaults, **node.attrs}
    outputs = [back.output((node.id, index)) for index in range(len(upstreams))]
    try:
        with np.errstate(all="ignore"):
            return rule.function(
                *(rule_value(node.spec, n, flat, outputs, upstreams, attrs) for n in rule.names)
            )
    except Untraceable as problem:
        raise NoBackward(
            f"the gradient of '{node.name}' ({node.spec.name}) cannot be drawn as a graph: "
            f"{problem}, which only its numbers can answer"
        ) from problem
    except RuntimeError as problem:
        raise NoBackward(f"'{node.name}' cannot be differentiated: {problem}") from problem


def traced_inputs(back: Backward, node: Node) -> list[Any]:
    """The inputs of a node one after the other: traced values, numbers, None."""
    wires = back.graph.inputs(node.id)
    values = {port: back.output((w.source, w.output)) for port, w in wires.items()}
    return flatten(gather(node.spec, {**node.literals, **values})[0])


def fitted(raw: Any, target: Traced) -> Any:
    """A gradient reduced to its input's shape and cast to its type."""
    if not isinstance(raw, Traced):
        return fit_array(raw, target.shape, target.dtype)
    if raw.shape != target.shape:
        raw = call(OPS["sum_to_size"], raw, target.shape)
    if raw.dtype != target.dtype:
        raw = call(OPS["to"], raw, of_numpy(target.dtype))
    return raw


# the graph ---------------------------------------------------------------------------------


def drawn(back: Backward, output: str, wanted: tuple[str, ...], place: Place | None) -> Graph:
    """The new graph: what the output is made of, and the gradients."""
    old = back.graph
    graph = Graph()
    kept = [old.node(i) for i in old.order() if i in old.upstream([output])]
    names = {node.name for node in kept}
    ids = {node.id for node in kept}
    wires = [w for w in old.wires if w.target in ids and w.source in ids]
    ends = [ended(back, i) for i in wanted]
    calls = calls_behind(ends)
    titles = titled(back, output, wanted, ends)
    new: list[Node] = []
    own: dict[int, str] = {}
    for made in calls:
        wish = titles.get(id(made)) or f"{made.op.base_name}1"
        name = free_name(wish, names)
        names.add(name)
        own[id(made)] = free_id(graph, ids)
        new.append(node_of(made, own[id(made)], name))
    wires += [w for made in calls for w in wires_of(made, own[id(made)], own)]
    spots: Mapping[str, Any] = {} if place is None else place([*kept, *new], {}, wires)
    for node in (*kept, *new):
        graph.apply(AddNode(node.changed(position=spots.get(node.id, node.position))))
    for wire in wires:
        link(graph, wire)
    name = old.node(output).name
    first = own[id(ends[0].node)] if ends else None
    settings = replace(graph.settings, title=f"Gradient of {name}", output=first)
    graph.apply(SetSettings(graph.settings, settings))
    return graph


def free_id(graph: Graph, taken: set[str]) -> str:
    """An id for a new node that no kept one has."""
    node_id = graph.new_id()
    while node_id in taken:
        node_id = graph.new_id()
    taken.add(node_id)
    return node_id


def ended(back: Backward, node_id: str) -> Traced:
    """A leaf's gradient as a node of its own."""
    total = back.totals[node_id]
    if not isinstance(total, Traced):
        shape = back.output((node_id, 0)).shape
        return back.draft.constant(np.broadcast_to(total, shape))
    if isinstance(total.node, str) or total.output:
        return back.draft.made(OPS["clone"], (total,), {}, total.example)
    return total


def titled(
    back: Backward, output: str, wanted: tuple[str, ...], ends: list[Traced]
) -> dict[int, str]:
    """The name each gradient's call is to have: those asked for first."""
    graph = back.graph
    top = graph.node(output).name
    found: dict[int, str] = {}
    given = [*zip(wanted, ends, strict=True), *back.totals.items()]
    for node_id, total in given:
        if isinstance(total, Traced) and isinstance(total.node, Call) and not total.output:
            found.setdefault(id(total.node), derivative_name(top, graph.node(node_id).name))
    return found
