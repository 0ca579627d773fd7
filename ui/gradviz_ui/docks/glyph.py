"""A node's glyph: its mark on the colour of its category, as on the cards."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ..theme import current, qcolor, source, ui_font


def paint_glyph(
    painter: QPainter, x: float, y: float, size: float, mark: str, category: str
) -> None:
    """Draw it with its corner there, `size` logical pixels wide; long marks are set smaller."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(qcolor(current().category(category)))
    room = QRectF(x, y, size, size)
    painter.drawRoundedRect(room, size * 0.23, size * 0.23)
    height = size * 0.56
    width = QFontMetricsF(ui_font(height, QFont.Weight.DemiBold)).horizontalAdvance(mark)
    if width > size - 4:
        height = max(size * 0.3, height * (size - 4) / width)
    painter.setFont(ui_font(height, QFont.Weight.DemiBold))
    painter.setPen(qcolor("#FFFFFF"))
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, mark)
    painter.restore()


class Glyph(QWidget):
    """A glyph as a widget of its own."""

    def __init__(self, size: int = 30) -> None:
        super().__init__()
        self._size, self._mark, self._category = size, "", "const"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        source().changed.connect(self.update)

    def show_mark(self, mark: str, category: str) -> None:
        """Show another mark, in the colour of that category."""
        self._mark, self._category = mark, category
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_glyph(QPainter(self), 0, 0, self._size, self._mark, self._category)
