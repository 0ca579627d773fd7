"""What is wrong with a graph, or probably is, node by node, with what would mend it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gradviz.graph.document import Graph, Node
from gradviz.graph.evaluate import Evaluation
from gradviz.graph.findings import Finding
from gradviz.graph.mending import fixes_for
from gradviz.graph.suspicions import (
    LOSSES,
    Rule,
    log_of_softmax,
    normalised_twice,
    not_logarithms,
    of_nothing,
    remainder_lost,
    root_of_zero,
    softmax_over_batch,
    unequal_loss,
    unused,
    vectors_to_matrix,
)

ADVICE: Mapping[str, tuple[Rule, ...]] = MappingProxyType(
    {
        **dict.fromkeys(LOSSES, (unequal_loss, of_nothing)),
        "sub": (vectors_to_matrix,),
        "softmax": (softmax_over_batch,),
        "log_softmax": (softmax_over_batch,),
        "log": (log_of_softmax,),
        "cross_entropy": (normalised_twice, of_nothing),
        "nll_loss": (not_logarithms, of_nothing),
        "sqrt": (root_of_zero,),
        "floor_divide": (remainder_lost,),
        "div.mode": (remainder_lost,),
        "mean": (of_nothing,),
    }
)
"""The rules that look at a node which has a value, by its operation."""

MOST_MENDED = 12
"""Failed nodes for which fixes are looked for; where more fail, these are the first."""


def advise(graph: Graph, evaluation: Evaluation) -> dict[str, tuple[Finding, ...]]:
    """Every finding, by node; nodes with nothing to say are not in it."""
    ends = ends_of(graph)
    # Whatever is read at all leads to an end, unless one is chosen.
    chosen = graph.settings.output in graph.nodes
    read = (i for i, wires in graph.outgoing.items() if wires)
    used = graph.upstream(ends) if chosen else set(read)
    results = evaluation.results
    found: dict[str, tuple[Finding, ...]] = {}
    failed = 0
    for node_id, node in graph.nodes.items():
        result = results[node_id]
        if result.outputs and node.op not in ADVICE and node.spec.ports:
            continue  # No rule looks at it, and it is no parameter.
        if result.ok:
            rules = ADVICE.get(node.op, ())
            about = tuple(f for rule in rules for f in rule(graph, evaluation, node))
            if ends and node_id not in used and node.is_parameter:
                about += (unused(graph, node, ends),)
        elif result.waiting:
            continue
        else:
            failed += 1
            about = (failure(evaluation, node, failed <= MOST_MENDED),)
        if about:
            found[node_id] = about
    return found


def ends_of(graph: Graph) -> tuple[str, ...]:
    """Where gradients may come from: the output as set, or all that is computed and not read."""
    chosen = graph.settings.output
    if chosen is not None and chosen in graph.nodes:
        return (chosen,) if graph.node(chosen).spec.ports else ()
    return tuple(i for i, n in graph.nodes.items() if n.spec.ports and not graph.outgoing.get(i))


def failure(evaluation: Evaluation, node: Node, mended: bool = True) -> Finding:
    """Why a node has no value, which waits for no other; with fixes where these are wanted."""
    result = evaluation.results[node.id]
    fixes = fixes_for(evaluation, node) if mended else ()
    if result.error is not None:
        return Finding(node.id, "error", f"{node.name}: {result.error}", fixes)
    ports = " and ".join(result.missing)
    return Finding(node.id, "missing", f"{node.name} needs a wire or a number on {ports}", fixes)
