"""A page of PDF to paint on: vectors and fonts, for papers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QMarginsF, QSizeF
from PySide6.QtGui import QPageSize, QPainter, QPdfWriter

POINTS_TO_AN_INCH = 72


@contextmanager
def pdf_page(path: Path, size: QSizeF, title: str = "") -> Iterator[QPainter]:
    """Paint one page without margins, a unit of `size` being a point of 1/72 inch.

    Raises:
        OSError: the file cannot be written.
    """
    # Qt's writer is silent where it cannot write.
    path.open("ab").close()
    writer = QPdfWriter(str(path))
    writer.setTitle(title)
    writer.setPageSize(
        QPageSize(size, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
    )
    writer.setPageMargins(QMarginsF())
    painter = QPainter(writer)
    scale = writer.resolution() / POINTS_TO_AN_INCH
    painter.scale(scale, scale)
    try:
        yield painter
    finally:
        painter.end()
