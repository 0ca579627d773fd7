"""Small pictures of documents, drawn by the canvas and kept, so that the welcome page is quick."""

import hashlib
import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from platformdirs import user_cache_path
from PySide6.QtCore import QBuffer, QIODevice, QSize
from PySide6.QtGui import QPixmap

import gradviz
from gradviz.graph import Graph

from .theme import current


def kept_at(path: Path, size: QSize, ratio: float) -> Path:
    """Where the picture of a document lies: another document, theme or size, another file."""
    marks = (path.read_bytes(), gradviz.__version__, current().name, size.toTuple(), ratio)
    digest = hashlib.sha256(repr(marks).encode()).hexdigest()[:32]
    return user_cache_path("gradviz", False) / "thumbnails" / f"{digest}.png"


def thumbnail(path: Path, graph: Graph, size: QSize, ratio: float) -> QPixmap:
    """The document's graph within `size` logical pixels, transparent around it."""
    place = kept_at(path, size, ratio)
    picture = QPixmap(str(place)) if place.exists() else QPixmap()
    if picture.isNull():
        picture = draw(graph, size, ratio)
        keep(picture, place)
    picture.setDevicePixelRatio(ratio)
    return picture


def draw(graph: Graph, size: QSize, ratio: float) -> QPixmap:
    """Draw it anew."""
    from .canvas.picture import graph_pixmap

    return graph_pixmap(graph, size, ratio)


def keep(picture: QPixmap, place: Path) -> None:
    """Write a picture down; a disk that is full or read-only only costs drawing it again."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=place.parent, delete=False) as file:
            file.write(buffer.data().data())
        os.replace(file.name, place)
    except OSError:
        return
