"""Where a nan or an infinity began: the first node that made one, and the numbers that did it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gradviz.explain.labels import label
from gradviz.graph.checks import port_name
from gradviz.graph.document import Node
from gradviz.graph.evaluate import Evaluation
from gradviz.graph.walk import Walk, WalkStep
from gradviz.numbers import short
from gradviz.ops.spec import Array

Index = tuple[int, ...]
GROWING = ("exp", "exp2", "expm1", "sinh", "cosh", "pow", "square", "mul")


@dataclass(frozen=True, slots=True)
class Origin:
    """The first nan or infinity: in a value on the way forward, or in a gradient on the way back.

    ``index``: the element, ``number`` what it is. ``factors``: the numbers it came of, by name.
    ``affected``: the ids of the nodes whose values or gradients are not finite either.
    ``moment``: the moment of the pass at which it appears, where it is a gradient.
    """

    kind: Literal["value", "gradient"]
    node: str
    index: Index
    number: float
    factors: tuple[tuple[str, float], ...]
    text: str
    affected: tuple[str, ...]
    moment: int | None = None


def first_nonfinite(evaluation: Evaluation, walk: Walk | None) -> Origin | None:
    """Where the first nan or infinity came from; None where every number is finite."""
    return first_value(evaluation) or (None if walk is None else first_gradient(evaluation, walk))


# on the way forward ------------------------------------------------------------------------


def first_value(evaluation: Evaluation) -> Origin | None:
    """The first node whose value is not finite though all it read was."""
    affected = [i for i in evaluation.graph.order() if not finite_value(evaluation, i)]
    if not affected:
        return None
    node = evaluation.graph.node(affected[0])
    array = evaluation.results[node.id].value.array
    index = first_bad(array)
    number = float(array[index])
    factors = inputs_at(evaluation, node, index, array.shape)
    return Origin(
        "value", node.id, index, number, factors,
        value_text(evaluation, node, index, number, factors), tuple(affected),
    )  # fmt: skip


def finite_value(evaluation: Evaluation, node_id: str) -> bool:
    """Whether every number of a node's first output is finite; so where there is none."""
    value = evaluation.value(node_id)
    return value is None or bool(np.isfinite(value.array).all())


def first_bad(array: Array) -> Index:
    """The place of the first element that is nan or infinite."""
    bad = ~np.isfinite(array)
    return tuple(int(i) for i in np.unravel_index(int(bad.argmax()), array.shape))


def inputs_at(
    evaluation: Evaluation, node: Node, index: Index, shape: tuple[int, ...]
) -> tuple[tuple[str, float], ...]:
    """The numbers that met at an element, by port; none where the inputs do not line up."""
    found: list[tuple[str, float]] = []
    for wire in evaluation.graph.inputs(node.id).values():
        array = evaluation.results[wire.source].outputs[wire.output].array
        try:
            lined = np.broadcast_to(array, shape)
        except ValueError:
            continue
        found.append((label(evaluation.graph, wire.source), float(lined[index])))
    found += [(port_name(node.spec, p), float(v)) for p, v in node.literals.items()]
    return tuple(found)


def value_text(
    evaluation: Evaluation, node: Node, index: Index, number: float,
    factors: tuple[tuple[str, float], ...],
) -> str:  # fmt: skip
    """Which element is what, of which numbers, and why."""
    own, there = label(evaluation.graph, node.id), place_text(index)
    if not node.spec.ports:
        return f"{own}{there} is {short(number)} from the start."
    given = " and ".join(f"{name}{there} = {short(v)}" for name, v in factors)
    of = f", made of {given}" if given else ""
    why = forward_reason(node, [v for _, v in factors], number)
    return f"{own}{there} is {short(number)}{of}{': ' + why if why else ''}."


def forward_reason(node: Node, numbers: list[float], result: float) -> str:
    """Why an operation gives nan or an infinity for these numbers; empty where it is not known."""
    name = node.spec.base_name
    first = numbers[0] if numbers else 0.0
    if name in ("log", "log2", "log10", "log1p"):
        lowest = -1.0 if name == "log1p" else 0.0
        bound = short(int(lowest))
        at = "at" if first == lowest else "below"
        gives = "is minus infinity" if first == lowest else "is not a real number"
        return f"a logarithm {at} {bound} {gives}"
    if name in ("sqrt", "rsqrt") and first < 0:
        return "the square root of a negative number is not a real number"
    if name in ("div", "reciprocal", "rsqrt") and (numbers[-1] == 0):
        return "0 divided by 0 has no value" if np.isnan(result) else "it divides by 0"
    if name in ("asin", "acos") and abs(first) > 1:
        return f"{name} takes numbers from −1 to 1"
    if name in ("exp", "pow", "mul", "square", "exp2", "expm1", "sinh", "cosh") and np.isinf(
        result
    ):
        return "the result is larger than its type can hold"
    if name == "pow" and np.isnan(result):
        return "a negative number to a power that is no whole number is not a real number"
    return ""


def place_text(index: Index) -> str:
    """``[1, 2]``; nothing for a single number."""
    return f"[{', '.join(map(str, index))}]" if index else ""


# on the way back ---------------------------------------------------------------------------


def first_gradient(evaluation: Evaluation, walk: Walk) -> Origin | None:
    """The first step of a pass that sends something not finite though all that arrived was."""
    for step in walk.steps:
        for sent in step.sent:
            value = np.asarray(sent.value)
            if not np.isfinite(value).all():
                return gradient_origin(evaluation, walk, step, sent.port, value)
    return None


def gradient_origin(
    evaluation: Evaluation, walk: Walk, step: WalkStep, port: int, value: Array
) -> Origin:
    """Where a gradient went wrong, and by which numbers."""
    graph = evaluation.graph
    node, index = graph.node(step.node), first_bad(value)
    number = float(value[index])
    upstream = np.asarray(step.upstream)
    wire = graph.inputs(node.id)[port]
    at = evaluation.results[wire.source].outputs[wire.output].array
    factors = [(label(graph, wire.source), float(np.asarray(at)[index]))]
    if upstream.shape == value.shape or not upstream.shape:
        factors.append(("upstream", float(upstream[index] if upstream.shape else upstream)))
    source, there = label(graph, wire.source), place_text(index)
    text = f"The gradient that {label(graph, node.id)} sends to {source}{there} is {short(number)}"
    why = backward_reason(node, factors, number)
    affected = [i for i, g in walk.gradients.items() if not np.isfinite(g).all()]
    return Origin(
        "gradient", node.id, index, number, tuple(factors), f"{text}{': ' + why if why else ''}.",
        tuple(affected), step.index + 1,
    )  # fmt: skip


def backward_reason(node: Node, factors: list[tuple[str, float]], number: float) -> str:
    """Why a gradient is nan or infinite there; the numbers alone where no more is known."""
    (name, at), *rest = factors
    arrived = rest[0][1] if rest else None
    slope = f"at {name} = {short(at)} the slope of {node.spec.base_name} is infinite"
    if np.isnan(number) and arrived == 0:
        return f"{slope}, and 0 times infinity is nan"
    if np.isinf(number) and arrived is not None and np.isfinite(arrived):
        return f"{slope}, times the {short(arrived)} that arrives"
    return f"with {name} = {short(at)}"
