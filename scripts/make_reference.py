"""Writes `docs/operations.md` from the table of operations, so that the reference cannot lag.

Run it (`make docs`) after a change to an operation; the same table gives the same page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from gradviz.ops.spec import REQUIRED, Attr, Op, Port
from gradviz.ops.table import OPS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "operations.md"
HEAD = """\
# Operations

Every operation there is, by family, with its settings and the rule by which a gradient flows back
through it. This page is made from the descriptions that the program itself runs on (`make docs`).

In a rule, `g` is the gradient that arrived at the output (at the first one, where there are
several; `gs` are those of all), `out` the output, `input_shape` the shape of the input called
`input`, and other names are inputs, settings and outputs. Where broadcasting stretched an input,
its gradient is summed back to its shape afterwards. "none" means that no gradient ever flows there.
"""
UNLISTED = "Not in the library panel: gradient rules call it, or another operation's name does."
KINDS = {
    "bool": "true or false", "int": "whole number", "float": "number", "number": "number",
    "dim": "dimension", "dims": "dimensions", "shape": "sizes", "dtype": "type",
    "choice": "choice", "text": "text", "index": "index", "array": "data",
}  # fmt: skip


def page() -> str:
    """The whole page."""
    families = [(name, list(ops)) for name, ops in groupby(by_family(OPS.values()), family_of)]
    contents = [f"[{name}](#{anchor(name)})" for name, _ in families]
    sections = [section(name, ops) for name, ops in families]
    return "\n".join([HEAD, " · ".join(contents), "", *sections])


def family_of(op: Op) -> str:
    """The family, by which operations are grouped."""
    return op.family


def by_family(ops: Iterable[Op]) -> list[Op]:
    """Operations with each family together, families in the order they first appear."""
    found = list(ops)
    order = list(dict.fromkeys(op.family for op in found))
    return sorted(found, key=lambda op: order.index(op.family))


def anchor(heading: str) -> str:
    """How a heading is linked to."""
    return heading.lower().replace(" ", "-")


def section(name: str, ops: Sequence[Op]) -> str:
    """One family."""
    return "\n".join([f"## {name}", "", *(entry(op) for op in ops)])


def entry(op: Op) -> str:
    """One operation."""
    also = f", also {', '.join(code(a) for a in op.aliases)}" if op.aliases else ""
    parts = [f"### {op.name}", "", f"{code(op.symbol)} · {code(op.public_path)}{also}", "", op.doc]
    if op.outputs != ("out",):
        parts.append(f"Outputs: {', '.join(code(name) for name in op.outputs)}.")
    if not op.addable:
        parts.append(UNLISTED)
    parts.append("")
    if op.ports:
        parts += table(("input", "is", "gradient sent to it"), map(port_row, op.ports))
    if op.attrs:
        parts += table(("setting", "kind", "default", "means"), map(attr_row, op.attrs))
    return "\n".join(parts)


def port_row(port: Port) -> tuple[str, ...]:
    """An input and its rule."""
    name = code(port.name) + (" …" if port.variadic else "")
    notes = ["may be left out"] if port.optional and port.default is None else []
    notes += [f"{port.default:g} where it is left out"] if port.default is not None else []
    doc = port.doc + (f" ({'; '.join(notes)})" if notes else "")
    return name, doc.strip(), code(port.grad) if port.grad else "none"


def attr_row(attr: Attr) -> tuple[str, ...]:
    """A setting."""
    kind = ", ".join(map(code, attr.choices)) if attr.kind == "choice" else KINDS[attr.kind]
    return code(attr.name), kind, default_text(attr.default), attr.doc


def default_text(value: Any) -> str:
    """A default as it is written in a call; settings without one must be given."""
    if value is REQUIRED:
        return "must be given"
    return code(repr(value.tolist() if isinstance(value, np.ndarray) else value))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table, and the empty line after it."""
    yield row(head)
    yield "|" + "---|" * len(head)
    yield from map(row, rows)
    yield ""


def row(cells: Sequence[str]) -> str:
    """One line of a table."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def code(text: str) -> str:
    """Text as code."""
    return f"`{text}`"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
