"""What a Jacobian looks like, in one word: diagonal, selection, permutation, blocks, dense.

Of a small one every entry is looked at. Of a large one the kind of operation tells, or else a
few of its rows are, and it is said that only those were.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Literal

import numpy as np

from gradviz.numbers import short
from gradviz.ops.spec import Array, Op, Shape

Kind = Literal[
    "zero", "identity", "scalar", "diagonal", "permutation", "selection", "scaled", "blocks",
    "dense",
]  # fmt: skip
ROWS = 16
"""So many rows of a large Jacobian are looked at where its operation does not tell."""
IMPLIED: dict[Kind, frozenset[Kind]] = {
    "zero": frozenset(("zero", "diagonal", "selection", "scaled", "blocks", "dense")),
    "identity": frozenset(
        ("identity", "scalar", "diagonal", "permutation", "selection", "scaled", "blocks", "dense")
    ),
    "scalar": frozenset(("scalar", "diagonal", "scaled", "blocks", "dense")),
    "diagonal": frozenset(("diagonal", "scaled", "blocks", "dense")),
    "permutation": frozenset(("permutation", "selection", "scaled", "blocks", "dense")),
    "selection": frozenset(("selection", "scaled", "blocks", "dense")),
    "scaled": frozenset(("scaled", "blocks", "dense")),
    "blocks": frozenset(("blocks", "dense")),
    "dense": frozenset(("dense",)),
}
"""What else a Jacobian of each kind may be called: each is a special case of those."""


@dataclass(frozen=True, slots=True)
class Structure:
    """The structure of a Jacobian; ``text`` says it and what follows from it.

    ``scale`` is the factor of a multiple of the identity, ``blocks`` how many blocks there are.
    ``rows_seen`` is how many rows were looked at (None: all, or the operation tells).
    """

    kind: Kind
    text: str
    scale: float | None = None
    blocks: int | None = None
    rows_seen: int | None = None


def structure_of(matrix: Array) -> Structure:
    """The structure of a whole matrix, looked at entry by entry."""
    marks = matrix != 0
    if not marks.any():
        return Structure("zero", TEXTS["zero"])
    square = matrix.shape[0] == matrix.shape[1]
    if square and not (marks & ~np.eye(len(matrix), dtype=bool)).any():
        return diagonal(np.diagonal(matrix))
    if bool((marks.sum(axis=1) <= 1).all()):
        ones = bool((matrix[marks] == 1).all())
        full = square and ones and bool((marks.sum(axis=0) == 1).all())
        kind: Kind = "permutation" if full else "selection" if ones else "scaled"
        return Structure(kind, TEXTS[kind])
    count = block_count(marks)
    if count > 1:
        return Structure("blocks", blocks_text(count), blocks=count)
    return Structure("dense", TEXTS["dense"])


def diagonal(entries: Array) -> Structure:
    """The structure of a matrix with these numbers on its diagonal and zeros elsewhere."""
    first = entries[0].item()
    if len(entries) == 1:
        kind: Kind = "identity" if first == 1 else "scalar"
        return Structure(kind, f"a single number, {short(first)}", scale=first)
    if not (entries == first).all():
        return Structure("diagonal", TEXTS["diagonal"])
    if first == 1:
        return Structure("identity", TEXTS["identity"], scale=1.0)
    text = (
        f"{short(first)} times the identity: each element is scaled by that, and no other matters"
    )
    return Structure("scalar", text, scale=first)


def block_count(marks: Array) -> int:
    """Into how many groups of rows and columns, with nothing between them, a matrix falls apart.

    Rows and columns of zeros alone are left out.
    """
    groups: list[Array] = []
    for row in marks:
        if not row.any():
            continue
        apart = [group for group in groups if not (group & row).any()]
        joined = row.copy()
        for group in groups:
            if (group & row).any():
                joined |= group
        groups = [*apart, joined]
    return len(groups)


TEXTS: dict[Kind, str] = {
    "zero": "zero: nothing of this input moves the output here",
    "identity": "the identity: each element passes on its own, unchanged",
    "diagonal": "diagonal: each element moves only the element in the same place",
    "permutation": "a permutation: the elements only change places",
    "selection": "a selection, at most a single 1 in each row: elements are copied or left out",
    "scaled": "at most one entry in each row: each output element follows a single input element",
    "dense": "dense: elements of the output follow many elements of the input",
}


def blocks_text(count: int | None) -> str:
    """Blocks in words."""
    many = "blocks" if count is None else f"{count} blocks"
    return f"{many}: the elements fall into groups, and no group moves another"


# of large ones -----------------------------------------------------------------------------


def structure_by_kind(op: Op, out_shape: Shape, in_shape: Shape) -> Structure | None:
    """What the kind of an operation tells without a look at numbers; None where nothing."""
    if op.elementwise and out_shape == in_shape:
        return Structure("diagonal", TEXTS["diagonal"])
    if op.elementwise and prod(out_shape) > prod(in_shape):
        return Structure("scaled", TEXTS["scaled"])
    if op.view and op.category in ("shape", "index"):
        kind: Kind = "permutation" if prod(out_shape) == prod(in_shape) else "selection"
        return Structure(kind, TEXTS[kind])
    return None


def structure_by_rows(row: Callable[[int], Array], count: int) -> Structure:
    """The structure as far as a few rows of ``count``, spread evenly, show it."""
    places = np.unique(np.linspace(0, count - 1, min(count, ROWS)).astype(int))
    rows = np.stack([row(int(place)) for place in places])
    marks = rows != 0
    seen = f" (seen in {len(places):,} of {count:,} rows)"
    if not marks.any():
        return Structure("zero", TEXTS["zero"] + seen, rows_seen=len(places))
    if bool((marks.sum(axis=1) <= 1).all()):
        kind: Kind = "selection" if bool((rows[marks] == 1).all()) else "scaled"
        return Structure(kind, TEXTS[kind] + seen, rows_seen=len(places))
    if block_count(marks) > 1:
        return Structure("blocks", blocks_text(None) + seen, rows_seen=len(places))
    return Structure("dense", TEXTS["dense"] + seen, rows_seen=len(places))
