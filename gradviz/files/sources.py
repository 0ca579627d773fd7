"""Where a leaf's elements came from: a file, and of a table which columns, to be chosen again."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from gradviz.files.data_files import Origin, checked, read_table
from gradviz.files.errors import FileError
from gradviz.graph.compose import replaced
from gradviz.graph.document import Graph, Node
from gradviz.graph.edits import Batch
from gradviz.ops.creation import ORIGIN
from gradviz.ops.spec import Array
from gradviz.utils.data.tables import Missing, Table


def columns_text(columns: Sequence[str]) -> str:
    """Names of columns as a leaf keeps them: a line of comma-separated values."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(columns)
    return line.getvalue()


def columns_named(text: str) -> tuple[str, ...]:
    """The names that such a line has."""
    return tuple(next(csv.reader([text]), ()))


def origin(path: Path, columns: Sequence[str] = (), missing: Missing = "mean") -> Origin:
    """The settings that say where elements are from; a table's with its columns."""
    found = {"source": str(path.absolute())}
    if columns:
        found |= {"columns": columns_text(columns)}
    return found if missing == "mean" else {**found, "missing": missing}


def source_of(node: Node, folder: Path | None = None) -> Path | None:
    """The file that a leaf's elements are from; None where none is said.

    Where it is gone, one of that name in ``folder``, the document's, stands for it.
    """
    said = node.attrs.get("source", "") if node.op == "tensor" else ""
    if not said:
        return None
    path = Path(said)
    beside = folder / path.name if folder is not None else path
    return beside if not path.exists() and beside.exists() else path


def is_table(node: Node) -> bool:
    """Whether a leaf holds columns of a table."""
    return node.op == "tensor" and bool(node.attrs.get("columns"))


def table_at(path: Path, missing: Missing) -> Table:
    """The table in a file, read again only where the file is another; FileError says why not."""
    try:
        written = path.stat().st_mtime_ns
    except OSError as wrong:
        raise FileError(f"{path.name}: {wrong.strerror or wrong}") from None
    return _read(path, missing, written)


@lru_cache(maxsize=4)
def _read(path: Path, missing: Missing, written: int) -> Table:
    return read_table(path, missing)


def elements(table: Table, columns: Sequence[str], matrix: bool = True) -> Array:
    """Columns of a table side by side; one alone as a vector where no ``matrix`` is wanted."""
    alone = len(columns) == 1 and not matrix
    return (table[columns[0]] if alone else table[list(columns)]).array


def choose_columns(
    graph: Graph, node_id: str, path: Path, columns: Sequence[str], missing: Missing
) -> Batch:
    """Give a leaf those columns of the table in a file; FileError where there are no such."""
    node = graph.node(node_id)
    table = table_at(path, missing)
    gone = [name for name in columns if name not in table.columns]
    if gone or not columns:
        wanted = f"column '{gone[0]}'" if gone else "column chosen"
        offered = ", ".join(table.columns)
        raise FileError(f"{path.name}: there is no {wanted}; there are {offered}")
    # A matrix of which one column is left stays one: what reads it counts on its dimensions.
    chosen = elements(table, columns, matrix=np.ndim(node.setting("data")) > 1)
    found = checked(path.name, {node.name: chosen})[node.name]
    attrs = filled(node, found, origin(path, columns, missing))
    return replaced(node, f"Choose columns of {path.name}", attrs=attrs)


def replace_elements(graph: Graph, node_id: str, path: Path, array: Array) -> Batch:
    """Give a leaf the elements of another file."""
    node = graph.node(node_id)
    attrs = filled(node, array, origin(path))
    return replaced(node, f"Replace by {path.name}", attrs=attrs)


def filled(node: Node, array: Array, told: Origin) -> dict[str, Any]:
    """A leaf's settings with other elements, from elsewhere."""
    kept = {name: value for name, value in node.attrs.items() if name not in ORIGIN}
    return {**kept, "data": array, **told}
