"""A step of the forward pass in words and formulas, its numbers put in."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradviz.explain.formulas import coloured, tex
from gradviz.explain.labels import (
    ATOM,
    Label,
    applied,
    call,
    filled_ports,
    is_generated,
    labelled,
    latex_name,
    operand,
)
from gradviz.explain.meaning import setting_text
from gradviz.explain.model import Explanation, InputRow, Sentence, Span, amount, scalar
from gradviz.graph.document import Node
from gradviz.graph.evaluate import Evaluation
from gradviz.graph.forward_walk import ForwardStep, ForwardWalk
from gradviz.graph.guards import is_array, is_slice, is_tuple
from gradviz.numbers import MINUS, shape_text, short
from gradviz.ops.spec import Array, Shape


def explain_forward(evaluation: Evaluation, walk: ForwardWalk, moment: int) -> Explanation:
    """The state after ``moment`` steps: the step just taken, or at 0 what is about to begin."""
    step = walk.active(moment)
    if step is None:
        return explain_beginning(evaluation, walk)
    told = explain_forward_step(evaluation, step)
    if moment == len(walk):
        return told.followed_by((Span("This was the last step: every value is known.", "muted"),))
    return told


def explain_beginning(evaluation: Evaluation, walk: ForwardWalk) -> Explanation:
    """Before the first step: what the pass will do."""
    end = "everything" if walk.output is None else labelled(evaluation.graph, walk.output).text
    words = (
        Span("Before the forward pass. ", "strong"),
        Span("No value is known yet. Node by node, each from values that are there already, "),
        Span(end, "plain" if walk.output is None else "name"), Span(" is computed."),
    )  # fmt: skip
    return Explanation("Before the forward pass", (words,))


def explain_forward_step(evaluation: Evaluation, step: ForwardStep) -> Explanation:
    """How one node gets its value."""
    node = evaluation.graph.node(step.node)
    if step.kind == "failed":
        words = (
            Span(f"{node.name} has no value. ", "strong"),
            Span(f"{node.name}: {step.problem}."),
        )
        return Explanation(f"{node.name} has no value", (words,))
    rows = tuple(input_rows(evaluation, step, node))
    if step.kind == "leaf":
        sentences = tuple(leaf_sentences(step, node))
        formula = f"{latex_name(node.name)} = {coloured(tex(step.outputs[0]), 'val')}"
        return Explanation(f"Given: {node.name}", sentences, formulas=(formula,))
    sentences = (computed(evaluation, step, node), *after(step, node, rows))
    formulas = (formula_of(evaluation, step, node),)
    return Explanation(f"Computing {node.name}", sentences, formulas=formulas, inputs=rows)


def leaf_sentences(step: ForwardStep, node: Node) -> Iterator[Sentence]:
    """A value that is given and not computed."""
    value = step.outputs[0]
    made = f" ({node.spec.base_name})" if node.op != "tensor" else ""
    yield (
        Span(f"Given: {node.name}{made}. ", "strong"), Span(node.name, "name"), Span(" is "),
        Span(amount(value), "value"), Span(": it depends on nothing else."),
    )  # fmt: skip
    if step.recorded:
        yield (Span("It requires a gradient, so every call that reads it is recorded.", "muted"),)


# the equation ------------------------------------------------------------------------------


def computed(evaluation: Evaluation, step: ForwardStep, node: Node) -> Sentence:
    """What the operation does, and the equation with this graph's names and numbers."""
    symbolic, numeric = equations(evaluation, step, node)
    own = "" if is_generated(node) else f" ({node.spec.base_name})"
    spans = [
        Span(f"Computing {node.name}{own}. ", "strong"), Span(f"{node.spec.doc} "),
        Span(node.name, "name"), Span(" = "), Span(symbolic.text, "name"),
    ]  # fmt: skip
    if numeric is not None:
        spans += [Span(" = "), Span(numeric.text, "value")]
    for index, value in enumerate(step.outputs):
        spans += [Span(" = " if not index else ", "), Span(amount(value), "value")]
    return (*spans, Span("."))


def formula_of(evaluation: Evaluation, step: ForwardStep, node: Node) -> str:
    """The same in LaTeX."""
    symbolic, numeric = equations(evaluation, step, node)
    parts = [latex_name(node.name), symbolic.latex]
    if numeric is not None:
        parts.append(coloured(numeric.latex, "val"))
    value = step.outputs[0]
    shown = value_label(value).latex if scalar(value) else tex(value)
    return " = ".join((*parts, coloured(shown, "val")))


def equations(evaluation: Evaluation, step: ForwardStep, node: Node) -> tuple[Label, Label | None]:
    """The operation on names, and on numbers: None where there is a tensor among them."""
    graph = evaluation.graph
    ports = filled_ports(graph, node)
    names = [operand(graph, node, port, 0) for port in ports]
    values = {read.port: read.value for read in step.reads}
    settings = [Label(t, rf"\mathrm{{{t}}}".replace("_", r"\_")) for t in settings_said(node)]
    symbolic = written(node, names, settings)
    if not values or not all(map(scalar, (*values.values(), *step.outputs))):
        return symbolic.within(1), None
    numbers = [value_label(values[p]) if p in values else operand(graph, node, p, 0) for p in ports]
    return symbolic.within(1), written(node, numbers, settings).within(1)


def written(node: Node, members: list[Label], settings: list[Label]) -> Label:
    """The operation as it would be written with these operands."""
    found = None if settings else applied(node, members)
    if found is not None:
        return found
    sign = node.spec.source.removeprefix("{input} ").removesuffix(" {other}")
    if len(members) == 2 and sign != node.spec.source and "{" not in sign:
        left, right = members
        return Label(f"{left.text} {sign} {right.text}", f"{left.latex} {sign} {right.latex}", 0)
    if node.spec.base_name == "getitem" and len(members) == 1:
        place = index_text(node.setting("index"))
        inner = members[0]
        return Label(f"{inner.text}[{place}]", rf"{inner.latex}_{{[{place}]}}")
    return call(node.spec.base_name, [*members, *settings])


def settings_said(node: Node) -> Iterator[str]:
    """The settings that a call would name: those that differ from what is usual."""
    if node.spec.base_name == "getitem":
        return
    for attr in node.spec.attrs:
        if attr.name in node.attrs:
            yield f"{attr.name}={setting_text(node.attrs[attr.name])}"


def index_text(index: object) -> str:
    """An index as it is typed between brackets."""
    if is_tuple(index):
        return ", ".join(map(index_text, index))
    if is_slice(index):
        ends = ["" if end is None else str(end) for end in (index.start, index.stop, index.step)]
        return ":".join(ends if ends[2] else ends[:2]).replace("-", MINUS)
    if is_array(index):
        return amount(index)
    return "…" if index is ... else str(index).replace("-", MINUS)


def value_label(value: Array) -> Label:
    """A number that came in, to stand among others."""
    text = short(value.item())
    shown = rf"\mathrm{{{text}}}" if value.dtype.kind == "b" else tex(value)
    return Label(text, shown, 2 if text.startswith(MINUS) else ATOM)


# what else is to be said -------------------------------------------------------------------


def input_rows(evaluation: Evaluation, step: ForwardStep, node: Node) -> Iterator[InputRow]:
    """What came in by each wired port, and to what shape it was stretched."""
    common = common_shape(step) if node.spec.elementwise else None
    for read in step.reads:
        shape = read.value.shape
        stretched = common if common is not None and common != shape else None
        name = labelled(evaluation.graph, read.source).text
        yield InputRow(read.port, name, read.source, read.value, stretched)


def common_shape(step: ForwardStep) -> Shape | None:
    """The shape that all inputs are broadcast to; None where one is only picked from."""
    try:
        return np.broadcast_shapes(*(read.value.shape for read in step.reads))
    except ValueError:
        return None


def after(step: ForwardStep, node: Node, rows: tuple[InputRow, ...]) -> Iterator[Sentence]:
    """Broadcasts, numbers that stopped being finite, and what goes onto the tape."""
    seen: set[tuple[str, Shape]] = set()
    for row in rows:
        if row.stretched is not None and (row.source, row.stretched) not in seen:
            seen.add((row.source, row.stretched))
            yield tuple(broadcast(row, row.stretched))
    finite = all(np.isfinite(row.value).all() for row in rows if row.value.dtype.kind == "f")
    for value in step.outputs:
        if finite and value.dtype.kind == "f" and not np.isfinite(value).all():
            what = "nan" if np.isnan(value).any() else "∞"
            words = f"All that came in was finite: the {what} was made here."
            yield (Span(words, "strong"),)
            break
    if not step.recorded:
        yield (Span(unrecorded(node), "muted"),)


def broadcast(row: InputRow, shape: Shape) -> Iterator[Span]:
    """An input stretched to a larger shape: how often each of its elements is read."""
    times = int(np.prod(shape)) // max(row.value.size, 1)
    yield Span(row.name, "name")
    yield Span(f" of shape {shape_text(row.value.shape)} is stretched to {shape_text(shape)}: ")
    if times > 1:
        yield Span(f"each of its elements is read {'twice' if times == 2 else f'{times} times'}.")
    else:
        yield Span("no element is read more than once.")


def unrecorded(node: Node) -> str:
    """Why a call is not on the tape."""
    if node.spec.base_name == "detach":
        return "detach cuts the gradient off: backward stops here."
    if not node.spec.differentiable:
        return f"{node.spec.base_name} has no derivative, so backward does not pass here."
    return "Nothing that requires a gradient came in, so backward does not pass here."
