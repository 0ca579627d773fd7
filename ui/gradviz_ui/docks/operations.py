"""What the library lists and finds: the table of operations by family, and by typed letters."""

from dataclasses import dataclass

from gradviz.ops.spec import Op
from gradviz.ops.table import OPS

from ..matching import match_score


@dataclass(frozen=True, slots=True)
class Family:
    """Operations under one heading."""

    title: str
    ops: tuple[Op, ...]


def families(typed: str = "") -> list[Family]:
    """The operations to show, by family in the table's order; the best first while searching."""
    if typed.strip():
        return [Family("Found", tuple(search(typed)))]
    grouped: dict[str, list[Op]] = {}
    for op in OPS.values():
        if op.addable:
            grouped.setdefault(op.family, []).append(op)
    return [Family(title, tuple(ops)) for title, ops in grouped.items()]


def search(typed: str) -> list[Op]:
    """The operations that fit the letters, the best first: by name, other names, then text."""
    scored = [(score(typed, op), op) for op in OPS.values() if op.addable]
    fitting = [(value, op) for value, op in scored if value > 0]
    return [op for _, op in sorted(fitting, key=lambda entry: -entry[0])]


def score(typed: str, op: Op) -> int:
    """How well an operation fits; what it is called counts more than what is said of it."""
    names = max(match_score(typed, name) for name in (op.name, op.symbol))
    others = max((match_score(typed, name) - 200 for name in (*op.aliases, *op.search)), default=0)
    said = typed.strip().casefold() in op.doc.casefold()
    return max(names, others, 50 if said else 0)
