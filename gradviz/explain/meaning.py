"""An operation's own plain words for what an input does, with this graph's names and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from gradviz.explain.labels import ATOM, Label, labelled, number_label, port_default
from gradviz.explain.model import LedgerRow, Span, amount, scalar
from gradviz.graph.document import Node
from gradviz.graph.evaluate import Evaluation
from gradviz.numbers import shape_text

_PLACE = re.compile(r"\{(\w+)\}")
_TIGHT_BEFORE = ("×", "× ", "/", "√", "− ", "(", "+ ")
_TIGHT_AFTER = ("²", "/", " ×", " −", ")", "√")
_APART = (", ", "one part in ", ": ")


def meaning_of(evaluation: Evaluation, node: Node, row: LedgerRow) -> Iterator[Span]:
    """The sentence for the input of ``row``; nothing where the operation has none for it."""
    text = node.spec.meaning.get(port_name(node, row.port))
    if not text:
        return
    names = known_names(evaluation, node, row)
    pieces = _PLACE.split(text)
    for index, piece in enumerate(pieces):
        if index % 2:
            around = pieces[index - 1], pieces[index + 1]
            yield from named(names[piece], around, value_text(evaluation, node, piece))
        elif piece:
            yield Span(capitalised(piece) if index == 0 else piece)
    yield Span(". ")


def named(shown: Label, around: tuple[str, str], value: str) -> Iterator[Span]:
    """A name, in brackets inside a formula, and with its number where it stands apart."""
    before, after = around
    tight = before.endswith(_TIGHT_BEFORE) or after.startswith(_TIGHT_AFTER)
    yield Span(shown.within(ATOM if tight else 0).text, "name")
    apart = before.endswith(_APART) and not after.startswith(_TIGHT_AFTER)
    if apart and value and value != shown.text:
        yield Span(" = ")
        yield Span(value, "value")


def value_text(evaluation: Evaluation, node: Node, place: str) -> str:
    """The number behind a port's name or ``out``; empty where it is not one number."""
    source = node.id
    if place != "out":
        index = next((i for i, p in enumerate(node.spec.ports) if p.name == place), -1)
        wire = evaluation.graph.inputs(node.id).get(index)
        if wire is None:
            return ""
        source = wire.source
    value = evaluation.value(source)
    return amount(np.asarray(value.array)) if value is not None and scalar(value.array) else ""


def known_names(evaluation: Evaluation, node: Node, row: LedgerRow) -> dict[str, Label]:
    """What every placeholder of an operation's words stands for at this node."""
    graph = evaluation.graph
    names: dict[str, Label] = {p.name: Label(p.name, p.name) for p in node.spec.ports}
    for attr in node.spec.attrs:
        names[attr.name] = plain_label(setting_text(node.attrs.get(attr.name, attr.default)))
    wires = graph.inputs(node.id)
    for index, port in enumerate(node.spec.ports):
        if index in wires:
            names[port.name] = labelled(graph, wires[index].source)
        elif (typed := node.literals.get(index, port_default(node, index))) is not None:
            names[port.name] = number_label(typed)
    if row.source is not None:
        names[port_name(node, row.port)] = labelled(graph, row.source)
    names["local"] = plain_label("" if row.local is None else amount(row.local))
    own = labelled(graph, node.id)
    return {**dict.fromkeys(node.spec.outputs, own), "out": own, **names}


def plain_label(text: str) -> Label:
    """A label that is only text."""
    return Label(text, text)


def setting_text(value: object) -> str:
    """A setting as a word in a sentence."""
    if isinstance(value, tuple):
        return shape_text(value)  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, np.ndarray):
        return amount(value)  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number_label(value).text
    return str(value)


def port_name(node: Node, port: int) -> str:
    """The name of a port, variadic ones included."""
    return node.spec.port(port).name


def capitalised(text: str) -> str:
    """A sentence's first letter made large."""
    return text[:1].upper() + text[1:]
