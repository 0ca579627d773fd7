"""What to call a node in a sentence or formula: its name, or the short expression it is."""

from __future__ import annotations

import re

from gradviz.graph.document import Graph, Node
from gradviz.numbers import short

GREEK = frozenset(
    [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "lambda",
        "mu",
        "nu",
        "xi",
        "pi",
        "rho",
        "sigma",
        "tau",
        "upsilon",
        "phi",
        "chi",
        "psi",
        "omega",
    ]
)
LONGEST = 16
_PLACE = re.compile(r"\{(\w+)\}")
_PARTS = re.compile(r"^([A-Za-z]+?)_?(\d*)$")
TIGHT = ("*", "/", "@", "**", "%")


def is_generated(node: Node) -> bool:
    """Whether a node still has the name it was given for its operation (``mul1``)."""
    return bool(re.fullmatch(rf"{re.escape(node.spec.base_name)}_?\d*", node.name))


def label(graph: Graph, node_id: str) -> str:
    """A node's name, or where it has none of its own the expression it is, if that is short."""
    node = graph.node(node_id)
    if not is_generated(node) or not node.spec.source:
        return node.name
    text = _PLACE.sub(lambda match: operand(graph, node, match[1]), node.spec.source)
    text = text.replace(" * ", "·")
    return text if len(text) <= LONGEST else node.name


def operand(graph: Graph, node: Node, port_name: str) -> str:
    """What stands at one port of a node's expression, in brackets where it needs them."""
    index = next((i for i, p in enumerate(node.spec.ports) if p.name == port_name), None)
    if index is None:
        return str(node.setting(port_name))
    wire = graph.inputs(node.id).get(index)
    if wire is None:
        return number(node.literals.get(index, node.spec.ports[index].default))
    text = label(graph, wire.source)
    return f"({text})" if needs_brackets(text, node.spec.source) else text


def number(value: float | int | None) -> str:
    """A number typed on a port, as it was typed; ``?`` where there is none."""
    if value is None:
        return "?"
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e6
    return short(int(value)) if whole or not isinstance(value, float) else repr(value)


def needs_brackets(text: str, around: str) -> bool:
    """Whether an expression must stand in brackets inside another."""
    inner_sum = " + " in text or " - " in text
    tight = any(mark in around for mark in TIGHT)
    return (inner_sum and (tight or "-" in around)) or ("**" in around and not text.isidentifier())


def latex_label(graph: Graph, node_id: str) -> str:
    """:func:`label` in LaTeX: ``theta1`` is ``\\theta_{1}``."""
    return latex_text(label(graph, node_id))


def latex_text(text: str) -> str:
    """A label in LaTeX: Greek names, indices, a centred dot and exponents."""
    pieces = re.split(r"([A-Za-z_][A-Za-z_0-9]*)", text)
    joined = "".join(latex_name(p) if i % 2 else p for i, p in enumerate(pieces))
    joined = re.sub(r"\s*\*\*\s*(\S+)", r"^{\1}", joined)
    return joined.replace("·", r" \cdot ").replace(" @ ", r" \, ")


def latex_name(name: str) -> str:
    """An identifier in LaTeX."""
    match = _PARTS.match(name)
    if match is None:
        return r"\mathrm{" + name.replace("_", r"\_") + "}"
    stem, index = match.groups()
    if stem.lower() in GREEK:
        shown = "\\" + stem
    else:
        shown = stem if len(stem) == 1 else r"\mathrm{" + stem + "}"
    return f"{shown}_{{{index}}}" if index else shown
