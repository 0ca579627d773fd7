"""Files of data as leaves of a graph: NumPy's arrays, safetensors and tables of text."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal
from zipfile import BadZipFile

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as read_safetensors

from gradviz.files.disk import read_bytes
from gradviz.files.errors import FileError
from gradviz.graph.document import Graph, Node, free_name
from gradviz.graph.edits import AddNode, Batch
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.spec import Array
from gradviz.utils.data.tables import Missing, Table, TableError, read_csv

Arrays = Mapping[str, Array]
Origin = Mapping[str, str]
Columns = Literal["apart", "matrix", "target"]
MOST_LEAVES = 64
MOST_ELEMENTS = 4_000_000
SPACING = 150.0
"""From one leaf down to the next, in scene units."""


def read_arrays(path: Path) -> dict[str, Array]:
    """The arrays in a file, by name; :class:`FileError` says in a line why there are none."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join((*READERS, ".csv"))
        raise FileError(f"{path.name}: this is no file of data; those that are end in {known}")
    try:
        found = reader(path.stem, read_bytes(path))
    except (ValueError, OSError, EOFError, BadZipFile, SafetensorError) as wrong:
        if isinstance(wrong, FileError):
            raise
        raise FileError(f"{path.name}: it cannot be read: {' '.join(str(wrong).split())}") from None
    return checked(path.name, found)


def read_table(path: Path, missing: Missing = "mean") -> Table:
    """The table in a file of comma-separated values, its first row the names of the columns."""
    try:
        return read_csv(path, missing=missing)
    except (TableError, UnicodeError, OSError) as wrong:
        raise FileError(f"{path.name}: {wrong}") from None


def _npy(name: str, data: bytes) -> dict[str, Array]:
    return {name: np.asarray(np.load(io.BytesIO(data), allow_pickle=False))}


def _npz(_: str, data: bytes) -> dict[str, Array]:
    with np.load(io.BytesIO(data), allow_pickle=False) as members:
        return {name: np.asarray(members[name]) for name in members.files}


def _safetensors(_: str, data: bytes) -> dict[str, Array]:
    return {name: np.array(array) for name, array in read_safetensors(data).items()}


READERS: Mapping[str, Callable[[str, bytes], dict[str, Array]]] = MappingProxyType(
    {".npy": _npy, ".npz": _npz, ".safetensors": _safetensors}
)
"""What reads the arrays of a file, by how its name ends."""


def checked(name: str, arrays: Arrays) -> dict[str, Array]:
    """Arrays in this machine's byte order; refused where a leaf can hold none, or they are many."""
    if not arrays:
        raise FileError(f"{name}: there are no arrays in it")
    if len(arrays) > MOST_LEAVES:
        raise FileError(f"{name}: it has {len(arrays)} arrays; at most {MOST_LEAVES} become leaves")
    found: dict[str, Array] = {}
    for label, array in arrays.items():
        native = array.astype(array.dtype.newbyteorder("="), copy=False)
        try:
            of_numpy(native.dtype)
        except TypeError as wrong:
            raise FileError(f"{name}: {label}: {wrong}") from None
        if native.size > MOST_ELEMENTS:
            raise FileError(
                f"{name}: {label} has {native.size:,} elements; a leaf has at most "
                f"{MOST_ELEMENTS:,}"
            )
        found[label] = native
    return found


def columns_of(name: str, table: Table, columns: Columns) -> dict[str, tuple[str, ...]]:
    """A table as leaves, by name, with the columns of each.

    ``"apart"``: a vector for each column. ``"matrix"``: one matrix, called ``name``, with a column
    for each. ``"target"``: all columns but the last as the matrix ``x``, the last as ``y``.
    """
    if columns == "apart":
        return {column: (column,) for column in table.columns}
    if columns == "matrix" or len(table.columns) < 2:
        return {name: table.columns}
    return {"x": table.columns[:-1], "y": table.columns[-1:]}


def add_leaves(
    graph: Graph,
    arrays: Arrays,
    position: tuple[float, float],
    label: str,
    origins: Mapping[str, Origin] = MappingProxyType({}),
) -> Batch:
    """Add a leaf for each array, one below the other; none of them requires a gradient.

    ``origins``: by name, the settings that say where an array is from (:mod:`.sources`).
    """
    edits: list[AddNode] = []
    taken = set(graph.ids_by_name)
    for place, (name, array) in enumerate(arrays.items()):
        free = free_name(name, taken)
        taken.add(free)
        corner = (position[0], position[1] + SPACING * place)
        attrs = {"data": array, **origins.get(name, {})}
        edits.append(AddNode(Node(graph.new_id(), "tensor", free, attrs, {}, corner)))
    return Batch(tuple(edits), label)
