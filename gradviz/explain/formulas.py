"""A step as formulas: the chain rule in symbols, and with this step's numbers put in."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradviz.explain.labels import latex_label
from gradviz.explain.local import local_rule
from gradviz.explain.model import LedgerRow, scalar
from gradviz.graph.document import Node
from gradviz.graph.evaluate import Evaluation
from gradviz.graph.walk import Walk
from gradviz.numbers import shape_text, short
from gradviz.ops.spec import Array


def tex(value: Array) -> str:
    """A number in LaTeX; a tensor's shape."""
    if scalar(value):
        return short(np.asarray(value).item()).replace("−", "-").replace("∞", r"\infty")
    return r"\mathrm{" + shape_text(np.shape(value)).replace(" ", r"\,") + "}"


def signed_tex(value: Array) -> str:
    """A term of a sum, in brackets where it is negative."""
    text = rf"\textcolor{{grad}}{{{tex(value)}}}"
    return f"({text})" if tex(value).startswith("-") else text


def formulas_of(
    evaluation: Evaluation, walk: Walk, node: Node, rows: tuple[LedgerRow, ...]
) -> Iterator[str]:
    """For each input, the chain rule in symbols and with this step's numbers."""
    graph = evaluation.graph
    loss, here = latex_label(graph, walk.output), latex_label(graph, node.id)
    for row in rows:
        rule = local_rule(node.spec, row.port)
        if not row.needed or row.source is None or rule is None:
            continue
        name = latex_label(graph, row.source)
        left = rf"\frac{{\partial {loss}}}{{\partial {name}}}"
        upstream = rf"\textcolor{{grad}}{{\frac{{\partial {loss}}}{{\partial {here}}}}}"
        local = rf"\textcolor{{val}}{{\frac{{\partial {here}}}{{\partial {name}}}}}"
        text = rf"{left} = {upstream} \cdot {local}"
        if (
            row.local is not None
            and scalar(row.local)
            and scalar(row.upstream)
            and not row.summed_axes
        ):
            factor = bracket(rf"\textcolor{{val}}{{{tex(row.local)}}}", row.local)
            product = rf"\textcolor{{grad}}{{{tex(row.sent)}}}"
            text += rf" = {signed_tex(row.upstream)} \cdot {factor} = {product}"
        yield text


def bracket(text: str, value: Array) -> str:
    """A factor, in brackets where it is negative."""
    return f"({text})" if np.asarray(value).item() < 0 else text
