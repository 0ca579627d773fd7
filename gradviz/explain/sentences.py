"""A step in plain words, with its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from gradviz.explain.formulas import coloured, derivative, signed_tex, tex
from gradviz.explain.labels import is_generated, label
from gradviz.explain.meaning import meaning_of
from gradviz.explain.model import (
    SMALL,
    Explanation,
    Landing,
    LedgerRow,
    Sentence,
    Span,
    amount,
    scalar,
)
from gradviz.graph.document import Node
from gradviz.graph.evaluate import Evaluation
from gradviz.graph.walk import Walk, WalkStep
from gradviz.numbers import shape_text, short
from gradviz.ops.spec import Array

MANY = 6
"""The most terms of a sum that a sentence writes out."""


def plain(text: str) -> Span:
    """Text without a colour of its own."""
    return Span(text)


def name_of(text: str) -> Span:
    """A node's name or expression."""
    return Span(text, "name")


def gradient(value: Array) -> Span:
    """A gradient: its number or numbers, or its shape and what they reach from and to."""
    return Span(f"{amount(value)}{reach(value)}", "gradient")


def reach(value: Array) -> str:
    """The least and the greatest number of a tensor whose numbers are not written out."""
    if value.size <= SMALL:
        return ""
    low, high = np.min(value), np.max(value)
    return f" of {short(low)} throughout" if low == high else f" from {short(low)} to {short(high)}"


def explain_start(evaluation: Evaluation, walk: Walk) -> Explanation:
    """Before the first step: what the pass will do."""
    name = label(evaluation.graph, walk.output)
    first = (
        Span("Before the pass. ", "strong"),
        plain("Every value is known, and no gradient. Going back wire by wire from "),
        name_of(name),
        plain(", the pass asks of each node: if this changed a little, how much would "),
        name_of(name), plain(" change?"),
    )  # fmt: skip
    return Explanation("Before the pass", (first,))


def explain_end() -> Sentence:
    """What holds once the last step is taken."""
    return (Span("This was the last step: every gradient is known.", "muted"),)


def explain_seed(evaluation: Evaluation, step: WalkStep) -> Explanation:
    """Where the pass starts."""
    name = label(evaluation.graph, step.node)
    first: list[Span] = [Span("The seed. ", "strong"), plain("The pass starts at "), name_of(name)]
    if scalar(step.upstream) and step.upstream.item() == 1:
        first += [
            plain(" with "), gradient(step.upstream),
            plain(": a unit more of "), name_of(name), plain(" is just one unit more of itself."),
        ]  # fmt: skip
    else:
        first += [
            plain(" with the gradient "), gradient(step.upstream),
            plain(": each of its elements counts by that much in everything that follows."),
        ]  # fmt: skip
    left = derivative(evaluation.graph, step.node, step.node)
    formula = f"{left} = {coloured(tex(step.upstream), 'grad')}"
    return Explanation("The seed", (tuple(first),), formulas=(formula,))


def explain_leaf(evaluation: Evaluation, walk: Walk, step: WalkStep) -> Explanation:
    """Where the pass ends: a leaf's gradient is complete."""
    graph = evaluation.graph
    node = graph.node(step.node)
    loss = label(graph, walk.output)
    first = [
        Span(f"Arrived at {node.name}. ", "strong"), name_of(node.name),
        plain(" is a leaf, so the gradient stays here: "), name_of(f"{node.name}.grad"),
        plain(" is " if step.before is None else " is given "), gradient(step.upstream), plain("."),
    ]  # fmt: skip
    if scalar(step.upstream):
        first += [
            plain(" A small step up in "), name_of(node.name), plain(" moves "), name_of(loss),
            *scaled(step.upstream.item()), plain("."),
        ]  # fmt: skip
    sentences: list[Sentence] = [tuple(first)]
    terms = [c.value for _, c in walk.terms(step.node, 0)]
    if len(terms) > 1:
        sentences.append(tuple(whole_sum(node.name, terms, step.upstream)))
    landing = Landing(node.name, step.before, step.upstream, step.landed, tuple(terms))
    if landing.before is not None:
        sentences.append(tuple(added_to_earlier(landing, landing.before)))
    formula = f"{derivative(graph, walk.output, node.id)} = "
    if 1 < len(terms) <= MANY and scalar(step.upstream):
        formula += " + ".join(signed_tex(t) for t in terms) + " = "
    formula += coloured(tex(step.upstream), "grad")
    title = f"Arrived at {node.name}"
    return Explanation(title, tuple(sentences), formulas=(formula,), landing=landing)


def added_to_earlier(landing: Landing, before: Array) -> Iterator[Span]:
    """The sum across passes, which is another one than a fan-out's."""
    yield name_of(f"{landing.name}.grad")
    yield plain(" was not empty: it held ")
    yield gradient(before)
    yield plain(" from an earlier backward, and this pass adds ")
    yield gradient(landing.arrived)
    yield plain(" to it: ")
    if scalar(landing.after):
        yield gradient(before)
        yield plain(" + ")
        yield from bracketed(landing.arrived)
        yield plain(" = ")
    yield gradient(landing.after)
    yield plain(". That is no fan-out: zero_grad before the pass would have left ")
    yield gradient(landing.arrived)
    yield plain(".")


def bracketed(value: Array) -> Iterator[Span]:
    """A later term of a sum, in brackets where it is negative."""
    yield Span(f"({amount(value)})", "gradient") if value.item() < 0 else gradient(value)


def scaled(slope: float) -> Iterator[Span]:
    """How far a small step goes, with the direction in words."""
    if slope == 0:
        yield plain(" not at all")
    elif slope != slope:
        yield plain(" by no number that can be said")
    else:
        yield plain(" down " if slope < 0 else " up ")
        yield Span(short(abs(slope)), "gradient")
        yield plain(" times as far")


def summing(terms: Sequence[Array], total: Array) -> Iterator[Span]:
    """A sum written out, its first terms as dots where there are many."""
    if not scalar(total):
        yield gradient(total)
        return
    if len(terms) > MANY:
        yield plain("… + ")
    for index, term in enumerate(terms[-MANY:]):
        yield plain(" + " if index else "")
        negative = len(terms) > 1 and term.item() < 0
        yield Span(f"({amount(term)})" if negative and index else amount(term), "gradient")
    if len(terms) > 1:
        yield plain(" = ")
        yield gradient(total)


def whole_sum(name: str, terms: Sequence[Array], total: Array) -> Iterator[Span]:
    """The sum at a fan-out, once it is complete."""
    yield name_of(name)
    yield plain(f" was used {times(len(terms))}, and what comes back along each way is added: ")
    yield from summing(terms, total)
    yield plain(".")


def times(count: int) -> str:
    """How often, in words."""
    return "twice" if count == 2 else f"{count} times"


def node_sentences(
    evaluation: Evaluation, walk: Walk, step: WalkStep, node: Node, rows: tuple[LedgerRow, ...]
) -> Iterator[Sentence]:
    """What arrives, what each input is sent and why, what is added up, what is not needed."""
    graph = evaluation.graph
    loss, here = label(graph, walk.output), label(graph, node.id)
    own = "" if is_generated(node) else f" ({node.spec.base_name})"
    yield (Span(f"Through {node.name}{own}. ", "strong"), *arrival(step, walk, here, loss))
    for row in rows:
        if row.needed:
            meaning = tuple(meaning_of(evaluation, node, row))
            yield (*meaning, *sent_spans(row, here, loss, node.id == walk.output))
            yield from asides(row)
    yield from unneeded(rows)


def arrival(step: WalkStep, walk: Walk, here: str, loss: str) -> Iterator[Span]:
    """What the gradient that arrived says."""
    if step.node == walk.output:
        yield plain("The pass has just started, so what arrives is the seed, ")
        yield gradient(step.upstream)
        yield plain(".")
    elif scalar(step.upstream):
        yield name_of(loss)
        yield plain(" changes by ")
        yield gradient(step.upstream)
        yield plain(" for each unit that ")
        yield name_of(here)
        yield plain(" changes.")
    else:
        yield plain("What arrives says how much ")
        yield name_of(loss)
        yield plain(" changes for a unit of each element of ")
        yield name_of(here)
        yield plain(": ")
        yield gradient(step.upstream)
        yield plain(".")


def sent_spans(row: LedgerRow, here: str, loss: str, starts: bool) -> Iterator[Span]:
    """What one input is sent."""
    local = row.local
    if local is None or not (scalar(local) and scalar(row.upstream)) or row.summed_axes:
        yield name_of(row.name)
        yield plain(" is sent ")
        yield gradient(row.sent)
        yield plain("." if local is None else how_it_is_sent(row))
        return
    value = Span(amount(local), "value")
    yield plain("A unit of ")
    yield name_of(row.name)
    yield plain(" changes ")
    yield name_of(here)
    yield plain(" by ")
    yield value
    yield plain(": it is sent " if starts else ", so it changes ")
    if not starts:
        yield name_of(loss)
        yield plain(" by ")
    yield gradient(row.upstream)
    yield plain(" × ")
    yield value
    yield plain(" = ")
    yield gradient(row.sent)
    yield plain(".")


def how_it_is_sent(row: LedgerRow) -> str:
    """What is done with the two factors of a tensor's contribution."""
    return ", upstream × local, element by element" + (", and summed." if row.summed_axes else ".")


def asides(row: LedgerRow) -> Iterator[Sentence]:
    """A kink, a broadcast and a fan-out each have a line of their own."""
    if row.kink:
        yield (Span(f"{row.kink}.", "muted"),)
    if row.summed_axes:
        wide, narrow = shape_text(row.raw_shape), shape_text(row.sent.shape)
        yield (
            name_of(row.name),
            plain(f" was stretched from {narrow} to {wide}, so its gradient is summed back: "),
            plain(f"{wide} → {narrow} summed over {axes_text(row.summed_axes)}."),
        )
    if row.terms > 1 and row.accumulated is not None:
        yield tuple(running_sum(row))


def axes_text(axes: tuple[int, ...]) -> str:
    """``axis 0``, ``axes 0 and 2``."""
    *first, last = map(str, axes)
    return f"axes {', '.join(first)} and {last}" if first else f"axis {last}"


def running_sum(row: LedgerRow) -> Iterator[Span]:
    """The sum so far at a fan-out, term by term, and how many are missing."""
    missing = row.terms - row.term
    yield name_of(row.name)
    yield plain(f" is used {times(row.terms)}; ")
    yield plain("so far " if missing else "all its terms are here: ")
    terms = (*row.earlier, row.sent)
    if row.term > len(terms):
        yield plain("… + ")
    assert row.accumulated is not None, "asked only of rows that add up"
    yield from summing(terms, row.accumulated)
    if missing:
        yield plain(f", {'one' if missing == 1 else missing} more to come")
    yield plain(".")


def unneeded(rows: tuple[LedgerRow, ...]) -> Iterator[Sentence]:
    """Inputs that are sent nothing, and why."""
    names = list(dict.fromkeys(r.name for r in rows if not r.needed and r.source is not None))
    if names:
        verb, it = ("does", "it") if len(names) == 1 else ("do", "them")
        words = f"{' and '.join(names)} {verb} not need a gradient: nothing is sent to {it}."
        yield (Span(words, "muted"),)
