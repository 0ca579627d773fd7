"""The document as a picture, with no window: for exports, thumbnails and reports."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap, QTextDocument
from PySide6.QtSvg import QSvgGenerator

from gradviz.graph import Graph

from ..editor import Editor
from ..pdf import pdf_page
from ..theme import current, qcolor, ui_font
from .chips import paint_chip
from .scene import CanvasScene
from .wire_labels import FROM

EDGE = 24.0
SHARPNESS = 2.0
MOST_LABELLED = 500
"""Wires of a picture above which none says what it carries: it would take seconds."""
BRUSHLESS: Final = (
    'stroke="#000000" stroke-opacity="1" stroke-width="1" stroke-linecap="butt"'
    ' stroke-linejoin="miter" stroke-miterlimit="4"'
)
"""How Qt writes the pen of formulas, which has no brush: black, so that they would be bold."""
CAPTION_WIDTH = 560.0
"""The least width of a page with words on it."""


def paint_document(editor: Editor, painter: QPainter, target: QRectF) -> None:
    """Paint the document as the editor shows it now, as large as fits in the middle of `target`.

    The ground is left as it is. Nothing is painted larger than natural size.
    """
    scene = CanvasScene(editor, whole=True)
    paint_scene(scene, painter, target)
    scene.deleteLater()


def paint_scene(scene: CanvasScene, painter: QPainter, target: QRectF) -> None:
    """Paint a scene's cards, wires, their labels and contributions into the middle of `target`."""
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
    if scale >= FROM:
        scene.labels.paint(painter, area, area, MOST_LABELLED)
    for place, text, active in scene.chips.placed(area):
        paint_chip(painter, place, text, scene.editor.passes.role, active)
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


class Page:
    """A page with the document on it as the editor shows it, and a caption in HTML below.

    The caption has at least `caption_height` of room, so that pages of a series are alike.
    """

    def __init__(self, editor: Editor, caption: str = "", caption_height: float = 0.0) -> None:
        self._scene = CanvasScene(editor, whole=True)
        area = self._scene.bounds().size()
        width = max(area.width(), CAPTION_WIDTH if caption else 0.0)
        self._words = words_of(caption, width)
        room = max(caption_height, self.caption_height)
        self._graph = QSizeF(width, area.height())
        self.size = QSizeF(width + 2 * EDGE, area.height() + 2 * EDGE + (room + EDGE) * bool(room))

    @property
    def caption_height(self) -> float:
        """The room that the caption takes."""
        return 0.0 if self._words is None else self._words.size().height()

    @property
    def title(self) -> str:
        """The document's title."""
        return self._scene.editor.graph.settings.title

    def paint(self, painter: QPainter) -> None:
        """Paint the page from the painter's origin."""
        painter.fillRect(QRectF(0, 0, self.size.width(), self.size.height()), qcolor(current().bg))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        graph = QRectF(EDGE, EDGE, self._graph.width(), self._graph.height())
        paint_scene(self._scene, painter, graph)
        if self._words is not None:
            painter.translate(EDGE, graph.bottom() + EDGE)
            self._words.drawContents(painter)

    def image(self) -> QImage:
        """The page as a picture, sharp on fine screens."""
        image = QImage((self.size * SHARPNESS).toSize(), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(SHARPNESS)
        painter = QPainter(image)
        self.paint(painter)
        painter.end()
        return image

    def close(self) -> None:
        """Let the scene go."""
        self._scene.deleteLater()


def words_of(caption: str, width: float) -> QTextDocument | None:
    """A caption set in lines of this width; None where there is none."""
    if not caption:
        return None
    words = QTextDocument()
    words.setDocumentMargin(0)
    words.setDefaultFont(ui_font(13))
    words.setDefaultStyleSheet(f"p {{ color: {current().ink}; }}")
    words.setHtml(caption)
    words.setTextWidth(width)
    return words


def save_picture(
    editor: Editor, path: Path, caption: str = "", caption_height: float = 0.0
) -> None:
    """Write the document as the editor shows it, as SVG, PNG or PDF by the file's ending.

    Raises:
        ValueError: another ending.
        OSError: the file cannot be written.
    """
    write = _FORMS.get(path.suffix.lower())
    if write is None:
        raise ValueError(f"a picture is {', '.join(_FORMS)}, not “{path.suffix}”")
    page = Page(editor, caption, caption_height)
    write(page, path)
    page.close()


def _save_png(page: Page, path: Path) -> None:
    if not page.image().save(str(path)):
        raise OSError(f"cannot write {path}")


def _save_pdf(page: Page, path: Path) -> None:
    with pdf_page(path, page.size, page.title) as painter:
        page.paint(painter)


def _save_svg(page: Page, path: Path) -> None:
    generator, written = QSvgGenerator(), QBuffer()
    generator.setOutputDevice(written)
    generator.setSize(page.size.toSize())
    generator.setViewBox(QRectF(0, 0, page.size.width(), page.size.height()))
    generator.setTitle(page.title)
    painter = QPainter(generator)
    page.paint(painter)
    painter.end()
    text = bytes(written.data().data()).decode("utf-8")
    path.write_text(text.replace(BRUSHLESS, 'stroke="none"'), encoding="utf-8")


_FORMS: Final[Mapping[str, Callable[[Page, Path], None]]] = {
    ".svg": _save_svg,
    ".png": _save_png,
    ".pdf": _save_pdf,
}
