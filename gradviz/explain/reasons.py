"""Why a node's ``.grad`` is None: each node can answer, and names who is to blame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gradviz.explain.labels import label
from gradviz.explain.names import shown_name
from gradviz.graph.document import Graph, Node
from gradviz.graph.evaluate import Evaluation
from gradviz.graph.walk import Walk

Kind = Literal[
    "no value", "no pass", "not floating", "not required", "no leaf", "not reached", "cut off",
    "no longer required",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is no gradient, in a sentence, and the ids of the nodes that are the cause."""

    kind: Kind
    text: str
    causes: tuple[str, ...] = ()


def why_no_grad(evaluation: Evaluation, walk: Walk | None, node_id: str) -> Reason | None:
    """Why PyTorch would leave ``.grad`` of a node None; None where it would fill it.

    ``walk``: the backward pass that was run, None where none was.
    """
    graph = evaluation.graph
    node = graph.node(node_id)
    value = evaluation.value(node_id)
    name = shown_name(node.name)
    if value is None:
        return Reason("no value", f"{name} has no value: {evaluation.explain(node_id)}.")
    if not value.dtype.is_floating_point:
        text = f"{name} holds {value.dtype.name}: only floating-point tensors have gradients."
        return Reason("not floating", text)
    if not value.requires_grad:
        return not_required(evaluation, node)
    if walk is None:
        text = f"No backward pass has run: {name}.grad is filled by one that reaches {name}."
        return Reason("no pass", text)
    if node_id not in graph.upstream([walk.output]):
        top = shown_name(graph.node(walk.output).name)
        text = f"{top} does not depend on {name}, so no gradient of {top} reaches it."
        return Reason("not reached", text, (walk.output,))
    if node_id not in walk.gradients:
        return cut_off(evaluation, walk, node)
    if not node.spec.ports:
        return None
    return Reason(
        "no leaf",
        f"{name} is no leaf: its gradient passes through and is let go. "
        f"PyTorch keeps it in {name}.grad only after {name}.retain_grad().",
    )


def not_required(evaluation: Evaluation, node: Node) -> Reason:
    """Why a value of floating-point type requires no gradient."""
    name = shown_name(node.name)
    if not node.spec.ports:
        text = f"{name} does not require a gradient: it is a constant until requires_grad is set."
        return Reason("not required", text, (node.id,))
    graph = evaluation.graph
    causes = tuple(
        i for i in graph.order()
        if i in graph.upstream([node.id]) and stops(evaluation, graph.node(i))
    )  # fmt: skip
    if not causes:
        text = f"{name} is computed from constants only: nothing it reads requires a gradient."
        return Reason("not required", text)
    return Reason(
        "no longer required",
        f"{name} is cut off from the parameters by {named(graph, causes)}: "
        f"{because(graph.node(causes[0]))}.",
        causes,
    )


def cut_off(evaluation: Evaluation, walk: Walk, node: Node) -> Reason:
    """Why no gradient comes to a node that the output depends on."""
    graph = evaluation.graph
    between = graph.downstream([node.id]) & graph.upstream([walk.output])
    causes = tuple(
        i for i in graph.order()
        if i in between and i != node.id
        and i not in walk.gradients
        and not evaluation.results[i].value.requires_grad
        and any(source_requires(evaluation, w.source, w.output) for w in graph.inputs(i).values())
    )  # fmt: skip
    name, top = shown_name(node.name), shown_name(graph.node(walk.output).name)
    if not causes:
        text = f"No gradient of {top} flows back to {name}: every slope on the way is none."
        return Reason("cut off", text)
    return Reason(
        "cut off",
        f"Every way from {top} back to {name} ends at {named(graph, causes)}: "
        f"{because(graph.node(causes[0]))}.",
        causes,
    )


def stops(evaluation: Evaluation, node: Node) -> bool:
    """Whether gradients could reach a node's inputs but not go through it."""
    result = evaluation.results[node.id]
    if not result.ok or result.value.requires_grad:
        return False
    wires = evaluation.graph.inputs(node.id).values()
    return any(source_requires(evaluation, w.source, w.output) for w in wires)


def source_requires(evaluation: Evaluation, node_id: str, output: int) -> bool:
    """Whether what comes by a wire requires a gradient."""
    outputs = evaluation.results[node_id].outputs
    return output < len(outputs) and outputs[output].requires_grad


def named(graph: Graph, ids: tuple[str, ...]) -> str:
    """``u``, ``u and v``, ``u, v and 3 others``."""
    names = [label(graph, i) for i in ids[:2]]
    if len(ids) > 2:
        more = len(ids) - 2
        return f"{', '.join(names)} and {more} other{'s' * (more > 1)}"
    return " and ".join(names)


def because(node: Node) -> str:
    """Why no gradient goes through an operation."""
    spec = node.spec
    if spec.name == "detach":
        return "detach() gives the same numbers with no history, so gradients stop there"
    if spec.family in ("Comparison", "Logic"):
        return f"{spec.base_name} gives truths, which do not change smoothly"
    if not spec.differentiable:
        return f"{spec.base_name} gives whole numbers or truths, through which no gradient flows"
    return f"no gradient flows through the inputs of {spec.base_name} that are wired here"
