"""A step as formulas: the chain rule in symbols, and with this step's numbers put in."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradviz.explain.labels import Label, labelled, number_label, port_default, ten_latex
from gradviz.explain.model import LedgerRow, scalar
from gradviz.explain.typeset import Replace, is_closed
from gradviz.graph.document import Graph, Node
from gradviz.graph.walk import Walk
from gradviz.numbers import MINUS, shape_text, short
from gradviz.ops.indexing import index_text
from gradviz.ops.spec import Array

UPSTREAM = "UPSTREAM"
"""Stands in a rule's formula for the gradient that arrived, until it is put in."""


MOST_ROWS, MOST_COLUMNS = 3, 4
"""Of a matrix whose numbers stand in a formula; of a larger one stands its shape."""


def tex(value: Array) -> str:
    """A number in LaTeX; a small vector or matrix element by element, a larger tensor's shape."""
    if scalar(value):
        return number_tex(np.asarray(value).reshape(-1)[0])
    if not is_small(value):
        return rf"\mathrm{{tensor}} \, {shape_text(np.shape(value))}"
    lines = (" & ".join(number_tex(n) for n in line) for line in np.atleast_2d(value))
    inner = r" \\ ".join(lines)
    return rf"\begin{{bmatrix}} {inner} \end{{bmatrix}}"


def number_tex(number: np.generic) -> str:
    """One number in LaTeX, as short as it is shown elsewhere; ``1e-9`` with a power of ten."""
    text = short(number).replace(MINUS, "-")
    return ten_latex(text).replace("∞", r"\infty").replace("nan", r"\mathrm{nan}")


def is_small(value: Array) -> bool:
    """Whether a formula has room for every element."""
    shape = np.shape(value)
    if len(shape) > 2:
        return False
    rows, columns = (1, 1, *shape)[-2:]
    return 0 < rows <= MOST_ROWS and 0 < columns <= MOST_COLUMNS


def coloured(text: str, colour: str) -> str:
    """A formula in one of the theme's colours."""
    return rf"\textcolor{{{colour}}}{{{text}}}"


def without_colours(text: str) -> str:
    """A formula as any LaTeX knows it: the marks of :func:`coloured` taken off."""
    while (start := text.find(r"\textcolor{")) >= 0:
        opened = text.index("}{", start) + 2
        depth, end = 1, opened
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        text = text[:start] + text[opened : end - 1] + text[end:]
    return text


def signed_tex(value: Array, colour: str = "grad") -> str:
    """A term or factor, in brackets where it is negative."""
    text = tex(value)
    return f"({coloured(text, colour)})" if text.startswith("-") else coloured(text, colour)


def derivative(graph: Graph, of: str, by: str) -> str:
    """∂of/∂by for two nodes, expressions in brackets."""
    top, bottom = (labelled(graph, node).within(4).latex for node in (of, by))
    return rf"\frac{{\partial {top}}}{{\partial {bottom}}}"


def symbols(graph: Graph, node: Node) -> Replace:
    """What the names of a rule are in this graph: ports' sources, the node's own value, ``g``."""
    own = labelled(graph, node.id)
    found: dict[str, Label] = dict.fromkeys(("out", *node.spec.outputs), own)
    wires = graph.inputs(node.id)
    for index, port in enumerate(node.spec.ports):
        if index in wires:
            found[port.name] = labelled(graph, wires[index].source)
        else:
            typed = node.literals.get(index, port_default(node, index))
            if typed is not None:
                found[port.name] = number_label(typed)
    latex = {name: shown.latex for name, shown in found.items()}
    latex |= {"g": UPSTREAM, "gs": UPSTREAM}
    if "index" in node.attrs:
        latex["[index]"] = index_text(node.attrs["index"]).replace(":", "{:}")
    return latex.get


def local_formula(graph: Graph, node: Node, source: str, symbol: str, local: Array | None) -> str:
    """The local derivative as an equation; empty where the rule is no product."""
    if local is None:
        return ""
    left = derivative(graph, node.id, source)
    if not scalar(local):
        return f"{left} = {coloured(symbol, 'val')}"
    value = coloured(tex(local), "val")
    return f"{left} = {value}" if is_plain(symbol) else f"{left} = {symbol} = {value}"


def is_plain(symbol: str) -> bool:
    """Whether a factor is nothing but a number."""
    return symbol.lstrip("-").replace(".", "", 1).isdigit()


def formulas_of(graph: Graph, walk: Walk, node: Node, rows: tuple[LedgerRow, ...]) -> Iterator[str]:
    """For each input that is sent something, the chain rule."""
    for row in rows:
        if row.needed and row.source is not None and row.symbol:
            yield chain(graph, walk, node, row, row.source)


def chain(graph: Graph, walk: Walk, node: Node, row: LedgerRow, source: str) -> str:
    """The chain rule for one input, with numbers where there is one each."""
    left = derivative(graph, walk.output, source)
    here = derivative(graph, walk.output, node.id)
    upstream = coloured(here, "grad")
    starts = node.id == walk.output and scalar(row.upstream)
    total = coloured(tex(row.sent), "grad")
    if row.local is None:
        given = signed_tex(row.upstream) if starts else upstream
        return f"{left} = {row.symbol.replace(UPSTREAM, given)}{shown_at_the_end(row)}"
    if not (scalar(row.local) and scalar(row.upstream)) or row.summed_axes:
        symbolic = summed(row, product(upstream, row.symbol))
        return f"{left} = {symbolic}{elementwise_numbers(row)}"
    numbers = rf"{signed_tex(row.upstream)} \cdot {signed_tex(row.local, 'val')} = {total}"
    if starts:
        middle = numbers if is_plain(row.symbol) else rf"{coloured(row.symbol, 'val')} = {numbers}"
        return f"{left} = {middle}" if row.upstream.item() != 1 else own(left, row, total)
    local = coloured(derivative(graph, node.id, source), "val")
    return rf"{left} = {upstream} \cdot {local} = {numbers}"


def elementwise_numbers(row: LedgerRow) -> str:
    """``= [1 2] ⊙ [3 4] = [3 8]`` where there is room for each; what is sent, where only for it."""
    assert row.local is not None, "asked only of rows that are a product"
    factor = "" if is_plain(row.symbol) else rf" \odot {coloured(tex(row.local), 'val')}"
    if row.symbol in ("0", "1") or not (is_small(row.upstream) and is_small(row.local)):
        return shown_at_the_end(row)
    if is_plain(row.symbol) and row.symbol != "-1":
        factor = rf" \cdot {coloured(row.symbol, 'val')}"
    sign = "-" if row.symbol == "-1" else ""
    numbers = summed(row, f"{sign}{coloured(tex(row.upstream), 'grad')}{factor}")
    return f" = {numbers}{shown_at_the_end(row)}"


def shown_at_the_end(row: LedgerRow) -> str:
    """What is sent, as the formula's last part, where there is room for its elements."""
    return f" = {coloured(tex(row.sent), 'grad')}" if is_small(row.sent) else ""


def own(left: str, row: LedgerRow, total: str) -> str:
    """The derivative of the output itself: there is no upstream factor but one."""
    middle = "" if is_plain(row.symbol) else f"{coloured(row.symbol, 'val')} = "
    return f"{left} = {middle}{total}"


def product(upstream: str, symbol: str) -> str:
    """Upstream and local derivative, element by element."""
    if symbol in ("1", "-1"):
        return symbol.removesuffix("1") + upstream
    if symbol == "0":
        return "0"
    inner = symbol if is_closed(symbol) else f"({symbol})"
    return rf"{upstream} \odot {coloured(inner, 'val')}"


def summed(row: LedgerRow, text: str) -> str:
    """The sum over the axes along which an input was broadcast."""
    if not row.summed_axes:
        return text
    word = "axis" if len(row.summed_axes) == 1 else "axes"
    axes = r",\,".join(map(str, row.summed_axes))
    return rf"\sum_{{\mathrm{{{word}}}\,{axes}}} \, {text}"
