"""The document as a picture, with no window: for exports, thumbnails and reports."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgGenerator

from gradviz.graph import Graph

from ..editor import Editor
from ..theme import current, qcolor
from .chips import paint_chip
from .scene import CanvasScene

EDGE = 24.0
SHARPNESS = 2.0


def paint_document(editor: Editor, painter: QPainter, target: QRectF) -> None:
    """Paint the document as the editor shows it now, as large as fits in the middle of `target`.

    The ground is left as it is. Nothing is painted larger than natural size.
    """
    scene = CanvasScene(editor)
    paint_scene(scene, painter, target)
    scene.deleteLater()


def paint_scene(scene: CanvasScene, painter: QPainter, target: QRectF) -> None:
    """Paint a scene's cards, wires and contributions into the middle of `target`."""
    area = scene.bounds()
    if area.isEmpty() or target.isEmpty():
        return
    scale = min(1.0, target.width() / area.width(), target.height() / area.height())
    size = QSizeF(area.width() * scale, area.height() * scale)
    corner = target.center() - QRectF(0, 0, size.width(), size.height()).center()
    painter.save()
    edge = 10 * scale
    wide = QRectF(corner, size).adjusted(-edge, -edge, edge, edge)
    scene.render(painter, wide, area.adjusted(-10, -10, 10, 10))
    painter.translate(corner)
    painter.scale(scale, scale)
    painter.translate(-area.topLeft())
    for place, text, active in scene.placed_chips(area):
        paint_chip(painter, place, text, current(), active)
    painter.restore()


def graph_pixmap(graph: Graph, size: QSize, ratio: float = 1.0) -> QPixmap:
    """A graph's picture within `size` logical pixels, transparent around its cards."""
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    editor = Editor()
    editor.show_graph(graph)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_document(editor, painter, QRectF(0, 0, size.width(), size.height()))
    painter.end()
    editor.deleteLater()
    return pixmap


def save_picture(editor: Editor, path: Path) -> None:
    """Write the document as the editor shows it, as SVG or PNG by the file's ending.

    Raises:
        ValueError: another ending.
        OSError: the file cannot be written.
    """
    kind = path.suffix.lower()
    if kind not in (".svg", ".png"):
        raise ValueError(f"a picture is .svg or .png, not “{path.suffix}”")
    scene = CanvasScene(editor)
    size = scene.bounds().size() + QSizeF(2 * EDGE, 2 * EDGE)
    (_save_svg if kind == ".svg" else _save_png)(scene, size, path)
    scene.deleteLater()


def _save_svg(scene: CanvasScene, size: QSizeF, path: Path) -> None:
    # Qt's generator is silent where it cannot write.
    path.open("ab").close()
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setSize(size.toSize())
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(scene.editor.graph.settings.title)
    painter = QPainter(generator)
    _paint_page(scene, painter, size)
    painter.end()


def _save_png(scene: CanvasScene, size: QSizeF, path: Path) -> None:
    image = QImage((size * SHARPNESS).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(SHARPNESS)
    painter = QPainter(image)
    _paint_page(scene, painter, size)
    painter.end()
    if not image.save(str(path)):
        raise OSError(f"cannot write {path}")


def _paint_page(scene: CanvasScene, painter: QPainter, size: QSizeF) -> None:
    page = QRectF(0, 0, size.width(), size.height())
    painter.fillRect(page, qcolor(current().bg))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_scene(scene, painter, page.adjusted(EDGE, EDGE, -EDGE, -EDGE))
