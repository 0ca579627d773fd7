"""What is dropped on the canvas: an operation from the library, or files."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPointF

from gradviz.files.sources import source_of
from gradviz.ops.table import OPS

from ..images import PICTURES
from ..importing import ask_columns, import_files, replace_leaf
from .choices import of_op
from .inserting import insert
from .items import CardItem
from .onto_wire import wire_below

if TYPE_CHECKING:
    from .view import CanvasView

MIME = "application/x-gradviz-op"


def files_of(dropped: QMimeData) -> list[Path]:
    """The files on this machine that are dropped."""
    return [Path(url.toLocalFile()) for url in dropped.urls() if url.isLocalFile()]


def is_welcome(dropped: QMimeData) -> bool:
    """Whether it is an operation or files; of files that cannot be put in it is said why."""
    return dropped.hasFormat(MIME) or bool(files_of(dropped))


def leaf_at(view: CanvasView, place: QPointF) -> str | None:
    """The leaf from a file on whose card a point of the scene lies."""
    card = view.canvas.hit(place).card
    node = view.editor.graph.nodes.get(card.node_id) if isinstance(card, CardItem) else None
    return node.id if node is not None and source_of(node) is not None else None


def drop(view: CanvasView, dropped: QMimeData, place: QPointF) -> bool:
    """Put it into the document at a point of the scene; False where nothing can be."""
    name = dropped.data(MIME).toStdString()
    wire = wire_below(view.canvas, place) if name else None
    if name in OPS:
        choice = of_op(OPS[name])
        if wire is not None and OPS[name].ports:
            view.overlays.insert_on(choice, place, wire)
        else:
            insert(view.editor, choice, place)
        return True
    if name:
        view.overlays.put(name, place, wire)
        return True
    paths = files_of(dropped)
    if not paths:
        return False
    leaf = leaf_at(view, place)
    if leaf is not None and len(paths) == 1 and paths[0].suffix.lower() in (".csv", *PICTURES):
        replace_leaf(view.editor, leaf, paths[0])
        return True
    import_files(view.editor, paths, (place.x(), place.y()), partial(ask_columns, view))
    return True
