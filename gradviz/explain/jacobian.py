"""The local Jacobian of a node by one of its inputs, made by the very rule the pass runs.

Rows are elements of the output, columns elements of the input, both in reading order. What the
pass does at a node is to multiply the row of gradients that arrived by this matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from gradviz.explain.labels import label, quotient
from gradviz.explain.model import Sentence, Span
from gradviz.explain.structure import (
    Structure,
    structure_by_kind,
    structure_by_rows,
    structure_of,
)
from gradviz.explain.vjp import record_of, send_back
from gradviz.graph.evaluate import Evaluation
from gradviz.graph.seeds import element
from gradviz.graph.walk import Walk
from gradviz.numbers import shape_text, short
from gradviz.ops.spec import Array, Shape

MOST_ENTRIES = 4096
"""The most entries of a matrix that is made in full."""
MOST_ROWS = 256
"""The most rows of it: each takes a run of the rule."""


@dataclass(frozen=True, slots=True)
class Jacobian:
    """∂node/∂input: ``matrix[i, j]`` is how far element i of the node moves for a unit of j.

    ``matrix`` is None where it would be too large; ``structure`` is told either way. ``upstream``
    is the gradient that arrived, as a row, and ``sent`` that row times the matrix: what the input
    is sent. Both are None outside a pass, or where nothing arrived at this output. ``quotient``
    is how it is written, ``∂(w·x)/∂w``.
    """

    node: str
    port: int
    source: str
    node_name: str
    source_name: str
    quotient: str
    output: int
    out_shape: Shape
    in_shape: Shape
    matrix: Array | None
    structure: Structure
    upstream: Array | None = None
    sent: Array | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return prod(self.out_shape), prod(self.in_shape)

    @property
    def text(self) -> str:
        """What it is, in a line: sizes, structure, and why it is not shown in full."""
        rows, columns = self.shape
        if rows == columns == 1:
            return f"{self.quotient} is {self.structure.text}"
        text = (
            f"{self.quotient} has {rows:,} × {columns:,} entries, from "
            f"{shape_text(self.in_shape)} to {shape_text(self.out_shape)}; {self.structure.text}"
        )
        if self.matrix is None:
            text += f" (more than {MOST_ENTRIES:,} entries or {MOST_ROWS} rows are not listed)"
        return text


def jacobian(
    evaluation: Evaluation, node_id: str, port: int, output: int = 0, walk: Walk | None = None
) -> Jacobian | None:
    """The Jacobian of a node's output by the input at ``port``, with the row of a pass.

    None where no gradient flows there: the input is no wire, or needs no gradient.
    """
    wire = evaluation.graph.inputs(node_id).get(port)
    outputs = evaluation.results[node_id].outputs
    if wire is None or not outputs or not any(o.requires_grad for o in outputs):
        return None
    record = record_of(evaluation, node_id)
    if record.parents[port] is None:
        return None
    out_shape, in_shape = record.out_shapes[output][0], record.shapes[port]
    count, columns = prod(out_shape), prod(in_shape)
    whole = count * columns <= MOST_ENTRIES and count <= MOST_ROWS
    kind = record.out_shapes[output][1]

    def row(place: int) -> Array:
        hot = np.zeros(count, kind)
        hot[place] = 1
        hot = hot.reshape(out_shape)
        return send_back(evaluation, node_id, output, hot, port).reshape(-1)

    matrix = np.stack([row(i) for i in range(count)]) if whole and count and columns else None
    if matrix is not None:
        structure = structure_of(matrix)
    else:
        known = structure_by_kind(record.op, out_shape, in_shape)
        structure = known or structure_by_rows(row, count)
    upstream, sent = passed(evaluation, walk, node_id, port, output)
    return Jacobian(
        node_id, port, wire.source, label(evaluation.graph, node_id),
        label(evaluation.graph, wire.source),
        quotient(evaluation.graph, node_id, wire.source), output, out_shape, in_shape,
        matrix, structure, upstream, sent,
    )  # fmt: skip


def passed(
    evaluation: Evaluation, walk: Walk | None, node_id: str, port: int, output: int
) -> tuple[Array | None, Array | None]:
    """The row of gradients that arrived in a pass, and what it makes of it."""
    own = None if walk is None else walk.own_steps.get(node_id)
    arrived = None if own is None or not own.upstreams else own.upstreams[output]
    if arrived is None:
        return None, None
    sent = send_back(evaluation, node_id, output, arrived, port)
    return arrived.reshape(-1), sent.reshape(-1)


def jacobians(
    evaluation: Evaluation, node_id: str, walk: Walk | None = None, output: int = 0
) -> tuple[Jacobian, ...]:
    """The Jacobian by each input that a gradient flows to, in the order of ports."""
    ports = evaluation.graph.inputs(node_id)
    found = (jacobian(evaluation, node_id, port, output, walk) for port in ports)
    return tuple(j for j in found if j is not None)


def place_in(flat: int, shape: Shape) -> tuple[int, ...]:
    """The index of the element that is ``flat``-th in reading order."""
    return tuple(int(i) for i in np.unravel_index(flat, shape)) if shape else ()


def row_meaning(found: Jacobian, row: int) -> str:
    """What a row of the matrix is."""
    shown = element(found.node_name, place_in(row, found.out_shape))
    return f"row {row}: what each element of {found.source_name} does to {shown}"


def column_meaning(found: Jacobian, column: int) -> str:
    """What a column of the matrix is."""
    shown = element(found.source_name, place_in(column, found.in_shape))
    return f"column {column}: what a unit of {shown} does to each element of {found.node_name}"


def entry_meaning(found: Jacobian, row: int, column: int) -> Sentence:
    """What an entry of the matrix says, and what it adds to the gradient that is sent."""
    assert found.matrix is not None, "asked only of a matrix that is made in full"
    entry = found.matrix[row, column]
    out = element(found.node_name, place_in(row, found.out_shape))
    into = element(found.source_name, place_in(column, found.in_shape))
    if entry == 0:
        first = [Span(into, "name"), Span(" does not move "), Span(out, "name"), Span(" here.")]
    else:
        first = [
            Span("A unit more of "), Span(into, "name"), Span(" moves "), Span(out, "name"),
            Span(" by "), Span(short(entry), "value"), Span("."),
        ]  # fmt: skip
    if found.upstream is None or entry == 0:
        return tuple(first)
    arrived = found.upstream[row]
    return (
        *first, Span(" With the "), Span(short(arrived), "gradient"), Span(" that arrived at "),
        Span(out, "name"), Span(", this brings "), Span(into, "name"), Span(" "),
        Span(short(arrived), "gradient"), Span(" × "), *bracketed(entry), Span(" = "),
        Span(short(arrived * entry), "gradient"), Span("."),
    )  # fmt: skip


def bracketed(entry: np.generic) -> tuple[Span, ...]:
    """A factor, in brackets where it is negative."""
    text = short(entry)
    return (Span(f"({text})" if entry.item() < 0 else text, "value"),)
