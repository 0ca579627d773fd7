"""What the library lists and finds: operations by family, layers, and groups that were kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from gradviz.ops.spec import Op
from gradviz.ops.table import OPS

from ..additions import Addition, fits
from ..matching import match_score

Entry = Op | Addition


@dataclass(frozen=True, slots=True)
class Family:
    """Operations under one heading."""

    title: str
    ops: tuple[Entry, ...]


def key_of(entry: Entry) -> str:
    """By what an entry is asked for."""
    return entry.key if isinstance(entry, Addition) else entry.name


def families(typed: str = "", more: Iterable[Addition] = ()) -> list[Family]:
    """What to show, by family in the table's order; the best first while searching.

    ``more``, what there is besides operations, follows the first family.
    """
    if typed.strip():
        return [Family("Found", tuple(search(typed, more)))]
    grouped: dict[str, list[Entry]] = {}
    for op in OPS.values():
        if op.addable:
            grouped.setdefault(op.family, []).append(op)
    others: dict[str, list[Entry]] = {}
    for addition in more:
        others.setdefault(addition.heading, []).append(addition)
    (first, leaves), *rest = grouped.items()
    ordered = [(first, leaves), *others.items(), *rest]
    return [Family(title, tuple(entries)) for title, entries in ordered]


def search(typed: str, more: Iterable[Addition] = ()) -> list[Entry]:
    """What fits the letters, the best first: by name, other names, then text."""
    scored: list[tuple[int, Entry]] = [(score(typed, op), op) for op in OPS.values() if op.addable]
    scored += [(fits(typed, addition) // 2, addition) for addition in more]
    fitting = [(value, entry) for value, entry in scored if value > 0]
    return [entry for _, entry in sorted(fitting, key=lambda pair: -pair[0])]


def score(typed: str, op: Op) -> int:
    """How well an operation fits; what it is called counts more than what is said of it."""
    names = max(match_score(typed, name) for name in (op.name, op.symbol))
    others = max((match_score(typed, name) - 200 for name in (*op.aliases, *op.search)), default=0)
    said = typed.strip().casefold() in op.doc.casefold()
    return max(names, others, 50 if said else 0)
