"""One element of a gradient, followed through every factor that makes it.

An element of an input moves some elements of the output: one at an element-wise operation, a
whole row at a matrix product, every copy at a broadcast. Each of those sends back its own
gradient times the local derivative, and the sum is what the element is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gradviz.explain.labels import label
from gradviz.explain.model import Sentence, Span
from gradviz.explain.vjp import influence
from gradviz.graph.evaluate import Evaluation
from gradviz.graph.seeds import element
from gradviz.graph.walk import Walk, WalkStep
from gradviz.numbers import short
from gradviz.ops.spec import Array

MOST = 64
"""The most terms that are listed."""
WRITTEN = 4
"""The most terms that the sentence writes out."""
PRODUCTS = ("matmul", "mm")


@dataclass(frozen=True, slots=True)
class Term:
    """What one element of the output sends back: its gradient times the local derivative.

    ``output`` and ``index`` say which element, ``name`` as ``y[0, 2]``. ``local_name`` says whose
    number the local derivative is, where it is one of the other input's; empty elsewhere.
    """

    output: int
    index: tuple[int, ...]
    name: str
    upstream: float
    local: float
    contribution: float
    local_name: str = ""


@dataclass(frozen=True, slots=True)
class Followed:
    """How the element ``index`` of an input comes by its part of the gradient.

    ``terms`` are the output elements that it moves, in reading order, of which ``count`` there
    are; ``value`` is what the step sends it: their sum. ``accumulated`` is its sum at a fan-out
    after this step.
    """

    node: str
    port: int
    source: str
    index: tuple[int, ...]
    name: str
    terms: tuple[Term, ...]
    count: int
    value: float
    accumulated: float
    sentence: Sentence

    @property
    def text(self) -> str:
        """The sentence without colours."""
        return "".join(span.text for span in self.sentence)


def follow(
    evaluation: Evaluation, walk: Walk, step: WalkStep, port: int, index: tuple[int, ...]
) -> Followed | None:
    """Follow one element of the input at ``port`` through ``step``.

    ``index`` is its place in the input. None where the step sends nothing there. IndexError
    where the input has no such element.
    """
    sent = walk.contributions.get((step.node, port))
    if sent is None or step.kind != "node":
        return None
    if len(index) != sent.value.ndim:
        raise IndexError(f"an element of the input has {sent.value.ndim} indices, not {len(index)}")
    value = sent.value[index].item()
    columns = influence(evaluation, step.node, port, index)
    if evaluation.graph.node(step.node).spec.elementwise:
        columns = tuple(alone(column, index, sent.value.shape) for column in columns)
    terms = [t for o, c in enumerate(columns) for t in terms_of(evaluation, step, o, c)]
    shown = tuple(named(evaluation, step, port, index, t) for t in terms[:MOST])
    name = element(label(evaluation.graph, sent.to), index)
    return Followed(
        step.node, port, sent.to, index, name, shown, len(terms), value,
        sent.accumulated[index].item(), tuple(told(name, shown, len(terms), value)),
    )  # fmt: skip


def alone(column: Array, index: tuple[int, ...], shape: tuple[int, ...]) -> Array:
    """A column with the element itself alone, where each moves none but its own.

    An infinite slope of another element times no change at all would else be nan.
    """
    if column.shape != shape:
        return column
    kept = np.zeros_like(column)
    kept[index] = column[index]
    return kept


def terms_of(evaluation: Evaluation, step: WalkStep, output: int, column: Array) -> Iterator[Term]:
    """The elements of one output that move, and what each sends back."""
    upstream = step.upstreams[output]
    if upstream is None:
        return
    name = label(evaluation.graph, step.node)
    for place in np.argwhere(column != 0):
        index = tuple(int(i) for i in place)
        arrived, local = float(upstream[index]), float(column[index])
        yield Term(output, index, element(name, index), arrived, local, arrived * local)


def named(
    evaluation: Evaluation, step: WalkStep, port: int, index: tuple[int, ...], term: Term
) -> Term:
    """A term of a product of matrices with the name of the element of the other one."""
    node = evaluation.graph.node(step.node)
    wires = evaluation.graph.inputs(step.node)
    base = node.spec.base_name
    other = wires.get(1 - port) if port < 2 else None
    if other is None or len(index) != len(term.index):
        return term
    if base in PRODUCTS and len(index) == 2:
        place = (index[1], term.index[1]) if port == 0 else (term.index[0], index[0])
    elif base == "mul" and shape_of(evaluation, other.source, other.output) == step.upstream.shape:
        place = term.index
    else:
        return term
    name = element(label(evaluation.graph, other.source), place)
    return Term(
        term.output, term.index, term.name, term.upstream, term.local, term.contribution, name
    )


def shape_of(evaluation: Evaluation, node_id: str, output: int) -> tuple[int, ...]:
    """The shape of a node's output."""
    return evaluation.results[node_id].outputs[output].array.shape


def told(name: str, terms: tuple[Term, ...], count: int, value: float) -> Iterator[Span]:
    """How the terms add up, in a sentence."""
    yield Span(name, "name")
    if not count:
        yield Span(" moves nothing here that a gradient arrived at: it is sent ")
        yield Span(short(value), "gradient")
        yield Span(".")
        return
    many = "one element" if count == 1 else f"{count:,} elements"
    yield Span(f" moves {many} of the output: ")
    for number, term in enumerate(terms[:WRITTEN]):
        yield Span(" + " if number else "")
        yield from written(term, bool(number))
    if count > WRITTEN:
        yield Span(" + …")
    yield Span(" = ")
    yield Span(short(value), "gradient")
    yield Span(".")


def written(term: Term, later: bool) -> Iterator[Span]:
    """Upstream times local, in brackets where a number is negative within a formula."""
    yield Span(signed(term.upstream, later), "gradient")
    yield Span(" × ")
    yield Span(signed(term.local, True), "value")


def signed(value: float, inside: bool) -> str:
    """A number, in brackets where it is negative and something stands before it."""
    return f"({short(value)})" if inside and value < 0 else short(value)
