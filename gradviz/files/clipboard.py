"""Copy and paste as text: what is copied is a file, so it can be mailed, read and opened too."""

from __future__ import annotations

from collections.abc import Collection

from gradviz.files.errors import FileError
from gradviz.files.reading import loads
from gradviz.files.writing import dumps
from gradviz.graph.document import Graph, GraphError
from gradviz.graph.edits import Batch
from gradviz.graph.pieces import insert, part


def copy(graph: Graph, ids: Collection[str], boxes: Collection[str] = ()) -> str:
    """Some nodes, the wires among them, and frames and notes, as the text of a file."""
    return dumps(part(graph, ids, boxes))


def paste(graph: Graph, text: str, position: tuple[float, float]) -> Batch:
    """Put copied nodes in at ``position``; :class:`GraphError` where ``text`` is something else."""
    try:
        piece = loads(text, "the clipboard")
    except FileError as wrong:
        raise GraphError(str(wrong)) from None
    return insert(graph, piece, position)
