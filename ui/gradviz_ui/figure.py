"""A figure that the engine wrote as SVG, as the pixels or the page that a file asks for."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QMarginsF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgRenderer

from .app import application

SHARP = 2
"""How many pixels a PNG has to one unit of the figure."""


def write_figure(svg: str, path: Path) -> None:
    """Write an SVG figure as PNG or PDF, by the name's ending.

    Raises:
        OSError: the file cannot be written.
    """
    application(["gradviz"])
    renderer = QSvgRenderer(QByteArray(svg.encode("utf-8")))
    path.open("ab").close()
    if path.suffix.lower() == ".pdf":
        writer = QPdfWriter(str(path))
        size = QSizeF(renderer.defaultSize())
        writer.setPageSize(QPageSize(size, QPageSize.Unit.Point))
        writer.setPageMargins(QMarginsF())
        painter = QPainter(writer)
        renderer.render(painter)
        painter.end()
        return
    image = QImage(renderer.defaultSize() * SHARP, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    if not image.save(str(path)):
        raise OSError(None, "the picture cannot be written")
