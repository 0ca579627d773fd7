"""What to call a node in a sentence or formula: its name, or the short expression it is.

Sentences use names as they stand on the cards; formulas set them as mathematics, ``theta1`` as
θ₁. Both come from one description, so they bracket and shorten alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

from gradviz.explain.names import latex_name, shown_name
from gradviz.graph.document import Graph, Node
from gradviz.numbers import MINUS, short

LONGEST = 16
DEEPEST = 6
ATOM = 5
PRECEDENCE = {"+": 1, "-": 1, "*": 2, "/": 2, "@": 2, "%": 2, "//": 2, "**": 4}
SIGNS = {"+": " + ", "-": f" {MINUS} ", "*": "·", "/": "/", "@": " @ ", "%": " % ", "//": " // "}
TEX_SIGNS = {"+": " + ", "-": " - ", "*": r" \cdot ", "@": r" \, ", "%": r" \bmod "}
SUPERSCRIPT = str.maketrans("0123456789-−.", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻·")
TEX_CALLS = {
    "sqrt": r"\sqrt{%s}", "exp": r"e^{%s}", "abs": r"\left| %s \right|", "square": r"(%s)^{2}",
    "floor": r"\lfloor %s \rfloor", "ceil": r"\lceil %s \rceil", "t": r"(%s)^{\top}",
    "reciprocal": r"\frac{1}{%s}", "rsqrt": r"\frac{1}{\sqrt{%s}}",
}  # fmt: skip
TEX_NAMES = {
    "sin": r"\sin", "cos": r"\cos", "tan": r"\tan", "tanh": r"\tanh", "log": r"\ln",
    "put_places": r"\mathrm{max\_unpool}", "one_hot": r"\text{one-hot}",
}  # fmt: skip
_TEN = re.compile(r"e(-?)\+?0*(\d+)")
_INFIX = re.compile(r"^\{(\w+)\} (\S+) \{(\w+)\}$")


@dataclass(frozen=True, slots=True)
class Label:
    """A node's name or expression: as text, in LaTeX, and how tightly it holds together."""

    text: str
    latex: str
    precedence: int = ATOM

    def within(self, least: int) -> Label:
        """The same, in brackets where it holds together less tightly than that."""
        return self if self.precedence >= least else Label(f"({self.text})", f"({self.latex})")


_KEPT: WeakKeyDictionary[Graph, tuple[int, dict[str, Label]]] = WeakKeyDictionary()
"""The labels of each document, and of which edition they are."""


def is_generated(node: Node) -> bool:
    """Whether a node still has the name it was given for its operation (``mul1``)."""
    return _numbered(node.spec.base_name, node.name)


@lru_cache(maxsize=16384)
def _numbered(stem: str, name: str) -> bool:
    return bool(re.fullmatch(rf"{re.escape(stem)}_?\d*", name))


def label(graph: Graph, node_id: str) -> str:
    """A node's name, or where it has none of its own the expression it is, if that is short."""
    return labelled(graph, node_id).text


def quotient(graph: Graph, of: str, by: str) -> str:
    """``∂of/∂by`` for two nodes, expressions in brackets: ``∂(w·x)/∂w``."""
    return "/".join(f"∂{labelled(graph, node).within(4).text}" for node in (of, by))


def latex_label(graph: Graph, node_id: str) -> str:
    r""":func:`label` in LaTeX: ``theta1`` is ``\theta_{1}``."""
    return labelled(graph, node_id).latex


def labelled(graph: Graph, node_id: str, depth: int = 0) -> Label:
    """The label of a node; expressions are followed ``DEEPEST`` nodes back at most."""
    if depth:
        return _worked_out(graph, node_id, depth)
    # A step says the same few names dozens of times.
    edition, kept = _KEPT.get(graph, (-1, {}))
    if edition != graph.edition:
        kept = dict[str, Label]()
        _KEPT[graph] = graph.edition, kept
    if node_id not in kept:
        kept[node_id] = _worked_out(graph, node_id, 0)
    return kept[node_id]


def _worked_out(graph: Graph, node_id: str, depth: int) -> Label:
    node = graph.node(node_id)
    name = Label(shown_name(node.name), latex_name(node.name))
    if not is_generated(node) or not node.spec.ports or depth == DEEPEST:
        return name
    found = expression(graph, node, depth + 1)
    return found if found is not None and len(found.text) <= LONGEST else name


def expression(graph: Graph, node: Node, depth: int) -> Label | None:
    """The expression that a node's operation writes; None where it needs its settings said."""
    if any(a.name in node.attrs for a in node.spec.attrs):
        return None
    members = [operand(graph, node, port, depth) for port in filled_ports(graph, node)]
    return applied(node, members)


def applied(node: Node, members: list[Label]) -> Label | None:
    """A node's operation written with these operands; None where a call does not say it all."""
    match = _INFIX.match(node.spec.source)
    if match is not None and len(members) == 2:
        return infix(match[2], members[0], members[1])
    if node.spec.source == "-{input}" and members:
        inner = members[0].within(2)
        return Label(MINUS + inner.text, "-" + inner.latex, 2)
    return None if node.spec.source else call(node.spec.base_name, members)


def filled_ports(graph: Graph, node: Node) -> list[int]:
    """The ports of a node that are wired or have a number."""
    defaults = [i for i, port in enumerate(node.spec.ports) if port.default is not None]
    return sorted({*graph.inputs(node.id), *node.literals, *defaults})


def operand(graph: Graph, node: Node, port: int, depth: int) -> Label:
    """What stands at one port of a node."""
    wire = graph.inputs(node.id).get(port)
    if wire is not None:
        return labelled(graph, wire.source, depth)
    return number_label(node.literals.get(port, port_default(node, port)))


def port_default(node: Node, port: int) -> float | None:
    """The number a port has where nothing was given."""
    return node.spec.port(port).default


def number_label(value: float | int | None) -> Label:
    """A number typed on a port, as it was typed."""
    text = number(value)
    latex = ten_latex(text.replace(MINUS, "-"))
    return Label(text, latex, ATOM if latex == text else 2)


def ten_latex(text: str) -> str:
    """A number with its ``e-05`` as a power of ten."""
    return _TEN.sub(r" \\times 10^{\1\2}", text)


def number(value: float | int | None) -> str:
    """A number typed on a port, as it was typed; ``?`` where there is none."""
    if value is None:
        return "?"
    if isinstance(value, float) and not (value.is_integer() and abs(value) < 1e6):
        return repr(value).replace("-", MINUS)
    return short(int(value))


def infix(sign: str, left: Label, right: Label) -> Label | None:
    """Two operands with a sign between them; None for comparisons."""
    own = PRECEDENCE.get(sign)
    if own is None:
        return None
    if sign == "**":
        return power(left.within(ATOM), right)
    left, right = left.within(own), right.within(own + (sign != "+"))
    text = f"{left.text}{SIGNS[sign]}{right.text}"
    if sign == "/":
        return Label(text, rf"\frac{{{left.latex}}}{{{right.latex}}}", own)
    between = TEX_SIGNS.get(sign, rf" \, \mathrm{{{sign}}} \, ")
    return Label(text, left.latex + between + right.latex, own)


def power(base: Label, exponent: Label) -> Label:
    """A power: ``x²``, or ``x^n`` where the exponent is no whole number."""
    plain = re.fullmatch(rf"{MINUS}?\d+", exponent.text)
    high = exponent.text.translate(SUPERSCRIPT) if plain else f"^{exponent.within(ATOM).text}"
    return Label(base.text + high, f"{base.latex}^{{{exponent.latex}}}", 4)


def call(name: str, members: list[Label]) -> Label:
    """A function's value."""
    text = f"{name}({', '.join(m.text for m in members)})"
    inner = ", ".join(m.latex for m in members)
    if name in TEX_CALLS and len(members) == 1:
        shown = TEX_CALLS[name] % inner
        atom = members[0].precedence == ATOM
        return Label(text, shown.replace(f"({inner})", inner) if atom else shown)
    head = TEX_NAMES.get(name) or r"\mathrm{" + name.replace("_", r"\_") + "}"
    return Label(text, f"{head}({inner})")
