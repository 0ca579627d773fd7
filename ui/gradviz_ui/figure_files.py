"""Figures that the engine wrote as SVG, written as the pixels, page or film that a file asks for.

The application must be there already; :mod:`gradviz_ui.figure` makes it where no window is.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from .movie import open_movie, pixels
from .pdf import pdf_page

SHARP = 2
"""How many pixels a PNG has to one unit of the figure."""
RATE = 15
"""How many pictures of a film stand in a second."""
LAST_SECONDS = 1.5


def write_figure(svg: str, path: Path) -> None:
    """Write an SVG figure as PNG or PDF, by the name's ending.

    Raises:
        OSError: the file cannot be written.
    """
    renderer = QSvgRenderer(QByteArray(svg.encode("utf-8")))
    path.open("ab").close()
    if path.suffix.lower() == ".pdf":
        size = QSizeF(renderer.defaultSize())
        with pdf_page(path, size) as painter:
            renderer.render(painter, QRectF(QPointF(), size))
        return
    if not image_of(renderer, SHARP).save(str(path)):
        raise OSError(None, "the picture cannot be written")


def image_of(renderer: QSvgRenderer, sharp: int = 1) -> QImage:
    """A figure as pixels, so many to one unit of it."""
    image = QImage(renderer.defaultSize() * sharp, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


def write_film(figures: Iterable[str], path: Path) -> None:
    """Write SVG figures of one size as an animation, the last of which stands longer.

    Raises:
        ImportError: imageio, or its ffmpeg, is missing.
        OSError: the file cannot be written.
    """
    frame: Any = None
    with open_movie(path, 1 / RATE, RATE) as frames:
        for svg in figures:
            frame = pixels(image_of(QSvgRenderer(QByteArray(svg.encode("utf-8")))))
            frames.append_data(frame)
        for _ in range(round(LAST_SECONDS * RATE)):
            frames.append_data(frame)
