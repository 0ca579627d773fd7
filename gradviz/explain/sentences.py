"""A step in plain words, with its numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradviz.explain.formulas import signed_tex, tex
from gradviz.explain.labels import label, latex_label
from gradviz.explain.model import Explanation, LedgerRow, Sentence, Span, scalar
from gradviz.graph.document import Node
from gradviz.graph.evaluate import Evaluation
from gradviz.graph.walk import Sent, Walk, WalkStep
from gradviz.numbers import shape_text, short
from gradviz.ops.spec import Array


def plain(text: str) -> Span:
    """Text without a colour of its own."""
    return Span(text)


def gradient(value: Array) -> Span:
    """A gradient: its number, or its shape."""
    return Span(amount(value), "gradient")


def amount(value: Array) -> str:
    """A number, or for a tensor what shape of numbers it is."""
    array = np.asarray(value)
    return short(array.item()) if array.size == 1 else f"a {shape_text(array.shape)} tensor"


def explain_seed(evaluation: Evaluation, step: WalkStep) -> Explanation:
    """Where the pass starts."""
    name = label(evaluation.graph, step.node)
    first: list[Span] = [Span("The seed. ", "strong")]
    if step.upstream.size == 1 and step.upstream.item() == 1:
        first += [
            plain("Backward starts at "), Span(name, "name"), plain(": when it changes by one unit, "),
            Span(name, "name"), plain(" changes by "), gradient(step.upstream), plain("."),
        ]  # fmt: skip
    else:
        first += [
            plain("Backward starts at "), Span(name, "name"), plain(" with the gradient "),
            gradient(step.upstream), plain(": every result is weighted by it."),
        ]  # fmt: skip
    symbol = latex_label(evaluation.graph, step.node)
    formula = rf"\frac{{\partial {symbol}}}{{\partial {symbol}}} = \textcolor{{grad}}{{{tex(step.upstream)}}}"
    return Explanation("The seed", (tuple(first),), formulas=(formula,))


def explain_start(evaluation: Evaluation, walk: Walk) -> Explanation:
    """Before the first step: what the pass will do."""
    name = label(evaluation.graph, walk.output)
    first = (
        Span("Before the pass. ", "strong"), plain("Every value is known, no gradient is. The pass starts at "),
        Span(name, "name"), plain(" and asks, going back wire by wire: if this changed a little, how much would "),
        Span(name, "name"), plain(" change?"),
    )  # fmt: skip
    return Explanation("Before the pass", (first,))


def explain_end() -> Sentence:
    """What holds once the last step is taken."""
    return (Span("This was the last step: every gradient is known.", "muted"),)


def explain_leaf(evaluation: Evaluation, walk: Walk, step: WalkStep) -> Explanation:
    """Where the pass ends: a leaf's gradient is complete."""
    graph = evaluation.graph
    node = graph.node(step.node)
    loss = label(graph, walk.output)
    terms = walk.incoming.get(step.node, ())
    first = [
        Span(f"Arrived at {node.name}. ", "strong"), Span(node.name, "name"),
        plain(" is a leaf, so the gradient stays here: "), Span(f"{node.name}.grad", "name"),
        plain(" is "), gradient(step.upstream), plain("."),
    ]  # fmt: skip
    if step.upstream.size == 1:
        first += [
            plain(" A small step up in "), Span(node.name, "name"), plain(" moves "),
            Span(loss, "name"), plain(f" {direction(step.upstream)} times as much."),
        ]  # fmt: skip
    sentences: list[Sentence] = [tuple(first)]
    if len(terms) > 1:
        sentences.append(tuple(sum_sentence(node.name, [c for _, c in terms], step.upstream)))
    symbol = rf"\frac{{\partial {latex_label(graph, walk.output)}}}{{\partial {latex_label(graph, node.id)}}}"
    parts = " + ".join(signed_tex(c.value) for _, c in terms)
    total = rf"\textcolor{{grad}}{{{tex(step.upstream)}}}"
    formula = (
        f"{symbol} = {parts} = {total}"
        if len(terms) > 1 and scalar(step.upstream)
        else f"{symbol} = {total}"
    )
    return Explanation(f"Arrived at {node.name}", tuple(sentences), formulas=(formula,))


def direction(value: Array) -> str:
    """How much a number scales a step, with the direction in words."""
    number = float(np.asarray(value).item())
    return f"{short(abs(number))}" if number >= 0 else f"the other way, {short(abs(number))}"


def sum_sentence(name: str, terms: list[Sent], total: Array) -> Iterator[Span]:
    """A fan-out's sum, term by term."""
    yield plain(f"It was used {len(terms)} times, and what comes back along each way is added: ")
    if scalar(total):
        for index, term in enumerate(terms):
            yield plain(" + " if index else "")
            yield gradient(term.value)
        yield plain(" = ")
        yield gradient(total)
        yield plain(".")
    else:
        yield plain(f"{len(terms)} terms of shape {shape_text(np.shape(total))}.")


def node_sentences(
    evaluation: Evaluation, walk: Walk, step: WalkStep, node: Node, rows: tuple[LedgerRow, ...]
) -> Iterator[Sentence]:
    """What arrives, what each input is sent and why, what is added up, what is not needed."""
    graph = evaluation.graph
    loss, here = label(graph, walk.output), label(graph, node.id)
    arrives: Sentence = (Span(f"Through {node.spec.base_name}. ", "strong"),)
    if scalar(step.upstream):
        arrives += (
            plain("For each unit that "), Span(here, "name"), plain(" changes, "),
            Span(loss, "name"), plain(" changes by "), gradient(step.upstream), plain("."),
        )  # fmt: skip
    else:
        arrives += (
            plain("The gradient of "), Span(loss, "name"), plain(" with respect to "),
            Span(here, "name"), plain(f" arrives, one number for each of its elements: shape {shape_text(step.upstream.shape)}."),
        )  # fmt: skip
    yield arrives
    for row in rows:
        if row.needed:
            yield tuple(row_sentence(node, here, loss, row))
            yield from accumulation(row)
    yield from unneeded(rows)


def row_sentence(node: Node, here: str, loss: str, row: LedgerRow) -> Iterator[Span]:
    """Why one input is sent what it is sent."""
    meaning = node.spec.meaning.get(port_name(node, row.port))
    if meaning:
        yield plain(capitalised(fill(meaning, node, here, row)) + ". ")
    if row.local is not None and scalar(row.local) and scalar(row.upstream) and not row.summed_axes:
        yield plain("A unit of ")
        yield Span(row.name, "name")
        yield plain(" changes ")
        yield Span(here, "name")
        yield plain(" by ")
        yield Span(short(row.local.item()), "value")
        yield plain(", so it changes ")
        yield Span(loss, "name")
        yield plain(" by ")
        yield gradient(row.upstream)
        yield plain(" × ")
        yield Span(short(row.local.item()), "value")
        yield plain(" = ")
        yield gradient(row.sent)
        yield plain(".")
        return
    yield Span(row.name, "name")
    yield plain(" is sent ")
    yield gradient(row.sent)
    yield plain(
        f", by the rule {row.rule}"
        if row.local is None
        else ", upstream × local, element by element"
    )
    if row.summed_axes:
        axes = ", ".join(map(str, row.summed_axes))
        yield plain(
            f". It was broadcast from {shape_text(row.sent.shape)} to "
            f"{shape_text(row.raw_shape)}, so its gradient is summed over "
            f"axis {axes}"
            if len(row.summed_axes) == 1
            else f". It was broadcast from {shape_text(row.sent.shape)} to "
            f"{shape_text(row.raw_shape)}, so its gradient is summed over axes {axes}"
        )
    yield plain(".")


def accumulation(row: LedgerRow) -> Iterator[Sentence]:
    """The running sum at a fan-out."""
    if row.terms == 1 or row.accumulated is None:
        return
    spans: list[Span] = [
        Span(row.name, "name"), plain(f" is used {row.terms} times; this is term {row.term} of {row.terms}"),
    ]  # fmt: skip
    if scalar(row.accumulated):
        spans += [plain(", the sum so far is "), gradient(row.accumulated)]
    spans.append(plain("." if row.term == row.terms else ", and more is to come."))
    yield tuple(spans)


def unneeded(rows: tuple[LedgerRow, ...]) -> Iterator[Sentence]:
    """Inputs that are sent nothing, and why."""
    names = [row.name for row in rows if not row.needed and row.source is not None]
    if names:
        verb = "does" if len(names) == 1 else "do"
        yield (
            Span(
                f"{' and '.join(names)} {verb} not need a gradient: nothing is sent there.", "muted"
            ),
        )


def port_name(node: Node, port: int) -> str:
    """The name of a port, variadic ones included."""
    return node.spec.ports[min(port, len(node.spec.ports) - 1)].name


def fill(meaning: str, node: Node, here: str, row: LedgerRow) -> str:
    """An operation's plain words with this node's names in them."""
    names = {p.name: p.name for p in node.spec.ports}
    names |= {
        a.name: str(node.setting(a.name)) for a in node.spec.attrs if a.name in node.spec.defaults
    }
    names |= {port_name(node, row.port): row.name, "out": here}
    names["local"] = "" if row.local is None else amount(row.local)
    return meaning.format(**names)


def capitalised(text: str) -> str:
    """A sentence's first letter made large, unless a name stands there."""
    first = text.split(" ", 1)[0]
    return (
        text[:1].upper() + text[1:]
        if first.isalpha() and first.islower() and len(first) > 1
        else text
    )
