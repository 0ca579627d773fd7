"""A step of forward mode in words and formulas, and what reverse mode says of the same slope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gradviz.explain.formulas import coloured, signed_tex, tex
from gradviz.explain.labels import ATOM, labelled
from gradviz.explain.model import SMALL, Explanation, Sentence, Span, TangentRow, amount, scalar
from gradviz.graph.document import Graph, Node
from gradviz.graph.evaluate import Evaluation
from gradviz.graph.forward_mode import ForwardPass, TangentStep, costs, pushed
from gradviz.graph.walk import Walk
from gradviz.numbers import short
from gradviz.ops.spec import Array

MOST_TERMS = 4
"""The most terms that a sentence or a formula writes out."""
TANGENT = "parameter"
"""The theme's word for the colour of a tangent in formulas."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The output's slope along one direction, by forward mode and by gradient · direction."""

    forward: float
    reverse: float
    agree: bool


def agreement(found: ForwardPass, walk: Walk) -> Agreement:
    """Whether both modes say the same of the output of ``walk``, to the precision of its type.

    A tensor's elements count as the walk's seed weighs them.
    """
    seed = walk.steps[0].upstream
    tangent = found.tangents.get(walk.output)
    forward = 0.0 if tangent is None else float(np.sum(tangent * seed, dtype=np.float64))
    products = [
        np.asarray(walk.gradients[s.node] * s.tangent, np.float64)
        for s in found.steps
        if s.kind == "leaf" and s.node in walk.gradients
    ]
    with np.errstate(all="ignore"):
        reverse = float(sum((float(p.sum()) for p in products), 0.0))
        size = sum(float(np.abs(p).sum()) for p in products) + abs(forward)
        close = abs(forward - reverse) <= 1e4 * float(np.finfo(seed.dtype).eps) * size
    both_nan = bool(np.isnan(forward) and np.isnan(reverse))
    return Agreement(forward, reverse, bool(close) or forward == reverse or both_nan)


def explain_tangents(
    evaluation: Evaluation, found: ForwardPass, moment: int, walk: Walk | None = None
) -> Explanation:
    """The state after ``moment`` steps: the step just taken, or at 0 what is about to begin.

    ``walk`` is the backward pass that the end is compared with.
    """
    step = found.active(moment)
    if step is None:
        return beginning(evaluation.graph, found)
    told = explain_tangent_step(evaluation, step)
    if walk is not None and (step.node == walk.output or moment == len(found)):
        told = told.followed_by(compared(evaluation.graph, agreement(found, walk), walk))
    if moment == len(found):
        told = told.followed_by(cost_said(evaluation, found, walk))
    return told


def beginning(graph: Graph, found: ForwardPass) -> Explanation:
    """Before the first step: what moves, and what the pass will do."""
    leaves = [s for s in found.steps if s.kind == "leaf"]
    if not leaves:
        words = (
            Span("Nothing moves. ", "strong"),
            Span("The direction is zero for every parameter: choose another."),
        )
        return Explanation("Nothing moves", (words,))
    spans = [Span("Before forward mode. ", "strong")]
    for place, step in enumerate(leaves[:MOST_TERMS]):
        spans += [Span(", " if place else ""), Span(graph.node(step.node).name, "name")]
        spans += [Span(" moves by "), Span(amount(step.tangent), "tangent")]
    if len(leaves) > MOST_TERMS:
        spans.append(Span(f", and {len(leaves) - MOST_TERMS} more parameters move"))
    spans.append(
        Span(
            ". Node by node, in the order of evaluation, forward mode finds how fast each value "
            "changes along that direction: its tangent."
        )
    )
    return Explanation("Before forward mode", (tuple(spans),))


def explain_tangent_step(evaluation: Evaluation, step: TangentStep) -> Explanation:
    """How one node gets its tangent."""
    graph = evaluation.graph
    node = graph.node(step.node)
    own = differential(graph, node.id)
    if step.kind == "leaf":
        words = (
            Span(f"The direction: {node.name}. ", "strong"), Span(node.name, "name"),
            Span(" moves by "), Span(amount(step.tangent), "tangent"),
            Span(": that is its tangent, given and not computed."),
        )  # fmt: skip
        shown = numbers_of(step.tangent)
        formulas = () if shown is None else (f"{own} = {shown}",)
        return Explanation(f"The direction: {node.name}", (words,), formulas=formulas)
    rows = tuple(tangent_rows(evaluation, step, node))
    sentences = (pushed_on(step, node, rows), *about_zero(step, rows))
    return Explanation(
        f"Tangent of {node.name}", sentences,
        formulas=tuple(formulas_of(graph, step, node, rows)), tangents=rows,
    )  # fmt: skip


def tangent_rows(evaluation: Evaluation, step: TangentStep, node: Node) -> Iterator[TangentRow]:
    """What each input that moves adds."""
    for term in step.terms:
        slope = None
        if node.spec.elementwise or (scalar(term.tangent) and scalar(step.tangent)):
            slope = pushed(evaluation, node, term.port, np.ones_like(term.tangent))
        name = labelled(evaluation.graph, term.source).text
        yield TangentRow(term.port, name, term.source, term.tangent, slope, term.term)


# in words --------------------------------------------------------------------------------


def pushed_on(step: TangentStep, node: Node, rows: tuple[TangentRow, ...]) -> Sentence:
    """The sum of the terms, each with its slope where that is one factor."""
    spans = [
        Span(f"Tangent of {node.name}. ", "strong"), Span(node.name, "name"),
        Span(" changes by "), Span(amount(step.tangent), "tangent"), Span(" along the direction: "),
    ]  # fmt: skip
    for place, row in enumerate(rows[:MOST_TERMS]):
        spans.append(Span(", plus " if place else ""))
        if row.slope is not None and scalar(row.slope):
            spans += [Span("slope "), Span(amount(row.slope), "value"), Span(" × ")]
        else:
            spans.append(Span("its slopes × "))
        spans += [Span(amount(row.tangent), "tangent"), Span(" from "), Span(row.name, "name")]
    if len(rows) > MOST_TERMS:
        spans.append(Span(f" and {len(rows) - MOST_TERMS} more"))
    return (*spans, Span("."))


def about_zero(step: TangentStep, rows: tuple[TangentRow, ...]) -> Iterator[Sentence]:
    """Why nothing gets through, or where numbers stop being finite."""
    finite = all(np.isfinite(row.tangent).all() for row in rows)
    if finite and not np.isfinite(step.tangent).all():
        yield (Span("All that came in was finite: the nan or ∞ was made here.", "strong"),)
    elif not np.any(step.tangent) and any(np.any(row.tangent) for row in rows):
        words = "What comes in moves, but its slope here is zero or the terms cancel."
        yield (Span(words, "muted"),)


def compared(graph: Graph, told: Agreement, walk: Walk) -> Sentence:
    """Both modes' slope of the output along the direction."""
    name = labelled(graph, walk.output).text
    verdict = (
        Span(": the same.") if told.agree
        else Span(f": not the same, they differ by {short(told.forward - told.reverse)}.", "strong")
    )  # fmt: skip
    summed = "" if scalar(walk.steps[0].upstream) else ", its elements weighed by the seed,"
    return (
        Span(f"Beside reverse mode: the slope of {name}{summed} is "),
        Span(short(told.forward), "tangent"), Span(" by forward mode; gradient · direction is "),
        Span(short(told.reverse), "gradient"), verdict,
    )  # fmt: skip


def cost_said(evaluation: Evaluation, found: ForwardPass, walk: Walk | None) -> Sentence:
    """What the pass took, and what all slopes of the output take in either mode."""
    words = f"One direction: one pass over {len(found)} nodes."
    if walk is not None:
        forward, reverse = costs(evaluation, walk.output)
        words += (
            f" The slopes by all parameters: {passes(forward.passes)} of forward mode "
            f"({forward.steps:,} node visits), {passes(reverse.passes)} of reverse mode "
            f"({reverse.steps:,})."
        )
    return (Span(words, "muted"),)


def passes(count: int) -> str:
    """``1 pass``, ``12 passes``."""
    return f"{count:,} pass{'es' * (count != 1)}"


# in formulas -----------------------------------------------------------------------------


def differential(graph: Graph, node: str) -> str:
    """A small change of a node's value."""
    name = labelled(graph, node).within(ATOM).latex
    gap = r"\," if name.startswith("\\") else ""
    return rf"\mathrm{{d}}{gap}{name}"


def formulas_of(
    graph: Graph, step: TangentStep, node: Node, rows: tuple[TangentRow, ...]
) -> Iterator[str]:
    """The chain rule read forwards: in symbols, and with the numbers where they are single."""
    shown = rows[:MOST_TERMS]
    rest = [r"\cdots"] if len(rows) > MOST_TERMS else []
    uses = Counter(row.source for row in rows)
    own = differential(graph, node.id)
    symbols: list[str] = []
    for row in shown:
        slope = partial(graph, node, row, uses[row.source] > 1)
        symbols.append(rf"{slope} \, {differential(graph, row.source)}")
    total = numbers_of(step.tangent)
    numbers = [
        rf"{signed_tex(row.slope, 'val')} \cdot {signed_tex(row.tangent, TANGENT)}"
        for row in shown
        if row.slope is not None and scalar(row.slope) and scalar(row.tangent)
    ]
    yield f"{own} = {' + '.join(symbols + rest)}"
    if len(numbers) == len(shown):
        yield f"{own} = {' + '.join(numbers + rest)} = {total}"
    elif total is not None:
        yield f"{own} = {total}"


def numbers_of(tangent: Array) -> str | None:
    """A tangent's number, or the numbers of a small vector; None for a larger tensor."""
    array = np.asarray(tangent)
    if array.size == 1:
        return coloured(tex(array), TANGENT)
    if array.ndim != 1 or not 0 < array.size <= SMALL:
        return None
    inner = r", \; ".join(tex(number) for number in array)
    return coloured(f"[{inner}]", TANGENT)


def partial(graph: Graph, node: Node, row: TangentRow, shared: bool) -> str:
    """∂node/∂input; where an input is used by two ports, with the port it goes in by."""
    top, bottom = (labelled(graph, i).within(4).latex for i in (node.id, row.source))
    slope = rf"\frac{{\partial {top}}}{{\partial {bottom}}}"
    if not shared:
        return slope
    port = node.spec.port(row.port).name.replace("_", r"\_")
    return rf"\left({slope}\right)_{{\mathrm{{{port}}}}}"
